import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import { runTrial, type TrialRecord } from "../../src/experiment/trial.ts";
import { sha256 } from "../../src/laboratory/sources.ts";
import { TrialStore } from "../../src/laboratory/trial-store.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";

const CLAIMS = ["a @ law", "b @ law"];
const KEY = sha256("all that a trial depends on");

let folder: string;
let warnings: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-store-"));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (claims: readonly string[] = CLAIMS, key = KEY) =>
  new TrialStore(folder, key, claims, (sentence) => warnings.push(sentence));

const [population] = populationsOf(statements);
const models = runTrial(population!, 7, kernelEngine).models;

const trial = (seed: number, observed: Record<string, number>): TrialRecord => ({ seed, models, observed });

describe("a store of trials", () => {
  test("finds what was kept, to the bit, also after it was written and read again", () => {
    const awkward = [0.1 + 0.2, Number.MIN_VALUE, 1e300, Number.NaN, Number.POSITIVE_INFINITY, -1 / 3];
    const store = open();
    for (const [seed, number] of awkward.entries()) store.keep(trial(seed, { "a @ law": number, "b @ law": -number }));
    store.save();
    for (const opened of [store, open()]) {
      for (const [seed, number] of awkward.entries()) {
        expect(opened.find(seed, "none")).toEqual(trial(seed, { "a @ law": number, "b @ law": -number }));
      }
      expect(opened.find(99, "none")).toBeUndefined();
    }
    expect(warnings).toEqual([]);
  });

  test("keeps records of models that diverged, whose measurements are no numbers", () => {
    const [, , , diverging] = populationsOf(statements);
    const record = runTrial(diverging!, 7, kernelEngine);
    const store = open(Object.keys(record.observed));
    store.keep(record);
    store.save();
    expect(open(Object.keys(record.observed)).find(7, "none")).toEqual(record);
  });

  test("keeps portraits, and does not take a trial without one, or without its training, for one with it", () => {
    const [, , trained] = populationsOf(statements);
    const opened = () => open(trained!.claims.map(({ key }) => key));
    const store = opened();
    store.keep(runTrial(trained!, 1, kernelEngine));
    store.keep(runTrial(trained!, 2, kernelEngine, "trained"));
    store.keep(runTrial(trained!, 3, kernelEngine, "while training"));
    store.save();
    const found = (detail: "none" | "trained" | "while training") =>
      [1, 2, 3].map((seed) => opened().find(seed, detail) !== undefined);
    expect(found("none")).toEqual([true, true, true]);
    expect(found("trained")).toEqual([false, true, true]);
    expect(found("while training")).toEqual([false, false, true]);
    expect(opened().find(3, "while training")).toEqual(runTrial(trained!, 3, kernelEngine, "while training"));
  });

  test("believes no trial on which a claim is missing, or one more was observed", () => {
    const store = open();
    store.keep(trial(1, { "a @ law": 1, "b @ law": 2 }));
    store.save();
    for (const claims of [["a @ law"], [...CLAIMS, "c @ law"]]) {
      expect(open(claims).find(1, "none")).toBeUndefined();
      expect(warnings.length).toBe(1);
      warnings = [];
    }
    expect(open().find(1, "none")).toBeDefined();
  });

  test("keeps no trial on which something else than a number was observed", () => {
    const store = open();
    store.keep(trial(1, { "a @ law": "1" as unknown as number, "b @ law": 2 }));
    store.keep(trial(2, { "a @ law": undefined as unknown as number, "b @ law": 2 }));
    store.save();
    expect([store.find(1, "none"), store.find(2, "none")]).toEqual([undefined, undefined]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is another one under another key", () => {
    const store = open();
    store.keep(trial(1, { "a @ law": 1, "b @ law": 2 }));
    store.save();
    expect(open(CLAIMS, sha256("another")).find(1, "none")).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test("does not find a trial whose line was edited", () => {
    const store = open();
    store.keep(trial(1, { "a @ law": 1, "b @ law": 2 }));
    store.save();
    const file = join(folder, readdirSync(folder)[0]!);
    writeFileSync(file, readFileSync(file, "utf8").replace('"a @ law":1', '"a @ law":0'));
    expect(open().find(1, "none")).toBeUndefined();
    expect(warnings.length).toBe(1);
  });
});
