import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { coin, headsNearBias, independent, remembering, shortRuns, withMemory } from "../../examples/coin/coin.ts";
import { populationsOf } from "../../src/claim/population.ts";
import { derived } from "../../src/claim/provenance.ts";
import type { Statement } from "../../src/claim/theorem.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { statementsOf } from "../../src/experiment/statements-of.ts";
import { counterexampleOf, encodeCounterexample, parseCounterexample } from "../../src/explore/counterexample.ts";
import { examine } from "../../src/explore/examine.ts";
import { probe } from "../../src/explore/probe.ts";
import { Purse } from "../../src/explore/purse.ts";
import { replayIn } from "../../src/explore/replay.ts";
import { Search } from "../../src/explore/search.ts";
import { spaceOf } from "../../src/explore/space.ts";
import { drawTrial } from "../../src/law/law.ts";
import { real } from "../../src/law/range.ts";
import { judge } from "../../src/verdict/judge.ts";

const { law, theorem } = statementsOf(coin);

const statements: readonly Statement[] = [headsNearBias, shortRuns, withMemory];
const populations = populationsOf(statements);
const laboratory = here(statements);

describe("an experiment a screen long", () => {
  test("has a theorem that holds, one that does not, and a control, as the judge finds", async () => {
    const { populations, verdicts } = await judge({ statements, laboratory });
    const events = populations.flatMap((each) => each.events);
    expect(verdicts).toBe(3);
    expect(events.map(({ statement, verdict }) => [statement.id, verdict.kind])).toEqual([
      ["heads-near-bias", "certified"],
      ["short-runs", "refuted"],
      ["with-memory", "refuted"],
    ]);
  });

  test("leaves what its control says: less memory than the law's, and the theorem holds again", async () => {
    const forgetting = law({ id: "forgetting", title: "x", ranges: { ...remembering.ranges, memory: real(0, 0.01) } });
    const asTheorem = theorem({
      id: "forgetting",
      title: "x",
      provenance: derived(),
      law: forgetting,
      claims: headsNearBias.claimsOn(independent),
    });
    const { populations } = await judge({ statements: [asTheorem], laboratory: here([asTheorem]) });
    expect(populations[0]!.events.map(({ verdict }) => verdict.kind)).toEqual(["certified"]);
  });

  test("repeats itself to the bit, and another seed is another run", () => {
    const [{ theta, seed }] = drawTrial(independent, 7);
    const run = (from: number) => coin.ended(coin.run(theta as never, from, { traces: [], detail: "none" }));
    expect(run(seed)).toEqual(run(seed));
    expect(run(seed).digest).toMatch(/^[0-9a-f]{64}$/);
    expect(run(seed + 1).digest).not.toBe(run(seed).digest);
  });

  test("knows nothing of the paper's", () => {
    const source = readFileSync(new URL("../../examples/coin/coin.ts", import.meta.url), "utf8");
    expect(source).not.toMatch(/transformer/i);
    expect(source.split("\n").length).toBeLessThanOrEqual(100);
  });
});

describe("a search of it", () => {
  const population = populations.find(({ law }) => law === independent)!;
  const claims = population.claims.filter(({ statement }) => statement === headsNearBias);
  const within = probe(laboratory, population);
  const space = spaceOf(coin, independent, ["independence"]);

  test("finds the violation where independence is released, shrinks it, and says that it is the memory", async () => {
    const purse = new Purse(within, { models: 1000, work: Number.POSITIVE_INFINITY });
    const findings = await new Search({ purse, space, claims, seed: 1 }).run();
    const { found } = findings[0]!;
    expect(found).toMatchObject({ violated: true, onMostSeeds: true });
    const examination = await examine(purse, space, found!, 1);
    const { theta, seed, observed } = examination.simplest;
    expect(theta.memory).toBeGreaterThan(0.5);
    expect(theta).toMatchObject({ bias: 0.5 });
    const matter = examination.explained!.fields.filter(({ matters }) => matters === "needed");
    expect(matter.map(({ field }) => field)).toEqual(["memory"]);

    const { models } = await within.run([{ theta, seed }]);
    const counterexample = counterexampleOf({
      judged: found!.judged,
      statementHash: "a".repeat(64),
      models: [{ theta, seed, digest: models[0]!.digest }],
      observed,
      theorycheck: "0.1.0",
      core: "b".repeat(64),
    });
    expect(counterexample.law).toMatchObject({ standing: "outside", broken: [{ hypothesis: "independence" }] });
    const read = parseCounterexample(coin, encodeCounterexample(coin, counterexample));
    expect(read).toEqual(counterexample);
    const now = { judged: found!.judged, statementHash: "a".repeat(64), core: "b".repeat(64) };
    expect(await replayIn(within, read, now)).toMatchObject({ grade: "reproduced", observed });
  });
});
