import { describe, expect, test } from "vitest";
import { atMost } from "../../src/claim/claim.ts";
import { claimKey, populationsOf, trialSeed } from "../../src/claim/population.ts";
import { derived } from "../../src/claim/provenance.ts";
import type { Statement } from "../../src/claim/theorem.ts";
import { constant } from "../../src/law/range.ts";
import { law, theorem } from "../../src/transformer/experiment.ts";
import { smallLaw } from "../verdict/fixtures/small-laws.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";

const SEED = 2406_17167;

describe("populations", () => {
  test("are one a law, in the order in which laws first occur, with every claim that is made on it", () => {
    const populations = populationsOf(statements);
    expect(populations.map((each) => each.law.id)).toEqual(["small", "small-pairs", "trained", "diverging"]);
    const claims = (id: string) => populations.find(({ law }) => law.id === id)!.claims.map(({ key }) => key);
    expect(claims("small-pairs")).toEqual([
      "pairs: factor on the step size @ small-pairs",
      "pairs: distance of the patterns @ small-pairs",
    ]);
    expect(claims("small")).toEqual(
      ["always: steps", "always: noise", "same-run: runs that nobody looked at", "rarely-violated: chance"]
        .concat(["capped: steps", "half: chance", "often: chance", "measured: chance"])
        .map((name) => `${name} @ small`),
    );
  });

  test("watch while they train whatever any of their statements asks for", () => {
    expect(populationsOf(statements).map(({ traces }) => traces)).toEqual([[], [], ["gradients"], []]);
  });

  test("are of one law each: two different laws of one id are refused, the same law twice is not", () => {
    const on = (id: string, its: Statement["laws"][number]) =>
      theorem({ id, title: id, provenance: derived(), law: its, claims: [atMost("x", 1, () => 0)] });
    const impostor = law({ id: "small", title: "x", ranges: { ...smallLaw.ranges, Tmax: constant(1) } });
    expect(() => populationsOf([on("one", smallLaw), on("other", impostor)])).toThrow(
      "laws must have an id each, got two different laws small",
    );
    const twin = law({ id: "small", title: "y", ranges: smallLaw.ranges });
    expect(populationsOf([on("one", smallLaw), on("other", twin)]).length).toBe(1);
  });

  test("have a key for each claim, of statement, claim and law", () => {
    expect(claimKey("always", "steps", "small")).toBe("always: steps @ small");
    const keys = populationsOf(statements).flatMap(({ claims }) => claims.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("the seeds of trials", () => {
  test("differ from run to run, from law to law and from trial to trial, and are not the run's seed plus something", () => {
    const seeds = [SEED, SEED + 1].flatMap((run) =>
      ["base", "r4"].flatMap((id) => Array.from({ length: 500 }, (_, index) => trialSeed(run, id, index))),
    );
    expect(new Set(seeds).size).toBe(2000);
    const steps = new Set(seeds.slice(1, 500).map((seed, i) => seed - (seeds[i] as number)));
    expect(steps.size).toBe(499);
    expect(trialSeed(SEED, "base", 0)).toBe(seeds[0]);
  });
});
