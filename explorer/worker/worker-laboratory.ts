import type { Laboratory } from "../../src/experiment/laboratory.ts";
import type { Order, TrialRecord } from "../../src/experiment/trial.ts";
import type { startWorker, TrainingWorker } from "./start-worker.ts";

/** An order, and whoever waits for what it shows. */
interface Waiting {
  readonly order: Order;
  readonly resolve: (record: TrialRecord) => void;
  readonly reject: (reason: Error) => void;
}

/** Runs trials in workers of the page, in the order in which they are asked for. */
export function workerLaboratory(start: typeof startWorker, places: number): Laboratory {
  const queue: Waiting[] = [];
  const underWay = new Map<TrainingWorker, Waiting>();
  let closed: Error | undefined;

  const next = (worker: TrainingWorker) => {
    const waiting = queue.shift();
    if (waiting === undefined) return;
    underWay.set(worker, waiting);
    worker.ask({ kind: "trial", job: 0, index: 0, order: waiting.order });
  };
  const end = (reason: Error) => {
    if (closed !== undefined) return;
    closed = reason;
    for (const worker of workers) worker.terminate();
    for (const { reject } of [...underWay.values(), ...queue.splice(0)]) reject(reason);
    underWay.clear();
  };
  const workers: readonly TrainingWorker[] = Array.from({ length: places }, () => {
    const worker: TrainingWorker = start({
      onAnswer: (answer) => {
        if (answer.kind === "failed") end(new Error(answer.message));
        if (answer.kind !== "trial" || closed !== undefined) return;
        const waiting = underWay.get(worker);
        underWay.delete(worker);
        waiting?.resolve(answer.record);
        next(worker);
      },
      onBroken: (message) => end(new Error(message)),
    });
    return worker;
  });

  return {
    places,
    run: (order) =>
      new Promise((resolve, reject) => {
        if (closed !== undefined) {
          reject(closed);
          return;
        }
        queue.push({ order, resolve, reject });
        const idle = workers.find((worker) => !underWay.has(worker));
        if (idle !== undefined) next(idle);
      }),
    close: async () => end(new Error("stopped")),
  };
}

/** The workers of a run over many models, by what the machine has: each holds the code and the kernel's memory. */
export function workersAtATime(leaveOneCore: boolean): number {
  const cores = navigator.hardwareConcurrency ?? 2;
  return Math.max(1, Math.min(4, leaveOneCore ? cores - 1 : cores));
}
