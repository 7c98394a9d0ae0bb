import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { Piscina } from "piscina";
import type { ModelRecord, TrialRecord } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { Answer, ModelTask, Task } from "./worker.ts";

/** Runs trials on all cores. The order in which they finish is not the order in which they were asked for. */
export interface TrialPool {
  /** Runs a trial as soon as a worker is free, unless by then it is no longer `wanted`. */
  run(task: Task, wanted: () => boolean): Promise<TrialRecord | undefined>;
  /** Trains and measures one model as soon as a worker is free. */
  trainModel(task: ModelTask): Promise<ModelRecord>;
  readonly workers: number;
  /** Ends the workers, whatever they are doing. */
  close(): Promise<void>;
}

/**
 * @param workers how many, one a core unless given
 * @param signal ends what is under way
 */
export function openPool(workers: number = availableParallelism(), signal?: AbortSignal): TrialPool {
  const piscina = new Piscina<Task | ModelTask, Answer>({
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
  const runInWorker = async (task: Task | ModelTask) => {
    signal?.throwIfAborted();
    try {
      const answer = await piscina.run(task, options);
      if ("record" in answer) return answer.record;
      throw new InvalidInput(answer.invalidInput);
    } catch (error) {
      // Piscina's own AbortError says less than the reason of who aborted
      signal?.throwIfAborted();
      const exit = error instanceof Error ? /^worker exited with code: \d+$/.exec(error.message) : null;
      if (exit === null) throw error;
      const of = "theta" in task ? "" : `law ${task.lawId}, `;
      throw new InvalidInput(
        `a declaration must not end its process, got "${exit[0]}" in the trial of ${of}seed ${task.seed}`,
      );
    }
  };
  return {
    workers,
    run: (task, wanted) => limit(async () => (wanted() ? ((await runInWorker(task)) as TrialRecord) : undefined)),
    trainModel: (task) => limit(async () => (await runInWorker(task)) as ModelRecord),
    close: () => {
      closed = true;
      return piscina.destroy();
    },
  };
}
