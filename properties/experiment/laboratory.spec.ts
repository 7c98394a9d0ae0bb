import { describe, expect, test } from "vitest";
import { atLeast, atMost } from "../../src/claim/claim.ts";
import { populationsOf } from "../../src/claim/population.ts";
import { derived } from "../../src/claim/provenance.ts";
import { experiment } from "../../src/experiment/experiment.ts";
import { here, runnerOf } from "../../src/experiment/laboratory.ts";
import { statementsOf } from "../../src/experiment/statements-of.ts";
import { type Order, runOrder } from "../../src/experiment/trial.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { type Draws, drawTrial } from "../../src/law/law.ts";
import { constant, integer } from "../../src/law/range.ts";
import * as paper from "../../src/transformer/experiment.ts";
import { smallLaw } from "../verdict/fixtures/small-laws.ts";
import { dice, law, theorem } from "./dice.ts";

const white = law({
  id: "white",
  title: "white dice",
  ranges: { sides: constant(6), count: integer(1, 20), colour: constant("white") },
});

const sums = theorem({
  id: "sums",
  title: "Sums are small",
  provenance: derived(),
  law: white,
  claims: [atMost("sum", 100, (run) => run.sum), atLeast("first", 1, (run) => run.first)],
});

const quiet = paper.theorem({
  id: "quiet",
  title: "There is no noise to speak of",
  provenance: derived(),
  law: smallLaw,
  claims: [atMost("noise", 0.2, (run) => run.theta.tau)],
});

const [ofDice, ofPaper] = populationsOf([sums, quiet]);
const [sum, first] = ofDice!.claims;
const models: Draws = drawTrial(white, 7);
const order: Order = { experiment: "dice", models, wanted: [sum!.key, first!.key], detail: "none" };

describe("what runs orders", () => {
  const run = runnerOf([sums, quiet]);

  test("observes what is wanted, and nothing else, in the experiment that the order names", () => {
    expect(run(order)).toEqual(runOrder(dice, order, [sum!, first!]));
    expect(Object.keys(run({ ...order, wanted: [first!.key] }).observed)).toEqual([first!.key]);
    expect(run({ ...order, wanted: [] })).toMatchObject({ seed: 7, observed: {} });
    const small = drawTrial(smallLaw, 7);
    const noise = run({ experiment: "transformer", models: small, wanted: [ofPaper!.claims[0]!.key], detail: "none" });
    expect(noise.observed).toEqual({ "quiet: noise @ small": small[0].theta.tau });
  });

  test("is the same for an order that crossed threads or machines as JSON", () => {
    expect(run(JSON.parse(JSON.stringify(order)))).toEqual(run(order));
  });

  test("knows no other experiment", () => {
    expect(() => run({ ...order, experiment: "cards" })).toThrow(
      new InvalidInput("order: experiment must be one of dice, transformer, got cards"),
    );
  });

  test("knows no other claim, nor one about another experiment", () => {
    for (const key of ["sums: total @ white", ofPaper!.claims[0]!.key]) {
      expect(() => run({ ...order, wanted: [sum!.key, key] })).toThrow(
        new InvalidInput(`order: wanted must be keys of claims about dice, got ${key}`),
      );
    }
  });

  test("is not made of two laws of one id, not even of equal ranges in two tables", () => {
    const statements = ["one", "other"].map((id) => {
      const { law, theorem } = statementsOf(experiment({ id, fields: {}, measure: () => ({ none: 0 }) }));
      const nothing = law({ id: "nothing", title: "nothing to draw", ranges: {} });
      const claims = [atMost("none", 0, (run: { none: number }) => run.none)];
      return theorem({ id, title: "x", provenance: derived(), law: nothing, claims });
    });
    expect(statements[0]!.laws[0]!.hash).toBe(statements[1]!.laws[0]!.hash);
    expect(() => runnerOf(statements)).toThrow(
      new InvalidInput("laws must have an id each, got two different laws nothing"),
    );
  });
});

describe("the laboratory of this process", () => {
  const laboratory = here([sums, quiet]);

  test("has one place, and runs orders as they come", async () => {
    expect(laboratory.places).toBe(1);
    expect(await laboratory.run(order)).toEqual(runnerOf([sums])(order));
    expect(await laboratory.run(order, () => true)).toEqual(runnerOf([sums])(order));
    await laboratory.close();
  });

  test("does not run what is not wanted any more", async () => {
    expect(await laboratory.run(order, () => false)).toBeUndefined();
    expect(await laboratory.run({ ...order, experiment: "cards" }, () => false)).toBeUndefined();
  });

  test("rejects what it cannot run", async () => {
    await expect(laboratory.run({ ...order, experiment: "cards" })).rejects.toThrow(InvalidInput);
    await expect(laboratory.run({ ...order, wanted: ["x"] })).rejects.toThrow("order: wanted must be keys of claims");
  });
});
