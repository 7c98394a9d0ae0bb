import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Population, populationsOf } from "../../src/claim/population.ts";
import { violates } from "../../src/claim/relation.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { declarationsIn } from "../../src/laboratory/fingerprint.ts";
import { remembering } from "../../src/laboratory/remembering.ts";
import { threads } from "../../src/laboratory/threads.ts";
import { drawTrial } from "../../src/law/law.ts";
import { judge } from "../../src/verdict/judge.ts";
import "../built-program.ts";
import { commandLine } from "../cli/command-line.ts";
import { writtenModules } from "./written-modules.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

const { root, write } = writtenModules();

/** A store's folder that no other test uses. */
const newStore = () => join(write({}), "store");

/** By its path: what is tested are the sources, not what was built of them. */
const INDEX = "../../../src/index.ts";

const LAW = 'import { smallLaw } from "../../../properties/verdict/fixtures/small-laws.ts";';

/** A module whose one claim is certified as long as what it measures, on models without a single step, is at most 5. */
const declaring = (measure: string, imports = "", bound = "5") => `
  import { atMost, derived, theorem } from "${INDEX}";
  ${LAW}
  ${imports}
  export const mine = theorem({
    id: "mine", title: "A number is at most 5", provenance: derived(), law: smallLaw,
    claims: [atMost("the number", ${bound}, (run) => ${measure})],
  });`;

const IMPORTS = 'import { helper } from "./helper.js";';

/** Each file as it is first, and edited so that the claim is false; what is edited last changes nothing. */
const EDITS: Readonly<Record<string, readonly [string, string]>> = {
  "mine.ts: its claim": [declaring("helper(run)", IMPORTS), declaring("10 + helper(run)", IMPORTS)],
  "mine.ts: its bound": [declaring("helper(run)", IMPORTS), declaring("helper(run)", IMPORTS, "-1")],
  "helper.js": [
    'import { deeper } from "./rooms/deeper.mjs"; export const helper = (run) => run.steps + deeper;',
    'import { deeper } from "./rooms/deeper.mjs"; export const helper = (run) => run.steps + 10 + deeper;',
  ],
  "rooms/deeper.mjs": [
    'import data from "./data.json" with { type: "json" }; import { one } from "dep"; export const deeper = one * data.ten;',
    'import data from "./data.json" with { type: "json" }; import { one } from "dep"; export const deeper = 10 + one * data.ten;',
  ],
  "rooms/data.json": ['{ "ten": 0 }', '{ "ten": 10 }'],
  "node_modules/dep/index.js": ['exports.one = require("./one.js");', 'exports.one = 1 / 0 + require("./one.js");'],
  "node_modules/dep/one.js": ["module.exports = 1;", "module.exports = NaN;"],
  "node_modules/dep/package.json": [
    '{ "name": "dep", "version": "1.0.0", "main": "index.js" }',
    '{ "name": "dep", "version": "1.0.1", "main": "index.js" }',
  ],
};

const pathOf = (edit: string) => edit.split(":")[0] as string;

/** The module with these edits in it. */
function moduleWith(edits: readonly string[]): string {
  const files = Object.entries(EDITS).map(([edit, [before]]) => [pathOf(edit), before]);
  const edited = edits.map((edit) => [pathOf(edit), EDITS[edit]?.[1] as string]);
  return join(write(Object.fromEntries([...files, ...edited])), "mine.ts");
}

const MODELS = [1, 2, 3];

/** What each model shows and whether it violates the claim, as a run finds it that looks into a store first. */
async function shownBy(statementsFile: string, storeFolder?: string, warnings: string[] = []) {
  const { statements, closure } = await declarationsIn(statementsFile);
  const [{ law, claims }] = populationsOf(statements) as [Population];
  const warn = (sentence: string) => warnings.push(sentence);
  const trains = here(statements);
  const laboratory = storeFolder === undefined ? trains : remembering(trains, { folder: storeFolder, closure, warn });
  const wanted = claims.map(({ key }) => key);
  const shown = await Promise.all(
    MODELS.map(async (seed) => {
      const models = drawTrial(law, seed);
      const trial = (await laboratory.run({ experiment: "transformer", models, wanted, detail: "none" }))!;
      return { trial, violated: claims.map(({ claim, key }) => violates(claim, trial.observed[key] as number)) };
    }),
  );
  await laboratory.close();
  return shown;
}

