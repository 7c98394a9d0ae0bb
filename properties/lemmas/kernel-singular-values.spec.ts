import fc from "fast-check";
import { Matrix, SVD } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { sampleDataset, samplePatterns } from "../../src/transformer/data/sample.ts";
import { singularValueRoundoff, singularValues, tailEnergy } from "../../src/transformer/measure/singular-values.ts";
import { arbitraryMatrix, arbitraryModelAndData } from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { kernelSingularValues } from "../../src/transformer/model/kernel/singular-values.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { TRAINED_MATRICES, UPDATED_MATRICES } from "../../src/transformer/notation.ts";
import { parseTheta } from "../../src/transformer/theta.ts";
import { allFinite } from "../../src/transformer/train/digest.ts";
import { initialWeights } from "../../src/transformer/train/initial-weights.ts";
import { LEMMA_SEED } from "../../src/verdict/lemma.ts";
import { SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";

const RUNS = { seed: LEMMA_SEED, numRuns: 500 };

/** rows x columns of at most this rank, up to 18 each way: sums of products of two thin matrices. */
const anyMatrix = fc
  .record({
    rows: fc.integer({ min: 1, max: 18 }),
    columns: fc.integer({ min: 1, max: 18 }),
    rank: fc.integer({ min: 1, max: 18 }),
  })
  .chain(({ rows, columns, rank }) =>
    fc.tuple(arbitraryMatrix(rows, rank, [1, 10]), arbitraryMatrix(rank, columns, [1, 10])).map(([A, B]) => A.mmul(B)),
  );

/** Rows and columns of very different sizes, beyond what can be squared, and subnormal. */
const anyGradedMatrix = fc
  .tuple(anyMatrix, fc.array(fc.integer({ min: -1074, max: 1000 }), { minLength: 36, maxLength: 36 }))
  .map(([matrix, exponents]) => {
    const graded = matrix.clone();
    for (let i = 0; i < graded.rows; i++) {
      for (let j = 0; j < graded.columns; j++)
        graded.set(i, j, graded.get(i, j) * 2 ** Math.min(exponents[i]!, exponents[18 + j]!));
    }
    return graded;
  });

const largestError = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
  Math.max(...Array.from(found, (sigma, i) => (sigma === expected[i] ? 0 : Math.abs(sigma - expected[i]!))));

describe("singular values in the kernel", () => {
  test("are those of ml-matrix", () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const found = kernelSingularValues(matrix);
        const expected = new SVD(matrix, { computeLeftSingularVectors: false, computeRightSingularVectors: false });
        expect(found).toHaveLength(Math.min(matrix.rows, matrix.columns));
        expect(largestError(found, expected.diagonal.slice(0, found.length))).toBeLessThanOrEqual(
          singularValueRoundoff(matrix),
        );
      }),
      RUNS,
    );
  });

  test("are those of the reference, at any scale, and in descending order", () => {
    fc.assert(
      fc.property(anyGradedMatrix, (matrix) => {
        const found = kernelSingularValues(matrix);
        expect(largestError(found, singularValues(matrix))).toBeLessThanOrEqual(singularValueRoundoff(matrix));
        expect([...found].sort((x, y) => y - x)).toEqual([...found]);
      }),
      RUNS,
    );
  });

  test("beyond the largest double are infinite; of zeros 0; of what is not finite NaN; of nothing an error", () => {
    expect(kernelSingularValues(Matrix.ones(2, 2).mul(1.7e308))[0]).toBe(Number.POSITIVE_INFINITY);
    expect([...kernelSingularValues(Matrix.diag([5e-324, 1e-323, 0]))]).toEqual([1e-323, 5e-324, 0]);
    expect([...kernelSingularValues(Matrix.zeros(2, 3))]).toEqual([0, 0]);
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      for (const at of [0, 5]) {
        const matrix = Matrix.ones(2, 3).set(Math.floor(at / 3), at % 3, bad);
        expect([...kernelSingularValues(matrix)]).toEqual([Number.NaN, Number.NaN]);
      }
    }
    expect(() => kernelSingularValues(new Matrix(0, 3))).toThrow("at least one row and one column, got 0 x 3");
  });
});

describe("a gradient's energy beyond a rank", () => {
  test("is that of the copy", () => {
    fc.assert(
      fc.property(arbitraryModelAndData({ d: 12, L: 6, ma: 13, mb: 13, m: 9 }), fc.nat(5), (model, rank) => {
        const training = kernelEngine.startTraining(model.weights, model.data);
        training.step(Int32Array.from(everySample(model.data)), 0.1);
        const gradients = training.lastGradients();
        for (const name of UPDATED_MATRICES) {
          const [found, expected] = [training.gradientTail!(name, rank), tailEnergy(gradients[name], rank)];
          // energies are sums of squares, so that twice the relative error of a singular value is theirs
          const roundoff = (2 * singularValueRoundoff(gradients[name])) / gradients[name].norm("frobenius");
          if (Number.isNaN(expected)) expect(found).toBeNaN();
          else expect(Math.abs(found - expected)).toBeLessThanOrEqual(roundoff);
        }
      }),
      RUNS,
    );
  });

  test("is NaN where the gradient is not finite, and none before a step", () => {
    const theta = parseTheta(SMALL_THETA);
    const data = sampleDataset(theta, LEMMA_SEED, samplePatterns(theta, LEMMA_SEED), "train");
    const weights = initialWeights(theta, LEMMA_SEED);
    const training = kernelEngine.startTraining({ ...weights, WO: Matrix.mul(weights.WO, Number.NaN) }, data);
    expect(() => training.gradientTail!("WQ", 2)).toThrow("gradientTail requires a step before it, got none");
    training.step(Int32Array.of(0), 0.1);
    for (const name of UPDATED_MATRICES) expect(training.gradientTail!(name, 2)).toBeNaN();
  });
});

test("weights are finite where every entry of a copy is", () => {
  const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.7e308);
  fc.assert(
    fc.property(
      arbitraryModelAndData({}),
      fc.constantFrom(...TRAINED_MATRICES),
      bad,
      fc.nat(),
      ({ weights, data }, name, value, at) => {
        const { rows, columns } = weights[name];
        const broken = weights[name].clone().set(at % rows, (at >> 3) % columns, value);
        const training = kernelEngine.startTraining({ ...weights, [name]: broken }, data);
        expect(training.isFinite!()).toBe(Number.isFinite(value));
        training.step(Int32Array.from(everySample(data)), 1);
        expect(training.isFinite!()).toBe(allFinite(training.weights()));
      },
    ),
    RUNS,
  );
});
