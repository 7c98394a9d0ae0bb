import { ExitWith, INTERRUPTED } from "./exit.ts";

/** Runs something that Ctrl-C ends: it then rejects with exit code 130. */
export async function stoppable<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new ExitWith(INTERRUPTED));
  process.once("SIGINT", onInterrupt);
  try {
    return await run(interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write("Interrupted: nothing was written.\n");
    throw interrupt.signal.reason;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}
