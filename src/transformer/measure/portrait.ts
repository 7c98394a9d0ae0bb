import { Matrix } from "ml-matrix";
import { stream } from "../../random/stream.ts";
import { UPDATED_MATRICES, type UpdatedMatrix, type Weights } from "../notation.ts";
import type { Step } from "../train/sgd.ts";
import type { Run } from "./run.ts";
import { singularValues } from "./singular-values.ts";
import { gradientTailsOf } from "./steep-steps.ts";
import type { Performance } from "./test-loss.ts";

/**
 * What figures show of a model beyond the numbers that every record keeps. Only a few models are portrayed; nothing is
 * claimed of a portrait.
 */
export interface Portrait {
  /** ‖w_i‖/(ξ√m_a), ascending: about 1 at initialisation. The first `smallNeurons` are the small cluster. */
  readonly relativeNorms: readonly number[];
  readonly smallNeurons: number;
  /** Test hinge and 0-1 error without each of `PRUNED_FRACTIONS` of the neurons. */
  readonly pruning: Readonly<Record<PruningOrder, { hinge: readonly number[]; error: readonly number[] }>>;
  /** Test hinge with every update cut to rank 0, 1, ..., `PORTRAYED_RANKS` (or d). */
  readonly hingeAtRank: readonly number[];
  readonly training?: TrainingCurves;
}

/** So many of the base law's first models are portrayed. */
export const PORTRAITS = 40;

/** So many of them while they train: as many as one figure can show apart. */
export const TRAINING_PORTRAITS = 6;

export const PRUNING_ORDERS = ["smallest first", "at random", "largest first"] as const;
export type PruningOrder = (typeof PRUNING_ORDERS)[number];

/** 0, 0.05, ..., 1 */
export const PRUNED_FRACTIONS: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 20);

/** Ranks beyond this are not shown: all is over by then (theorem low-rank-adaptation). */
export const PORTRAYED_RANKS = 6;

/** Singular values shown of each update while it grows. */
const PORTRAYED_SINGULAR_VALUES = 4;

/** A model along its training, at the steps of `isCheckpoint`. Each list has an entry a checkpoint. */
export interface TrainingCurves {
  readonly steps: readonly number[];
  /** Mean hinge of the step's batch, before the step. */
  readonly batchHinge: readonly number[];
  /** Fraction of the step's gradient's energy beyond rank r. */
  readonly gradientTail: Readonly<Record<UpdatedMatrix, readonly number[]>>;
  /** σ_1, σ_2, ... of ΔW after the step, a list each. */
  readonly singularValues: Readonly<Record<UpdatedMatrix, readonly (readonly number[])[]>>;
  /** Mean attention on label-relevant test tokens after the step. */
  readonly attention: readonly number[];
}

/** Every step up to 10, then each that is a tenth beyond the last one: 73 up to 4000. */
export function isCheckpoint(step: number): boolean {
  let checkpoint = 0;
  while (checkpoint < step) checkpoint = Math.max(checkpoint + 1, Math.floor(1.1 * checkpoint));
  return checkpoint === step;
}

/** Watches a model while it trains; `portraitOf` measures what was kept. */
export class Checkpoints {
  readonly kept: { step: number; batchHinge: number; gradientTail: Record<UpdatedMatrix, number>; weights: Weights }[] =
    [];
  readonly #r: number;

  /** @param r the number of label-relevant patterns: the rank beyond which a gradient's energy is counted */
  constructor(r: number) {
    this.#r = r;
  }

  readonly onStep = (taken: Step): void => {
    const { step, batchHinge, weights } = taken;
    if (!isCheckpoint(step)) return;
    const gradientTail = eachUpdated(gradientTailsOf(taken, this.#r));
    this.kept.push({ step, batchHinge, gradientTail, weights: weights() });
  };
}

/** Portrays a model; its training too, where checkpoints were kept. */
export function portraitOf(run: Run, checkpoints?: Checkpoints): Portrait {
  const { m, d, xi, ma } = run.theta;
  const atInitialisation = xi * Math.sqrt(ma);
  return {
    relativeNorms: run.neuronsBySize.map((i) => (run.neuronNorms[i] as number) / atInitialisation),
    smallNeurons: run.clusters.small.length,
    pruning: {
      "smallest first": pruningCurve(run, run.neuronsBySize),
      "at random": pruningCurve(
        run,
        stream(run.model.seed, "pruning order").shuffle(Array.from({ length: m }, (_, i) => i)),
      ),
      "largest first": pruningCurve(run, [...run.neuronsBySize].reverse()),
    },
    hingeAtRank: Array.from({ length: Math.min(PORTRAYED_RANKS, d) + 1 }, (_, rank) => run.testAtRank(rank).hinge),
    ...(checkpoints === undefined ? {} : { training: trainingCurves(run, checkpoints) }),
  };
}

function pruningCurve(run: Run, order: readonly number[]) {
  const performances: Performance[] = PRUNED_FRACTIONS.map((fraction) =>
    run.withoutNeurons(order.slice(0, Math.round(fraction * order.length))),
  );
  return { hinge: performances.map(({ hinge }) => hinge), error: performances.map(({ error }) => error) };
}

function trainingCurves(run: Run, { kept }: Checkpoints): TrainingCurves {
  const sigmas = eachUpdated((name) =>
    kept.map(({ weights }) => singularValues(Matrix.sub(weights[name], run.model.initial[name]))),
  );
  const shown = Math.min(PORTRAYED_SINGULAR_VALUES, run.theta.d);
  return {
    steps: kept.map(({ step }) => step),
    batchHinge: kept.map(({ batchHinge }) => batchHinge),
    gradientTail: eachUpdated((name) => kept.map(({ gradientTail }) => gradientTail[name])),
    singularValues: eachUpdated((name) =>
      Array.from({ length: shown }, (_, k) => sigmas[name].map((each) => each[k] as number)),
    ),
    attention: kept.map(({ weights }) => run.attentionOnRelevant(weights)),
  };
}

function eachUpdated<T>(measure: (name: UpdatedMatrix) => T): Record<UpdatedMatrix, T> {
  const [WQ, WK, WV] = UPDATED_MATRICES.map(measure) as [T, T, T];
  return { WQ, WK, WV };
}
