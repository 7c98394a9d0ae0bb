import { describe, expect, test } from "vitest";
import { atMost, type Observe } from "../../src/claim/claim.ts";
import { forbidExit } from "../../src/claim/exit.ts";
import { numberObserved } from "../../src/claim/observe.ts";
import { observed } from "../../src/claim/provenance.ts";
import { everyClaimOf } from "../../src/claim/theorem.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { theorem } from "../../src/transformer/experiment.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";

const run = { steps: 7 } as Run;
const doubled = { steps: 9 } as Run;
const observing = (observe: unknown) => () => numberObserved(atMost("x", 1, observe as Observe), run, doubled);

describe("what a claim observes", () => {
  test.each([0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "may be any number, also one that violates whatever is claimed: %d",
    (value) => {
      expect(observing(() => value)()).toBe(value);
    },
  );

  test("is read off the run, and the second of a pair", () => {
    expect(observing((one: Run, other: Run) => other.steps - one.steps)()).toBe(2);
  });

  test.each<[unknown, string]>([
    ["7.000", 'got "7.000"'],
    [undefined, "got nothing"],
    [null, "got null"],
    [7n, "got 7n"],
    [true, "got true"],
    [[7], "got [7]"],
    [new Number(7), "got 7"],
    [Symbol("seven"), "got Symbol(seven)"],
    [() => 7, "got a function"],
    [Promise.resolve(7), "got a promise"],
  ])("is no %o", (value, got) => {
    expect(observing(() => value)).toThrow(new InvalidInput(`observe must return a number, ${got}`));
  });

  test("is no promise either where it is rejected: nobody waits for it, and nothing else ends the process", async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on("unhandledRejection", note);
    const rejected = observing(async () => {
      throw new Error("later");
    });
    expect(rejected).toThrow("got a promise");
    await new Promise(setImmediate);
    process.off("unhandledRejection", note);
    expect(rejections).toEqual([]);
  });

  test("is nothing where it throws: the error is named with its place", () => {
    const throwing = (thrown: unknown) =>
      observing(() => {
        throw thrown;
      });
    expect(throwing(new TypeError("boom"))).toThrow(InvalidInput);
    expect(throwing(new TypeError("boom"))).toThrow(
      /^observe must return a number, it threw TypeError: boom at .*observe\.spec\.ts/,
    );
    expect(throwing("boom")).toThrow(new InvalidInput('observe must return a number, it threw "boom"'));
    expect(throwing(undefined)).toThrow(new InvalidInput("observe must return a number, it threw nothing"));
    expect(throwing(Object.assign(new Error("boom"), { stack: undefined }))).toThrow(/it threw Error: boom$/);
  });

  test("does not end the process, which may be ended as before afterwards", () => {
    const { exit } = process;
    expect(observing(() => process.exit(0))).toThrow(
      /^observe must return a number, it threw Error: process\.exit\(0\) was called at .*observe\.spec\.ts/,
    );
    expect(process.exit).toBe(exit);
    expect(observing(() => process.exit())).toThrow("process.exit() was called");
  });

  test("of a theorem as a single claim is not counted as a violation where one of its claims is no number", () => {
    const text = atMost("text", 1, (() => "0") as unknown as Observe);
    const made = theorem({ id: "x", title: "x", provenance: observed(), law: baseLaw, claims: [text] });
    expect(() => numberObserved(everyClaimOf(made, baseLaw), run, run)).toThrow(
      'observe must return a number, got "0"',
    );
  });
});

test("several may forbid the process to end, and it may end again after the last of them", () => {
  const { exit } = process;
  const [first, second] = [forbidExit(), forbidExit()];
  first();
  expect(() => process.exit(3)).toThrow("process.exit(3) was called");
  expect(process.exit).not.toBe(exit);
  second();
  expect(process.exit).toBe(exit);
});