type Shown = Awaited<ReturnType<typeof shownBy>>;

const isViolated = (shown: Shown) => shown.every(({ violated: [violated] }) => violated === true);

/** Names of the files of a store, with what is in them. */
const filesOf = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));

describe("with a store and without it, models show the same", () => {
  const store = newStore();
  let first: Shown;

  beforeAll(async () => {
    first = await shownBy(moduleWith([]), store);
    expect(isViolated(first)).toBe(false);
  });

  test.each(Object.keys(EDITS))("after an edit of %s", async (edit) => {
    const before = filesOf(store);
    const statementsFile = moduleWith([edit]);
    const stored = await shownBy(statementsFile, store);
    expect(stored).toEqual(await shownBy(statementsFile));
    expect(isViolated(stored)).toBe(!edit.endsWith("package.json"));
    // what was trained is kept beside what was there
    expect(filesOf(store)).toMatchObject(before);
    expect(readdirSync(store).length).toBe(Object.keys(before).length + 1);
  });

  test("after any edits, one upon another, taken back or not", async () => {
    const shared = newStore();
    await fc.assert(
      fc.asyncProperty(fc.subarray(Object.keys(EDITS)), async (edits) => {
        const statementsFile = moduleWith(edits);
        expect(await shownBy(statementsFile, shared)).toEqual(await shownBy(statementsFile));
      }),
      { numRuns: 20 },
    );
  });

  test("after no edit, or one of a file that is not imported: then nothing is trained", async () => {
    const before = filesOf(store);
    const statementsFile = moduleWith([]);
    writeFileSync(join(statementsFile, "..", "unrelated.ts"), "export const nobody = process.env.NOBODY;");
    expect(await shownBy(statementsFile, store)).toEqual(first);
    expect(filesOf(store)).toEqual(before);
  });

  test("whatever another module keeps there, under the same names", async () => {
    const shared = newStore();
    const [high, low] = [declaring("10"), declaring("1")].map((text) => join(write({ "mine.ts": text }), "mine.ts"));
    const violated = [];
    for (const file of [high, low, high, low]) violated.push(isViolated(await shownBy(file as string, shared)));
    expect(violated).toEqual([true, false, true, false]);
    expect(readdirSync(shared).length).toBe(2);
  });

  test("after any edit of what is stored: a line that is not as it was written is dropped, and trained again", async () => {
    const edited = newStore();
    await shownBy(moduleWith([]), edited);
    const [[name, text]] = Object.entries(filesOf(edited)) as [[string, string]];
    const [, [secondId]] = [...text.matchAll(/"id":"[0-9a-f]{64}"/g)] as [RegExpExecArray, RegExpExecArray];
    const at = fc.nat(text.length - 2);
    const edit = fc.oneof(
      at.map((start) => text.slice(0, start)),
      fc.tuple(at, fc.constantFrom(..."0123456789")).map(([i, digit]) => text.slice(0, i) + digit + text.slice(i + 1)),
      fc.constant(text.replaceAll('"mine: the number @ small":0', '"mine: the number @ small":10')),
      fc.constant(text.replace(/"id":"[0-9a-f]{64}"/, secondId)),
      fc.shuffledSubarray(text.split("\n")).map((lines) => lines.join("\n")),
    );
    await fc.assert(
      fc.asyncProperty(edit, async (other) => {
        writeFileSync(join(edited, name), other);
        const warnings: string[] = [];
        expect(await shownBy(moduleWith([]), edited, warnings)).toEqual(first);
        const torn = other.split("\n").some((line) => line !== "" && !text.split("\n").includes(line));
        expect(warnings.map((warning) => warning.includes(join(edited, name)))).toEqual(torn ? [true] : []);
        const linesOf = (of: string) => of.split("\n").filter((line) => line !== "");
        const sorted = linesOf(filesOf(edited)[name] as string).sort();
        expect(sorted).toEqual(linesOf(text).sort());
      }),
      { numRuns: 20, examples: [[text.slice(0, -100)], ["\u0000"]] },
    );
  });
});

