import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closureOf } from "../../src/laboratory/closure.ts";
import { coreSources, declarationsClosure } from "../../src/laboratory/fingerprint.ts";
import "../built-program.ts";
import { ownName } from "../../src/laboratory/library.ts";
import { writtenModules } from "./written-modules.ts";

const { write } = writtenModules();

const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

const IMPORTING = `import { judge } from ${JSON.stringify(INDEX)}; export const one = judge;`;

/** A package whose text knows nothing but itself. */
const DEPENDENCY = {
  "node_modules/dep/package.json": '{ "name": "dep", "version": "1.0.0", "main": "index.js" }',
  "node_modules/dep/index.js": 'module.exports = { one: require("./one.js") };',
  "node_modules/dep/one.js": "module.exports = 1;",
};

/** What a module is not known for, with its own folder left out. */
async function unknownOf(text: string, others: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const folder = write({ "mine.ts": text, ...others });
  const { unknown } = await declarationsClosure(join(folder, "mine.ts"));
  return unknown.map((reason) => reason.replaceAll(folder + sep, ""));
}

describe("a closure is known", () => {
  test.each<[string, string, Record<string, string>?]>([
    ["of a module that imports nothing", "export const one = 1;"],
    ["whatever words its texts hold", 'export const title = "process.env eval(require) import(x) node:fs Date";'],
    ["whatever its variables are called", "export const observe = (process: number, fetch = 1) => process + fetch;"],
    ["whatever its properties are called", "export const observe = (run: any) => run.process + run.performance.Date;"],
    ["where a type is imported", 'import type { Stats } from "node:fs"; export const size = (of: Stats) => of.size;'],
    [
      "where theorycheck is imported",
      'import { atMost, judge } from "theorycheck"; export const two = [atMost, judge];',
    ],
    [
      "where theorycheck is imported by a path",
      'import { atMost } from "../../../src/claim/claim.ts"; export const two = [atMost];',
    ],
    [
      "where a package is imported that theorycheck needs itself",
      'import { Matrix } from "ml-matrix"; export const one = Matrix.eye(1);',
    ],
    ["where another package is imported", 'import { one } from "dep"; export const two = one + 1;', DEPENDENCY],
    [
      "where a package has a file for bundlers, which Node never reads",
      'import { one } from "dep"; export const two = one + 1;',
      {
        "node_modules/dep/package.json":
          '{ "name": "dep", "version": "1.0.0", "exports": { "module": "./bundle.js", "default": "./index.mjs" } }',
        "node_modules/dep/index.mjs": "export const one = 1;",
        "node_modules/dep/bundle.js": "export const one = process.pid;",
      },
    ],
    [
      "where a package names one for them beside what Node reads",
      'import dep from "dep"; export const two = dep.one + 1;',
      {
        "node_modules/dep/package.json": '{ "name": "dep", "version": "1.0.0", "module": "./bundle.js" }',
        "node_modules/dep/index.js": "exports.one = 1;",
        "node_modules/dep/bundle.js": "export default { one: process.pid };",
      },
    ],
    ["where a package is imported later on", 'export const two = () => import("dep");', DEPENDENCY],
    [
      "where JSON is imported",
      'import data from "./data.json" with { type: "json" }; export const one = data.one;',
      { "data.json": '{ "one": 1 }' },
    ],
    [
      "where JavaScript is imported, or a file without its extension",
      'export * from "./one.js"; export * from "./two.mjs"; export * from "./three";',
      { "one.js": "export const one = 1;", "two.mjs": "export const two = 2;", "three.ts": "export const three = 3;" },
    ],
  ])("%s", async (_, text, others) => {
    expect(await unknownOf(text, others)).toEqual([]);
  });
});

