import { expect, test } from "vitest";
import { LARGEST_WORK, requireAffordable } from "../../src/experiment/affordable.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";
import { dice } from "./dice.ts";

const theta = { sides: 6, count: 3, colour: "white" };

test("a run of as much work as is allowed is taken, and one of more is not", () => {
  const costing = (work: number) => ({ ...dice, cost: () => work });
  expect(() => requireAffordable(costing(LARGEST_WORK), theta, "theta")).not.toThrow();
  expect(() => requireAffordable(costing(2 * LARGEST_WORK), theta, "theta")).toThrow(
    // the fields that work grows with, and no other
    new InvalidInput("theta must take at most 5e+12 multiply-adds, got 1.0e+13 (count = 3)"),
  );
});

test("the paper's experiment names what its work grows with", () => {
  expect(() => requireAffordable(transformer, SMALL_THETA, "theta")).not.toThrow();
  const years = { ...SMALL_THETA, Tmax: 1_000_000, m: 100_000 };
  expect(() => requireAffordable(transformer, years, "models[0].theta")).toThrow(
    /^models\[0\]\.theta must take at most 5e\+12 multiply-adds, got \d\.\de\+\d+ \(.*L = 6, m = 100000, .*\)$/,
  );
});
