import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { Piscina } from "piscina";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { Order, TrialRecord } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
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
 * order in which they were asked for.
 */
export function threads({ statementsFile, workers = availableParallelism(), signal }: ThreadsOptions): Laboratory {
  const piscina = new Piscina<Task, Answer>({
    filename: new URL("./start-worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  let closed = false;
  // a worker that is ended may have sent its last answer already: nobody waits for it any more
  piscina.on("error", (error) => {
    if (!closed && !signal?.aborted) throw error;
  });
  const limit = pLimit(workers);
  const options = signal === undefined ? {} : { signal };
  const runInWorker = async (order: Order): Promise<TrialRecord> => {
    signal?.throwIfAborted();
    try {
      const answer = await piscina.run({ statementsFile, order }, options);
      if ("record" in answer) return answer.record;
      throw new InvalidInput(answer.invalidInput);
    } catch (error) {
      // Piscina's own AbortError says less than the reason of who aborted
      signal?.throwIfAborted();
      const exit = error instanceof Error ? /^worker exited with code: \d+$/.exec(error.message) : null;
      if (exit === null) throw error;
      const [{ seed, theta }] = order.models;
      throw new InvalidInput(
        `a declaration must not end its process, got "${exit[0]}" in the trial of seed ${seed}, theta ${JSON.stringify(theta)}`,
      );
    }
  };
  return {
    places: workers,
    run: (order, wanted = () => true) => limit(async () => (wanted() ? await runInWorker(order) : undefined)),
    close: () => {
      closed = true;
      return piscina.destroy();
    },
  };
}
