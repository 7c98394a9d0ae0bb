import { describe, expect, test } from "vitest";
import { above, atLeast, atMost, type Claim, type Observe, within } from "../../src/claim/claim.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { isChecked } from "../../src/law/declared.ts";
import type { Run } from "../../src/transformer/measure/run.ts";

const zero: Observe = () => 0;

describe("a claim", () => {
  test("keeps its title and what it observes", () => {
    const observe: Observe<Run> = (run) => run.steps;
    expect(atMost("steps", 3, observe)).toEqual({ title: "steps", relation: { kind: "at most", bound: 3 }, observe });
    expect(within("steps", 3, 4, observe).relation).toEqual({ kind: "within", low: 3, high: 4 });
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
