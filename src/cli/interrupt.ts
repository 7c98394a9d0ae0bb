import { tell } from "./print.ts";

/**
 * Runs something that a signal ends: says so, and rejects with the signal's reason, which has the exit code.
 *
 * @param left what is as it was before, or what there is now
 */
export async function stoppable<T>(
  signal: AbortSignal,
  left: string | (() => string),
  run: () => Promise<T>,
): Promise<T> {
  try {
    signal.throwIfAborted();
    const done = await run();
    signal.throwIfAborted();
    return done;
  } catch (error) {
    if (!signal.aborted) throw error;
    tell(`Interrupted: ${typeof left === "string" ? left : left()}.`);
    throw signal.reason;
  }
}

/** Lets a signal come in between two pieces of work that wait for nothing. */
export async function letIn(signal: AbortSignal): Promise<void> {
  await new Promise(setImmediate);
  signal.throwIfAborted();
}
