import { expect, test } from "vitest";
import { headsNearBias, shortRuns, withMemory } from "../../examples/coin/coin.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { insideOf, insideReplay, insideSentence } from "../../src/report/inside.ts";
import { searchInside } from "../../tools/inside/inside.ts";

const statements = [headsNearBias, shortRuns, withMemory];
const found = await searchInside({ statements, laboratory: here(statements), seed: 1, models: 20, version: "1.2.3" });

test("has the worst model of each theorem inside its law, a violation where there is one", () => {
  expect(found.worst.map(({ theorem, law }) => [theorem, law])).toEqual([
    ["heads-near-bias", "independent"],
    ["short-runs", "independent"],
  ]);
  const [near, runs] = found.worst;
  // six in a row are common among 200 tosses
  expect(runs).toMatchObject({ violated: true, claim: "longest run" });
  expect(Number(runs!.observed)).toBeGreaterThan(5);
  expect(near!.violated).toBe(Number(near!.margin) < 0);
  for (const { theta } of found.worst) expect(theta).toMatchObject({ memory: 0 });
});

test("comes with the command that trains it again, and with what it does not say", () => {
  const [, runs] = found.worst;
  expect(insideReplay(runs!)).toBe(
    `npx theorycheck replay --theta '${JSON.stringify(runs!.theta)}' --seed ${runs!.seed} --law independent --theorem short-runs`,
  );
  // what a file says cannot leave the quotes of a shell
  expect(insideReplay({ ...runs!, theta: { label: "it's" } })).toContain(`'{"label":"it'\\''s"}'`);
  expect(insideSentence(found)).toContain("with 20 models of each theorem on each law, found a violation of");
  expect(insideSentence(found)).toContain("That is no contradiction");
  expect(insideOf({ id: "short-runs" }, found)).toEqual([runs]);
  expect(insideOf({ id: "short-runs" }, undefined)).toEqual([]);
});
