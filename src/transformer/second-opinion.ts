import { Matrix } from "ml-matrix";
import type { JudgedClaim, Population } from "../claim/population.ts";
import { observeClaims } from "../experiment/trial.ts";
import type { Draws } from "../law/law.ts";
import { datasetOf, labelOfSample, tokensOfSample } from "./data/dataset.ts";
import { sampleDataset, samplePatterns } from "./data/sample.ts";
import type { Run } from "./measure/run.ts";
import type { Engine } from "./model/engine.ts";
import { everySample } from "./model/loss.ts";
import { euclideanNorm } from "./model/power-of-two.ts";
import { errorNorm, exactly } from "./model/rounding/rounded-matrix.ts";
import {
  roundedForward,
  roundedLossAndGradients,
  roundedSgdStep,
  roundedWeights,
} from "./model/rounding/rounding-bounds.ts";
import { type Dataset, type Theta, TRAINED_MATRICES, type Weights } from "./notation.ts";
import { multiplyAdds } from "./prune/multiply-adds.ts";
import { batchOrder } from "./train/sgd.ts";

/**
 * The reference engine's opinion of what the kernel found: it evaluates the weights that the kernel trained, and takes
 * the first steps of the training itself. Each difference is held to what rounding explains, by the running error
 * analysis of `rounding-bounds.ts`. The whole training is not repeated: thousands of steps amplify rounding beyond any
 * bound, so that agreement at the end would say less than agreement step by step.
 */
export interface SecondOpinion {
  readonly agreement: Agreement;
  /** By claim key. Empty where a model diverged: then every claim is violated, and there is nothing to evaluate. */
  readonly claims: Readonly<Record<string, ClaimOpinion>>;
  readonly training: readonly StepsOpinion[];
}

/** "not asked": the reference engine would take too long over a model of this size. */
export type Agreement = "to the bit" | "up to rounding" | "none" | "not asked";

export interface ClaimOpinion {
  readonly observed: number;
  /** Most that rounding explains of the difference to what the kernel observed. */
  readonly tolerance: number;
  readonly agreement: Agreement;
}

/** The first steps of one model, taken by both engines. */
export interface StepsOpinion {
  readonly steps: number;
  /** Largest Frobenius norm of a difference between trained matrices, over what rounding explains: at most 1. */
  readonly ratio: number;
}

/** Steps that both engines take. Beyond a few the bounds say nothing more: each step's error enters the next. */
const FIRST_STEPS = 2;

/** Multiply-adds that the reference engine is asked for: some twenty seconds. */
const MOST_REFERENCE_WORK = 5e9;

/** Passes over the test data that claims ask for, and what the error analysis costs in passes. */
const EVALUATION_PASSES = 20;

/** A claim reads at most two performances, and two engines evaluate each: the error of one, four times. */
const PERFORMANCES = 4;

export function secondOpinion(
  population: Population,
  runs: readonly [Run, ...Run[]],
  reference: Engine,
  kernel: Engine,
): SecondOpinion {
  const work = runs.reduce((sum, { theta }) => sum + referenceWork(theta), 0);
  if (work > MOST_REFERENCE_WORK) return { agreement: "not asked", claims: {}, training: [] };
  const claims = runs.some((run) => run.diverged) ? {} : opinionsOfClaims(population, runs, reference);
  const training = runs.map((run) => firstSteps(run.theta, run.model.seed, run.model.initial, reference, kernel));
  const agreements = Object.values(claims).map(({ agreement }) => agreement);
  const steps = training.map(({ ratio }) => (ratio === 0 ? "to the bit" : ratio <= 1 ? "up to rounding" : "none"));
  return { agreement: least([...agreements, ...steps]), claims, training };
}

function referenceWork(theta: Theta): number {
  const { forward } = multiplyAdds(theta);
  return forward * (EVALUATION_PASSES * theta.testSamples + EVALUATION_PASSES * FIRST_STEPS * theta.B);
}

function least(agreements: readonly Agreement[]): Agreement {
  return (["none", "up to rounding"] as const).find((each) => agreements.includes(each)) ?? "to the bit";
}

function opinionsOfClaims(population: Population, runs: readonly [Run, ...Run[]], reference: Engine) {
  const [first, ...others] = runs;
  const models = drawsOf(runs);
  const found = observeClaims(population.claims, models, runs);
  const again = observeClaims(population.claims, models, [
    first.evaluatedBy(reference),
    ...others.map((run) => run.evaluatedBy(reference)),
  ]);
  const error = Math.max(...runs.map((run) => evaluationError(run.model.trained, run.testData)));
  return Object.fromEntries(
    population.claims.map(({ key }: JudgedClaim): [string, ClaimOpinion] => {
      const [observed, kernels] = [again[key] as number, found[key] as number];
      const tolerance = PERFORMANCES * error * Math.max(1, Math.abs(kernels));
      const agreement = Object.is(observed, kernels)
        ? "to the bit"
        : Math.abs(observed - kernels) <= tolerance
          ? "up to rounding"
          : "none";
      return [key, { observed, tolerance, agreement }];
    }),
  );
}

function drawsOf([first, ...others]: readonly [Run, ...Run[]]): Draws {
  const drawOf = ({ theta, model }: Run) => ({ theta, seed: model.seed });
  return [drawOf(first), ...others.map(drawOf)];
}

/** How far rounding may carry the mean hinge, or the mean attention on some tokens, of either engine. */
function evaluationError(weights: Weights, data: Dataset): number {
  const rounded = roundedWeights(weights);
  let scores = 0;
  let attention = 0;
  for (const n of everySample(data)) {
    const pass = roundedForward(rounded, exactly(tokensOfSample(data, n)));
    scores += pass.score.error;
    attention += pass.attention.error.sum() / data.L;
  }
  return (scores + attention) / data.samples + data.samples * Number.EPSILON;
}

/** Both engines take the first steps from the same start, on the same batches. */
function firstSteps(theta: Theta, seed: number, initial: Weights, reference: Engine, kernel: Engine): StepsOpinion {
  const steps = Math.min(FIRST_STEPS, theta.Tmax);
  if (steps === 0) return { steps, ratio: 0 };
  const data = sampleDataset(theta, seed, samplePatterns(theta, seed), "train");
  // one after the other: an engine has one training under way
  const weightsAfter = ({ startTraining }: Engine): Weights => {
    const nextBatch = batchOrder(theta, seed);
    const training = startTraining(initial, data);
    for (let step = 0; step < steps; step++) training.step(nextBatch(), theta.eta);
    return training.weights();
  };
  const [references, kernels] = [weightsAfter(reference), weightsAfter(kernel)];
  const nextBatch = batchOrder(theta, seed);
  let bounds = roundedWeights(initial);
  for (let step = 0; step < steps; step++) {
    const { gradients } = roundedLossAndGradients(bounds, subsetOf(data, nextBatch()));
    bounds = roundedSgdStep(bounds, gradients, theta.eta);
  }
  const ratios = TRAINED_MATRICES.map((name) => {
    const difference = euclideanNorm(Matrix.sub(references[name], kernels[name]).to1DArray());
    return difference === 0 ? 0 : difference / (2 * errorNorm(bounds[name]));
  });
  // NaN, where the first steps already diverge, says nothing against either engine
  return { steps, ratio: Math.max(...ratios.filter((ratio) => !Number.isNaN(ratio)), 0) };
}

function subsetOf(data: Dataset, samples: Int32Array): Dataset {
  const chosen = Array.from(samples);
  return datasetOf(
    chosen.map((n) => tokensOfSample(data, n)),
    chosen.map((n) => labelOfSample(data, n)),
  );
}
