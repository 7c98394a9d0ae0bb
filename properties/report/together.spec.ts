import { expect, test } from "vitest";
import { anytimeLimits } from "../../src/evidence/limits.ts";
import { togetherOf } from "../../src/report/together.ts";

type Population = Parameters<typeof togetherOf>[0];

const event = (kind: string, violators: readonly number[], claim?: string) => ({
  statement: { kind },
  claim,
  violators,
});
const population = (...events: readonly ReturnType<typeof event>[]) =>
  ({ events, trials: new Array(10).fill(undefined) }) as unknown as Population;

test("of ten models two theorems have 1, 3 and 3, 5 against them: seven keep both", () => {
  const { lower, upper } = anytimeLimits({ n: 10, violations: 3, confidence: 0.95 });
  expect(togetherOf(population(event("theorem", [1, 3]), event("theorem", [3, 5])))).toEqual({
    ...{ theorems: 2, models: 10, satisfying: 7 },
    limits: { lower: 1 - upper, upper: 1 - lower },
  });
});

test("claims by themselves, controls and findings are no theorems; of one theorem alone nothing is said", () => {
  const one = event("theorem", [1]);
  expect(togetherOf(population(one, event("theorem", [2], "a claim"), event("control", [4])))).toBeUndefined();
  expect(togetherOf(population(one, event("theorem", []), event("finding", [0, 2])))?.satisfying).toBe(9);
});
