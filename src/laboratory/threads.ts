import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { Piscina } from "piscina";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { Order, TrialRecord } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
import { requireAddresses } from "./address-space.ts";
import type { Answer, Task } from "./worker.ts";

export interface ThreadsOptions {
  /** Absolute path of the module that declares what orders are about. */
  readonly statementsFile: string;
  /** How many; one a core unless given. */
  readonly workers?: number | undefined;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The laboratory of this machine's cores: a worker thread for each place. The order in which trials finish is not the
 * order in which they were asked for. A trial that does not come to an end, since its thread died or what it ran threw,
 * is an error that names its seed and θ.
 */
export function threads({ statementsFile, workers = availableParallelism(), signal }: ThreadsOptions): Laboratory {
  // what compiles TypeScript runs in a thread beside each
  requireAddresses(workers * (/\.[cm]?tsx?$/.test(statementsFile) ? 2 : 1));
  const piscina = new Piscina<Task, Answer>({
    filename: new URL("./start-worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  let closed = false;
  const ended = new AbortController();
  const end = () => ended.abort(signal?.reason);
  if (signal?.aborted) end();
  else signal?.addEventListener("abort", end, { once: true });
  // a worker died while it had nothing to do: whatever it was may have touched what it ran before
  piscina.on("error", (error: unknown) => {
    // a worker that is ended may have sent its last answer already: nobody waits for it any more
    if (!closed && !ended.signal.aborted) ended.abort(error);
  });
  const limit = pLimit(workers);
  const runInWorker = async (order: Order): Promise<TrialRecord> => {
    ended.signal.throwIfAborted();
    let answer: Answer;
    try {
      answer = await piscina.run({ statementsFile, order }, { signal: ended.signal });
    } catch (error) {
      // Piscina's own AbortError says less than the reason of who aborted
      ended.signal.throwIfAborted();
      throw failureOf(order, error);
    }
    if ("record" in answer) return answer.record;
    if ("invalidInput" in answer) throw new InvalidInput(answer.invalidInput);
    throw failureOf(order, answer.thrown);
  };
  return {
    places: workers,
    run: (order, wanted = () => true) => limit(async () => (wanted() ? await runInWorker(order) : undefined)),
    close: () => {
      closed = true;
      signal?.removeEventListener("abort", end);
      return piscina.destroy();
    },
  };
}

/** What became of a trial without a record: in words, since the error may have lost its class on its way. */
function failureOf({ models: [{ seed, theta }] }: Order, cause: unknown): Error {
  const { name = "Error", message = String(cause), stack } = (cause ?? {}) as Partial<Error>;
  const trial = `in the trial of seed ${seed}, theta ${JSON.stringify(theta)}`;
  if (/^worker exited with code: \d+$/.test(message)) {
    return new InvalidInput(`a declaration must not end its process, got "${message}" ${trial}`);
  }
  const failure = new Error(`${name}: ${message} ${trial}`, { cause });
  if (stack !== undefined) failure.stack = stack;
  return failure;
}
