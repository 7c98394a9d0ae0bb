import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import type { Weights } from "../../../src/transformer/notation.ts";
import {
  compactNeurons,
  largestNeurons,
  maskNeurons,
  neuronNorms,
  neuronsByNorm,
  smallestNeurons,
} from "../../../src/transformer/prune/magnitude.ts";
import { multiplyAdds, savingByPruning } from "../../../src/transformer/prune/multiply-adds.ts";
import { pruningBound } from "../../../src/transformer/prune/pruning-bound.ts";

/** Four neurons of norms 5, 1, 13, 1; a per-position readout of two positions. */
const weights: Weights = {
  WQ: Matrix.eye(2),
  WK: Matrix.eye(2),
  WV: Matrix.eye(2),
  WO: new Matrix([
    [3, 4],
    [0, -1],
    [5, 12],
    [1, 0],
  ]),
  a: new Matrix([
    [0.5, -0.5, 0.25, 0.5],
    [-0.75, 0.5, -0.5, 0.5],
  ]),
};

describe("pruning by magnitude", () => {
  test("norms of the rows of W_O", () => {
    expect(Array.from(neuronNorms(weights))).toEqual([5, 1, 13, 1]);
    // where squares vanish or overflow too
    const [tiny, huge] = neuronNorms({ WO: Matrix.diag([3e-200, 4e200]) });
    expect([tiny, huge]).toEqual([3e-200, 4e200]);
  });

  test("ascending, equal norms in index order", () => {
    expect(neuronsByNorm(weights)).toEqual([1, 3, 0, 2]);
    expect(smallestNeurons(weights, 3)).toEqual([1, 3, 0]);
    expect(largestNeurons(weights, 3)).toEqual([2, 0, 3]);
    expect(smallestNeurons(weights, 0)).toEqual([]);
    expect(largestNeurons(weights, 4)).toEqual([2, 0, 3, 1]);
  });

  test("a norm that is NaN comes last", () => {
    const broken = { WO: weights.WO.clone().set(1, 0, Number.NaN).set(3, 0, Number.POSITIVE_INFINITY) };
    expect(neuronsByNorm(broken)).toEqual([0, 2, 1, 3]);
  });

  test("masking zeroes the rows and leaves the rest, and what it was given, alone", () => {
    const before = weights.WO.to2DArray();
    const masked = maskNeurons(weights, [0, 3]);
    expect(masked.WO.to2DArray()).toEqual([
      [0, 0],
      [0, -1],
      [5, 12],
      [0, 0],
    ]);
    expect(masked.a).toBe(weights.a);
    expect(weights.WO.to2DArray()).toEqual(before);
  });

  test("compacting leaves out the rows of W_O and the columns of a, which keeps its values", () => {
    const smaller = compactNeurons(weights, [3, 0, 3]);
    expect(smaller.WO.to2DArray()).toEqual([
      [0, -1],
      [5, 12],
    ]);
    expect(smaller.a.to2DArray()).toEqual([
      [-0.5, 0.25],
      [0.5, -0.5],
    ]);
    expect(smaller.WV).toBe(weights.WV);
    const nothing = compactNeurons(weights, [0, 1, 2, 3]);
    expect([nothing.WO.rows, nothing.WO.columns, nothing.a.rows, nothing.a.columns]).toEqual([0, 2, 2, 0]);
  });

  test("what a caller got wrong is named", () => {
    for (const i of [-1, 4, 0.5]) {
      expect(() => maskNeurons(weights, [i])).toThrow(`maskNeurons requires neurons in 0..3, got ${i}`);
      expect(() => compactNeurons(weights, [i])).toThrow(`compactNeurons requires neurons in 0..3, got ${i}`);
    }
    for (const k of [-1, 5, 0.5]) {
      expect(() => smallestNeurons(weights, k)).toThrow(`smallestNeurons requires an integer k in 0..4, got ${k}`);
      expect(() => largestNeurons(weights, k)).toThrow(`largestNeurons requires an integer k in 0..4, got ${k}`);
      expect(() => savingByPruning({ d: 1, L: 1, m: 4, ma: 1, mb: 1 }, k)).toThrow(
        `savingByPruning requires an integer number of neurons in 0..4, got ${k}`,
      );
    }
  });
});

test("the pruning bound sums max|a|·‖w‖ over the set, times the largest z", () => {
  expect(pruningBound(weights, [], 2)).toBe(0);
  expect(pruningBound(weights, [0, 2], 2)).toBe((0.75 * 5 + 0.5 * 13) * 2);
});

describe("multiply-adds", () => {
  const shape = { d: 10, L: 20, m: 100, ma: 5, mb: 3 };

  test("of each part of the forward pass", () => {
    expect(multiplyAdds(shape)).toEqual({
      projections: 20 * 10 * (3 + 3 + 5),
      attention: 20 * 20 * 3 + 20 * 20 * 5,
      neuronLayer: 20 * 100 * 5 + 20 * 100,
      forward: 2200 + 3200 + 12000,
    });
  });

  test("half of the neurons pruned saves half of the neuron layer, and that share of the whole", () => {
    const { ofNeuronLayer, ofForward } = savingByPruning(shape, 50);
    expect(ofNeuronLayer).toBe(0.5);
    expect(ofForward).toBeCloseTo(6000 / 17400, 15);
  });
});
