import { describe, expect, test } from "vitest";
import committed from "../../bench/budget.json" with { type: "json" };
import { type Budget, type CountedResults, countTrials, modelsOf } from "../../bench/budget.ts";
import results from "../../reports/results.json" with { type: "json" };

const budget: Budget = committed;

describe("counted work is what bench/budget.json says, and `npm run bench:budget` writes it anew", () => {
  test("multiply-adds, steps and bytes copied of trials", async () => {
    expect(await countTrials()).toEqual(budget.trials);
  }, 60_000);

  test("models of a verify", () => {
    expect(modelsOf(results as CountedResults)).toBeLessThanOrEqual(budget.modelsOfVerify);
  });
});

test("models are those of laws, ladders and counterexamples", () => {
  const laws = [{ models: { trained: 5 } }, { models: { trained: 7 } }];
  expect(modelsOf({ laws })).toBe(12);
  expect(
    modelsOf({
      laws,
      slopes: [
        {
          values: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
      counterexamples: [{}],
    }),
  ).toBe(17);
});
