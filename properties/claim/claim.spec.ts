import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  above,
  atLeast,
  atMost,
  type Claim,
  describeRelation,
  type Observe,
  type Relation,
  slack,
  violates,
  within,
} from "../../src/claim/claim.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { isChecked } from "../../src/law/declared.ts";

const zero: Observe = () => 0;

const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const arbitraryRelation: fc.Arbitrary<Relation> = fc.oneof(
  fc.record({ kind: fc.constantFrom("at most", "at least", "above"), bound }),
  fc
    .tuple(bound, fc.double({ min: 0, max: 1e6, noNaN: true }))
    .map(([low, width]) => ({ kind: "within" as const, low, high: low + width })),
);

/** An observation anywhere, or on one of the relation's ends. */
const arbitraryCase = arbitraryRelation.chain((relation) => {
  const ends = relation.kind === "within" ? [relation.low, relation.high] : [relation.bound];
  return fc.record({ relation: fc.constant(relation), observed: fc.oneof(bound, fc.constantFrom(...ends)) });
});

describe("a claim", () => {
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

  test("keeps its title and what it observes", () => {
    const observe: Observe = (run) => run.steps;
    expect(atMost("steps", 3, observe)).toEqual({ title: "steps", relation: { kind: "at most", bound: 3 }, observe });
    expect(within("steps", 3, 4, observe).relation).toEqual({ kind: "within", low: 3, high: 4 });
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
});

test("a claim is frozen, and a copy with a change is none", () => {
  const claim = within("steps", 3, 4, zero);
  expect([Object.isFrozen(claim), Object.isFrozen(claim.relation)]).toEqual([true, true]);
  expect([isChecked("claim", claim), isChecked("claim", { ...claim, title: "x" })]).toEqual([true, false]);
});

describe("a malformed claim is refused by the name of what is wrong", () => {
  test.each<[string, () => Claim, string]>([
    ["an empty title", () => atMost("", 3, zero), 'claim "": title must be a sentence, got ""'],
    ["a blank title", () => within(" ", 3, 4, zero), 'claim " ": title must be a sentence, got " "'],
    [
      "a title that is no text",
      () => atMost(7 as unknown as string, 3, zero),
      "claim 7: title must be a sentence, got 7",
    ],
    [
      "an observation that is no function",
      () => atLeast("steps", 3, "run.steps" as unknown as Observe),
      'claim "steps": observe must be a function of a run, got "run.steps"',
    ],
    ["a bound that is NaN", () => above("x", Number.NaN, zero), 'claim "x": bound must be a finite number, got NaN'],
    ["an infinite bound", () => atMost("x", 1 / 0, zero), 'claim "x": bound must be a finite number, got Infinity'],
    [
      "a bound that is text",
      () => atMost("x", "3" as unknown as number, zero),
      'claim "x": bound must be a finite number, got "3"',
    ],
    [
      "a bound that is a bigint",
      () => atLeast("x", 3n as unknown as number, zero),
      'claim "x": bound must be a finite number, got 3n',
    ],
    [
      "a low end that is NaN",
      () => within("x", Number.NaN, 3, zero),
      'claim "x": low must be a finite number, got NaN',
    ],
    [
      "a high end that is NaN",
      () => within("x", 3, Number.NaN, zero),
      'claim "x": high must be a finite number, got NaN',
    ],
    ["ends that are crossed", () => within("x", 4, 3, zero), 'claim "x": low must be at most high, got 4 and 3'],
  ])("%s", (_, declare, message) => {
    expect(declare).toThrow(new InvalidInput(message));
  });
});
