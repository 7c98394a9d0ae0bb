import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logCertify } from "../../src/evidence/e-process.ts";
import { CLEAN_MODELS, VERDICT_BETA } from "../../src/evidence/evidence.ts";
import { anytimeLimits } from "../../src/evidence/limits.ts";
import { strongestP0 } from "../../src/evidence/strength.ts";

const path = fc
  .tuple(
    fc.integer({ min: 1, max: 120 }),
    fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
    fc.integer({ min: 0, max: 4 }),
  )
  .map(([trials, digits, tenths]) => ({
    trials,
    violators: Array.from({ length: trials }, (_, i) => i).filter(() => (digits.next().value as number) < tenths),
  }));

/** Whether the evidence of some prefix, every one of them looked at, certifies p0. */
function reachedAtSomePrefix(
  { trials, violators }: { trials: number; violators: readonly number[] },
  p0: number,
  beta: number,
) {
  const threshold = -Math.log(beta);
  return Array.from({ length: trials }, (_, i) => i + 1).some((n) => {
    const violations = violators.filter((index) => index < n).length;
    return logCertify({ n, violations, p0 }) >= threshold;
  });
}

describe("the strongest p0 of a sequence of trials", () => {
  test("is one that some prefix certifies, and no p0 below it is certified by any", () => {
    fc.assert(
      fc.property(
        path,
        fc.constantFrom(0.05, 1e-3),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (sequence, beta, share) => {
          const strongest = strongestP0(sequence, beta);
          if (strongest === undefined) {
            expect(reachedAtSomePrefix(sequence, share, beta)).toBe(false);
            return;
          }
          expect(reachedAtSomePrefix(sequence, strongest * (1 + 1e-9), beta)).toBe(true);
          expect(reachedAtSomePrefix(sequence, strongest * share, beta)).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("158 clean models reach p0 = 0.05 at β = 1e-3, and 157 do not", () => {
    expect(strongestP0({ trials: CLEAN_MODELS, violators: [] }, VERDICT_BETA)).toBeLessThanOrEqual(0.05);
    expect(strongestP0({ trials: CLEAN_MODELS - 1, violators: [] }, VERDICT_BETA)).toBeGreaterThan(0.05);
  });

  test("is kept by a violation that comes later, though the counts alone would no longer certify it", () => {
    const clean = strongestP0({ trials: 200, violators: [] }, VERDICT_BETA) as number;
    const later = { trials: 204, violators: [200, 201, 202, 203] };
    expect(strongestP0(later, VERDICT_BETA)).toBe(clean);
    expect(logCertify({ n: 204, violations: 4, p0: clean })).toBeLessThan(-Math.log(VERDICT_BETA));
  });

  test("is not the anytime limit, which is wider at another confidence and narrower at 95 %", () => {
    const { upper } = anytimeLimits({ n: CLEAN_MODELS, violations: 0, confidence: 1 - VERDICT_BETA });
    expect(upper).toBeGreaterThan(0.06);
  });

  test("is undefined where every trial violates", () => {
    expect(
      strongestP0({ trials: 30, violators: Array.from({ length: 30 }, (_, i) => i) }, VERDICT_BETA),
    ).toBeUndefined();
    expect(strongestP0({ trials: 0, violators: [] }, VERDICT_BETA)).toBeUndefined();
  });
});
