import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "../../golden/e-process.json" with { type: "json" };
import { type CountsAgainst, logCertify, logMixture, logRefute, MAX_MODELS } from "../../src/evidence/e-process.ts";

const RUNS = { seed: 240617167, numRuns: 500 };

/** What `logRefute` promises: 4 ε (1 + n·max(−ln p0, −ln(1−p0))). */
function roundoff({ n, p0 }: CountsAgainst): number {
  return 4 * Number.EPSILON * (1 + n * Math.max(-Math.log(p0), -Math.log1p(-p0)));
}

/**
 * Where `betainc` underflows, cancels, or is asked beside 0 and 1: n, S, p0, ln E, ln C. Computed with mpmath 1.3 at 40
 * digits, from its loggamma and the series of DLMF 8.17.8, on the exact binary value of p0;
 * rounded to the nearest floating-point number.
 */
const EXTREMES = [
  [1000, 0, 0.05, -6.435058114450829, 49.207885182576774],
  [5000, 2500, 0.05, 4147.498557470021, -8.44621664754177],
  [1500, 1500, 0.05, 4489.524330225432, -7.989562188442306],
  [10_000, 0, 0.999, -9.9032040789734, 69072.39558270684],
  [100_000, 2500, 0.05, -10.337889413803232, 795.7006592830077],
  [100_000, 5100, 0.05, -4.857823065383649, -5.602630808299074],
  [1_000_000, 0, 0.05, -13.33305258974345, 51287.755225581066],
  [1_000_000, 45_000, 0.05, -11.032259228533126, 266.7190773579984],
  [1_000_000, 50_000, 0.05, -7.67116741606025, -5.886285689240407],
  [1_000_000, 55_000, 0.05, 248.2623597881287, -9.246457865222565],
  [1_000_000, 500_000, 0.5, -7.133546881626865, -7.133546881626865],
  [1_000_000, 500_000, 0.48, 794.1751311947748, -11.023840503395116],
  [1_000_000, 999_999, 0.9997, 290.67505619630333, -10.891775524308436],
  [1_000_000, 1_000_000, 0.999, 996.9255068535966, -11.487021917126027],
  [1_000_000, 1_000_000, 0.05, 2995724.948412008, -14.491502082275716],
  [1, 0, 5e-324, -Math.LN2, -5.877471754111438e-39],
  [1, 1, 1 - 2 ** -53, 7.401486830834378e-17, -0.6931471872678245],
  [10, 5, 1e-300, 3445.544124967381, -2.3978952727983707],
] as const;

const probabilities = fc.oneof(
  fc.double({ min: 0.001, max: 0.999, noNaN: true }),
  fc.constantFrom(5e-324, 1e-300, 1e-16, 1e-9, 1e-4, 0.05, 0.5, 0.95, 1 - 1e-9, 1 - 2 ** -53),
);

function countsUpTo(most: number) {
  return fc
    .integer({ min: 0, max: most })
    .chain((n) => fc.record({ n: fc.constant(n), violations: fc.integer({ min: 0, max: n }), p0: probabilities }));
}

