import type { Order, TrialRecord } from "../../src/experiment/trial.ts";
import type { Theta } from "../../src/transformer/theta.ts";
import type { JudgedModel } from "./judged-model.ts";
import type { Snapshot } from "./session.ts";

/** What the page asks of a worker. `job` numbers the model on the page: answers to an older job are dropped. */
export type Request =
  | { readonly kind: "load"; readonly job: number; readonly theta: Theta; readonly seed: number }
  /** Trains on, to this step at most; Infinity: to the end. */
  | { readonly kind: "run"; readonly job: number; readonly until: number; readonly stepsPerSecond: number }
  | { readonly kind: "pause"; readonly job: number }
  | { readonly kind: "judge"; readonly job: number; readonly lawId: string }
  /** A model of many, trained in one go: the index-th where they are counted in order. */
  | { readonly kind: "trial"; readonly job: number; readonly index: number; readonly order: Order };

export type Answer =
  /** The kernel is compiled: messages are heard from now on. */
  | { readonly kind: "ready" }
  | { readonly kind: "snapshot"; readonly job: number; readonly running: boolean; readonly snapshot: Snapshot }
  | { readonly kind: "judged"; readonly job: number; readonly lawId: string; readonly judged: JudgedModel }
  | {
      readonly kind: "trial";
      readonly job: number;
      readonly index: number;
      readonly record: TrialRecord;
    }
  | { readonly kind: "failed"; readonly job: number; readonly message: string };
