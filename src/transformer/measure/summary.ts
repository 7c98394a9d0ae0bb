import { median } from "../../evidence/median.ts";
import { UPDATED_MATRICES, type UpdatedMatrix } from "../notation.ts";
import type { Run } from "./run.ts";

/** The measurements of one model that are shown and stored whatever is claimed. Norms and losses have no unit. */
export interface Measurements {
  readonly steps: number;
  readonly trainHinge: number;
  readonly testHinge: number;
  /** fraction of test samples */
  readonly testError: number;
  /** Singular values of ΔW, in descending order. */
  readonly singularValues: Readonly<Record<UpdatedMatrix, readonly number[]>>;
  /** Fraction of ΔW's energy beyond rank r. */
  readonly tailEnergy: Readonly<Record<UpdatedMatrix, number>>;
  /** ‖ΔW μ_j‖ for each pattern, the label-relevant ones first. */
  readonly patternStrengths: Readonly<Record<UpdatedMatrix, readonly number[]>>;
  readonly smallNeurons: number;
  readonly medianSmallNorm: number;
  readonly medianLargeNorm: number;
  /** Test hinge and error without the small cluster. */
  readonly prunedHinge: number;
  readonly prunedError: number;
  /** Mean attention on label-relevant test tokens. */
  readonly attentionBefore: number;
  readonly attentionAfter: number;
}

export function measurementsOf(run: Run): Measurements {
  const each = <T>(measure: (name: UpdatedMatrix) => T) =>
    Object.fromEntries(UPDATED_MATRICES.map((name) => [name, measure(name)])) as Record<UpdatedMatrix, T>;
  const normsOf = (neurons: readonly number[]) => neurons.map((i) => run.neuronNorms[i] as number);
  return {
    steps: run.steps,
    trainHinge: run.model.trainHinge,
    testHinge: run.test.hinge,
    testError: run.test.error,
    singularValues: each((name) => run.singularValues(name)),
    tailEnergy: each((name) => run.tailEnergy(name, run.theta.r)),
    patternStrengths: each((name) => run.patternStrengths(name)),
    smallNeurons: run.clusters.small.length,
    medianSmallNorm: median(normsOf(run.clusters.small)),
    medianLargeNorm: median(normsOf(run.clusters.large)),
    prunedHinge: run.pruned.hinge,
    prunedError: run.pruned.error,
    attentionBefore: run.relevantAttention.before,
    attentionAfter: run.relevantAttention.after,
  };
}