describe("where it cannot be known what a module reads, the store is not used, and the run says so", () => {
  test.each<[string, string, string, string]>([
    ["a file", "mine.ts imports node:fs", 'import { readFileSync } from "node:fs";', "Number(readFileSync(FILE))"],
    [
      "a computed import",
      "mine.ts imports what is no literal",
      'const { default: read } = await import(FILE + "");',
      "read",
    ],
    ["the environment", "mine.ts reads process", "", "Number(process.env.THEORYCHECK_TEST_NUMBER)"],
    ["code made at run time", "mine.ts reads eval", "", 'eval("run.steps") + NUMBER'],
    [
      "a file by require",
      "mine.ts imports node:module",
      'import { createRequire } from "node:module"; const require = createRequire(FILE);',
      "require(FILE)",
    ],
  ])("%s", async (_, reason, imports, measure) => {
    const store = newStore();
    const violated = [];
    for (const number of [1, 10]) {
      const folder = write({ "number.json": String(number), "number.mjs": `export default ${number};` });
      const data = join(folder, reason.includes("literal") ? "number.mjs" : "number.json");
      const constants = `const FILE = ${JSON.stringify(data)}; const NUMBER = ${number};`;
      writeFileSync(join(folder, "mine.ts"), declaring(measure, `${constants} ${imports}`));
      process.env.THEORYCHECK_TEST_NUMBER = String(number);
      const warnings: string[] = [];
      violated.push(isViolated(await shownBy(join(folder, "mine.ts"), store, warnings)));
      expect(warnings.length).toBe(1);
      expect(warnings[0]?.replaceAll(folder + sep, "")).toMatch(new RegExp(`^store not used: ${reason}(,|$)`));
    }
    expect(violated).toEqual([false, true]);
    expect(existsSync(store)).toBe(false);
  });

  test("a file that is edited while models are trained", async () => {
    const store = newStore();
    const statementsFile = moduleWith([]);
    const untouched = await shownBy(moduleWith([]), newStore());
    const warnings: string[] = [];
    const { statements, closure } = await declarationsIn(statementsFile);
    const warn = (sentence: string) => warnings.push(sentence);
    let trained = 0;
    const laboratory = remembering(threads({ statementsFile, workers: 1 }), { folder: store, closure, warn });
    await judge({
      statements,
      laboratory,
      beta: 0.5,
      onProgress: () => {
        trained++;
        writeFileSync(join(statementsFile, "..", "helper.js"), EDITS["helper.js"]?.[1] as string);
      },
    });
    await laboratory.close();
    expect(warnings).toEqual([
      "store not written any more: what the models depend on was changed while they were trained",
    ]);
    // what was trained before the edit is kept, and is what it would be without the edit; nothing of what came after
    const [text] = Object.values(filesOf(store)) as [string];
    expect(trained).toBeGreaterThan(3);
    expect(text.trimEnd().split("\n").length).toBeLessThan(4);
    expect(await shownBy(moduleWith([]), store)).toEqual(untouched);
  });
});

