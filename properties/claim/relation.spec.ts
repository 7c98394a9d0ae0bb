import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { above, atLeast, atMost, type Claim, within } from "../../src/claim/claim.ts";
import {
  describeRelation,
  equalRelations,
  headroomOf,
  LOOSE_HEADROOM,
  marginOf,
  type Relation,
  relationSchema,
  slack,
  unitOf,
  usedTolerance,
  violates,
} from "../../src/claim/relation.ts";
import { arbitraryCase, arbitraryRelation } from "./arbitrary-relation.ts";

const zero = () => 0;

describe("a relation", () => {
  test.each<[Claim, number, boolean]>([
    [atMost("x", 3, zero), 3, false],
    [atMost("x", 3, zero), 3.0000000000000004, true],
    [atMost("x", 3, zero), -1e9, false],
    [atLeast("x", 3, zero), 3, false],
    [atLeast("x", 3, zero), 2.9999999999999996, true],
    [atLeast("x", 3, zero), 1e9, false],
    [above("x", 3, zero), 3, true],
    [above("x", 3, zero), 3.0000000000000004, false],
    [within("x", 4, 30, zero), 4, false],
    [within("x", 4, 30, zero), 30, false],
    [within("x", 4, 30, zero), 3.9999999999999996, true],
    [within("x", 4, 30, zero), 30.000000000000004, true],
  ])("%o violated by %d: %s", (claim, observed, violated) => {
    expect(violates(claim, observed)).toBe(violated);
  });

  test("is violated by every observation that is not finite, with the least possible slack", () => {
    fc.assert(
      fc.property(
        arbitraryRelation,
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
        (relation, observed) => {
          expect(violates({ relation }, observed)).toBe(true);
          expect(slack({ relation }, observed)).toBe(Number.NEGATIVE_INFINITY);
        },
      ),
    );
  });

  test("has negative slack exactly where it is violated, and 0 on a bound", () => {
    fc.assert(
      fc.property(arbitraryCase, ({ relation, observed }) => {
        const room = slack({ relation }, observed);
        if (room < 0) expect(violates({ relation }, observed)).toBe(true);
        if (room > 0) expect(violates({ relation }, observed)).toBe(false);
        if (room === 0) expect(violates({ relation }, observed)).toBe(relation.kind === "above");
      }),
    );
  });

  test("has as slack the distance from the bound, or from the nearer end of an interval", () => {
    expect(slack(atMost("x", 3, zero), 1)).toBe(2);
    expect(slack(atLeast("x", 3, zero), 1)).toBe(-2);
    expect(slack(above("x", 3, zero), 4)).toBe(1);
    expect(slack(within("x", 4, 30, zero), 6)).toBe(2);
    expect(slack(within("x", 4, 30, zero), 29)).toBe(1);
    expect(slack(within("x", 4, 30, zero), 40)).toBe(-10);
  });

  test.each<[Relation, string]>([
    [{ kind: "at most", bound: 0.03 }, "≤ 0.03"],
    [{ kind: "at least", bound: -2 }, "≥ -2"],
    [{ kind: "above", bound: 0 }, "> 0"],
    [{ kind: "within", low: 4, high: 30 }, "in [4, 30]"],
    [{ kind: "at most", bound: 0.554784736033923 }, "≤ 0.5548"],
  ])("%o reads %s, to four digits", (relation, words) => {
    expect(describeRelation(relation)).toBe(words);
  });

  test("is read from files as it is written there, and nothing else is", () => {
    fc.assert(
      fc.property(arbitraryRelation, (relation) => {
        expect(relationSchema.parse(JSON.parse(JSON.stringify(relation)))).toEqual(
          JSON.parse(JSON.stringify(relation)),
        );
      }),
    );
    for (const other of [
      { kind: "below", bound: 1 },
      { kind: "at most" },
      { kind: "at most", bound: "1" },
      { kind: "at most", bound: Number.POSITIVE_INFINITY },
      { kind: "at most", bound: 1, low: 0 },
      { kind: "within", low: 1 },
    ]) {
      expect(relationSchema.safeParse(other).success).toBe(false);
    }
  });

  test("equals one of the same kind and ends, and no other", () => {
    const all: Relation[] = [
      { kind: "at most", bound: 1 },
      { kind: "at least", bound: 1 },
      { kind: "above", bound: 1 },
      { kind: "above", bound: 2 },
      { kind: "within", low: 1, high: 1 },
      { kind: "within", low: 1, high: 2 },
      { kind: "within", low: 0, high: 2 },
    ];
    for (const one of all) {
      for (const other of all) expect(equalRelations(one, { ...other })).toBe(one === other);
    }
  });

  test.each<[Relation, number]>([
    [{ kind: "at most", bound: -0.5 }, 0.5],
    [{ kind: "at least", bound: 0 }, 1],
    [{ kind: "above", bound: 3 }, 3],
    [{ kind: "within", low: 4, high: 30 }, 13],
    [{ kind: "within", low: 4, high: 4 }, 1],
  ])("%o measures slack in units of %d", (relation, unit) => {
    expect(unitOf(relation)).toBe(unit);
  });
});

