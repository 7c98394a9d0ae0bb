import { Matrix } from "ml-matrix";
import { type SampledDataset, sampleDataset } from "../data/sample.ts";
import { type Engine, type Evaluation, evaluationOn } from "../model/engine.ts";
import { euclideanNorm } from "../model/power-of-two.ts";
import type { PerMatrix, Theta, TrainedMatrix, UpdatedMatrix, Weights } from "../notation.ts";
import { ascendingByNorm, neuronNorms } from "../prune/magnitude.ts";
import { type Step, type TrainedModel, train } from "../train/sgd.ts";
import { type NormClusters, splitByLogNorm } from "./clusters.ts";
import { singularValues, tailEnergyOf, truncate } from "./singular-values.ts";
import { type SteepSteps, watchSteepSteps } from "./steep-steps.ts";
import { type Performance, performanceOf } from "./test-loss.ts";

/** What must be watched while a model trains, because it cannot be measured afterwards. */
export type Trace = "gradients";

/**
 * One trained model and everything that claims read of it. Each measurement is made when it is first asked for, and
 * kept. Randomness is fixed by (θ, seed), so a measurement is a function of those alone, whoever looked before: lists are
 * frozen, and matrices and arrays of doubles, which cannot be, are copies.
 */
export class Run {
  readonly #model: TrainedModel;
  readonly #engine: Engine;
  readonly #steepSteps: SteepSteps | undefined;
  readonly #kept = new Map<string, unknown>();

  constructor(model: TrainedModel, engine: Engine, steepSteps?: SteepSteps) {
    this.#model = { ...model, theta: Object.freeze({ ...model.theta }) };
    this.#engine = engine;
    this.#steepSteps = steepSteps;
    // nobody puts a number of his own in the place of a measurement
    Object.freeze(this);
  }

  /** The trained model. Its matrices are copies. */
  get model(): TrainedModel {
    const { patterns, initial, trained } = this.#model;
    return {
      ...this.#model,
      patterns: patterns.clone(),
      initial: copiesOf(initial),
      trained: copiesOf(trained),
    };
  }

  get theta(): Theta {
    return this.#model.theta;
  }

  /** The steps taken, whether the model converged or not. */
  get steps(): number {
    return this.#model.steps;
  }

  /** T where the model converged. NaN otherwise: steps that led nowhere are no steps to convergence, however many. */
  get stepsToConvergence(): number {
    return this.converged ? this.steps : Number.NaN;
  }

  get converged(): boolean {
    return this.#model.outcome === "converged";
  }

  get diverged(): boolean {
    return this.#model.outcome === "diverged";
  }

