import { describe, expect, test } from "vitest";
import { exponent, factorOn, powerOfTwo } from "../../src/claim/doubling.ts";
import { violates } from "../../src/claim/relation.ts";

const size = (run: number) => run;

describe("an exponent by doubling", () => {
  test.each([
    [-1, 0.15, 0.4506, 0.5548],
    [0, 0.15, 0.9013, 1.1096],
    [1, 0.15, 1.8025, 2.2191],
    [2, 0.5, 2.8284, 5.6569],
  ])("of %d ± %d holds the factor between %d and %d", (kappa, halfWidth, low, high) => {
    const [upper, lower] = exponent("y", "x", kappa, size, halfWidth);
    expect(upper.relation).toEqual({ kind: "at most", bound: expect.closeTo(high, 4) });
    expect(lower.relation).toEqual({ kind: "at least", bound: expect.closeTo(low, 4) });
    for (const [claim, sign] of [
      [upper, 1],
      [lower, -1],
    ] as const) {
      const at = (share: number) => claim.observe(3, 3 * 2 ** (kappa + sign * share * halfWidth));
      expect([violates(claim, at(0.99)), violates(claim, at(1.01))]).toEqual([false, true]);
    }
  });

  test("is ±0.15 unless said otherwise, and says which side it is", () => {
    const [upper, lower] = exponent("T", "η", -1, size);
    expect(upper.title).toBe("factor on T where η doubles, upper side");
    expect(lower.title).toBe("factor on T where η doubles, lower side");
    expect([upper, lower].map(({ relation }) => relation)).toEqual(
      exponent("T", "η", -1, size, 0.15).map(({ relation }) => relation),
    );
  });

  test("reads the doubled model over the first", () => {
    expect(factorOn(size)(4, 12)).toBe(3);
    expect(powerOfTwo(-1)).toBeCloseTo(0.5, 15);
    expect(powerOfTwo(0)).toBe(1);
  });
});