describe("margin", () => {
  test.each<[Claim, number, number]>([
    [atMost("x", 0.5, () => 0), 0.25, 0.5],
    [atMost("x", 0.5, () => 0), 2, -3],
    [atMost("x", 0, () => 0), 2, -2],
    [atLeast("x", -2, () => 0), -1, 0.5],
    [within("x", 4, 8, () => 0), 6, 1],
    [within("x", 4, 8, () => 0), 9, -0.5],
    [within("x", 4, 4, () => 0), 5, -1],
    [atMost("x", 1, () => 0), Number.NaN, Number.NEGATIVE_INFINITY],
  ])("%o, observed %d: %d", (claim, observed, margin) => {
    expect(marginOf(claim, observed)).toBe(margin);
  });
});

describe("headroom", () => {
  test.each<[Claim, number, number]>([
    [atMost("x", 0.03, zero), 0.01, 3],
    [atMost("x", 0.03, zero), 0.06, 0.5],
    [atLeast("x", 3, zero), 6, 2],
    [above("x", 2, zero), 1, 0.5],
    [within("x", 4, 30, zero), 8, 2],
    [within("x", 4, 30, zero), 20, 1.5],
    [within("x", 4, 30, zero), 60, 0.5],
  ])("of %o with worst %d is the ratio %d", (claim, worst, ratio) => {
    expect(headroomOf(claim, worst)?.kind).toBe("ratio");
    expect(headroomOf(claim, worst)?.value).toBeCloseTo(ratio, 12);
  });

  test.each<[Claim, number, number]>([
    [atMost("x", 0, zero), 0, 0],
    [atMost("x", 0, zero), 0.5, -0.5],
    [atMost("x", 0.01, zero), 0, 0.01],
    [atMost("x", 0.01, zero), -0.5, 0.51],
    [atMost("x", -1, zero), -2, 1],
    [above("x", 0, zero), 5e-6, 5e-6],
    [atLeast("x", 0.2, zero), -0.1, -0.3],
    [atLeast("x", -1, zero), -0.5, 0.5],
    [within("x", -1, 1, zero), 0.25, 0.75],
    [within("x", -30, -4, zero), -8, 4],
  ])("of %o with worst %d, where a side is not positive, is the difference %d", (claim, worst, difference) => {
    expect(headroomOf(claim, worst)?.kind).toBe("difference");
    expect(headroomOf(claim, worst)?.value).toBeCloseTo(difference, 12);
  });

  test("is above 1, or positive, only where the claim holds with room to spare, and below only where it is violated", () => {
    fc.assert(
      fc.property(arbitraryCase, ({ relation: of, observed: worst }) => {
        const headroom = headroomOf({ relation: of }, worst)!;
        const beyond = headroom.kind === "ratio" ? headroom.value - 1 : headroom.value;
        if (beyond > 0) expect(violates({ relation: of }, worst)).toBe(false);
        if (beyond < 0) expect(violates({ relation: of }, worst)).toBe(true);
      }),
    );
  });

  test("is loose above 100, and a difference never is", () => {
    expect(LOOSE_HEADROOM).toBe(100);
    expect(headroomOf(atMost("x", 1, zero), 0.0099)?.loose).toBe(true);
    expect(headroomOf(atMost("x", 1, zero), 0.01)?.loose).toBe(false);
    expect(headroomOf(atMost("x", 1, zero), -500)?.loose).toBe(false);
  });

  test("is none where the worst observation is no number", () => {
    for (const worst of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(headroomOf(atMost("x", 1, zero), worst)).toBeUndefined();
    }
  });
});

test.each([
  [{ kind: "at most", bound: 0.03 }, 0.015, 0.5],
  [{ kind: "at least", bound: 3 }, 6, 0.5],
  [{ kind: "above", bound: 1 }, 0.5, 2],
  [{ kind: "within", low: 4, high: 30 }, 15, 0.5],
  [{ kind: "within", low: 4, high: 30 }, 5, 0.8],
  [{ kind: "at most", bound: 0 }, 1, undefined],
  [{ kind: "at least", bound: 0.02 }, -1, undefined],
] as const)("usedTolerance(%j, %d) = %d", (relation, observed, used) => {
  expect(usedTolerance(relation, observed)).toBe(used);
});
