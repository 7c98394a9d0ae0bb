import { Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { datasetOf } from "../../../src/transformer/data/dataset.ts";
import { curvatureAlong } from "../../../src/transformer/model/rounding/curvature.ts";

test("the bound on the third derivative is 4 R(β) R(c)³, summed over tokens: by hand for one neuron and two tokens", () => {
  const one = new Matrix([[1]]);
  const weights = { WQ: one, WK: one, WV: one, WO: one, a: new Matrix([[1]]) };
  const data = datasetOf([new Matrix([[1], [2]])], [1]);
  // β_s = x_s / L has range 1/2, and the logits of token l move by x_l x_s, of range x_l: 4 · 1/2 · (1³ + 2³)
  expect(curvatureAlong(one, "WQ", weights, data).thirdDerivative).toBeCloseTo(18, 10);
  expect(curvatureAlong(one, "WV", weights, data).thirdDerivative).toBe(0);
});
