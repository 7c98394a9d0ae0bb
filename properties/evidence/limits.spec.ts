import ln from "@stdlib/math-base-special-ln";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "../../golden/e-process.json" with { type: "json" };
import { logMixture } from "../../src/evidence/e-process.ts";
import { anytimeLimits, clopperPearson } from "../../src/evidence/limits.ts";

const RUNS = { seed: 240617167, numRuns: 300 };

function countsUpTo(most: number) {
  return fc
    .integer({ min: 0, max: most })
    .chain((n) => fc.record({ n: fc.constant(n), violations: fc.integer({ min: 0, max: n }) }));
}

const confidences = fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1 - 1e-6, 1 - 1e-12);

describe("anytime-valid limits", () => {
  test("158 clean models at 0.95: at most 3.8 %", () => {
    const { lower, upper } = anytimeLimits({ n: 158, violations: 0, confidence: 0.95 });
    expect(lower).toBe(0);
    expect(upper).toBeLessThan(0.038);
    expect(upper).toBeGreaterThan(0.037);
  });

  test("no models, no limits", () => {
    expect(anytimeLimits({ n: 0, violations: 0, confidence: 0.95 })).toEqual({ lower: 0, upper: 1 });
  });

  test("one model in closed form: Mix_p = 1/(2(1−p)) after a pass, so the upper limit is (1 + confidence)/2", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (confidence) => {
        const { upper } = anytimeLimits({ n: 1, violations: 0, confidence });
        expect(Math.abs(upper - (1 + confidence) / 2)).toBeLessThanOrEqual(8 * Number.EPSILON);
      }),
      RUNS,
    );
  });

  test("contain S/n; Mix has reached 1/(1 − confidence) at a limit within (0, 1), and not at its inner neighbour", () => {
    fc.assert(
      fc.property(countsUpTo(5000), confidences, ({ n, violations }, confidence) => {
        const { lower, upper } = anytimeLimits({ n, violations, confidence });
        const threshold = -ln(1 - confidence);
        expect(lower > 0).toBe(violations > 0);
        if (lower > 0) {
          expect(lower).toBeLessThan(violations / n);
          expect(logMixture({ n, violations, p0: lower })).toBeGreaterThanOrEqual(threshold);
          expect(logMixture({ n, violations, p0: neighbour(lower, 1) })).toBeLessThan(threshold);
        }
        if (upper < 1) {
          expect(upper).toBeGreaterThan(violations / n);
          expect(logMixture({ n, violations, p0: upper })).toBeGreaterThanOrEqual(threshold);
          expect(logMixture({ n, violations, p0: neighbour(upper, -1) })).toBeLessThan(threshold);
        }
      }),
      RUNS,
    );
  });

  /** The next floating-point number above (1) or below (−1) a positive one: its bits, read as an integer, ± 1. */
  function neighbour(x: number, step: 1 | -1): number {
    const float = new Float64Array([x]);
    const bits = new BigInt64Array(float.buffer);
    bits[0] = (bits[0] as bigint) + BigInt(step);
    return float[0] as number;
  }

  test("mirror: the limits of n − S violations are 1 minus those of S", () => {
    fc.assert(
      fc.property(countsUpTo(5000), confidences, ({ n, violations }, confidence) => {
        const { lower, upper } = anytimeLimits({ n, violations, confidence });
        const mirrored = anytimeLimits({ n, violations: n - violations, confidence });
        expect(Math.abs(1 - mirrored.upper - lower)).toBeLessThanOrEqual(1e-12);
        expect(Math.abs(1 - mirrored.lower - upper)).toBeLessThanOrEqual(1e-12);
      }),
      RUNS,
    );
  });

  test("more confidence, wider limits", () => {
    fc.assert(
      fc.property(countsUpTo(5000), ({ n, violations }) => {
        const narrow = anytimeLimits({ n, violations, confidence: 0.9 });
        const wide = anytimeLimits({ n, violations, confidence: 0.99 });
        expect(wide.lower).toBeLessThanOrEqual(narrow.lower);
        expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper);
      }),
      RUNS,
    );
  });
});

describe("Clopper-Pearson limits, for an n fixed before", () => {
  // The golden upper limit of (1000, 50, 1e-6) was computed at 1 − α/2, whose rounding costs it 1.8e-12.
  test.each(golden.clopperPearson)("golden: n = $n, S = $violations, alpha = $alpha", (row) => {
    const { lower, upper } = clopperPearson(row);
    expect(Math.abs(lower - row.lower)).toBeLessThanOrEqual(1e-13 * row.lower);
    expect(Math.abs(upper - row.upper)).toBeLessThanOrEqual(2e-12 * row.upper);
  });

  test("P(X ≥ S | lower) = P(X ≤ S | upper) = α/2, summed term by term", () => {
    fc.assert(
      fc.property(countsUpTo(60), fc.constantFrom(0.5, 0.05, 1e-4, 1e-8), ({ n, violations }, alpha) => {
        const { lower, upper } = clopperPearson({ n, violations, alpha });
        // what a rounding of p, and of the n terms, makes of a tail probability, relative to it
        const roundoff = (p: number) => (4 * (n + 10) * Number.EPSILON) / Math.min(p, 1 - p);
        const atLeast = (p: number) => binomialSum(n, p, violations, n);
        const atMost = (p: number) => binomialSum(n, p, 0, violations);
        if (violations > 0) {
          expect(Math.abs(atLeast(lower) / (alpha / 2) - 1)).toBeLessThanOrEqual(roundoff(lower));
        } else {
          expect(lower).toBe(0);
        }
        if (violations < n) {
          expect(Math.abs(atMost(upper) / (alpha / 2) - 1)).toBeLessThanOrEqual(roundoff(upper));
        } else {
          expect(upper).toBe(1);
        }
      }),
      RUNS,
    );
  });

  /** P(from ≤ X ≤ to) for X ~ Binomial(n, p). */
  function binomialSum(n: number, p: number, from: number, to: number): number {
    let [choose, sum] = [1, 0];
    for (let k = 0; k <= to; k++) {
      if (k >= from) {
        sum += choose * p ** k * (1 - p) ** (n - k);
      }
      choose = (choose * (n - k)) / (k + 1);
    }
    return sum;
  }
});

describe("bad values name the field, the requirement and the value", () => {
  test.each([0, 1, -0.5, Number.NaN, Number.POSITIVE_INFINITY])("confidence, alpha = %d", (value) => {
    const rule = `to lie between 0 and 1, both excluded, got ${value}`;
    expect(() => anytimeLimits({ n: 3, violations: 1, confidence: value })).toThrow(
      `anytimeLimits requires confidence ${rule}`,
    );
    expect(() => clopperPearson({ n: 3, violations: 1, alpha: value })).toThrow(
      `clopperPearson requires alpha ${rule}`,
    );
  });

  test.each([
    [-1, 0, "n", "got -1"],
    [2.5, 0, "n", "got 2.5"],
    [3, 4, "violations", "got 4 with n = 3"],
    [3, -1, "violations", "got -1 with n = 3"],
  ])("n = %d, violations = %d", (n, violations, field, got) => {
    expect(() => anytimeLimits({ n, violations, confidence: 0.95 })).toThrow(`anytimeLimits requires ${field}`);
    expect(() => clopperPearson({ n, violations, alpha: 0.05 })).toThrow(`clopperPearson requires ${field}`);
    expect(() => clopperPearson({ n, violations, alpha: 0.05 })).toThrow(got);
  });
});
