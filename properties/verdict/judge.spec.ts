import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atMost } from "../../src/claim/claim.ts";
import { trialSeed } from "../../src/claim/population.ts";
import { violates } from "../../src/claim/relation.ts";
import { CLEAN_MODELS, Evidence } from "../../src/evidence/evidence.ts";
import { anytimeLimits, clopperPearson } from "../../src/evidence/limits.ts";
import { here, type Laboratory } from "../../src/experiment/laboratory.ts";
import type { TrialRecord } from "../../src/experiment/trial.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { declarationsIn } from "../../src/laboratory/fingerprint.ts";
import { remembering } from "../../src/laboratory/remembering.ts";
import { threads } from "../../src/laboratory/threads.ts";
import { theorem } from "../../src/transformer/experiment.ts";
import {
  type ClaimResult,
  GATE_SEED,
  type Judgement,
  type JudgeOptions,
  judge,
  type Progress,
} from "../../src/verdict/judge.ts";
import type { EventResult } from "../../src/verdict/tally.ts";
import { statements } from "./fixtures/small-statements.ts";
import { throwing } from "./fixtures/throwing-statements.ts";

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

const SEED = 2406_17167;

/** What may not depend on workers, on timing, or on what was stored: all but the declarations, which are functions. */
function outcomeOf({ populations, statements, ...run }: Judgement) {
  return {
    ...run,
    statements: statements.map(({ id }) => id),
    populations: populations.map(({ population, trials, claims, events }) => ({
      law: population.law.id,
      trials,
      claims: claims.map(({ key, ledger }) => ({ key, ledger })),
      events: events.map(({ key, p0, verdict, violators, limits }) => ({ key, p0, verdict, violators, limits })),
    })),
  };
}

interface Elsewhere extends Partial<Omit<JudgeOptions, "statements" | "laboratory">> {
  readonly file: string;
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly storeFolder?: string;
}

