import { type Gradients, UPDATED_MATRICES, type UpdatedMatrix } from "../notation.ts";
import type { Step } from "../train/sgd.ts";
import { tailEnergy } from "./singular-values.ts";

/** A step is steep while its batch's mean hinge loss is at least this. */
export const STEEP_HINGE = 0.5;

/** The rank of single mini-batch gradients, watched while a model trains. */
export interface SteepSteps {
  readonly onStep: (step: Step) => void;
  /** The largest fraction of energy beyond the rank in any steep step; NaN if no step was steep. */
  readonly largestTail: (name: UpdatedMatrix) => number;
}

/** The fraction of each gradient's energy beyond a rank: by the engine where it has a way, otherwise of a copy. */
export function gradientTailsOf({ gradientTail, gradients }: Step, rank: number): (name: UpdatedMatrix) => number {
  if (gradientTail !== undefined) return (name) => gradientTail(name, rank);
  let copy: Gradients | undefined;
  return (name) => {
    copy ??= gradients();
    return tailEnergy(copy[name], rank);
  };
}

export function watchSteepSteps(rank: number): SteepSteps {
  const tails: Record<UpdatedMatrix, number[]> = { WQ: [], WK: [], WV: [] };
  return {
    onStep: (step) => {
      if (!(step.batchHinge >= STEEP_HINGE)) return;
      const tailOf = gradientTailsOf(step, rank);
      for (const name of UPDATED_MATRICES) tails[name].push(tailOf(name));
    },
    // Math.max is NaN where a tail is, and a tail that is not a number violates any claim
    largestTail: (name) => (tails[name].length === 0 ? Number.NaN : tails[name].reduce((x, y) => Math.max(x, y))),
  };
}
