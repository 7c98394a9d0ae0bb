import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kernelEngine } from "../../src/model/kernel/engine.ts";
import { populationsOf } from "../../src/verdict/population.ts";
import { runTrial, type TrialRecord } from "../../src/verdict/trial.ts";
import { TrialStore } from "../../src/verdict/trial-store.ts";
import { statements } from "./fixtures/small-statements.ts";

const KEYS = ["a @ law", "b @ law"];
const NAMES = new Map([
  ["a @ law", "hash-of-a a @ law"],
  ["b @ law", "hash-of-b b @ law"],
]);
const IDENTITY = ["core", "law", "kernel"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (identity = IDENTITY, names = NAMES, needed = KEYS) => new TrialStore(folder, identity, names, needed);

const [population] = populationsOf(statements);
const models = runTrial(population!, 7, kernelEngine).models;

const trial = (seed: number, observed: Record<string, number>): TrialRecord => ({ seed, models, observed });

describe("a store of trials", () => {
  test("finds what was kept, to the bit, also after it was written and read again", () => {
    const awkward = [0.1 + 0.2, Number.MIN_VALUE, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY, -1 / 3];
    const store = open();
    for (const [seed, number] of awkward.entries()) store.keep(trial(seed, { "a @ law": number, "b @ law": -number }));
    store.save();
    for (const opened of [store, open()]) {
      for (const [seed, number] of awkward.entries()) {
        const found = opened.find(seed, "none");
        expect(found).toEqual(trial(seed, { "a @ law": number === 0 ? 0 : number, "b @ law": -number }));
      }
      expect(opened.find(99, "none")).toBeUndefined();
    }
  });

  test("keeps records of models that diverged, whose measurements are no numbers", () => {
    const [, , , diverging] = populationsOf(statements);
    const record = runTrial(diverging!, 7, kernelEngine);
    const names = new Map(Object.keys(record.observed).map((key) => [key, `hash ${key}`]));
    const store = open(IDENTITY, names, [...names.keys()]);
    store.keep(record);
    store.save();
    expect(open(IDENTITY, names, [...names.keys()]).find(7, "none")).toEqual(record);
  });

  test("keeps portraits, and does not take a trial without one, or without its training, for one with it", () => {
    const [, , trained] = populationsOf(statements);
    const names = new Map(trained!.claims.map(({ key }) => [key, key]));
    const opened = () => open(IDENTITY, names, [...names.keys()]);
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

  test("does not find a trial on which a claim that is needed was not observed", () => {
    const store = open(IDENTITY, new Map([["a @ law", "hash-of-a a @ law"]]), ["a @ law"]);
    store.keep(trial(1, { "a @ law": 1 }));
    store.save();
    expect(open().find(1, "none")).toBeUndefined();
    expect(open(IDENTITY, NAMES, ["a @ law"]).find(1, "none")).toEqual(trial(1, { "a @ law": 1 }));
  });

  test("does not find what was observed under another declaration: its name has another hash", () => {
    const store = open();
    store.keep(trial(1, { "a @ law": 1, "b @ law": 2 }));
    store.save();
    const redeclared = new Map([...NAMES, ["b @ law", "another-hash b @ law"]] as [string, string][]);
    expect(open(IDENTITY, redeclared).find(1, "none")).toBeUndefined();
    expect(open(IDENTITY, redeclared, ["a @ law"]).find(1, "none")?.observed).toEqual({ "a @ law": 1 });
  });

  test("keeps what was observed under several declarations side by side", () => {
    const redeclared = new Map([["a @ law", "another-hash a @ law"]]);
    const first = open();
    first.keep(trial(1, { "a @ law": 1, "b @ law": 2 }));
    first.save();
    const second = open(IDENTITY, redeclared, ["a @ law"]);
    second.keep(trial(1, { "a @ law": 10 }));
    second.save();
    expect(open().find(1, "none")?.observed).toEqual({ "a @ law": 1, "b @ law": 2 });
    expect(open(IDENTITY, redeclared, ["a @ law"]).find(1, "none")?.observed).toEqual({ "a @ law": 10 });
  });

  test("is another one where core, law or engine is another", () => {
    const store = open();
    store.keep(trial(1, { "a @ law": 1, "b @ law": 2 }));
    store.save();
    for (const identity of [
      ["core2", "law", "kernel"],
      ["core", "law2", "kernel"],
      ["core", "law", "reference"],
    ]) {
      expect(open(identity).find(1, "none")).toBeUndefined();
    }
  });

  test("is the same file whatever order its trials came in, and is not written where nothing was kept", () => {
    open().save();
    expect(readdirSync(folder)).toEqual([]);
    const write = (seeds: readonly number[]) => {
      const store = open();
      for (const seed of seeds) store.keep(trial(seed, { "a @ law": seed, "b @ law": 0 }));
      store.save();
      const [file, ...others] = readdirSync(folder);
      expect(others).toEqual([]);
      const text = readFileSync(join(folder, file!), "utf8");
      rmSync(join(folder, file!));
      return text;
    };
    expect(write([3, 1, 2])).toBe(write([1, 2, 3]));
  });

  test("makes its folder where there is none", () => {
    const below = join(folder, "not", "yet");
    const store = new TrialStore(below, IDENTITY, NAMES, KEYS);
    store.keep(trial(1, { "a @ law": 1, "b @ law": 2 }));
    store.save();
    expect(existsSync(below)).toBe(true);
    expect(new TrialStore(below, IDENTITY, NAMES, KEYS).find(1, "none")).toBeDefined();
  });
});
