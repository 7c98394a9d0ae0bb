import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { planTrials } from "../../src/verdict/plan-trials.ts";
import { prepare } from "../../src/verdict/prepare.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

const ASKED = ["verify", "--theorems", SMALL_STATEMENTS, "--workers", "1"];

describe("how many trials a run takes", () => {
  test("is the largest median of its events' stopping times, at most the cap; what is measured has its number", () => {
    const planned = planTrials(prepare({ statements, beta: 1e-3 }));
    const trials = Object.fromEntries(
      planned.map(({ population, trials, atMost }) => [population.law.id, [trials, atMost]]),
    );
    expect(trials.small).toEqual([158, 1500]);
    expect(trials["small-pairs"]).toEqual([158, 1500]);
    const [refuted] = planTrials(prepare({ statements, selects: ({ id }) => id === "half" }));
    expect(refuted!.trials).toBeLessThan(12);
  });

  test("is larger where a rate is known that is not 0, and never above --max-models", () => {
    const question = prepare({ statements, selects: ({ id }) => id === "always" });
    const [clean] = planTrials(question);
    const [violated] = planTrials(question, { rateOf: () => 0.02 });
    expect([clean!.trials, violated!.trials > 400]).toEqual([158, true]);
    const [capped] = planTrials(question, { rateOf: () => 0.02, maxModels: 50 });
    expect([capped!.trials, capped!.atMost]).toEqual([50, 50]);
  });
});

describe("theorycheck verify --plan", () => {
  test("says models and time by law, judges nothing, writes nothing and exits with 0", async () => {
    const { code, out, err } = await commandLine(
      ...ASKED,
      "--plan",
      "--store",
      folder.path("store"),
      "--out",
      folder.path("out"),
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}law +events +trials +most +models +stored +time$/m);
    expect(out).toMatch(/^ {2}small-pairs +2 +158 +1500 +316 +0 +\d/m);
    expect(out).toMatch(
      /^\d+ verdicts, \d+ models, if no model violates a theorem, and each violates what must be refuted\.$/m,
    );
    expect(out).toMatch(/^About \S+ (s|min), 1 at a time \(\S+ models a second, measured on \d+\)\.$/m);
    expect(err).not.toContain("verdicts decided");
    expect(folder.files()).toEqual([]);
  }, 60_000);

  test("knows what the store has", async () => {
    const half = [...ASKED, "--theorem", "half", "--store", folder.path("store")];
    const { out } = await commandLine(...half, "--json");
    const trained = JSON.parse(out).laws[0].trials as number;
    const plan = JSON.parse((await commandLine(...half, "--plan", "--json")).out);
    expect(plan).toMatchObject({ verdicts: 1, rates: null, laws: [{ law: "small", verdicts: 1 }] });
    expect(plan.stored).toBe(Math.min(trained, plan.models));
    expect(plan.stored).toBeGreaterThan(3);
    const anew = JSON.parse((await commandLine(...half, "--plan", "--no-store", "--json")).out);
    expect(anew.stored).toBe(0);
  }, 60_000);

  test("is of ranges of one's own, too; not of what goes on from other runs", async () => {
    const own = ["--theorem", "always", "--set", "tau=0.1", "--plan", "--no-store", "--json"];
    const plan = JSON.parse((await commandLine(...ASKED, ...own)).out);
    expect(plan.laws).toMatchObject([{ law: "small-with-noise-0p1", trials: 158 }]);
    const { code, err } = await commandLine(...ASKED, "--plan", "--campaign", folder.path("log"));
    expect([code, err]).toEqual([2, "error: --plan is of a run by itself, got --campaign beside it\n"]);
    expect(existsSync(folder.path("log"))).toBe(false);
  }, 60_000);
});
