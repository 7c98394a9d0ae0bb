import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atMost, type Claim } from "../../src/claim/claim.ts";
import { type Relation, violates } from "../../src/claim/relation.ts";
import { anytimeLimits, clopperPearson } from "../../src/evidence/limits.ts";
import type { TrialRecord } from "../../src/experiment/trial.ts";
import { ledgerOf, QUANTILES } from "../../src/verdict/ledger.ts";
import { SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";

const KEY = "a theorem: a claim @ a law";

/** Trials that observed these numbers, with seeds 1000, 1001, ... */
const trialsOf = (observed: readonly number[]) =>
  observed.map((number, index) => {
    const seed = 1000 + index;
    return { seed, models: [{ theta: { ...SMALL_THETA, M: 4 + index }, seed }], observed: { [KEY]: number } };
  }) as unknown as readonly TrialRecord[];

const claimOf = (relation: Relation): Claim => ({ title: "a claim", relation, observe: () => 0 });

const ledger = (claim: Claim, observed: readonly number[], fixedBefore = false) =>
  ledgerOf(claim, KEY, trialsOf(observed), fixedBefore);

const finite = fc.double({ min: -100, max: 100, noNaN: true });
const observation = fc.oneof(
  { arbitrary: finite, weight: 8 },
  { arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), weight: 1 },
);
const observations = fc.array(observation, { minLength: 1, maxLength: 40 });
const relation: fc.Arbitrary<Relation> = fc.oneof(
  fc.record({ kind: fc.constantFrom("at most", "at least", "above"), bound: finite }),
  fc.tuple(finite, finite).map(([x, y]) => ({ kind: "within" as const, low: Math.min(x, y), high: Math.max(x, y) })),
);

/** How bad an observation is, from the definition: how far beyond the bound it lies; what is not finite is worst. */
function badness(of: Relation, observed: number): number {
  if (!Number.isFinite(observed)) return Number.POSITIVE_INFINITY;
  switch (of.kind) {
    case "at most":
      return observed - of.bound;
    case "at least":
    case "above":
      return of.bound - observed;
    case "within":
      return Math.max(of.low - observed, observed - of.high);
  }
}

describe("the ledger of a claim", () => {
  test("has as worst the observation furthest beyond its bound, or nearest to it, and as best the one furthest inside", () => {
    fc.assert(
      fc.property(relation, observations, (of, observed) => {
        const found = ledger(claimOf(of), observed);
        const all = observed.map((each) => badness(of, each));
        expect(badness(of, found.worst)).toBe(all.reduce((x, y) => Math.max(x, y)));
        expect(badness(of, found.best)).toBe(all.reduce((x, y) => Math.min(x, y)));
      }),
    );
  });

  test("names the first model that showed the worst observation: index, seed, θ", () => {
    fc.assert(
      fc.property(relation, observations, (of, observed) => {
        const { decisive, worst } = ledger(claimOf(of), observed);
        const all = observed.map((each) => badness(of, each));
        const first = all.indexOf(all.reduce((x, y) => Math.max(x, y)));
        expect(decisive).toEqual({
          index: first,
          seed: 1000 + first,
          theta: { ...SMALL_THETA, M: 4 + first },
          observed: observed[first],
        });
        expect(decisive.observed).toBe(worst);
      }),
    );
  });

  test("counts violations and lists who they are, NaN and infinities among them", () => {
    fc.assert(
      fc.property(relation, observations, (of, observed) => {
        const found = ledger(claimOf(of), observed);
        const violators = observed.flatMap((each, index) => (violates(claimOf(of), each) ? [index] : []));
        expect(found.violators).toEqual(violators);
        expect([found.violations, found.models]).toEqual([violators.length, observed.length]);
        observed.forEach((each, index) => {
          if (!Number.isFinite(each)) expect(violators).toContain(index);
        });
      }),
    );
  });

  test("has the median and the quantiles of the finite observations, NaN and an empty list of none", () => {
    expect(
      ledger(
        atMost("x", 9, () => 0),
        [5, Number.NaN, 1, 2],
      ).median,
    ).toBe(2);
    expect(
      ledger(
        atMost("x", 9, () => 0),
        [5, 1, Number.POSITIVE_INFINITY],
      ).median,
    ).toBe(3);
    const none = ledger(
      atMost("x", 9, () => 0),
      [Number.NaN, Number.NaN],
    );
    expect(none.median).toBeNaN();
    expect(none.quantiles).toEqual([]);
    const hundred = Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(
      ledger(
        atMost("x", 9, () => 0),
        hundred,
      ).quantiles,
    ).toEqual(QUANTILES.map((fraction) => 100 * fraction));
  });

  test("has anytime-valid limits at 95 %, or those of Clopper and Pearson where n was fixed before", () => {
    const observed = Array.from({ length: 40 }, (_, i) => (i % 10 === 0 ? 2 : 0));
    const claim = atMost("x", 1, () => 0);
    expect(ledger(claim, observed).limits).toEqual(anytimeLimits({ n: 40, violations: 4, confidence: 0.95 }));
    const { lower, upper } = clopperPearson({ n: 40, violations: 4, alpha: 1 - 0.95 });
    expect(ledger(claim, observed, true).limits).toEqual({ lower, upper });
  });

  test("limits the violation probability to 3.8 % after 158 clean models", () => {
    const { limits } = ledger(
      atMost("x", 1, () => 0),
      Array.from({ length: 158 }, () => 0),
    );
    expect(limits.lower).toBe(0);
    expect(limits.upper).toBeGreaterThan(0.037);
    expect(limits.upper).toBeLessThan(0.038);
  });
});

test("its headroom is that of the worst observation", () => {
  const zero = () => 0;
  expect(ledger(atMost("x", 1, zero), [0, Number.NaN, 0]).headroom).toBeUndefined();
  expect(ledger(atMost("x", 1, zero), [0.5, 0.25]).headroom).toEqual({ kind: "ratio", value: 2, loose: false });
});
