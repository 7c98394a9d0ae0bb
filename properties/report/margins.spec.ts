import { describe, expect, test } from "vitest";
import { headsNearBias, shortRuns, withMemory } from "../../examples/coin/coin.ts";
import { marginOf } from "../../src/claim/relation.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { marginsOf } from "../../src/report/margins.ts";
import { smallMultiples } from "../../src/report/page/small-multiples.ts";
import { percent } from "../../src/report/percent.ts";
import { togetherOf } from "../../src/report/together.ts";
import { judge } from "../../src/verdict/judge.ts";
import { presentation } from "../../theorems/presentation.ts";
import { exampleResults } from "./example-results.ts";

const statements = [headsNearBias, shortRuns, withMemory];
const { populations } = await judge({ statements, laboratory: here(statements), maxModels: 30 });

describe("margins against fields of theta", () => {
  const [found, ...others] = marginsOf(populations, ["tosses", "no field of a coin", "bias"]);

  test("are those of each theorem on the first law that it is about, model by model", () => {
    expect(others).toEqual([]);
    const { trials, claims } = populations.find(({ population }) => population.law.id === "independent")!;
    expect(found).toMatchObject({ law: "independent" });
    expect(found!.fields.map(({ field }) => field)).toEqual(["tosses", "bias"]);
    expect(found!.fields[0]!.values).toEqual(trials.map(({ models }) => models[0]!.theta.tosses));
    expect(found!.theorems.map(({ theorem }) => theorem)).toEqual(["heads-near-bias", "short-runs"]);
    const { claim, key } = claims.find(({ statement }) => statement === shortRuns)!;
    const exact = trials.map(({ observed }) => marginOf(claim, observed[key] as number));
    expect(found!.theorems[1]!.margins.map(Number)).toEqual(exact.map((margin) => Number(margin.toPrecision(3))));
  });

  test("are not there where nothing asks for them", () => {
    expect(marginsOf(populations, [])).toEqual([]);
  });

  test("are drawn a panel a field, with violations beyond the bound and medians in words", () => {
    const results = exampleResults();
    const figure = smallMultiples(results.statements[0]!, results, presentation)!.markup;
    expect(figure.match(/<svg/g)).toHaveLength(2);
    // four models, two of which violate it; what is no number is drawn at the end
    expect(
      [...figure.matchAll(/class="points( beyond)?" d="([^"]*)"/g)].map(([, , d]) => d!.split("M").length - 1),
    ).toEqual([2, 2, 2, 2]);
    expect(figure).toContain("of 4 models of r = 2");
    expect(figure).toContain("M 0.9 and −0.5, α* 0.9 and −0.5");
    expect(smallMultiples(results.statements[1]!, results, presentation)).toBeUndefined();
  });
});

test("models that keep all theorems of a law at once are those that violate none", () => {
  const population = populations.find(({ population }) => population.law.id === "independent")!;
  const violating = new Set(population.events.flatMap(({ violators }) => violators));
  const together = togetherOf(population)!;
  expect(together).toMatchObject({ theorems: 2, models: 30, satisfying: 30 - violating.size });
  expect(together.limits.lower).toBeLessThan(together.satisfying / 30);
  expect(together.limits.upper).toBeGreaterThan(together.satisfying / 30);
  // of one theorem there is nothing to put together
  expect(togetherOf({ ...population, events: population.events.slice(0, 1) })).toBeUndefined();
});

test.each([
  [0, "nearest", "0 %"],
  [1, "nearest", "100 %"],
  [0.05, "up", "5 %"],
  [0.0498, "up", "5 %"],
  [0.00841, "up", "0.85 %"],
  [0.00841, "down", "0.84 %"],
  [0.981, "nearest", "98.1 %"],
  [0.98149, "down", "98.1 %"],
  [0.99944, "nearest", "99.944 %"],
  [0.37, "nearest", "37 %"],
] as const)("percent(%d, %s) = %s", (share, towards, words) => {
  expect(percent(share, towards)).toBe(words);
});
