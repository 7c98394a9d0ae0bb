import { labelOfSample, tokensOfSample } from "../data/dataset.ts";
import type { Dataset, Weights } from "../notation.ts";
import { score } from "./forward.ts";

/** hinge = max(0, 1 − y·score); NaN stays NaN. */
export function hinge(y: number, scoreOfSample: number): number {
  return Math.max(0, 1 - y * scoreOfSample);
}

/** d hinge / d score: −y where y·score < 1, and 0 where y·score >= 1, the kink included; NaN stays NaN. */
export function hingeDerivative(y: number, scoreOfSample: number): number {
  const margin = y * scoreOfSample;
  if (margin >= 1) return 0;
  return margin < 1 ? -y : Number.NaN;
}

/** Mean hinge loss over the samples whose indices `batch` lists (all samples if it is absent). */
export function hingeLoss(weights: Weights, data: Dataset, batch: Iterable<number> = everySample(data)): number {
  let sum = 0;
  let count = 0;
  for (const n of batch) {
    sum += hinge(labelOfSample(data, n), score(weights, tokensOfSample(data, n)));
    count++;
  }
  if (count === 0) throw new RangeError("hingeLoss requires at least one sample, got an empty batch");
  return sum / count;
}

/** The indices 0..samples-1. */
export function everySample(data: Dataset): Int32Array {
  return Int32Array.from({ length: data.samples }, (_, n) => n);
}
