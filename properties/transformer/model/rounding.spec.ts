import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { datasetOf } from "../../../src/transformer/data/dataset.ts";
import { arbitraryMatrix, arbitraryModelAndData } from "../../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { softmaxOfRows } from "../../../src/transformer/model/forward.ts";
import { lossAndGradients } from "../../../src/transformer/model/gradient.ts";
import { referenceEngine, sgdStep } from "../../../src/transformer/model/reference.ts";
import {
  errorNorm,
  exactly,
  magnitude,
  negated,
  product,
  type RoundedMatrix,
  roundedOnce,
  rowsOf,
  scaled,
  sum,
  transposed,
} from "../../../src/transformer/model/rounding/rounded-matrix.ts";
import {
  roundedLossAndGradients,
  roundedSgdStep,
  roundedSoftmax,
  roundedWeights,
} from "../../../src/transformer/model/rounding/rounding-bounds.ts";
import { TRAINED_MATRICES, type Weights } from "../../../src/transformer/notation.ts";
import { LEMMA_SEED } from "../../../src/verdict/lemma.ts";

const run = { seed: LEMMA_SEED, numRuns: 200 };
const EPSILON = Number.EPSILON;

const number = (value: number, error: number): RoundedMatrix => ({
  value: new Matrix([[value]]),
  error: new Matrix([[error]]),
});

/** Entries as integers, in which products and sums are exact. */
const integers = (A: Matrix) => A.to2DArray().map((row) => row.map((entry) => BigInt(Math.round(entry * 1000))));

describe("rounded matrices", () => {
  test("|computed product − exact product| <= error, against integer arithmetic", () => {
    const factors = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
      .chain(([n, columns]) => fc.tuple(arbitraryMatrix(2, n, [1]), arbitraryMatrix(n, columns, [1])));
    fc.assert(
      fc.property(factors, ([A, B]) => {
        // the entries are k/1000 rounded, so each carries the rounding of that quotient
        const { value, error } = product(roundedOnce(A), roundedOnce(B));
        const [inA, inB] = [integers(A), integers(B)];
        for (let i = 0; i < value.rows; i++) {
          for (let j = 0; j < value.columns; j++) {
            const exactSum = inB.reduce((total, row, k) => total + inA[i]![k]! * row[j]!, 0n);
            // in units of 2^-80: the exact value, the computed one, and the error
            const exactly80 = (exactSum * 2n ** 80n) / 1_000_000n;
            const found80 = BigInt(value.get(i, j) * 2 ** 80);
            const error80 = BigInt(Math.ceil(error.get(i, j) * 2 ** 80)) + 1n;
            const off = found80 > exactly80 ? found80 - exactly80 : exactly80 - found80;
            expect(off <= error80).toBe(true);
          }
        }
      }),
      run,
    );
  });

  test("product: |A| δB + δA (|B| + δB), plus n roundings of the largest magnitudes", () => {
    const { value, error } = product(number(-3, 0.25), number(2, 0.5));
    expect(value.get(0, 0)).toBe(-6);
    expect(error.get(0, 0)).toBe(3 * 0.5 + 0.25 * 2.5 + EPSILON * 3.25 * 2.5);
  });

  test("product of exact zeros has no error; what may underflow is off by the smallest numbers", () => {
    expect(product(number(0, 0), number(5, 0)).error.get(0, 0)).toBe(0);
    expect(product(number(2 ** -600, 0), number(2 ** -600, 0)).error.get(0, 0)).toBe(2 * Number.MIN_VALUE);
    expect(scaled(number(Number.MIN_VALUE, 0), 0.5).error.get(0, 0)).toBe(2 * Number.MIN_VALUE);
    expect(scaled(number(0, Number.MIN_VALUE), 0.25).error.get(0, 0)).toBe(2 * Number.MIN_VALUE);
    expect(scaled(number(0, 0), 0.25).error.get(0, 0)).toBe(0);
  });

  test("product of n terms: n roundings", () => {
    const ones = exactly(Matrix.ones(1, 4));
    expect(product(ones, transposed(ones)).error.get(0, 0)).toBe(4 * EPSILON * 4 + Number.MIN_VALUE);
  });

  test("sum: both errors, plus one rounding", () => {
    const { value, error } = sum(number(-3, 0.25), number(2, 0.5));
    expect(value.get(0, 0)).toBe(-1);
    expect(error.get(0, 0)).toBe(0.75 + EPSILON * 1.75);
  });

  test("scaled: the error times |c|, plus one rounding", () => {
    const { value, error } = scaled(number(3, 0.25), -2);
    expect(value.get(0, 0)).toBe(-6);
    expect(error.get(0, 0)).toBe(0.5 + EPSILON * 6.5 + Number.MIN_VALUE);
  });

  test("exactly, roundedOnce, negated, magnitude, errorNorm, rowsOf", () => {
    const A = new Matrix([
      [1, -2],
      [4, 8],
    ]);
    expect(exactly(A)).toEqual({ value: A, error: Matrix.zeros(2, 2) });
    expect(roundedOnce(A).error.to2DArray()).toEqual([
      [EPSILON, 2 * EPSILON],
      [4 * EPSILON, 8 * EPSILON],
    ]);
    const rounded = {
      value: A,
      error: new Matrix([
        [0, 3],
        [4, 0],
      ]),
    };
    expect(negated(rounded)).toEqual({ value: Matrix.mul(A, -1), error: rounded.error });
    expect(magnitude(rounded).to2DArray()).toEqual([
      [1, 5],
      [8, 8],
    ]);
    expect(errorNorm(rounded)).toBe(5);
    expect(rowsOf(rounded, [1, 0, 1]).value.to2DArray()).toEqual([
      [4, 8],
      [1, -2],
      [4, 8],
    ]);
    expect(rowsOf(rounded, [1]).error.to2DArray()).toEqual([[4, 0]]);
  });
});