describe("values", () => {
  test.each(golden.eProcess)("golden: n = $n, S = $violations, p0 = $delta", (row) => {
    const counts = { n: row.n, violations: row.violations, p0: row.delta };
    expect(Math.abs(logRefute(counts) - row.logRefute)).toBeLessThanOrEqual(1e-12 * Math.abs(row.logRefute));
    expect(Math.abs(logCertify(counts) - row.logCertify)).toBeLessThanOrEqual(1e-12 * Math.abs(row.logCertify));
  });

  test.each(EXTREMES)("40 digits: n = %d, S = %d, p0 = %d", (n, violations, p0, refute, certify) => {
    const counts = { n, violations, p0 };
    expect(Math.abs(logRefute(counts) - refute)).toBeLessThanOrEqual(roundoff(counts));
    expect(Math.abs(logCertify(counts) - certify)).toBeLessThanOrEqual(roundoff(counts));
  });

  test("no models are no evidence: exactly 0", () => {
    fc.assert(
      fc.property(probabilities, (p0) => {
        expect(logRefute({ n: 0, violations: 0, p0 })).toBe(0);
        expect(logCertify({ n: 0, violations: 0, p0 })).toBe(0);
      }),
      RUNS,
    );
  });

  test("finite for every n up to a million, every S and every p0", () => {
    const rates = [0, 1e-6, 1e-3, 0.01, 0.05, 0.3, 0.5, 0.9, 0.999, 1];
    const p0s = [5e-324, 1e-300, 1e-9, 1e-3, 0.05, 0.5, 0.95, 0.999, 1 - 1e-9, 1 - 2 ** -53];
    for (const n of [1, 2, 10, 158, 1000, 1500, 5000, 100_000, MAX_MODELS]) {
      for (const violations of rates.map((rate) => Math.round(rate * n))) {
        for (const p0 of p0s) {
          expect(Number.isFinite(logRefute({ n, violations, p0 })), `ln E(${n}, ${violations}, ${p0})`).toBe(true);
          expect(Number.isFinite(logCertify({ n, violations, p0 })), `ln C(${n}, ${violations}, ${p0})`).toBe(true);
        }
      }
    }
  });
});

describe("laws", () => {
  /** E[next]/now for X ~ Bernoulli(p), from logarithms that may be huge themselves. */
  function drift(log: (counts: CountsAgainst) => number, { n, violations, p0 }: CountsAgainst, p: number): number {
    const now = log({ n, violations, p0 });
    const afterViolation = Math.exp(log({ n: n + 1, violations: violations + 1, p0 }) - now);
    const afterPass = Math.exp(log({ n: n + 1, violations, p0 }) - now);
    return p * afterViolation + (1 - p) * afterPass;
  }

  /** The error of `drift` at p0, where its terms sum to 1: that of two logarithms in each, and of the sum. */
  const driftRoundoff = (counts: CountsAgainst) => 2 * roundoff({ ...counts, n: counts.n + 1 }) + 4 * Number.EPSILON;

  // p0 where neither branch of the expectation is lost in rounding
  const moderate = countsUpTo(20_000).map((counts) => ({ ...counts, p0: Math.min(0.999, Math.max(0.001, counts.p0)) }));

  test("E[E(n+1) | n, S] = E(n, S) if p = p0, and at most that if p < p0", () => {
    fc.assert(
      fc.property(moderate, fc.double({ min: 0, max: 1, noNaN: true }), (counts, share) => {
        expect(Math.abs(drift(logRefute, counts, counts.p0) - 1)).toBeLessThanOrEqual(driftRoundoff(counts));
        expect(drift(logRefute, counts, share * counts.p0)).toBeLessThanOrEqual(1 + driftRoundoff(counts));
      }),
      RUNS,
    );
  });

  test("E[C(n+1) | n, S] = C(n, S) if p = p0, and at most that if p > p0", () => {
    fc.assert(
      fc.property(moderate, fc.double({ min: 0, max: 1, noNaN: true }), (counts, share) => {
        const p = counts.p0 + share * (1 - counts.p0);
        expect(Math.abs(drift(logCertify, counts, counts.p0) - 1)).toBeLessThanOrEqual(driftRoundoff(counts));
        expect(drift(logCertify, counts, p)).toBeLessThanOrEqual(1 + driftRoundoff(counts));
      }),
      RUNS,
    );
  });

  test("a violation instead of a pass raises E and lowers C", () => {
    fc.assert(
      fc.property(
        countsUpTo(20_000).filter(({ n, violations }) => violations < n),
        (counts) => {
          const more = { ...counts, violations: counts.violations + 1 };
          expect(logRefute(more)).toBeGreaterThanOrEqual(logRefute(counts) - 2 * roundoff(counts));
          expect(logCertify(more)).toBeLessThanOrEqual(logCertify(counts) + 2 * roundoff(counts));
        },
      ),
      RUNS,
    );
  });

  test("a further violation raises E and lowers C, a further pass the opposite: what the boundaries of plan.ts rest on", () => {
    fc.assert(
      fc.property(countsUpTo(20_000), (counts) => {
        const error = 2 * roundoff({ ...counts, n: counts.n + 1 });
        const violated = { ...counts, n: counts.n + 1, violations: counts.violations + 1 };
        const passed = { ...counts, n: counts.n + 1 };
        expect(logRefute(violated)).toBeGreaterThanOrEqual(logRefute(counts) - error);
        expect(logRefute(passed)).toBeLessThanOrEqual(logRefute(counts) + error);
        expect(logCertify(violated)).toBeLessThanOrEqual(logCertify(counts) + error);
        expect(logCertify(passed)).toBeGreaterThanOrEqual(logCertify(counts) - error);
      }),
      RUNS,
    );
  });

  test("E(n, S, p0) = C(n, n−S, 1−p0); so both are equal at p0 = ½ and S = n/2", () => {
    // 1 − p0 is exact for multiples of 2^-20
    const dyadic = fc.integer({ min: 1, max: 2 ** 20 - 1 }).map((k) => k / 2 ** 20);
    fc.assert(
      fc.property(countsUpTo(20_000), dyadic, ({ n, violations }, p0) => {
        const counts = { n, violations, p0 };
        const mirrored = logCertify({ n, violations: n - violations, p0: 1 - p0 });
        expect(Math.abs(logRefute(counts) - mirrored)).toBeLessThanOrEqual(2 * roundoff(counts));
      }),
      RUNS,
    );
  });

  test("Mix = π(p > p0) E + π(p < p0) C, with the arcsine law π(p < p0) = (2/π) arcsin √p0", () => {
    fc.assert(
      fc.property(countsUpTo(20_000), fc.double({ min: 0.01, max: 0.99, noNaN: true }), ({ n, violations }, p0) => {
        const counts = { n, violations, p0 };
        const mix = logMixture(counts);
        const below = (2 / Math.PI) * Math.asin(Math.sqrt(p0));
        const sum = (1 - below) * Math.exp(logRefute(counts) - mix) + below * Math.exp(logCertify(counts) - mix);
        expect(Math.abs(sum - 1)).toBeLessThanOrEqual(2 * roundoff(counts) + 8 * Number.EPSILON);
      }),
      RUNS,
    );
  });

  test("E and C are never both above 1", () => {
    fc.assert(
      fc.property(countsUpTo(20_000), (counts) => {
        expect(Math.min(logRefute(counts), logCertify(counts))).toBeLessThanOrEqual(roundoff(counts));
      }),
      RUNS,
    );
  });
});