describe("a closure is not known, and the reason names the file", () => {
  test.each<[string, string, Record<string, string>?]>([
    ["mine.ts imports node:fs", 'import { readFileSync } from "node:fs"; export const read = readFileSync;'],
    ["mine.ts imports fs", 'import fs from "fs"; export const read = fs.readFileSync;'],
    ["mine.ts imports node:module", 'import { createRequire } from "node:module"; export const make = createRequire;'],
    ["mine.ts imports node:fs", 'export const later = () => import("node:fs");'],
    ["mine.ts imports node:fs", 'export const later = () => import("node:" + "fs");'],
    ["mine.ts imports what is no literal", 'const name = "./x.ts"; export const later = () => import(name);'],
    [
      "mine.ts imports what is no literal: ./data/**/*.json",
      'export const later = (name: string) => import("./data/" + name + ".json");',
      { "data/one.json": "1" },
    ],
    ["mine.ts uses require", 'declare const require: any; export const one = require("dep");', DEPENDENCY],
    ["mine.ts uses require", 'declare const require: any; const name = "x"; export const one = require(name);'],
    ["mine.ts uses require", "declare const require: any; export const load = require;"],
    ["mine.ts reads eval", 'export const one = eval("1");'],
    ["mine.ts reads eval", 'export const one = (0, eval)("1");'],
    ["mine.ts reads Function", 'export const one = new Function("return 1")();'],
    ["mine.ts reads process", "export const one = () => Number(process.env.ONE);"],
    ["mine.ts reads process", "const { env } = process; export const one = env.ONE;"],
    ["mine.ts reads process", "const nobodyCalls = () => process.pid; export const one = 1;"],
    ["mine.ts reads globalThis", "export const one = () => globalThis.process.env.ONE;"],
    ["mine.ts reads global", "export const one = () => (global as any).one;"],
    ["mine.ts reads fetch", 'export const one = () => fetch("x");'],
    ["mine.ts reads import.meta", "export const here = import.meta.url;"],
    ["mine.ts reads __dirname", "export const here = __dirname;"],
    ["mine.ts reads WebAssembly", "export const compile = WebAssembly.compile;"],
    ["mine.ts reads Date", "export const now = () => Date.now();"],
    ["mine.ts reads Math.random", "export const chance = () => Math.random();"],
    ["helper.js reads process", 'export * from "./helper.js";', { "helper.js": "export const one = process.pid;" }],
    [
      "node_modules/dep/one.js reads process",
      'import { one } from "dep"; export const two = one + 1;',
      { ...DEPENDENCY, "node_modules/dep/one.js": "module.exports = process.env.ONE;" },
    ],
    [
      "node_modules/dep/one.js imports fs",
      'import { one } from "dep"; export const two = one + 1;',
      { ...DEPENDENCY, "node_modules/dep/one.js": 'module.exports = require("fs");' },
    ],
    [
      "node_modules/dep/one.js uses require",
      'import { one } from "dep"; export const two = one + 1;',
      { ...DEPENDENCY, "node_modules/dep/one.js": "module.exports = (name) => require(name);" },
    ],
    ["mine.ts imports https://example.org/x.js", 'import "https://example.org/x.js";'],
    ["mine.ts imports data:text/javascript,1", 'import "data:text/javascript,1";'],
    ['mine.ts: Could not resolve "./nowhere.ts"', 'import "./nowhere.ts";'],
    ['mine.ts: No loader is configured for ".bin" files: one.bin', 'import "./one.bin";', { "one.bin": "1" }],
    ['mine.ts: Expected identifier but found "="', "const = 1;"],
    // the loader takes helper.ts for helper.js, where there is one
    ["helper.ts stands beside helper.js", 'export * from "./helper.js";', { "helper.js": "", "helper.ts": "" }],
    ["mine.js stands beside mine.ts", "export const one = 1;", { "mine.js": "" }],
  ])("%s: %s", async (reason, text, others) => {
    expect(await unknownOf(text, others)).toEqual([reason]);
  });

  test("of a module in CommonJS", async () => {
    const folder = write({ "mine.cjs": 'module.exports = require("./one.cjs");', "one.cjs": "module.exports = 1;" });
    const { unknown } = await declarationsClosure(join(folder, "mine.cjs"));
    expect(unknown).toEqual(
      ["mine.cjs is CommonJS", "mine.cjs uses require", "one.cjs is CommonJS"].map((reason) => join(folder, reason)),
    );
  });

  test("of a module that is not there", async () => {
    const { unknown } = await declarationsClosure(join(write({ "other.ts": "" }), "mine.ts"));
    expect(unknown.length).toBe(1);
  });
});

