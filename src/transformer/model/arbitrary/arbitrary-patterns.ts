import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { datasetOf } from "../../data/dataset.ts";
import type { Dataset, Weights } from "../../notation.ts";
import { exactly, type RoundedMatrix, rowsOf, sum } from "../rounding/rounded-matrix.ts";
import {
  type ArbitraryShape,
  arbitraryEntries,
  arbitraryLabels,
  arbitraryShape,
  arbitraryWeights,
} from "./arbitrary-model.ts";
import { arbitraryRotation } from "./arbitrary-rotation.ts";

/** A model, and a batch whose tokens are patterns plus noise, without any of the data model's majorities. */
export interface ModelAndPatternedData {
  readonly weights: Weights;
  readonly data: Dataset;
  /** M x d, its rows orthonormal up to the error */
  readonly patterns: RoundedMatrix;
  /** For each token of the batch, sample by sample, which pattern it carries. */
  readonly carried: readonly number[];
  /** No token's noise is longer than this, but for rounding. */
  readonly tau: number;
  /** samples x L rows of d: how far each token may be from its exact pattern plus its noise */
  readonly rounding: Matrix;
}

/** With `tau` fixed at 0 a token is its pattern to the bit. */
interface Noise {
  readonly tau: fc.Arbitrary<number>;
}

/** Any number of patterns, up to as many as there are dimensions. */
export function arbitraryModelAndPatternedData(noise: Noise): fc.Arbitrary<ModelAndPatternedData> {
  return arbitraryShape({ d: 7, L: 5, batch: 3 }).chain((shape) =>
    fc.integer({ min: 1, max: shape.d }).chain((M) => withPatterns(shape, M, noise)),
  );
}

/**
 * Fewer patterns than each weight matrix has rows and columns, so that a gradient could have a larger rank than that; and
 * neurons enough that seldom all of them are off.
 */
export function arbitraryModelAndFewPatterns(noise: Noise): fc.Arbitrary<ModelAndPatternedData> {
  return fc
    .record({ M: fc.integer({ min: 1, max: 4 }), beyond: arbitraryShape({ d: 3, ma: 3, mb: 3, L: 5, batch: 3 }) })
    .chain(({ M, beyond }) =>
      withPatterns({ ...beyond, d: M + beyond.d, m: 3 + beyond.m, ma: M + beyond.ma, mb: M + beyond.mb }, M, noise),
    );
}

function withPatterns(
  shape: ArbitraryShape,
  M: number,
  { tau: noiseLevel }: Noise,
): fc.Arbitrary<ModelAndPatternedData> {
  const { d, L, batch } = shape;
  const tokens = batch * L;
  return fc
    .record({
      weights: arbitraryWeights(shape),
      labels: arbitraryLabels(batch),
      rotation: arbitraryRotation(d),
      carried: fc.array(fc.integer({ min: 0, max: M - 1 }), { minLength: tokens, maxLength: tokens }),
      tau: noiseLevel,
      directions: fc.array(arbitraryEntries(d), { minLength: tokens, maxLength: tokens }),
      fullLength: fc.array(fc.boolean(), { minLength: tokens, maxLength: tokens }),
    })
    .map(({ weights, labels, rotation, carried, tau, directions, fullLength }) => {
      const patterns = rowsOf(
        rotation,
        Array.from({ length: M }, (_, j) => j),
      );
      const noise = new Matrix(directions.map((direction, t) => noiseAlong(direction, tau, fullLength[t]!)));
      const noisy = sum(rowsOf(patterns, carried), exactly(noise));
      const data = datasetOf(
        Array.from({ length: batch }, (_, n) => noisy.value.subMatrix(n * L, (n + 1) * L - 1, 0, d - 1)),
        labels,
      );
      return { weights, data, patterns, carried, tau, rounding: noisy.error };
    });
}

/** A vector along `direction` of length tau, or of that times the largest entry of the direction, which is at most 1. */
function noiseAlong(direction: readonly number[], tau: number, fullLength: boolean): number[] {
  const length = Math.sqrt(direction.reduce((squares, entry) => squares + entry * entry, 0));
  if (length === 0) return direction.map(() => 0);
  const norm = fullLength ? tau : tau * Math.max(...direction.map(Math.abs));
  return direction.map((entry) => (norm * entry) / length);
}
