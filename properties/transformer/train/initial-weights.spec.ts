import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { parseTheta } from "../../../src/transformer/theta.ts";
import { initialWeights } from "../../../src/transformer/train/initial-weights.ts";
import { ALPHA, binomialTail, distanceFromUniform, kolmogorovLimit, normalDistribution } from "../../significance.ts";
import { arbitraryTheta, SMALL_THETA } from "../data/arbitrary-theta.ts";

const SEED = 2406_17167;

describe("initial weights", () => {
  test("W_Q = W_K = δ·I, the rectangular identity, mb x d", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.nat(), (theta, seed) => {
        const { WQ, WK } = initialWeights(theta, seed);
        const expected = Array.from({ length: theta.mb }, (_, i) =>
          Array.from({ length: theta.d }, (_, j) => (i === j ? theta.delta : 0)),
        );
        expect(WQ.to2DArray()).toEqual(expected);
        expect(WK.to2DArray()).toEqual(expected);
        expect(WK).not.toBe(WQ);
      }),
    );
  });

  test("W_V = σ·U, ma x d, U with orthonormal rows, or columns if there are fewer of those", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.nat(), (theta, seed) => {
        const { WV } = initialWeights(theta, seed);
        expect([WV.rows, WV.columns]).toEqual([theta.ma, theta.d]);
        const gram = theta.ma <= theta.d ? WV.mmul(WV.transpose()) : WV.transpose().mmul(WV);
        const off = Matrix.sub(gram, Matrix.eye(gram.rows, gram.rows, theta.sigma ** 2))
          .abs()
          .max();
        // Householder's QR, as in properties/transformer/data/sample.spec.ts
        expect(off).toBeLessThanOrEqual(8 * theta.ma * theta.d * Number.EPSILON * theta.sigma ** 2);
      }),
    );
  });

  test("the entries of W_O, m x ma, are N(0, ξ²)", () => {
    const { WO } = initialWeights(parseTheta({ ...SMALL_THETA, m: 2000, ma: 10 }), SEED);
    expect([WO.rows, WO.columns]).toEqual([2000, 10]);
    const units = WO.to1DArray().map((entry) => normalDistribution(entry / SMALL_THETA.xi));
    expect(distanceFromUniform(units)).toBeLessThan(kolmogorovLimit(units.length));
  });

  test("a is ±1/√m, one row shared, or a row for each position, with as many + as − as chance has it", () => {
    for (const readout of ["shared", "per-position"] as const) {
      const theta = parseTheta({ ...SMALL_THETA, m: 1000, readout });
      const { a } = initialWeights(theta, SEED);
      expect([a.rows, a.columns]).toEqual([readout === "shared" ? 1 : theta.L, 1000]);
      const entries = a.to1DArray();
      expect(new Set(entries.map(Math.abs))).toEqual(new Set([1 / Math.sqrt(1000)]));
      const positive = entries.filter((entry) => entry > 0).length;
      expect(2 * binomialTail(positive, entries.length, 1 / 2)).toBeGreaterThan(ALPHA);
    }
  });

  test("are those of the seed, and each matrix is independent of the shapes of the others", () => {
    const one = initialWeights(SMALL_THETA, SEED);
    expect(initialWeights(SMALL_THETA, SEED)).toEqual(one);
    const wider = initialWeights(parseTheta({ ...SMALL_THETA, m: 20, N: 32 }), SEED);
    expect(wider.WV).toEqual(one.WV);
    expect(wider.WO.subMatrix(0, SMALL_THETA.m - 1, 0, SMALL_THETA.ma - 1)).toEqual(one.WO);
    const other = initialWeights(SMALL_THETA, SEED + 1);
    for (const name of ["WV", "WO", "a"] as const) expect(other[name]).not.toEqual(one[name]);
  });
});
