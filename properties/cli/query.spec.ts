import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import { runOrder } from "../../src/experiment/trial.ts";
import { drawTrial } from "../../src/law/law.ts";
import { modelsJsonl } from "../../src/report/models.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";
import { commandLine } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-query-"));
afterAll(() => rmSync(folder, { recursive: true }));

const population = populationsOf(statements).find(({ law }) => law.id === "trained")!;
const trials = [7, 8].map((seed) => {
  const models = drawTrial(population.law, seed);
  const wanted = population.claims.map(({ key }) => key);
  return runOrder(transformer, { experiment: transformer.id, models, wanted, detail: "none" }, population.claims);
});
const models = join(folder, "models.jsonl");
writeFileSync(models, modelsJsonl({ populations: [{ population, trials, claims: [], events: [], beside: [] }] }));

describe("theorycheck query", () => {
  const sql = "SELECT law, seed, steps, outcome FROM models ORDER BY seed";

  test("prints the answer as a table: text to the left, numbers to the right", async () => {
    const { code, out } = await commandLine("query", sql, "--models", models);
    const rows = trials.map(({ seed, models: [model] }) => {
      const { steps, outcome } = model!;
      return `trained  ${String(seed).padStart(4)}  ${String(steps).padStart(5)}  ${outcome}`;
    });
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => line.trimEnd()),
    ).toEqual(["law      seed  steps  outcome", "-------  ----  -----  ---------", ...rows]);
    expect(code).toBe(0);
  });

  test("--json prints an object a row", async () => {
    const { out } = await commandLine("query", sql, "--models", models, "--json");
    expect(JSON.parse(out)).toEqual(
      trials.map(({ seed, models: [model] }) => ({
        law: "trained",
        seed,
        steps: model!.steps,
        outcome: model!.outcome,
      })),
    );
  });

  test("prints as many rows as there are, and both of two columns of one name", async () => {
    const many = await commandLine("query", "SELECT range AS x, range AS x FROM range(200000)", "--models", models);
    expect(many.out.split("\n").length).toBe(200_003);
    const { out } = await commandLine("query", "SELECT 1 AS x, 2 AS x, 'a\u202eb' AS y", "--models", models, "--json");
    expect(JSON.parse(out)).toEqual([{ x: 1, "x:1": 2, y: "a\u202eb" }]);
    expect(out).not.toContain("\u202e");
  });

  test.each([
    ["SELECT nothing FROM models", models],
    ["SELECT 1", join(folder, "nowhere.jsonl")],
  ])("that cannot be answered exits 2 with the reason: %s", async (asked, file) => {
    const { code, out, err } = await commandLine("query", asked, "--models", file);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: /);
  });
});
