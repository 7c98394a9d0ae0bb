import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectedVerdict, nextAndLast } from "../../src/evidence/eta.ts";
import { decide, evidenceAt } from "../../src/evidence/evidence.ts";

const standard = { p0: 0.05, alpha: 1e-6 / 20, beta: 1e-3 };
const cap = 1500;

describe("expectedVerdict", () => {
  test.each([
    [{ n: 0, violations: 0 }, 10, { verdict: "certified", trials: 158, seconds: 15.8 }],
    [{ n: 100, violations: 0 }, 10, { verdict: "certified", trials: 58, seconds: 5.8 }],
    [{ n: 1499, violations: 75 }, 10, { verdict: "inconclusive", trials: 1, seconds: 0.1 }],
    [{ n: 100, violations: 5 }, 0, { verdict: "inconclusive", trials: 1400, seconds: Number.POSITIVE_INFINITY }],
    [{ n: 158, violations: 0 }, 0, { verdict: "certified", trials: 0, seconds: 0 }],
  ] as const)("of %o at %d models a second is %o", (counts, rate, expected) => {
    expect(expectedVerdict({ ...standard, ...counts, cap }, rate)).toEqual(expected);
  });

  test("what violates always is refuted soon", () => {
    const { verdict, trials } = expectedVerdict({ ...standard, n: 3, violations: 3, cap }, 1);
    expect([verdict, trials < 10]).toEqual(["refuted", true]);
  });

  test("where more models of the same kind decide, one fewer does not", () => {
    const counts = fc.nat(400).chain((n) => fc.nat(n).map((violations) => ({ n, violations })));
    fc.assert(
      fc.property(counts, ({ n, violations }) => {
        const { verdict, trials } = expectedVerdict({ ...standard, n, violations, cap }, 1);
        expect(trials).toBeLessThanOrEqual(Math.max(0, cap - n));
        const after = (more: number) => ({
          n: n + more,
          violations: violations + Math.round((n === 0 ? 0 : violations / n) * more),
          p0: standard.p0,
        });
        const decision = decide(evidenceAt(after(trials)), standard);
        expect(decision).toBe(verdict === "inconclusive" ? "undecided" : verdict);
        if (trials > 0) expect(decide(evidenceAt(after(trials - 1)), standard)).toBe("undecided");
      }),
      { seed: 20240617, numRuns: 300 },
    );
  });
});

test("of several verdicts the first and the last", () => {
  const of = (n: number, violations: number) => ({ ...standard, n, violations, cap });
  expect(nextAndLast([], 1)).toBeUndefined();
  const { next, last } = nextAndLast([of(100, 0), of(100, 1), of(100, 100)], 2)!;
  expect([next.verdict, next.trials]).toEqual(["refuted", 0]);
  expect(last.trials).toBeGreaterThan(58);
  expect(last.seconds).toBe(last.trials / 2);
});
