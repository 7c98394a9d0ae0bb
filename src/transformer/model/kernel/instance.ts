import type { Matrix } from "ml-matrix";
import type { Dataset, Weights } from "../../notation.ts";
import { instantiate } from "./build/kernel.js";

/** The matrices in the order of the numbers that the kernel knows them by. */
const MATRICES = ["WQ", "WK", "WV", "WO", "a"] as const;

const compiled = await compile(new URL("./build/kernel.wasm", import.meta.url));

async function compile(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol !== "file:") return WebAssembly.compileStreaming(fetch(url));
  const { readFile } = await import("node:fs/promises");
  return WebAssembly.compile(await readFile(url));
}

/** A kernel with its own flat memory, which grows to the largest model that it meets and is used again by the next. */
export class KernelInstance {
  readonly kernel: Awaited<ReturnType<typeof instantiate>>;

  constructor(kernel: KernelInstance["kernel"]) {
    this.kernel = kernel;
  }

  /** Takes over a model and its data. */
  load(weights: Weights, data: Dataset): void {
    const { kernel } = this;
    const { WQ, WV, WO, a } = weights;
    kernel.layout(data.d, data.L, WO.rows, WV.rows, WQ.rows, a.rows > 1, data.samples);
    for (const [number, name] of MATRICES.entries()) {
      this.matrix(weights[name]).set(weights[name].to1DArray());
      kernel.loadMatrix(number);
    }
    this.float64(kernel.addressOfTokens(), data.tokens.length).set(data.tokens);
    this.float64(kernel.addressOfLabels(), data.labels.length).set(data.labels);
    kernel.loadTokens();
  }

  /** The buffer through which a matrix of this size comes and goes. */
  matrix({ rows, columns }: Pick<Matrix, "rows" | "columns">): Float64Array {
    return this.float64(this.kernel.addressOfMatrix(), rows * columns);
  }

  /** A copy of the first results. */
  results(length: number): Float64Array {
    return this.float64(this.kernel.addressOfResults(), length).slice();
  }

  // A view dies when memory grows, so each is made anew.
  float64(address: number, length: number): Float64Array {
    return new Float64Array(this.kernel.memory.buffer, address, length);
  }
}

export async function newInstance(): Promise<KernelInstance> {
  return new KernelInstance(await instantiate(compiled, { env: {} }));
}
