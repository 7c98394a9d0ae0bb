import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { arbitraryModelAndData, type ModelAndData } from "../../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { arbitraryModelAndPatternedData } from "../../../src/transformer/model/arbitrary/arbitrary-patterns.ts";
import { arbitraryRotation } from "../../../src/transformer/model/arbitrary/arbitrary-rotation.ts";
import { gradients } from "../../../src/transformer/model/gradient.ts";
import { referenceEngine } from "../../../src/transformer/model/reference.ts";
import { product, transposed } from "../../../src/transformer/model/rounding/rounded-matrix.ts";
import { TRAINED_MATRICES } from "../../../src/transformer/notation.ts";
import { LEMMA_RUNS, LEMMA_SEED } from "../../../src/verdict/lemma.ts";

/** What the lemmas meet: biased generation, as in `fc.check`, which `fc.sample` does too. */
const models = fc.sample(arbitraryModelAndData(), { seed: LEMMA_SEED, numRuns: LEMMA_RUNS });

describe("the models that the lemmas are held against", () => {
  const shapeOf = ({ weights, data }: ModelAndData) => {
    return { ...data, m: weights.WO.rows, ma: weights.WV.rows, mb: weights.WQ.rows, readoutRows: weights.a.rows };
  };
  test.each<[string, (shape: ReturnType<typeof shapeOf>) => boolean]>([
    ["L = 1", ({ L }) => L === 1],
    ["m = 1", ({ m }) => m === 1],
    ["d = 1", ({ d }) => d === 1],
    ["ma ≠ mb ≠ d", ({ ma, mb, d }) => ma !== mb && mb !== d && d !== ma],
    ["a batch of 1", ({ samples }) => samples === 1],
    ["B·L < d", ({ samples, L, d }) => samples * L < d],
    ["a per-position readout", ({ readoutRows }) => readoutRows > 1],
  ])("include at least ten with %s", (_, has) => {
    expect(models.filter((model) => has(shapeOf(model))).length).toBeGreaterThanOrEqual(10);
  });

  test("include many whose hinge is active, many with an inactive one, and many whose gradients are not 0", () => {
    const margins = models.flatMap(({ weights, data }) =>
      Array.from(referenceEngine.scores(weights, data), (score, n) => data.labels[n]! * score),
    );
    expect(margins.filter((margin) => margin < 1).length).toBeGreaterThanOrEqual(LEMMA_RUNS / 2);
    expect(margins.filter((margin) => margin >= 1).length).toBeGreaterThanOrEqual(LEMMA_RUNS / 10);
    for (const which of TRAINED_MATRICES) {
      const moved = models.filter(({ weights, data }) => gradients(weights, data)[which].norm("frobenius") > 0);
      expect(moved.length).toBeGreaterThanOrEqual(LEMMA_RUNS / 4);
    }
  });

  test("include some with a matrix of zeros", () => {
    for (const which of TRAINED_MATRICES) {
      expect(models.some(({ weights }) => weights[which].norm("frobenius") === 0)).toBe(true);
    }
  });
});

describe("rotations", () => {
  test("R Rᵀ = I within their error bound, which is of the order of rounding", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }).chain(arbitraryRotation), (rotation) => {
        const { value, error } = product(rotation, transposed(rotation));
        const off = Matrix.sub(value, Matrix.eye(value.rows)).abs();
        expect(Matrix.sub(error, off).min()).toBeGreaterThanOrEqual(0);
        expect(error.max()).toBeLessThan(1e-12);
      }),
      { seed: LEMMA_SEED },
    );
  });
});

describe("patterned data", () => {
  test("tokens are the pattern that they carry, plus noise of norm at most tau", () => {
    const tau = fc.constantFrom(0, 0.25, 1);
    fc.assert(
      fc.property(arbitraryModelAndPatternedData({ tau }), ({ data, patterns, carried, tau, rounding }) => {
        carried.forEach((pattern, t) => {
          const token = Array.from(data.tokens.slice(t * data.d, (t + 1) * data.d));
          const noise = Matrix.sub(new Matrix([token]), patterns.value.getRowVector(pattern)).norm("frobenius");
          expect(noise).toBeLessThanOrEqual(tau + rounding.getRowVector(t).norm("frobenius"));
          if (tau === 0) expect(noise).toBe(0);
        });
      }),
      { seed: LEMMA_SEED },
    );
  });
});