describe("the rounding bounds of the model", () => {
  test("cover what an error in the inputs does: weights and tokens moved within their error", () => {
    // Inputs moved by up to 1e-9 stand in for rounding, so that its effect is far above that of rounding itself.
    const moved = arbitraryModelAndData().chain((model) => {
      const like = (A: Matrix) => arbitraryMatrix(A.rows, A.columns, [1e-9]);
      const { WQ, WK, WV, WO } = model.weights;
      const tokens = fc.array(arbitraryMatrix(model.data.L, model.data.d, [1e-9]), {
        minLength: model.data.samples,
        maxLength: model.data.samples,
      });
      return fc.record({
        model: fc.constant(model),
        by: fc.record({ WQ: like(WQ), WK: like(WK), WV: like(WV), WO: like(WO) }),
        tokens,
      });
    });
    fc.assert(
      fc.property(moved, ({ model: { weights, data }, by, tokens }) => {
        const within = (value: Matrix): RoundedMatrix => ({
          value,
          error: Matrix.zeros(value.rows, value.columns).fill(1.001e-9),
        });
        const samples = tokens.map((shift, n) => {
          const X = new Matrix(data.L, data.d);
          for (let l = 0; l < data.L; l++)
            X.setRow(l, data.tokens.slice((n * data.L + l) * data.d, (n * data.L + l + 1) * data.d));
          return { X, shifted: Matrix.add(X, shift) };
        });
        const elsewhere: Weights = {
          a: weights.a,
          WQ: Matrix.add(weights.WQ, by.WQ),
          WK: Matrix.add(weights.WK, by.WK),
          WV: Matrix.add(weights.WV, by.WV),
          WO: Matrix.add(weights.WO, by.WO),
        };
        const shiftedData = datasetOf(
          samples.map(({ shifted }) => shifted),
          Array.from(data.labels),
        );
        const bounds = roundedLossAndGradients(
          {
            a: weights.a,
            WQ: within(weights.WQ),
            WK: within(weights.WK),
            WV: within(weights.WV),
            WO: within(weights.WO),
          },
          data,
          samples.map(({ X }) => within(X)),
        );
        const before = lossAndGradients(weights, data);
        const after = lossAndGradients(elsewhere, shiftedData);
        const scores = referenceEngine.scores(elsewhere, shiftedData);
        referenceEngine.scores(weights, data).forEach((score, n) => {
          expect(Math.abs(score - scores[n]!)).toBeLessThanOrEqual(bounds.scores[n]!.error);
        });
        expect(Math.abs(before.loss - after.loss)).toBeLessThanOrEqual(bounds.loss.error);
        for (const which of TRAINED_MATRICES) {
          const off = Matrix.sub(before.gradients[which], after.gradients[which]).abs();
          expect(Matrix.sub(bounds.gradients[which].error, off).min()).toBeGreaterThanOrEqual(0);
        }
      }),
      run,
    );
  });

  test("carry the values that the reference computes", () => {
    fc.assert(
      fc.property(arbitraryModelAndData(), ({ weights, data }) => {
        const { scores, loss, gradients } = roundedLossAndGradients(roundedWeights(weights), data);
        const found = lossAndGradients(weights, data);
        referenceEngine.scores(weights, data).forEach((score, n) => {
          expect(Math.abs(score - scores[n]!.value)).toBeLessThanOrEqual(2 * scores[n]!.error);
        });
        expect(Math.abs(found.loss - loss.value)).toBeLessThanOrEqual(2 * loss.error);
        for (const which of TRAINED_MATRICES) {
          const off = Matrix.sub(found.gradients[which], gradients[which].value).abs();
          expect(Matrix.sub(Matrix.mul(gradients[which].error, 2), off).min()).toBeGreaterThanOrEqual(0);
        }
      }),
      run,
    );
  });

  test("are of the order of rounding: of a model with entries of ½ below 1e-12", () => {
    const half = (rows: number, columns: number) => Matrix.ones(rows, columns).div(2);
    const weights: Weights = { WQ: half(3, 4), WK: half(3, 4), WV: half(2, 4), WO: half(5, 2), a: half(1, 5) };
    const data = datasetOf([Matrix.rand(6, 4, { random: steadyNumbers() })], [-1]);
    const bounds = roundedLossAndGradients(roundedWeights(weights), data);
    expect(bounds.loss.error).toBeLessThan(1e-12);
    expect(bounds.loss.error).toBeGreaterThan(1e-15);
    for (const which of TRAINED_MATRICES) {
      expect(bounds.gradients[which].error.max()).toBeLessThan(1e-12);
      expect(bounds.gradients[which].error.max()).toBeGreaterThan(1e-16);
    }
  });

  test("leave both values of ReLU' open where rounding does, and neither where it does not", () => {
    // z = x, p = w·z = 1e-20·1 with an error of the weight that includes 0
    const scalar = (wo: RoundedMatrix) => ({
      ...roundedWeights({ ...unit, WO: wo.value }),
      WO: wo,
    });
    const data = datasetOf([new Matrix([[1]])], [1]);
    const open = roundedLossAndGradients(scalar(number(1e-20, 1e-19)), data).gradients.WO;
    expect(open.error.get(0, 0)).toBeGreaterThan(0.99);
    const decided = roundedLossAndGradients(scalar(number(1e-20, 0)), data).gradients.WO;
    expect(decided.value.get(0, 0)).toBe(-1);
    expect(decided.error.get(0, 0)).toBeLessThan(1e-14);
    const atZero = roundedLossAndGradients(scalar(number(0, 0)), data).gradients.WO;
    expect(atZero.value.get(0, 0)).toBeCloseTo(0, 300);
    expect(atZero.error.get(0, 0)).toBe(0);
  });

  test("leave both slopes of the hinge open where rounding does, and neither where it does not", () => {
    const data = datasetOf([new Matrix([[1]])], [1]);
    const gradientAt = (wo: number) =>
      roundedLossAndGradients(roundedWeights({ ...unit, WO: new Matrix([[wo]]) }), data).gradients.WO;
    expect(gradientAt(1).error.get(0, 0)).toBeGreaterThan(0.99);
    expect(gradientAt(1 - 1e-10).error.get(0, 0)).toBeLessThan(1e-14);
    expect(gradientAt(1 - 1e-10).value.get(0, 0)).toBe(-1);
    expect(gradientAt(1 + 1e-10).value.get(0, 0)).toBe(0);
    expect(gradientAt(1 + 1e-10).error.get(0, 0)).toBe(0);
  });

  test("of a softmax: A_s Σ_{t≠s} A_t (ρ_s + ρ_t), plus the sum and the division", () => {
    const logits = new Matrix([[0, Math.log(3)]]);
    const shaken = roundedSoftmax({ value: logits, error: new Matrix([[1e-6, 2e-6]]) }).error;
    for (const s of [0, 1]) {
      expect(shaken.get(0, s)).toBeGreaterThan((0.75 / 4) * 3e-6);
      expect(shaken.get(0, s)).toBeLessThan((0.75 / 4) * 3.001e-6);
    }
    const still = roundedSoftmax(exactly(logits)).error;
    expect(still.get(0, 0)).toBeGreaterThan(0.25 * 3 * EPSILON);
    expect(still.get(0, 0)).toBeLessThan(0.25 * 10 * EPSILON);
    // where one token has all the attention there is little to lose
    const saturated = roundedSoftmax(exactly(new Matrix([[0, -298]]))).error;
    expect(saturated.get(0, 0)).toBeLessThan(4 * EPSILON);
    expect(saturated.get(0, 1)).toBeLessThan(1e-140);
    // the kernel takes what is below −300 for −300: an absolute error remains, and no more of it than that
    for (const logit of [-300, -301, -700, -800]) {
      const negligible = roundedSoftmax(exactly(new Matrix([[0, logit]])));
      expect(negligible.value.get(0, 1)).toBe(softmaxOfRows(new Matrix([[0, logit]])).get(0, 1));
      const ofKernel = Math.exp(-300) - negligible.value.get(0, 1);
      expect(negligible.error.get(0, 1)).toBeGreaterThanOrEqual(ofKernel);
      expect(negligible.error.get(0, 1)).toBeLessThan(2 * Math.exp(-300));
    }
  });

  test("of a softmax cover what an error of the logits does, however large it is, and no more than there is to lose", () => {
    const anyLogits = fc.integer({ min: 1, max: 5 }).chain((L) => {
      const row = (most: number) =>
        fc.array(fc.double({ min: -most, max: most, noNaN: true }), { minLength: L, maxLength: L });
      const size = fc.constantFrom(1e-9, 0.01, 0.3, 5, 1e3, 1e300);
      return fc.record({ logits: fc.oneof(row(3), row(1e3), row(1e6)), by: row(1), size });
    });
    fc.assert(
      fc.property(anyLogits, ({ logits, by, size }) => {
        const { value, error } = roundedSoftmax({
          value: new Matrix([logits]),
          error: new Matrix([by.map((part) => Math.abs(part) * size)]),
        });
        // and these are rounded themselves
        const moved = roundedSoftmax(roundedOnce(new Matrix([logits.map((u, s) => u + (by[s] as number) * size)])));
        const off = Matrix.sub(moved.value, value).abs().sub(moved.error);
        expect(Matrix.sub(error, off).min()).toBeGreaterThanOrEqual(0);
        expect(error.max()).toBeLessThanOrEqual(1);
      }),
      { ...run, numRuns: 1000 },
    );
    // a lead of a million is not made up by errors of a thousand
    const far = roundedSoftmax({ value: new Matrix([[0, -1e6]]), error: new Matrix([[1e3, 1e3]]) }).error;
    expect(far.get(0, 0)).toBeLessThan(10 * EPSILON);
    expect(far.get(0, 1)).toBeLessThan(2 * Math.exp(-300));
    // from ¾ to anything
    const logits = new Matrix([[0, Math.log(3)]]);
    expect(roundedSoftmax({ value: logits, error: new Matrix([[100, 100]]) }).error.max()).toBeCloseTo(0.75, 12);
    const anything = new Matrix([[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]]);
    expect(roundedSoftmax({ value: logits, error: anything }).error.max()).toBeCloseTo(0.75, 12);
  });

  test("of an SGD step: what the gradient may be off by, times the step size", () => {
    const weights = roundedWeights(unit);
    const gradients = { WQ: number(0, 0), WK: number(0, 0), WV: number(0, 0), WO: number(0.5, 0.25) };
    const { WO, a } = roundedSgdStep(weights, gradients, 0.5);
    expect(WO.value).toEqual(sgdStep(unit, { ...unit, WO: new Matrix([[0.5]]) }, 0.5).WO);
    expect(WO.error.get(0, 0)).toBeCloseTo(0.125, 12);
    expect(WO.error.get(0, 0)).toBeGreaterThan(0.125);
    expect(a).toBe(unit.a);
  });
});

/** One coordinate, one neuron, everything 1: score = x for one token x > 0. */
const unit: Weights = {
  WQ: new Matrix([[1]]),
  WK: new Matrix([[1]]),
  WV: new Matrix([[1]]),
  WO: new Matrix([[1]]),
  a: new Matrix([[1]]),
};

/** 0.5, 0.6, 0.7, ... up to 1.5, and again. */
function steadyNumbers(): () => number {
  let count = 0;
  return () => 0.5 + (count++ % 11) / 10;
}
