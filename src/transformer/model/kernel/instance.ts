import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import type { Matrix } from "ml-matrix";
import type { Dataset, Weights } from "../../notation.ts";
import { base64 } from "./build/bytes.js";
import type { instantiate } from "./build/kernel.js";

/** The matrices in the order of the numbers that the kernel knows them by. */
const MATRICES = ["WQ", "WK", "WV", "WO", "a"] as const;

type Kernel = Awaited<ReturnType<typeof instantiate>>;

let compiled: WebAssembly.Module | undefined;

/**
 * The compiled kernel, when the first instance needs it: nothing waits for it at the top level of a module, since no
 * CommonJS module could then require what imports this one.
 */
function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
  return compiled;
}

const instances: KernelInstance[] = [];

let bytesCopied = 0;

/** What the kernels of this thread have done so far: counted, since time is noise on a machine that others use too. */
export function countedWork(): { readonly multiplyAdds: number; readonly bytesCopied: number } {
  return { multiplyAdds: instances.reduce((sum, { kernel }) => sum + kernel.multiplyAdds.value, 0), bytesCopied };
}

/** A kernel with its own flat memory, which grows to the largest model that it meets and is used again by the next. */
export class KernelInstance {
  // addresses are signed here, as WebAssembly gives them: the views below take them for what they are
  readonly kernel = new WebAssembly.Instance(kernelModule(), { env: { exp, ln } }).exports as unknown as Kernel;

  constructor() {
    instances.push(this);
  }

  /** Takes over a model and its data. */
  load(weights: Weights, data: Dataset): void {
    const { kernel } = this;
    const { WQ, WV, WO, a } = weights;
    kernel.layout(data.d, data.L, WO.rows, WV.rows, WQ.rows, a.rows > 1, data.samples);
    this.loadWeights(weights);
    this.float64(kernel.addressOfTokens(), data.tokens.length).set(data.tokens);
    this.float64(kernel.addressOfLabels(), data.labels.length).set(data.labels);
    kernel.loadTokens();
  }

  /** Takes over other weights of the same shape. */
  loadWeights(weights: Weights): void {
    for (const [number, name] of MATRICES.entries()) {
      this.matrix(weights[name]).set(weights[name].to1DArray());
      this.kernel.loadMatrix(number);
    }
  }

  /** The buffer through which a matrix of this size comes and goes. */
  matrix({ rows, columns }: Pick<Matrix, "rows" | "columns">): Float64Array {
    return this.float64(this.kernel.addressOfMatrix(), rows * columns);
  }

  /** A copy of the first results. */
  results(length: number): Float64Array {
    return this.float64(this.kernel.addressOfResults(), length).slice();
  }

  // A view dies when memory grows, so each is made anew, for one copy of all of it.
  int16(address: number, length: number): Int16Array {
    bytesCopied += 2 * length;
    return new Int16Array(this.kernel.memory.buffer, address >>> 0, length);
  }

  float64(address: number, length: number): Float64Array {
    bytesCopied += 8 * length;
    return new Float64Array(this.kernel.memory.buffer, address >>> 0, length);
  }

  int32(address: number, length: number): Int32Array {
    bytesCopied += 4 * length;
    return new Int32Array(this.kernel.memory.buffer, address >>> 0, length);
  }
}
