import { Matrix } from "ml-matrix";
import {
  type Dataset,
  type Gradients,
  type PerMatrix,
  TRAINED_MATRICES,
  type UpdatedMatrix,
  type Weights,
} from "../../notation.ts";
import type { Engine, Evaluation, Training } from "../engine.ts";
import { KernelInstance } from "./instance.ts";
import { kernelNoisyTokens } from "./noisy-tokens.ts";

let instances: { readonly trainer: KernelInstance; readonly evaluator: KernelInstance } | undefined;

/** Two, so that scores may be asked for in the middle of a training. */
function kernels() {
  instances ??= { trainer: new KernelInstance(), evaluator: new KernelInstance() };
  return instances;
}

/** The training that the trainer's memory belongs to. */
let underWay: Training | undefined;

/** The model in WebAssembly: see README.md in this folder. */
export const kernelEngine: Engine = {
  name: "kernel",
  noisyTokens: kernelNoisyTokens,

  evaluationOn: (data) => new KernelEvaluation(data),

  scores: (weights, data) => new KernelEvaluation(data).scores(weights),

  neuronContributions: (weights, data) => new KernelEvaluation(data).neuronContributions(weights),

  attentionReceived: (weights, data) => new KernelEvaluation(data).attentionReceived(weights),

  startTraining(weights, data) {
    const { trainer } = kernels();
    trainer.load(weights, data);
    underWay = new KernelTraining(trainer, weights, data.samples);
    return underWay;
  },
};

/** What the evaluator's memory holds the data of, in which shape. */
let loaded: { readonly evaluation: KernelEvaluation; readonly shape: string } | undefined;

class KernelEvaluation implements Evaluation {
  readonly #data: Dataset;

  constructor(data: Dataset) {
    this.#data = data;
  }

  scores(weights: Weights): Float64Array {
    const evaluator = this.#load(weights);
    evaluator.kernel.scores();
    return evaluator.results(this.#data.samples);
  }

  neuronContributions(weights: Weights): Float64Array {
    const evaluator = this.#load(weights);
    evaluator.kernel.neuronContributions();
    return evaluator.results(this.#data.samples * weights.WO.rows);
  }

  attentionReceived(weights: Weights): Float64Array {
    const evaluator = this.#load(weights);
    evaluator.kernel.attentionReceived();
    return evaluator.results(this.#data.samples * this.#data.L);
  }

  /** The evaluator with these weights, and the data if others came between. */
  #load(weights: Weights): KernelInstance {
    const { evaluator } = kernels();
    const shape = [weights.WO.rows, weights.WV.rows, weights.WQ.rows, weights.a.rows].join();
    if (loaded?.evaluation === this && loaded.shape === shape) {
      evaluator.loadWeights(weights);
    } else {
      evaluator.load(weights, this.#data);
      loaded = { evaluation: this, shape };
    }
    return evaluator;
  }
}

class KernelTraining implements Training {
  readonly #instance: KernelInstance;
  readonly #initial: Weights;
  readonly #samples: number;
  #stepped = false;

  constructor(instance: KernelInstance, initial: Weights, samples: number) {
    this.#instance = instance;
    this.#initial = initial;
    this.#samples = samples;
  }

  step(batch: Int32Array, eta: number): number {
    const kernel = this.#kernel();
    if (batch.length === 0) throw new RangeError("step requires a batch of at least one sample, got none");
    for (const index of batch) {
      if (index < 0 || index >= this.#samples) {
        throw new RangeError(`step requires indices from 0 to ${this.#samples - 1}, got ${index}`);
      }
    }
    kernel.reserveBatch(batch.length);
    this.#instance.int32(kernel.addressOfBatch(), batch.length).set(batch);
    this.#stepped = true;
    return kernel.step(batch.length, eta);
  }

  lastGradients(): Gradients {
    const kernel = this.#stepTaken("lastGradients");
    return this.#read((number) => kernel.storeGradient(number));
  }

  gradientTail(name: UpdatedMatrix, rank: number): number {
    const tail = this.#stepTaken("gradientTail").gradientTail(TRAINED_MATRICES.indexOf(name), rank);
    if (tail < 0) throw new Error(`gradientTail found no singular values of the gradient of ${name} in its sweeps`);
    return tail;
  }

  meanHinge(stopAbove = Number.POSITIVE_INFINITY): number {
    return this.#kernel().meanHinge(stopAbove);
  }

  isFinite(): boolean {
    return Boolean(this.#kernel().weightsAreFinite());
  }

  weights(): Weights {
    const kernel = this.#kernel();
    return { ...this.#read((number) => kernel.storeMatrix(number)), a: this.#initial.a.clone() };
  }

  #kernel(): KernelInstance["kernel"] {
    if (underWay !== this) throw new Error("only the training started last is under way, and this is an earlier one");
    return this.#instance.kernel;
  }

  #stepTaken(caller: string): KernelInstance["kernel"] {
    if (!this.#stepped) throw new Error(`${caller} requires a step before it, got none`);
    return this.#kernel();
  }

  #read(store: (number: number) => void): PerMatrix<Matrix> {
    const read = (name: keyof PerMatrix<Matrix>): Matrix => {
      const { rows, columns } = this.#initial[name];
      store(TRAINED_MATRICES.indexOf(name));
      return Matrix.from1DArray(rows, columns, this.#instance.matrix({ rows, columns }));
    };
    return { WQ: read("WQ"), WK: read("WK"), WV: read("WV"), WO: read("WO") };
  }
}
