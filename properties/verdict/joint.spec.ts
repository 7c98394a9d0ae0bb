import { beforeAll, describe, expect, test } from "vitest";
import { trialSeed } from "../../src/claim/population.ts";
import type { Hashes } from "../../src/experiment/hashes.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { buildResults } from "../../src/report/build-results.ts";
import { plain } from "../../src/report/presentation.ts";
import type { Results } from "../../src/report/results.ts";
import { type Judgement, judge } from "../../src/verdict/judge.ts";
import { statements } from "./fixtures/joint-statements.ts";
import { statements as smallStatements } from "./fixtures/small-statements.ts";

const SEED = 2406_17167;
const laboratory = here(statements);

const hashes: Hashes = {
  core: "c".repeat(64),
  statements: Object.fromEntries([...statements, ...smallStatements].map(({ id }) => [id, "a".repeat(64)])),
  declarations: "d".repeat(64),
};
const resultsOf = (judged: Judgement) => buildResults("1.2.3", judged, hashes, plain(), []);

let judgement: Judgement;
let results: Results;

beforeAll(async () => {
  judgement = await judge({ statements, laboratory, seed: SEED });
  results = resultsOf(judgement);
}, 120_000);

const statement = (id: string) => results.statements.find((each) => each.id === id)!;
const verdictsOf = (id: string) => statement(id).events.map(({ claim, verdict }) => [claim, verdict.kind]);

describe("a theorem is judged as a whole", () => {
  test("claims that each 2 % of the models violate, other ones each, are certified alone, and not together: it is 8 %", () => {
    for (const k of [0, 1, 2, 3]) {
      expect(verdictsOf(`alone-${k}`)).toEqual([[undefined, "certified"]]);
      expect(statement(`alone-${k}`).events[0]).toMatchObject({ p0: 0.05 });
    }
    expect(statement("disjoint").verdict).not.toBe("certified");
    const [event] = statement("disjoint").events;
    expect(event).toMatchObject({ law: "small", p0: 0.05 });
    expect(event!.verdict.logCertify).toBeLessThan(0);
    expect(results.gate.passes).toBe(false);
  });

  test("is violated by the models that violate any of its claims, each counted once", () => {
    const { events, claims } = statement("disjoint");
    const violators = claims.flatMap(({ ledger }) => ledger.violators).sort((one, other) => one - other);
    expect(events[0]!.violators).toEqual(violators);
    expect(new Set(violators).size).toBe(violators.length);
    const { n, violations, later } = events[0]!.verdict;
    expect([n + later.n, violations + later.violations]).toEqual([results.laws[0]!.trials, violators.length]);
  });

  test("of one claim has one verdict, which is that claim's", () => {
    const { events, claims } = statement("strict");
    expect(events.length).toBe(1);
    expect(events[0]).not.toHaveProperty("claim");
    expect(events[0]!.violators).toEqual(claims[0]!.ledger.violators);
  });

  test("but for a doubling, each side of which is about a median of its own: certified, although 55 % violate one or the other", () => {
    expect(verdictsOf("sides")).toEqual([
      ["chance, upper side", "certified"],
      ["chance, lower side", "certified"],
    ]);
    expect(statement("sides")).toMatchObject({ verdict: "certified" });
    expect(statement("sides").events.map(({ p0 }) => p0)).toEqual([0.5, 0.5]);
    const either = new Set(statement("sides").events.flatMap(({ violators }) => violators));
    expect(either.size / results.laws.find(({ id }) => id === "small-pairs")!.trials).toBeGreaterThan(0.5);
  });
});

describe("what must be refuted is refuted claim by claim", () => {
  test("a control has a verdict on each claim that it breaks, and counts the others beside them", () => {
    expect(verdictsOf("breaks-one")).toEqual([["chance", "refuted"]]);
    expect(statement("breaks-one").verdict).toBe("refuted");
    expect(statement("breaks-one").claims.map(({ title, ledger }) => [title, ledger.violations === 0])).toEqual([
      ["steps", true],
      ["chance", false],
    ]);
  });

  test("a control of which one broken claim is not refuted is not refuted, and the gate fails", () => {
    expect(verdictsOf("breaks-half")).toEqual([
      ["chance", "refuted"],
      ["steps", "certified"],
    ]);
    expect(statement("breaks-half").verdict).toBe("certified");
    expect(results.gate.failures).toContain("control breaks-half is certified, not refuted");
    expect(results.gate.failures.join()).not.toContain("breaks-one");
  });

  test("so is a finding", () => {
    expect(verdictsOf("half-found")).toEqual([
      ["chance", "refuted"],
      ["steps", "certified"],
    ]);
    expect(statement("half-found").verdict).toBe("certified");
  });
});

describe("K", () => {
  test("counts the events, and α is split over them: 1 + 4 + 2 + 1 + 1 + 2 + 2", () => {
    expect(judgement.verdicts).toBe(13);
    expect(judgement.alphaPerVerdict).toBe(1e-6 / 13);
    expect(results.run).toMatchObject({ verdicts: 13, alphaPerVerdict: 1e-6 / 13, anyFalsePass: 13 * 1e-3 });
  });

  test("depends on what is selected, down to no verdict at all", async () => {
    const controls = await judge({
      statements,
      laboratory,
      seed: SEED,
      selects: ({ kind }) => kind === "control",
      beta: 0.2,
    });
    expect([controls.verdicts, controls.alphaPerVerdict]).toEqual([3, 1e-6 / 3]);
    const measured = await judge({
      statements: smallStatements,
      laboratory: here(smallStatements),
      seed: SEED,
      selects: ({ id }) => id === "measured",
    });
    expect(measured.verdicts).toBe(0);
    expect(measured.populations[0]!.events).toEqual([]);
    expect(measured.populations[0]!.trials.length).toBe(158);
    expect(resultsOf(measured).statements.map(({ verdict }) => verdict)).toEqual(["measured"]);
  }, 60_000);
});

describe("a run's own p0", () => {
  test("is that of statements which declare none; who declares one keeps it, 0.05 included", async () => {
    const { p0, populations } = await judge({
      statements,
      laboratory,
      seed: SEED,
      p0: 0.3,
      beta: 0.2,
      selects: ({ id }) => ["alone-0", "sides", "strict", "breaks-one"].includes(id),
    });
    expect(p0).toBe(0.3);
    const allowed = populations.flatMap(({ events }) => events).map(({ statement: { id }, p0 }) => [id, p0]);
    expect(allowed).toEqual([
      ["alone-0", 0.3],
      ["strict", 0.05],
      ["breaks-one", 0.3],
      ["sides", 0.5],
      ["sides", 0.5],
    ]);
  }, 60_000);
});

test("the models are those of the run's seed, as in any other judgement", () => {
  for (const { population, trials } of judgement.populations) {
    expect(trials.map(({ seed }) => seed)).toEqual(trials.map((_, i) => trialSeed(SEED, population.law.id, i)));
  }
});