describe("theorycheck verify", () => {
  const verify = (statementsFile: string, store: string) =>
    commandLine("verify", "--theorems", statementsFile, "--store", store, "--workers", "1", "--beta", "0.5");

  test("refutes what a helper, edited since, makes false", async () => {
    const store = newStore();
    const folder = write({
      "helper.js": "export const measure = (run) => run.steps;",
      "mine.ts": declaring("measure(run)", 'import { measure } from "./helper.js";'),
    });
    expect((await verify(join(folder, "mine.ts"), store)).code).toBe(0);
    writeFileSync(join(folder, "helper.js"), "export const measure = (run) => 1000 + run.steps;");
    expect((await verify(join(folder, "mine.ts"), store)).out).toMatch(/^refuted {6}theorem {2}mine /);
  });

  test("refutes what a theorem's own file, edited since, makes false, though another one re-exports it", async () => {
    const store = newStore();
    const folder = write({ "index.js": 'export { mine } from "./mine.js";', "mine.js": declaring("run.steps") });
    expect((await verify(join(folder, "index.js"), store)).code).toBe(0);
    writeFileSync(join(folder, "mine.js"), declaring("1000 + run.steps"));
    expect((await verify(join(folder, "index.js"), store)).out).toMatch(/^refuted {6}theorem {2}mine /);
  });

  test("leaves out a line of the store that is torn, with a warning", async () => {
    const store = newStore();
    const file = join(write({ "mine.ts": declaring("run.steps") }), "mine.ts");
    const { out } = await verify(file, store);
    const [name] = readdirSync(store);
    const text = readFileSync(join(store, name!), "utf8");
    writeFileSync(join(store, name!), text.slice(0, -100));
    const again = await verify(file, store);
    expect(again).toMatchObject({ code: 0, out });
    expect(again.err).toContain(`store: ${join(store, name!)} has 1 line that is torn`);
    expect((await verify(file, store)).err).not.toContain("store:");
  });

  test("says that the store is not used, and why", async () => {
    const file = join(write({ "mine.ts": declaring("run.steps + 0 * process.pid") }), "mine.ts");
    const { err, code } = await verify(file, newStore());
    expect(err).toContain(`store not used: ${file} reads process\n`);
    expect(code).toBe(0);
  });

  test("--resume refuses to go on after an edit of a helper, and where nobody knows what is read", async () => {
    const folder = write({
      "helper.js": "export const measure = (run) => run.steps;",
      "mine.ts": declaring("measure(run)", 'import { measure } from "./helper.js";'),
    });
    const results = join(folder, "results.json");
    const asked = ["verify", "--theorems", join(folder, "mine.ts"), "--no-store", "--workers", "1", "--beta", "0.5"];
    const judgedOnce = async () => writeFileSync(results, (await commandLine(...asked, "--json")).out);
    const resumed = () => commandLine(...asked, "--seed", "9", "--resume", results);
    await judgedOnce();
    expect((await resumed()).code).toBe(0);

    writeFileSync(join(folder, "helper.js"), "export const measure = (run) => 1000 + run.steps;");
    const edited = await resumed();
    expect([edited.code, edited.out]).toEqual([2, ""]);
    expect(edited.err).toMatch(/resume requires the same declarations?\b.* has changed since/);

    writeFileSync(join(folder, "helper.js"), "export const measure = (run) => run.steps + 0 * process.pid;");
    await judgedOnce();
    const unknown = await resumed();
    expect([unknown.code, unknown.out]).toEqual([2, ""]);
    expect(unknown.err).toContain(`but ${join(folder, "helper.js")} reads process`);
  }, 60_000);

  test("refutes what an edit of the core makes false, once it is built, and judges nothing before", () => {
    const copy = join(root, "copy");
    const parts = ["package.json", "package-lock.json", "tsconfig.json", "bin", "dist", "src", "theorems", "golden"];
    for (const part of [...parts, "tools/build", "properties/verdict/fixtures"]) {
      cpSync(join(PROJECT, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(PROJECT, "node_modules"), join(copy, "node_modules"), "dir");
    const mine = "declared/in/a/mine.ts";
    const text = declaring("run.steps").replace(INDEX, "theorycheck");
    cpSync(join(write({ "mine.ts": text }), "mine.ts"), join(copy, mine));
    const node = (...args: readonly string[]) => {
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
      return { status, stdout };
    };
    const verify = () => node("bin/theorycheck.js", "verify", "--theorems", mine, "--workers", "1", "--beta", "0.5");
    expect(verify().stdout).toMatch(/^certified {4}theorem {2}mine /);
    const file = join(copy, "src/claim/observe.ts");
    const before = readFileSync(file, "utf8");
    const edited = before.replace("value = claim.observe(", "value = 1000 + claim.observe(");
    expect(edited).not.toBe(before);
    writeFileSync(file, edited);
    expect(verify()).toEqual({ status: 70, stdout: "" });
    expect(node("tools/build/build.js").status).toBe(0);
    expect(verify().stdout).toMatch(/^refuted {6}theorem {2}mine /);

    // nor is an edit of what was built
    const bundle = readdirSync(join(copy, "dist"))
      .map((name) => join(copy, "dist", name))
      .find((path) => path.endsWith(".js") && readFileSync(path, "utf8").includes("1e3 + claim.observe("))!;
    writeFileSync(bundle, readFileSync(bundle, "utf8").replace("1e3 + claim.observe(", "claim.observe("));
    expect(verify()).toEqual({ status: 70, stdout: "" });
    expect(node("tools/build/build.js").status).toBe(0);
    expect(verify().stdout).toMatch(/^refuted {6}theorem {2}mine /);
  }, 120_000);
});
