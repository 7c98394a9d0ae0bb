import type { Matrix } from "ml-matrix";
import { stream } from "../../random/stream.ts";
import { type SampledDataset, sampleDataset, samplePatterns } from "../data/sample.ts";
import type { Engine } from "../model/engine.ts";
import { type Gradients, STEPS_BETWEEN_CHECKS, type Theta, type UpdatedMatrix, type Weights } from "../notation.ts";
import { allFinite, weightsDigest } from "./digest.ts";
import { initialWeights } from "./initial-weights.ts";

/** What one SGD step did. */
export interface Step {
  /** 1 for the first step */
  readonly step: number;
  /** Mean hinge loss of the step's batch, before the update. */
  readonly batchHinge: number;
  /** Gradients of that batch's mean hinge, before the update; computed when called. */
  readonly gradients: () => Gradients;
  /** The fraction of the energy of one of these beyond a rank, without a copy of it; where the engine has a way. */
  readonly gradientTail?: ((name: UpdatedMatrix, rank: number) => number) | undefined;
  /** The weights after the update; computed when called. */
  readonly weights: () => Weights;
}

export interface TrainingOptions {
  readonly engine: Engine;
  /** Called after each step. Costs nothing when absent. */
  readonly onStep?: ((step: Step) => void) | undefined;
}

/** A model after training. Which model it is, is said by (θ, seed) alone. */
export interface TrainedModel {
  readonly theta: Theta;
  readonly seed: number;
  /** M x d, orthonormal rows. */
  readonly patterns: Matrix;
  readonly initial: Weights;
  readonly trained: Weights;
  /** T: the step at which training ended. */
  readonly steps: number;
  /** converged: the training hinge reached ε; exhausted: T_max steps did not; diverged: the weights stopped being finite. */
  readonly outcome: "converged" | "exhausted" | "diverged";
  /** Mean hinge loss on the whole training set at the end; not a number where training diverged. */
  readonly trainHinge: number;
  /** SHA-256 of the trained weights, or `diverged@T`. */
  readonly digest: string;
}

/**
 * Trains W_Q, W_K, W_V, W_O together by mini-batch SGD with random reshuffling (an incomplete last batch is dropped)
 * until the mean training hinge is at most ε, looked at after every 10th step and at T_max.
 */
export function train(theta: Theta, seed: number, options: TrainingOptions): TrainedModel {
  const training = beginTraining(theta, seed, options);
  while (training.advance() === "under way") {}
  return training.model();
}

/** A training that its caller advances, so that a page can show it while it happens. */
export interface SteppedTraining {
  /** One SGD step (none if T_max is 0), and the check for convergence where one is due. */
  advance(): "under way" | TrainedModel["outcome"];
  /** The model as it now stands. */
  model(): TrainedModel;
}

export function beginTraining(theta: Theta, seed: number, { engine, onStep }: TrainingOptions): SteppedTraining {
  const patterns = samplePatterns(theta, seed);
  const data: SampledDataset = sampleDataset(theta, seed, patterns, "train", engine.noisyTokens);
  const initial = initialWeights(theta, seed);
  const training = engine.startTraining(initial, data);
  const gradientTail = training.gradientTail?.bind(training);
  const nextBatch = batchOrder(theta, seed);
  let steps = 0;
  let outcome: "under way" | TrainedModel["outcome"] = "under way";
  /** The training hinge at which training converged. */
  let convergedAt = Number.NaN;

  const check = (): typeof outcome => {
    if (!(training.isFinite?.() ?? allFinite(training.weights()))) return "diverged";
    convergedAt = training.meanHinge(theta.epsilon);
    if (convergedAt <= theta.epsilon) return "converged";
    return steps >= theta.Tmax ? "exhausted" : "under way";
  };

  return {
    advance() {
      if (outcome !== "under way") return outcome;
      if (steps < theta.Tmax) {
        const batchHinge = training.step(nextBatch(), theta.eta);
        steps++;
        onStep?.({
          step: steps,
          batchHinge,
          gradients: () => training.lastGradients(),
          gradientTail,
          weights: () => training.weights(),
        });
      }
      if (steps % STEPS_BETWEEN_CHECKS === 0 || steps === theta.Tmax) outcome = check();
      return outcome;
    },
    model() {
      const trained = training.weights();
      const diverged = !allFinite(trained);
      return {
        theta,
        seed,
        patterns,
        initial,
        trained,
        steps,
        outcome: outcome === "under way" ? "exhausted" : outcome,
        trainHinge: diverged ? Number.NaN : outcome === "converged" ? convergedAt : training.meanHinge(),
        digest: diverged ? `diverged@${steps}` : weightsDigest(trained),
      };
    },
  };
}

/**
 * The batches of random reshuffling: every epoch visits the samples in a new random order, and drops an incomplete last
 * batch. Each call gives the sample indices of the next batch, valid until the call after it.
 */
export function batchOrder({ N, B }: Theta, seed: number): () => Int32Array {
  const random = stream(seed, "batches");
  const order = Int32Array.from({ length: N }, (_, n) => n);
  let position = N;
  return () => {
    if (position + B > N) {
      random.shuffle(order);
      position = 0;
    }
    position += B;
    return order.subarray(position - B, position);
  };
}
