import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { euclideanNorm, exponentOf, timesPowerOfTwo } from "../../../src/transformer/model/power-of-two.ts";

/** Any number that is finite, uniform in its exponent. */
const anyNumber = fc
  .tuple(fc.double({ min: 1, max: 2, maxExcluded: true, noNaN: true }), fc.integer({ min: -1074, max: 1023 }))
  .map(([significand, k]) => timesPowerOfTwo(k)(significand));

describe("powers of two", () => {
  test("2^k <= |x| < 2^(k+1) for k the exponent of x", () => {
    fc.assert(
      fc.property(anyNumber, (x) => {
        const scaled = timesPowerOfTwo(-exponentOf(x))(-x);
        expect(scaled).toBeLessThanOrEqual(-1);
        expect(scaled).toBeGreaterThan(-2);
        expect(timesPowerOfTwo(exponentOf(x))(scaled)).toBe(-x);
      }),
    );
    expect([1, -2, 1.99, 0.5, Number.MIN_VALUE, Number.MAX_VALUE].map(exponentOf)).toEqual([0, 1, 0, -1, -1074, 1023]);
    expect([0, Number.NaN, Number.POSITIVE_INFINITY].map(exponentOf)).toEqual([0, 0, 0]);
  });

  test("a product that is no normal number is rounded once", () => {
    // 1 + 2^-52 and 1.5: just above and at the half-way mark between two subnormal numbers
    expect(timesPowerOfTwo(-1075)(1 + Number.EPSILON)).toBe(Number.MIN_VALUE);
    expect(timesPowerOfTwo(-1075)(1)).toBe(0);
    expect(timesPowerOfTwo(-1074)(1.5)).toBe(2 * Number.MIN_VALUE);
    expect(timesPowerOfTwo(2046)(Number.MIN_VALUE)).toBe(2 ** 972);
    expect(timesPowerOfTwo(1)(Number.MAX_VALUE)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the Euclidean norm", () => {
  test("is √Σx² where that neither underflows nor overflows, to the bit", () => {
    const number = fc.double({ min: -1e100, max: 1e100, noNaN: true });
    fc.assert(
      fc.property(fc.array(number), (values) => {
        fc.pre(values.some((x) => Math.abs(x) > 1e-100));
        expect(euclideanNorm(values)).toBe(Math.sqrt(values.reduce((sum, x) => sum + x * x, 0)));
      }),
    );
  });

  test("is scaled by what the numbers are scaled by, where squares vanish or overflow too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 })),
        fc.integer({ min: -1074, max: 1000 }),
        (values, k) => {
          const scaled = euclideanNorm(values.map(timesPowerOfTwo(k)));
          const expected = timesPowerOfTwo(k)(euclideanNorm(values));
          expect(Math.abs(scaled - expected)).toBeLessThanOrEqual(2 * Number.EPSILON * expected + Number.MIN_VALUE);
        },
      ),
    );
    expect(euclideanNorm([3e-300, -4e-300]) / 5e-300).toBeCloseTo(1, 14);
    expect(euclideanNorm(Float64Array.of(3e300, 4e300)) / 5e300).toBeCloseTo(1, 14);
    expect(euclideanNorm([Number.MIN_VALUE])).toBe(Number.MIN_VALUE);
    expect(euclideanNorm([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.POSITIVE_INFINITY);
  });

  test("of zeros and of nothing is 0; NaN and infinity propagate", () => {
    expect(euclideanNorm([])).toBe(0);
    expect(euclideanNorm([0, -0])).toBe(0);
    expect(euclideanNorm([1, Number.NaN])).toBeNaN();
    expect(euclideanNorm([1e-300, Number.NEGATIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
    expect(euclideanNorm([Number.NaN, Number.NEGATIVE_INFINITY])).toBeNaN();
  });
});