/** Judges what a fixture declares as `verify` does: in threads, beside a store where there is a folder for it. */
async function judgeElsewhere({ file, workers = 1, signal, storeFolder, ...options }: Elsewhere): Promise<Judgement> {
  const { statements, closure } = await declarationsIn(fixture(file));
  const trains = threads({ statementsFile: fixture(file), workers, signal });
  const laboratory = storeFolder === undefined ? trains : remembering(trains, { folder: storeFolder, closure });
  try {
    return await judge({ statements, laboratory, ...options });
  } finally {
    await laboratory.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), "theorycheck-judge-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Progress as it was told, population by population. */
const told: Progress[] = [];
let judgement: Judgement;

beforeAll(async () => {
  // no file, no thread and no store: this process alone
  judgement = await judge({
    statements,
    laboratory: here(statements),
    seed: SEED,
    onProgress: (progress) => told.push(progress),
  });
}, 120_000);

function foundIn<T extends { readonly key: string }>(all: readonly T[], key: string): T {
  const found = all.find((each) => each.key === key);
  if (found === undefined) throw new Error(`nothing was judged under ${key}`);
  return found;
}
const claimOf = (key: string): ClaimResult =>
  foundIn(
    judgement.populations.flatMap(({ claims }) => claims),
    key,
  );
const eventOf = (key: string): EventResult =>
  foundIn(
    judgement.populations.flatMap(({ events }) => events),
    key,
  );
const trialsOf = (law: string): readonly TrialRecord[] =>
  judgement.populations.find(({ population }) => population.law.id === law)!.trials;

describe("verdicts of statements whose violation rates are known", () => {
  test.each([
    ["always @ small", "certified"],
    ["same-run @ small", "certified"],
    ["rarely-violated @ small", "certified"],
    ["capped @ small", "inconclusive"],
    ["pairs: factor on the step size @ small-pairs", "certified"],
    ["pairs: distance of the patterns @ small-pairs", "certified"],
    ["traced @ trained", "certified"],
    ["half: chance @ small", "refuted"],
    ["diverged: steps @ diverging", "refuted"],
    ["often: chance @ small", "refuted"],
  ])("%s: %s", (key, kind) => {
    expect(eventOf(key).verdict.kind).toBe(kind);
  });

  test("there are no others: what is only measured has none", () => {
    const events = judgement.populations.flatMap(({ events }) => events);
    expect(events.length).toBe(10);
    expect(events.filter(({ statement }) => statement.id === "measured")).toEqual([]);
  });

  test("158 models without a violation certify, at p0 = 0.05 and β = 1e-3", () => {
    expect(eventOf("always @ small").verdict).toMatchObject({
      kind: "certified",
      n: CLEAN_MODELS,
      violations: 0,
    });
  });

  test("what nothing has decided at its cap is inconclusive, and judges no further model", () => {
    expect(eventOf("capped @ small").verdict).toMatchObject({
      kind: "inconclusive",
      because: "cap",
      n: 40,
      violations: 0,
      later: { n: trialsOf("small").length - 40, violations: 0 },
    });
  });

  test("are those of one Evidence an event, at α/K and β, over the trials in the order of their index", () => {
    const { alpha, beta, verdicts, populations } = judgement;
    expect(verdicts).toBe(populations.flatMap(({ events }) => events).length);
    expect(judgement.alphaPerVerdict).toBe(1e-6 / 10);
    for (const { trials, events } of populations) {
      for (const { statement, claims, p0, verdict, violators, limits } of events) {
        const evidence = new Evidence({ p0, alpha: alpha / verdicts, beta, cap: statement.maxModels });
        const violated = trials.map(({ observed }) =>
          claims.some(({ claim, key }) => violates(claim, observed[key] as number)),
        );
        for (const each of violated) evidence.observe(each);
        expect(verdict).toEqual(evidence.verdict());
        expect(verdict.n + verdict.later.n).toBe(trials.length);
        expect(violators).toEqual(violated.flatMap((each, index) => (each ? [index] : [])));
        const counts = { n: trials.length, violations: violators.length };
        expect(limits).toEqual(anytimeLimits({ ...counts, confidence: 0.95 }));
      }
    }
  });
});

describe("the models of a judgement", () => {
  test("are those of the run's seed, in the order of their index", () => {
    for (const { population, trials } of judgement.populations) {
      const seeds = trials.map((_, index) => trialSeed(SEED, population.law.id, index));
      expect(trials.map(({ seed }) => seed)).toEqual(seeds);
      expect(trials.map(({ models }) => models[0]?.seed)).toEqual(seeds);
    }
  });

  test("are drawn until the last event on their law is decided, and not one longer", () => {
    for (const { trials, claims, events } of judgement.populations) {
      const measured = claims.some(({ statement }) => statement.id === "measured");
      const needed = [...events.map(({ verdict }) => verdict.n), ...(measured ? [CLEAN_MODELS] : [])];
      expect(trials.length).toBe(Math.max(...needed));
    }
    expect(trialsOf("small").length).toBeGreaterThan(CLEAN_MODELS);
  });

  test("are trained once for all statements on their law, and twice a trial where the law doubles a field", () => {
    expect(judgement.populations.map(({ population }) => population.law.id)).toEqual([
      "small",
      "small-pairs",
      "trained",
      "diverging",
    ]);
    expect(trialsOf("small").every(({ models }) => models.length === 1)).toBe(true);
    expect(trialsOf("small-pairs").every(({ models }) => models.length === 2)).toBe(true);
    const observed = Object.keys(trialsOf("small")[0]!.observed);
    expect(new Set(observed.map((key) => key.split(":")[0])).size).toBe(7);
    expect(claimOf("same-run: runs that nobody looked at @ small").ledger).toMatchObject({ worst: 0, best: 0 });
  });

  test("that diverged violate every claim, are shown as such, and stop nothing", () => {
    const { verdict } = eventOf("diverged: steps @ diverging");
    const { ledger } = claimOf("diverged: steps @ diverging");
    const trials = trialsOf("diverging");
    expect(verdict).toMatchObject({ kind: "refuted", n: trials.length, violations: trials.length });
    expect(ledger.worst).toBeNaN();
    expect(ledger.headroom).toBeUndefined();
    for (const { models, observed } of trials) {
      expect(models[0]).toMatchObject({ outcome: "diverged", digest: `diverged@${models[0]?.steps}` });
      expect(new Set(Object.values(observed))).toEqual(new Set([Number.NaN]));
    }
  });
});

describe("what is only measured", () => {
  test("rests on exactly 158 models, fixed before, with the limits of Clopper and Pearson", () => {
    const { ledger } = claimOf("measured: chance @ small");
    const first = trialsOf("small").slice(0, 158);
    const violations = first.filter(({ observed }) => observed["measured: chance @ small"]! > 0.9).length;
    expect(ledger.models).toBe(158);
    expect(ledger.violations).toBe(violations);
    expect(violations).toBeGreaterThan(0);
    expect(ledger.limits).toEqual(clopperPearson({ n: 158, violations, alpha: 1 - 0.95 }));
  });
});

describe("progress", () => {
  test("is told after each trial: one more each time, decisions never taken back, all decided in the end", () => {
    for (const { population, trials, events } of judgement.populations) {
      const ofLaw = told.filter(({ law }) => law.id === population.law.id);
      expect(ofLaw.map((progress) => progress.trials)).toEqual(trials.map((_, index) => index + 1));
      expect(new Set(ofLaw.map((progress) => progress.verdicts))).toEqual(new Set([events.length]));
      for (const field of ["decided", "refuted"] as const) {
        const values = ofLaw.map((progress) => progress[field]);
        expect(values).toEqual([...values].sort((x, y) => x - y));
      }
      expect(ofLaw.at(-1)).toMatchObject({
        decided: events.length,
        refuted: events.filter(({ verdict }) => verdict.kind === "refuted").length,
      });
    }
  });
});

describe("a judgement is the same", () => {
  test("in one thread or two as in this process, with a store as without, and again from that store, which trains nothing", async () => {
    const storeFolder = join(folder, "store");
    const options = { file: "small-statements.ts", seed: SEED };
    expect(outcomeOf(await judgeElsewhere(options))).toEqual(outcomeOf(judgement));
    const two = await judgeElsewhere({ ...options, storeFolder, workers: 2 });
    expect(outcomeOf(two)).toEqual(outcomeOf(judgement));

    const [file, ...others] = readdirSync(storeFolder);
    expect(others).toEqual([]);
    const stored = readFileSync(join(storeFolder, file!), "utf8");
    const trained = judgement.populations.flatMap(({ trials }) => trials).length;
    expect(stored.trimEnd().split("\n").length).toBeGreaterThanOrEqual(trained);
    const { closure } = await declarationsIn(fixture(options.file));
    const nowhere: Laboratory = { ...here(statements), run: () => Promise.reject(new Error("this was trained")) };
    const laboratory = remembering(nowhere, { folder: storeFolder, closure });
    const again = await judge({ statements, seed: SEED, laboratory });
    await laboratory.close();
    expect(outcomeOf(again)).toEqual(outcomeOf(judgement));
    expect(readFileSync(join(storeFolder, file!), "utf8")).toBe(stored);
    expect(readdirSync(storeFolder)).toEqual([file]);
  }, 120_000);

  test("in whatever order the trials end, and however many run at a time", async () => {
    const runs = here(statements);
    let asked = 0;
    // every other trial takes a while, so that those asked for later end before it
    const uneven: Laboratory = {
      places: 3,
      close: () => runs.close(),
      run: async (order, wanted) => {
        if (asked++ % 2 === 0) await new Promise(setImmediate);
        return runs.run(order, wanted);
      },
    };
    expect(outcomeOf(await judge({ statements, laboratory: uneven, seed: SEED }))).toEqual(outcomeOf(judgement));
  }, 60_000);
});

describe("a store", () => {
  test("is not used for a claim that is declared anew under the same name", async () => {
    const options = { storeFolder: join(folder, "redeclared"), beta: 0.5 };
    const once = await judgeElsewhere({ ...options, file: "declared-once.ts" });
    const anew = await judgeElsewhere({ ...options, file: "declared-anew.ts" });
    const [before, after] = [once, anew].map(({ populations }) => populations[0]!.claims[0]!);
    expect(after!.key).toBe(before!.key);
    expect([before!.ledger.worst, after!.ledger.worst]).toEqual([0, 1]);
    expect(anew.populations[0]!.trials.map(({ models }) => models)).toEqual(
      once.populations[0]!.trials.map(({ models }) => models),
    );
    // both are in the store now, each under its own name
    const again = await judgeElsewhere({ ...options, file: "declared-once.ts" });
    expect(outcomeOf(again)).toEqual(outcomeOf(once));
  }, 60_000);
});

describe("what is selected", () => {
  test("changes a verdict's share of α and how long is sampled, not one model, and not β", async () => {
    const selected = await judge({
      statements,
      laboratory: here(statements),
      seed: SEED,
      selects: ({ id }, law) => id === "always" && law.id === "small",
      maxModels: 1000,
    });
    expect(selected.verdicts).toBe(1);
    expect(selected.alphaPerVerdict).toBe(1e-6);
    expect(selected.statements.map(({ id }) => id)).toEqual(["always"]);
    const [{ trials, claims, events }] = selected.populations as [Judgement["populations"][number]];
    expect(trials.length).toBe(CLEAN_MODELS);
    expect(trials.map(({ models }) => models)).toEqual(
      trialsOf("small")
        .slice(0, CLEAN_MODELS)
        .map(({ models }) => models),
    );
    expect(claims.map(({ claim }) => claim.title)).toEqual(["steps", "noise"]);
    expect(events.map(({ verdict }) => verdict.kind)).toEqual(["certified"]);
  }, 120_000);
});

describe("a judgement that cannot be made is none", () => {
  const FAILING = { file: "failing-statements.ts", seed: SEED };

  test("a claim that throws on one model rejects the whole, with what was thrown", async () => {
    const inThreads = () => judgeElsewhere({ file: "throwing-statements.ts", seed: SEED });
    const inProcess = () => judge({ statements: [throwing], laboratory: here([throwing]), seed: SEED });
    for (const judging of [inThreads, inProcess]) {
      const judged = judging();
      await expect(judged).rejects.toThrow(InvalidInput);
      await expect(judged).rejects.toThrow("it threw Error: this model cannot be looked at");
    }
  });

  test("and runs no further trial in a laboratory that stays open, and tells of none", async () => {
    const runs = here([throwing]);
    let [asked, toldOf] = [0, 0];
    const counting: Laboratory = {
      ...runs,
      run: async (order, wanted) => {
        asked++;
        await new Promise(setImmediate);
        return runs.run(order, wanted);
      },
    };
    const judged = judge({ statements: [throwing], laboratory: counting, seed: SEED, onProgress: () => toldOf++ });
    await expect(judged).rejects.toThrow("this model cannot be looked at");
    const then = [asked, toldOf];
    expect(asked).toBeLessThan(CLEAN_MODELS);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect([asked, toldOf]).toEqual(then);
  });

  test("the first by index of the models that fail is named, whichever fails first", async () => {
    const judged = judgeElsewhere({ ...FAILING, selects: ({ id }) => id === "always-fails", workers: 2 });
    await expect(judged).rejects.toThrow("it threw Error: no number");
    await expect(judged).rejects.toThrow(`; seed ${trialSeed(SEED, "trained", 0)}, theta `);
  });

  test("a model that fails beyond those that decide is no evidence, and no failure", async () => {
    for (const workers of [1, 2]) {
      const { populations } = await judgeElsewhere({ ...FAILING, selects: ({ id }) => id === "fails-beyond", workers });
      expect(populations[0]!.events[0]!.verdict).toMatchObject({ kind: "certified", n: CLEAN_MODELS });
    }
  });

  test("an abort rejects with its reason, keeps the trials that were finished, and a later run goes on from them", async () => {
    const storeFolder = join(folder, "aborted");
    const abort = new AbortController();
    const reason = new Error("enough");
    const options = { file: "small-statements.ts", storeFolder, selects: ({ id }: { id: string }) => id === "half" };
    let last = 0;
    const judged = judgeElsewhere({
      ...options,
      signal: abort.signal,
      onProgress: ({ trials }) => {
        last = trials;
        if (trials === 3) abort.abort(reason);
      },
    });
    await expect(judged).rejects.toBe(reason);
    expect(last).toBe(3);
    const [file] = readdirSync(storeFolder);
    const kept = readFileSync(join(storeFolder, file!), "utf8").trim().split("\n");
    expect(kept.length).toBeGreaterThanOrEqual(3);
    // with nothing else asked for, a run has the gate's seed, α and β
    const finished = await judgeElsewhere(options);
    expect(finished).toMatchObject({ seed: GATE_SEED, alpha: 1e-6, beta: 1e-3, verdicts: 1, earlier: [] });
    expect(GATE_SEED).toBe(SEED);
    const lines = readFileSync(join(storeFolder, file!), "utf8").trim().split("\n");
    expect(lines).toEqual(expect.arrayContaining(kept));
    expect(finished.populations[0]!.trials.slice(0, 3)).toMatchObject(
      trialsOf("small")
        .slice(0, 3)
        .map(({ seed, models }) => ({ seed, models })),
    );
  }, 60_000);

  test("an abort before the start rejects too", async () => {
    const signal = AbortSignal.abort(new Error("not today"));
    await expect(judgeElsewhere({ file: "small-statements.ts", signal })).rejects.toThrow("not today");
  });

  const { id, title, provenance, laws } = statements[0]!;
  const againFirst = theorem({ id, title, provenance, laws, claims: [atMost("x", 1, () => 0)] });

  test.each<[string, Partial<JudgeOptions>, string]>([
    [
      "nothing selected",
      { selects: () => false },
      "judge requires at least one statement to be selected, got none of 10",
    ],
    ["nothing declared", { statements: [] }, "judge requires at least one statement to be selected, got none of 0"],
    [
      "a statement that was not declared, but made of one",
      { statements: [{ ...statements[0]!, p0: 0.9 }] },
      "judge requires statements made with theorem({...}), control({...}) or finding({...}), got at [0]",
    ],
    [
      "two statements of one id",
      { statements: [statements[0]!, againFirst] },
      "judge requires an id for each statement, got",
    ],
    [
      "a control without its theorem",
      { statements: statements.filter(({ id }) => id !== "always") },
      "of must be a theorem that is declared beside it (same-run, ",
    ],
    ["a seed that is none", { seed: -1 }, "judge requires seed to be an integer from 0 to 2^53 - 1, got -1"],
    ["a p0 that is none", { p0: 1.5 }, "p0"],
    ["an α that is none", { alpha: 0 }, "alpha"],
    ["a β that is none", { beta: 1 }, "beta"],
    ["a cap that is none", { maxModels: 0 }, "cap"],
    [
      "a laboratory of other statements",
      { laboratory: here([throwing]) },
      "order: wanted must be keys of claims about transformer, got always: steps @ small",
    ],
  ])("%s", async (_, changes, message) => {
    const judged = judge({ statements, laboratory: here(statements), ...changes });
    await expect(judged).rejects.toThrow(InvalidInput);
    await expect(judged).rejects.toThrow(message);
  });
});