describe("bad values name the field, the requirement and the value", () => {
  test.each([
    [{ n: -1, violations: 0, p0: 0.05 }, /requires n to be a whole number from 0 to 1000000, got -1/],
    [{ n: 1.5, violations: 0, p0: 0.05 }, /requires n to be a whole number .*, got 1.5/],
    [{ n: Number.NaN, violations: 0, p0: 0.05 }, /requires n to be a whole number .*, got NaN/],
    [{ n: MAX_MODELS + 1, violations: 0, p0: 0.05 }, /requires n to be a whole number .*, got 1000001/],
    [{ n: 3, violations: 4, p0: 0.05 }, /requires violations to be a whole number from 0 to n, got 4 with n = 3/],
    [{ n: 3, violations: -1, p0: 0.05 }, /requires violations .*, got -1/],
    [{ n: 3, violations: 0.5, p0: 0.05 }, /requires violations .*, got 0.5/],
    [{ n: 3, violations: 0, p0: 0 }, /requires p0 to lie between 0 and 1, both excluded, got 0/],
    [{ n: 3, violations: 0, p0: 1 }, /requires p0 .*, got 1/],
    [{ n: 3, violations: 0, p0: Number.NaN }, /requires p0 .*, got NaN/],
  ])("%o", (counts, message) => {
    for (const [name, log] of Object.entries({ logRefute, logCertify, logMixture })) {
      expect(() => log(counts)).toThrow(message);
      expect(() => log(counts)).toThrow(name);
    }
  });
});