  /** ΔW = W(T) − W(0) for the four trained matrices. Copies. */
  get update(): PerMatrix<Matrix> {
    return copiesOf(this.#update);
  }

  get #update(): PerMatrix<Matrix> {
    return this.#keep("update", () => {
      const { trained, initial } = this.#model;
      const difference = (name: TrainedMatrix) => Matrix.sub(trained[name], initial[name]);
      return { WQ: difference("WQ"), WK: difference("WK"), WV: difference("WV"), WO: difference("WO") };
    });
  }

  /** Singular values of ΔW, in descending order. */
  singularValues(name: TrainedMatrix): readonly number[] {
    return this.#keep(`singular values ${name}`, () => singularValues(this.#update[name]));
  }

  /** The fraction of ΔW's energy (sum of squared singular values) beyond its first `rank` singular values. */
  tailEnergy(name: UpdatedMatrix, rank: number): number {
    return tailEnergyOf(this.singularValues(name), rank);
  }

  /** The largest fraction of a mini-batch gradient's energy beyond rank r, over the steps with a hinge of at least ½. */
  steepGradientTail(name: UpdatedMatrix): number {
    if (this.#steepSteps === undefined) {
      throw new Error('steepGradientTail requires a run whose training was traced: declare trace: ["gradients"]');
    }
    return this.#steepSteps.largestTail(name);
  }

  /** ‖ΔW μ_j‖ for every pattern j; M entries. */
  patternStrengths(name: UpdatedMatrix): readonly number[] {
    return this.#keep(`pattern strengths ${name}`, () => {
      const images = this.#update[name].mmul(this.#model.patterns.transpose());
      return Array.from({ length: images.columns }, (_, j) => euclideanNorm(images.getColumn(j)));
    });
  }

  /**
   * The least ‖ΔW μ‖ of the label-relevant patterns over the largest of the label-irrelevant ones: above 1 where the
   * update acts more on each relevant pattern than on every irrelevant one. NaN without irrelevant patterns.
   */
  relevantOverIrrelevant(name: UpdatedMatrix): number {
    const strengths = this.patternStrengths(name);
    const { r, M } = this.theta;
    if (M === r) return Number.NaN;
    return Math.min(...strengths.slice(0, r)) / Math.max(...strengths.slice(r));
  }

  /** Fresh data from the training distribution, never trained on. A copy. */
  get testData(): SampledDataset {
    const { tokens, labels, patternOf, relevant, ...shape } = this.#testData;
    return {
      ...shape,
      tokens: tokens.slice(),
      labels: labels.slice(),
      patternOf: patternOf.slice(),
      relevant: relevant.slice(),
    };
  }

  get #testData(): SampledDataset {
    const { patterns, seed } = this.#model;
    return this.#keep("test data", () => sampleDataset(this.theta, seed, patterns, "test", this.#engine.noisyTokens));
  }

  get #onTestData(): Evaluation {
    return this.#keep("evaluation", () => evaluationOn(this.#engine, this.#testData));
  }

  /** Test hinge loss and 0-1 error of the trained model. */
  get test(): Performance {
    return this.#keep("test", () => this.withoutNeurons([]));
  }

  /** Test performance with each update ΔW_Q, ΔW_K, ΔW_V cut to its best part of this rank; W_O as trained. */
  testAtRank(rank: number): Performance {
    return this.#keep(`test at rank ${rank}`, () => {
      const { initial, trained } = this.#model;
      const cut = (name: UpdatedMatrix) => Matrix.add(initial[name], truncate(this.#update[name], rank));
      const weights: Weights = { ...trained, WQ: cut("WQ"), WK: cut("WK"), WV: cut("WV") };
      return performanceOf(this.#onTestData.scores(weights), this.#testData.labels);
    });
  }

  /** ‖w_i‖ of the trained model; m entries. A copy. */
  get neuronNorms(): Float64Array {
    return this.#neuronNorms.slice();
  }

  get #neuronNorms(): Float64Array {
    return this.#keep("neuron norms", () => neuronNorms(this.#model.trained));
  }

  /** The small and the large neurons: exact two-cluster split of log‖w_i‖. */
  get clusters(): NormClusters {
    return this.#keep("clusters", () => splitByLogNorm(this.#neuronNorms));
  }

  /** Neuron indices, smallest norm first. */
  get neuronsBySize(): readonly number[] {
    return this.#keep("neurons by size", () => ascendingByNorm(this.#neuronNorms));
  }

  /** Test performance with these neurons pruned. Cost: one forward pass in all, then O(samples · m) a call. */
  withoutNeurons(pruned: readonly number[]): Performance {
    const { m } = this.theta;
    const { samples, labels } = this.#testData;
    const contributions = this.#keep("contributions", () => this.#onTestData.neuronContributions(this.#model.trained));
    const leftOut = new Uint8Array(m);
    for (const i of pruned) leftOut[i] = 1;
    const kept = Int32Array.from(leftOut.keys()).filter((i) => leftOut[i] === 0);
    const scores = new Float64Array(samples);
    for (let n = 0; n < samples; n++) {
      let score = 0;
      for (let k = 0; k < kept.length; k++) score += contributions[n * m + kept[k]!]!;
      scores[n] = score;
    }
    return performanceOf(scores, labels);
  }

  /** Test performance with the small cluster pruned. NaN where there is no small cluster to prune. */
  get pruned(): Performance {
    const { small } = this.clusters;
    return small.length === 0 ? { hinge: Number.NaN, error: Number.NaN } : this.withoutNeurons(small);
  }

  /**
   * The mean attention that falls on label-relevant tokens of the test data, before and after training: the share
   * Σ_{s relevant} A[l,s], averaged over query tokens and samples.
   */
  get relevantAttention(): { readonly before: number; readonly after: number } {
    return this.#keep("relevant attention", () => ({
      before: this.attentionOnRelevant(this.#model.initial),
      after: this.attentionOnRelevant(this.#model.trained),
    }));
  }

  /** Mean attention on label-relevant test tokens that a model of these weights would pay. */
  attentionOnRelevant(weights: Weights): number {
    const { relevant, samples } = this.#testData;
    const received = this.#onTestData.attentionReceived(weights);
    let sum = 0;
    for (let i = 0; i < received.length; i++) if (relevant[i] === 1) sum += received[i] as number;
    return sum / samples;
  }

  /** The same trained model, with everything that is evaluated on data evaluated by another engine. */
  evaluatedBy(engine: Engine): Run {
    return new Run(this.#model, engine, this.#steepSteps);
  }

  #keep<T>(name: string, measure: () => T): T {
    if (!this.#kept.has(name)) this.#kept.set(name, frozen(measure()));
    return this.#kept.get(name) as T;
  }
}

function copiesOf<T extends Readonly<Record<string, Matrix>>>(matrices: T): T {
  return Object.fromEntries(Object.entries(matrices).map(([name, matrix]) => [name, matrix.clone()])) as T;
}

/** Lists, and records of lists: what is no plain object or array has its own way. */
function frozen<T>(value: T): T {
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  if (!isPlain) return value;
  for (const each of Object.values(value as object)) frozen(each);
  return Object.freeze(value);
}

/** Trains the model of (θ, seed), watching what the traces, and the caller, ask for. */
export function runModel(
  theta: Theta,
  seed: number,
  {
    engine,
    traces = [],
    onStep,
  }: { readonly engine: Engine; readonly traces?: readonly Trace[]; readonly onStep?: (step: Step) => void },
): Run {
  const steepSteps = traces.includes("gradients") ? watchSteepSteps(theta.r) : undefined;
  const watchers = [steepSteps?.onStep, onStep].filter((watcher) => watcher !== undefined);
  const everyWatcher = (step: Step) => {
    for (const watch of watchers) watch(step);
  };
  const watched = watchers.length === 0 ? {} : { onStep: everyWatcher };
  return new Run(train(theta, seed, { engine, ...watched }), engine, steepSteps);
}
