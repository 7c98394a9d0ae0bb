import { Matrix } from "ml-matrix";
import { type Dataset, type Gradients, type PerMatrix, TRAINED_MATRICES, type Weights } from "../../notation.ts";
import type { Engine, Training } from "../engine.ts";
import { instantiate } from "./build/kernel.js";

type Kernel = Awaited<ReturnType<typeof instantiate>>;

/** The kernel's numbers for the matrices. */
const MATRICES = ["WQ", "WK", "WV", "WO", "a"] as const;

/** A kernel with its own flat memory, which grows to the largest model it meets and is used again by the next. */
class Instance {
  readonly kernel: Kernel;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  load(weights: Weights, data: Dataset): void {
    const { kernel } = this;
    const { WQ, WV, WO, a } = weights;
    const readoutPerPosition = a.rows > 1;
    kernel.layout(data.d, data.L, WO.rows, WV.rows, WQ.rows, readoutPerPosition, data.samples);
    for (const [index, name] of MATRICES.entries()) {
      const matrix = weights[name];
      const values = this.matrix(matrix);
      let at = 0;
      for (let row = 0; row < matrix.rows; row++) {
        for (let column = 0; column < matrix.columns; column++) values[at++] = matrix.get(row, column);
      }
      kernel.loadMatrix(index);
    }
    this.float64(kernel.addressOfTokens(), data.tokens.length).set(data.tokens);
    this.float64(kernel.addressOfLabels(), data.labels.length).set(data.labels);
    kernel.loadTokens();
  }

  /** The buffer through which matrices of this size come and go. */
  matrix({ rows, columns }: { readonly rows: number; readonly columns: number }): Float64Array {
    return this.float64(this.kernel.addressOfMatrix(), rows * columns);
  }

  results(length: number): Float64Array {
    return this.float64(this.kernel.addressOfResults(), length).slice();
  }

  // A view lives until memory grows, so it is made anew each time.
  float64(address: number, length: number): Float64Array {
    return new Float64Array(this.kernel.memory.buffer, address, length);
  }
}

class KernelTraining implements Training {
  private readonly instance: Instance;
  private readonly initial: Weights;
  private readonly samples: number;

  constructor(instance: Instance, initial: Weights, samples: number) {
    this.instance = instance;
    this.initial = initial;
    this.samples = samples;
  }

  step(batch: Int32Array, eta: number): number {
    const { kernel } = this.instance;
    if (batch.length === 0) throw new RangeError("step requires a batch of at least one sample, got none");
    for (const index of batch) {
      if (!(index >= 0 && index < this.samples)) {
        throw new RangeError(`step requires sample indices from 0 to ${this.samples - 1}, got ${index}`);
      }
    }
    kernel.reserveBatch(batch.length);
    new Int32Array(kernel.memory.buffer, kernel.addressOfBatch(), batch.length).set(batch);
    return kernel.step(batch.length, eta);
  }

  lastGradients(): Gradients {
    return this.read((index) => this.instance.kernel.storeGradient(index));
  }

  meanHinge(): number {
    return this.instance.kernel.meanHinge();
  }

  weights(): Weights {
    return { ...this.read((index) => this.instance.kernel.storeMatrix(index)), a: this.initial.a.clone() };
  }

  private read(store: (index: number) => void): PerMatrix<Matrix> {
    const matrices = TRAINED_MATRICES.map((name, index) => {
      const { rows, columns } = this.initial[name];
      store(index);
      return [name, Matrix.from1DArray(rows, columns, this.instance.matrix({ rows, columns }))];
    });
    return Object.fromEntries(matrices);
  }
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol !== "file:") return WebAssembly.compileStreaming(fetch(url));
  const { readFile } = await import("node:fs/promises");
  return WebAssembly.compile(await readFile(url));
}

const compiled = await compile(new URL("./build/kernel.wasm", import.meta.url));
// Scores may be asked for in the middle of a training, so that each has an instance.
const trainer = new Instance(await instantiate(compiled, { env: {} }));
const evaluator = new Instance(await instantiate(compiled, { env: {} }));

/** The model in WebAssembly: see README.md in this folder. */
export const kernelEngine: Engine = {
  name: "kernel",
  scores(weights, data) {
    evaluator.load(weights, data);
    evaluator.kernel.scores();
    return evaluator.results(data.samples);
  },
  neuronContributions(weights, data) {
    evaluator.load(weights, data);
    evaluator.kernel.neuronContributions();
    return evaluator.results(data.samples * weights.WO.rows);
  },
  attentionReceived(weights, data) {
    evaluator.load(weights, data);
    evaluator.kernel.attentionReceived();
    return evaluator.results(data.samples * data.L);
  },
  startTraining(weights, data) {
    trainer.load(weights, data);
    return new KernelTraining(trainer, weights, data.samples);
  },
};
