import { streamState } from "../../../random/stream.ts";
import type { TokensToDraw } from "../../data/sample.ts";
import { KernelInstance } from "./instance.ts";

let instance: KernelInstance | undefined;

/** `noisyTokens` of data/sample.ts, to the bit. */
export function kernelNoisyTokens({ patterns, patternOf, tau, seed, stream }: TokensToDraw): Float64Array {
  const { rows: M, columns: d } = patterns;
  const tokens = patternOf.length;
  instance ??= new KernelInstance();
  const { kernel } = instance;
  kernel.layoutTokens(tokens, d, M);
  instance.matrix(patterns).set(patterns.to1DArray());
  instance.int16(kernel.addressOfBatch(), tokens).set(patternOf);
  const [s01, s00, s11, s10] = streamState(seed, stream) as [number, number, number, number];
  kernel.sampleTokens(tokens, d, tau, s01, s00, s11, s10);
  return instance.float64(kernel.addressOfTokens(), tokens * d).slice();
}
