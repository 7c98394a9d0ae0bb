import type { TokensToDraw } from "../data/sample.ts";
import type { Dataset, Gradients, UpdatedMatrix, Weights } from "../notation.ts";

/**
 * What an engine does with a model. There are two, with one meaning: `referenceEngine` (ml-matrix, written like the
 * equations) and the WebAssembly kernel. A property holds them together for arbitrary shapes.
 */
export interface Engine {
  readonly name: "reference" | "kernel";
  /** `noisyTokens` of data/sample.ts, to the bit: where an engine draws them faster. */
  readonly noisyTokens?: ((tokens: TokensToDraw) => Float64Array) | undefined;
  /**
   * What follows about these data, of weights after weights: where an engine need not take the data over each time. They
   * must not be changed meanwhile.
   */
  readonly evaluationOn?: ((data: Dataset) => Evaluation) | undefined;
  /** score(X_n) for every sample n. */
  scores(weights: Weights, data: Dataset): Float64Array;
  /** samples x m, row-major: (1/L) Σ_l a[l,i]·ReLU(w_i·z_l). The score is the sum of a row. */
  neuronContributions(weights: Weights, data: Dataset): Float64Array;
  /** samples x L, row-major: (1/L) Σ_l A[l,s], the mean attention that token s receives. Each row sums to 1. */
  attentionReceived(weights: Weights, data: Dataset): Float64Array;
  /** Starts training a copy of the weights on the data. Only one training of an engine is under way at a time. */
  startTraining(weights: Weights, data: Dataset): Training;
}

/** An engine's view of one data set. */
export type Evaluation = {
  readonly [K in "scores" | "neuronContributions" | "attentionReceived"]: (weights: Weights) => Float64Array;
};

export function evaluationOn(engine: Engine, data: Dataset): Evaluation {
  return (
    engine.evaluationOn?.(data) ?? {
      scores: (weights) => engine.scores(weights, data),
      neuronContributions: (weights) => engine.neuronContributions(weights, data),
      attentionReceived: (weights) => engine.attentionReceived(weights, data),
    }
  );
}

/** A training under way; `weights` given to `startTraining` are not changed. */
export interface Training {
  /** One SGD step on the samples with these indices; returns the batch's mean hinge loss before the update. */
  step(batch: Int32Array, eta: number): number;
  /** ∂(mean hinge of the last step's batch)/∂W, at the weights before that step's update. A copy. */
  lastGradients(): Gradients;
  /**
   * The fraction of the energy of one of these beyond a rank, as `tailEnergy` has it of the copy, to its accuracy. Where
   * an engine has no such way, whoever asks takes the copy.
   */
  gradientTail?(name: UpdatedMatrix, rank: number): number;
  /**
   * Mean hinge loss over the whole training set at the present weights. Where it is above `stopAbove`, any number above
   * that may come in its place, so that no more samples need be looked at than show it.
   */
  meanHinge(stopAbove?: number): number;
  /** No entry of the present weights is NaN or infinite; where an engine has a way to see it without a copy. */
  isFinite?(): boolean;
  /** A copy of the present weights. */
  weights(): Weights;
}
