import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { Piscina } from "piscina";
import type { TrialRecord } from "./trial.ts";
import type { Task } from "./worker.ts";

/** Runs trials on all cores. The order in which they finish is not the order in which they were asked for. */
export interface TrialPool {
  /** Runs a trial as soon as a worker is free, unless by then it is no longer `wanted`. */
  run(task: Task, wanted: () => boolean): Promise<TrialRecord | undefined>;
  readonly workers: number;
  /** Ends the workers, whatever they are doing. */
  close(): Promise<void>;
}

/**
 * @param workers how many, one a core unless given
 * @param signal ends what is under way
 */
export function openPool(workers: number = availableParallelism(), signal?: AbortSignal): TrialPool {
  const piscina = new Piscina<Task, TrialRecord>({
    filename: new URL("./start-worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  const limit = pLimit(workers);
  return {
    workers,
    run: (task, wanted) =>
      limit(async () => {
        signal?.throwIfAborted();
        return wanted() ? await piscina.run(task, signal === undefined ? {} : { signal }) : undefined;
      }),
    close: () => piscina.destroy(),
  };
}
