import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median } from "../../../src/evidence/median.ts";
import { splitByLogNorm } from "../../../src/transformer/measure/clusters.ts";
import { ascendingByNorm } from "../../../src/transformer/prune/magnitude.ts";

/** Norms over many orders of magnitude, equal ones among them. */
const norm = fc.oneof(
  fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
  fc.constantFrom(1e-3, 1, 2, Number.MIN_VALUE, 1e300),
);
const norms = (minLength: number, maxLength: number) =>
  fc.array(norm, { minLength, maxLength }).map((list) => Float64Array.from(list));

/** Σ of squared distances of log‖w_i‖ to the mean of the group. */
function squaresWithin(group: readonly number[], values: Float64Array): number {
  const logs = group.map((i) => Math.log(values[i] as number));
  const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length;
  return logs.reduce((sum, x) => sum + (x - mean) ** 2, 0);
}

/** Rounding of a sum of squares of m logarithms, each at most 750 in magnitude, and of sums that are squared. */
const roundoff = (m: number) => 64 * m * 750 ** 2 * Number.EPSILON;

describe("the two-cluster split of log‖w_i‖", () => {
  test("has the least squares within of all splits into two groups, contiguous or not", () => {
    fc.assert(
      fc.property(norms(2, 9), (values) => {
        const { small, large } = splitByLogNorm(values);
        const found = squaresWithin(small, values) + squaresWithin(large, values);
        const everyone = Array.from(values, (_, i) => i);
        for (let set = 1; set < 2 ** values.length - 1; set++) {
          const inside = everyone.filter((i) => (set >> i) & 1);
          const outside = everyone.filter((i) => !((set >> i) & 1));
          const other = squaresWithin(inside, values) + squaresWithin(outside, values);
          expect(found).toBeLessThanOrEqual(other + roundoff(values.length));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("puts every neuron into one cluster, the small below the large, each in ascending order", () => {
    fc.assert(
      fc.property(norms(2, 40), (values) => {
        const { small, large } = splitByLogNorm(values);
        expect([...small, ...large]).toEqual(ascendingByNorm(values));
        expect(small.length).toBeGreaterThan(0);
        expect(large.length).toBeGreaterThan(0);
      }),
    );
  });

  test("finds two clusters where there are two", () => {
    expect(splitByLogNorm(Float64Array.of(5, 0.01, 4, 0.02, 6))).toEqual({ small: [1, 3], large: [2, 0, 4] });
  });

  test("goes by the ratio of norms, not by their difference", () => {
    // by difference 100 would stand alone
    expect(splitByLogNorm(Float64Array.of(1e-4, 1e-4, 10, 100)).small).toEqual([0, 1]);
    fc.assert(
      fc.property(norms(2, 12), fc.constantFrom(0.5, 8), (values, factor) => {
        fc.pre(values.every((value) => value > 1e-100 && value < 1e100));
        const { small } = splitByLogNorm(values);
        const scaled = splitByLogNorm(values.map((value) => factor * value));
        const cost = (group: readonly number[]) => {
          const rest = ascendingByNorm(values).slice(group.length);
          return squaresWithin(group, values) + squaresWithin(rest, values);
        };
        expect(Math.abs(cost(scaled.small) - cost(small))).toBeLessThanOrEqual(2 * roundoff(values.length));
      }),
    );
  });

  test("of equal splits takes the one with the smaller lower part", () => {
    // {1} {2, 4} and {1, 2} {4} are as good
    expect(splitByLogNorm(Float64Array.of(1, 2, 4)).small).toEqual([0]);
    expect(splitByLogNorm(Float64Array.of(1, 1, 1)).small).toEqual([0]);
  });

  test("of equal norms takes the first for small, whatever the norm and their number", () => {
    fc.assert(
      fc.property(norm, fc.integer({ min: 2, max: 200 }), (value, m) => {
        const { small, large } = splitByLogNorm(new Float64Array(m).fill(value));
        expect(small).toEqual([0]);
        expect(large.length).toBe(m - 1);
      }),
    );
  });

  test("of splits that are as good takes the smaller lower part, though their sums round apart", () => {
    // as many neurons at x, 2x and 4x: {x} {2x, 4x} and {x, 2x} {4x} are as good
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), fc.integer({ min: 1, max: 60 }), (x, each) => {
        const values = Float64Array.from({ length: 3 * each }, (_, i) => x * 2 ** (i % 3));
        expect(splitByLogNorm(values).small.length).toBe(each);
      }),
    );
  });

  test("counts a norm of zero as small, however many there are", () => {
    expect(splitByLogNorm(Float64Array.of(1, 0, 2, 0))).toEqual({ small: [1, 3], large: [0, 2] });
  });

  test("leaves one neuron large, and none of norms that are not finite", () => {
    expect(splitByLogNorm(Float64Array.of(3))).toEqual({ small: [], large: [0] });
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(splitByLogNorm(Float64Array.of(1, bad, 2))).toEqual({ small: [], large: [] });
    }
  });
});

describe("the median", () => {
  test("lies at the middle, or half-way between the two middle values, in any order", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([10, 9, 1, 2])).toBe(5.5);
    expect(median([7])).toBe(7);
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values);
        const before = [...values];
        expect(values.filter((x) => x < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((x) => x > middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(median([...values].reverse())).toBe(middle);
        expect(values).toEqual(before);
      }),
    );
  });

  test("of numbers goes by size, not by their digits", () => {
    expect(median([100, 20, 3])).toBe(20);
  });

  test("of nothing is NaN", () => {
    expect(median([])).toBeNaN();
  });
});