describe("the hash of a closure", () => {
  /** Two texts for each file: which of them a project has is what tells it from another one. */
  const FILES = {
    "mine.ts": [
      'import { helper } from "./lib/helper.js"; export const one = helper;',
      'import { helper } from "./lib/helper.js"; export const one = 1 + helper;',
    ],
    "lib/helper.js": [
      'import { deeper } from "./deeper.mjs"; export const helper = deeper;',
      'import { deeper } from "./deeper.mjs"; export const helper = deeper + 1;',
    ],
    "lib/deeper.mjs": [
      'import { one } from "dep"; import data from "./data.json" with { type: "json" }; export const deeper = one + data[0];',
      'import { one } from "dep"; import data from "./data.json" with { type: "json" }; export const deeper = one * data[0];',
    ],
    "lib/data.json": ["[1]", "[2]"],
    "node_modules/dep/package.json": [
      '{ "name": "dep", "version": "1.0.0", "main": "index.js" }',
      '{ "name": "dep", "version": "1.0.1", "main": "index.js" }',
    ],
    "node_modules/dep/index.js": ['exports.one = require("./one.js");', 'exports.one = 1 + require("./one.js");'],
    "node_modules/dep/one.js": ["module.exports = 1;", "module.exports = 2;"],
    "unrelated.ts": ["export const nobody = 1;", "export const nobody = process.env.NOBODY;"],
    "node_modules/other/index.js": ["exports.nobody = 1;", "exports.nobody = 2;"],
  } as const;
  const NAMES = Object.keys(FILES) as (keyof typeof FILES)[];
  const OUTSIDE: readonly string[] = ["unrelated.ts", "node_modules/other/index.js"];
  const project = fc.record(Object.fromEntries(NAMES.map((name) => [name, fc.constantFrom(0, 1)])));

  const hashOf = async (chosen: Readonly<Record<string, number>>, below = "") => {
    const files = Object.fromEntries(NAMES.map((name) => [join(below, name), FILES[name][chosen[name] as 0 | 1]]));
    const { hash, unknown } = await declarationsClosure(join(write(files), below, "mine.ts"));
    expect(unknown).toEqual([]);
    return hash;
  };

  test("changes with each file that is imported, whatever its extension, and with no other", async () => {
    const first = Object.fromEntries(NAMES.map((name) => [name, 0]));
    const before = await hashOf(first);
    for (const name of NAMES) {
      const same = (await hashOf({ ...first, [name]: 1 })) === before;
      expect([name, same]).toEqual([name, OUTSIDE.includes(name)]);
    }
  });

  test("of two projects is the same just where all that they import is, wherever they lie", async () => {
    await fc.assert(
      fc.asyncProperty(project, project, async (one, other) => {
        const same = NAMES.every((name) => OUTSIDE.includes(name) || one[name] === other[name]);
        expect((await hashOf(one)) === (await hashOf(other, "further/down"))).toBe(same);
        expect(await hashOf(one, "deep")).toBe(await hashOf(one));
      }),
      { numRuns: 10 },
    );
  });

  test("changes with a package that is imported for what it does, though it claims to do nothing", async () => {
    const hashWith = async (text: string) => {
      const folder = write({
        "mine.ts": 'import "dep"; export const one = 1;',
        "node_modules/dep/package.json":
          '{ "name": "dep", "version": "1.0.0", "sideEffects": false, "type": "module" }',
        "node_modules/dep/index.js": text,
      });
      return (await declarationsClosure(join(folder, "mine.ts"))).hash;
    };
    expect(await hashWith("Math.one = 2;")).not.toBe(await hashWith("Math.one = 1;"));
  });

  test("changes with how the tsconfig has it compiled", async () => {
    const hashWith = async (option: string) => {
      const folder = write({
        "mine.ts": "class Counter { count = 1 } export const one = new Counter();",
        "tsconfig.json": `{ "compilerOptions": { ${option} } }`,
      });
      return (await closureOf(join(folder, "mine.ts"), coreSources(), folder)).hash;
    };
    const [defined, assigned] = [true, false].map((value) => hashWith(`"useDefineForClassFields": ${value}`));
    expect(await assigned).not.toBe(await defined);
    expect(await hashWith('"strict": true')).toBe(await defined);
  });

  test("changes with theorycheck's own files that the core does not cover", async () => {
    const { sources } = await declarationsClosure(join(write({ "mine.ts": IMPORTING }), "mine.ts"));
    const own = [...sources.files.keys()].filter((file) => ownName(file) !== undefined);
    expect(own).toContain(INDEX);
    expect(own).toContain(join(dirname(INDEX), "verdict", "judge.ts"));
    expect(own.filter((file) => coreSources().files.has(file))).toEqual([]);
  });

  test("is of the same own files, imported from the sources or from what was built of them", async () => {
    const ownSourcesOf = async (text: string) => {
      const { sources, unknown } = await declarationsClosure(join(write({ "mine.ts": text }), "mine.ts"));
      const own = [...sources.files].map(([file, content]) => [ownName(file), content]).filter(([name]) => name);
      return { unknown, own: own.sort(), packages: [...new Set(sources.packages.values())].sort() };
    };
    const fromSources = await ownSourcesOf(IMPORTING);
    expect(fromSources.own.length).toBeGreaterThan(5);
    expect(await ownSourcesOf(IMPORTING.replace(JSON.stringify(INDEX), '"theorycheck"'))).toEqual(fromSources);
  });

  test("holds the core of another copy, where that is another one", async () => {
    const files = {
      "mine.ts": 'import { one } from "./copy/src/claim/claim.ts"; export const two = one + 1;',
      "copy/package.json": '{ "name": "theorycheck", "version": "9.9.9" }',
      "copy/src/claim/claim.ts": "export const one = process.pid;",
    };
    const { sources, unknown } = await declarationsClosure(join(write(files), "mine.ts"));
    expect(unknown).toEqual([]);
    expect([...sources.files.keys()].map(ownName)).toEqual([undefined, "theorycheck:claim/claim.ts"]);
  });

  test("follows the tsconfig that the loader follows: of the working folder, or above it", async () => {
    const files = (target: string) => ({
      "mine.ts": 'export { one } from "@aliased";',
      "tsconfig.json": `{ "compilerOptions": { "paths": { "@aliased": ["./${target}.ts"] } } }`,
      "a.ts": "export const one = 1;",
      "b.ts": "export const one = 1;",
      "below/nothing.ts": "",
    });
    const [toA, toB] = [write(files("a")), write(files("b"))];
    const closureIn = (folder: string, workingFolder: string) =>
      closureOf(join(folder, "mine.ts"), coreSources(), workingFolder);
    const [a, b] = [await closureIn(toA, toA), await closureIn(toB, toB)];
    expect([a.unknown, b.unknown]).toEqual([[], []]);
    expect(a.modules).toEqual(["mine.ts", "a.ts"].map((file) => join(toA, file)));
    expect(b.hash).not.toBe(a.hash);
    expect((await closureIn(toA, join(toA, "below"))).hash).toBe(a.hash);
    expect((await closureIn(toA, dirname(toA))).unknown).toEqual([
      `${join(toA, "mine.ts")}: Could not resolve "@aliased"`,
    ]);
  });

  test("of one module in it is that of the module by itself", async () => {
    const first = Object.fromEntries(NAMES.map((name) => [name, FILES[name][0]]));
    const folder = write(first);
    const whole = await declarationsClosure(join(folder, "mine.ts"));
    const helper = whole.hashFrom(join(folder, "lib", "helper.js"));
    expect(helper.files).toBe(whole.hashFrom().files - 1);
    const edited = write({ ...first, "mine.ts": FILES["mine.ts"][1] });
    const again = await declarationsClosure(join(edited, "mine.ts"));
    expect(again.hashFrom(join(edited, "lib", "helper.js"))).toEqual(helper);
    expect(again.hashFrom().hash).not.toBe(whole.hashFrom().hash);
  });
});
