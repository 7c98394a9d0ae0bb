import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  coreHash,
  coreSources,
  declarationsClosure,
  declarationsIn,
  hashesOf,
  statementHash,
  statementHashes,
} from "../../src/laboratory/fingerprint.ts";
import { areUnchanged, hashOf, pathFrom, sourcesOf } from "../../src/laboratory/sources.ts";
import { loadStatements } from "../../src/laboratory/statements.ts";
import { writtenModules } from "./written-modules.ts";

const { write } = writtenModules();

const SOURCE = fileURLToPath(new URL("../../src", import.meta.url));
const THEOREMS = fileURLToPath(new URL("../../theorems/index.ts", import.meta.url));

describe("the core", () => {
  const files = [...coreSources().files.keys()].map((file) => pathFrom(SOURCE, file));

  test("holds what a worker runs, what declarations are made with, and what stored trials are read with", () => {
    const room = (name: string) => files.filter((file) => file.startsWith(`${name}/`));
    for (const file of [
      "transformer/notation.ts",
      "json-number.ts",
      "random/stream.ts",
      "law/law.ts",
      "transformer/laws.ts",
      "law/range.ts",
      "transformer/data/sample.ts",
      "transformer/model/kernel/engine.ts",
      "transformer/model/kernel/instance.ts",
      "transformer/model/kernel/build/bytes.js",
      "transformer/train/sgd.ts",
      "transformer/train/digest.ts",
      "transformer/prune/magnitude.ts",
      "transformer/measure/run.ts",
      "transformer/measure/summary.ts",
      "transformer/measure/portrait.ts",
      "claim/claim.ts",
      "claim/theorem.ts",
      "laboratory/start-worker.js",
      "laboratory/worker.ts",
      "laboratory/statements.ts",
      "claim/population.ts",
      "experiment/trial.ts",
      "experiment/experiment.ts",
      "experiment/laboratory.ts",
      "experiment/statements-of.ts",
      "transformer/experiment.ts",
      "transformer/fields.ts",
      "laboratory/remembering.ts",
      "laboratory/line-store.ts",
    ]) {
      expect(files).toContain(file);
    }
    for (const name of ["cli", "report", "transformer/report", "explore"]) expect(room(name)).toEqual([]);
    // judges, and those who go on from their runs, read what trials show and change none of it
    for (const file of ["verdict/judge.ts", "verdict/resume.ts"]) expect(files).not.toContain(file);
  });

  test("holds the packages that it needs, and those that they need, at exact versions", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(SOURCE, "..", "package.json"), "utf8"));
    const ids = [...coreSources().packages.values()];
    for (const name of ["ml-matrix", "pure-rand", "@noble/hashes", "fast-check", "zod", "tsx"]) {
      expect(ids).toContain(`${name}@${dependencies[name] ?? devDependencies[name]}`);
    }
    // nobody declares this one: ml-matrix needs it
    expect(ids.some((id) => /^ml-array-rescale@\d/.test(id))).toBe(true);
  });

  test("has one hash in a process, and no declaration is part of it", () => {
    expect(coreHash()).toMatch(/^[0-9a-f]{64}$/);
    expect(coreHash()).toBe(coreHash());
    expect(files.filter((file) => file.startsWith("../"))).toEqual([]);
  });
});

describe("the hash of sources", () => {
  const FILES = {
    "src/begin.js": 'await import("./more.ts"); export * from "./again.ts";',
    "src/more.ts":
      'import { one } from "dep"; import data from "./data.json" with { type: "json" }; export const two = one + data;',
    "src/again.ts": 'import type { Nothing } from "./types.ts"; export const again = (_: Nothing) => 1;',
    "src/data.json": "1",
    "src/types.ts": "export type Nothing = undefined;",
    "src/unrelated.ts": "export const nobody = 1;",
    "node_modules/dep/package.json": '{ "name": "dep", "version": "1.0.0", "dependencies": { "@far/off": "^1.0.0" } }',
    "node_modules/dep/node_modules/@far/off/package.json": '{ "name": "@far/off", "version": "1.0.0" }',
    "node_modules/unrelated/package.json": '{ "name": "unrelated", "version": "1.0.0" }',
  };
  const sourcesIn = (files: Readonly<Record<string, string>>) => {
    const folder = write(files);
    const root = join(folder, "src");
    return { root, sources: sourcesOf(root, [join(root, "begin.js")]) };
  };
  const hashOfFiles = (files: Readonly<Record<string, string>>) => {
    const { root, sources } = sourcesIn(files);
    return hashOf(sources, (file) => pathFrom(root, file));
  };
  const before = hashOfFiles(FILES);

  test.each<[string, string, string, boolean]>([
    ["the first file", "src/begin.js", "// edited", true],
    ["a file that is imported", "src/more.ts", "// edited", true],
    ["a file that is exported from", "src/again.ts", "// edited", true],
    ["JSON that is imported", "src/data.json", " ", true],
    ["a file of which a type is imported", "src/types.ts", "// edited", false],
    ["a file that nobody imports", "src/unrelated.ts", "// edited", false],
  ])("and an edit of %s", (_, file, edit, changes) => {
    const edited = hashOfFiles({ ...FILES, [file]: FILES[file as keyof typeof FILES] + edit });
    expect(edited !== before).toBe(changes);
  });

  test.each([
    ["node_modules/dep/package.json", true],
    ["node_modules/dep/node_modules/@far/off/package.json", true],
    ["node_modules/unrelated/package.json", false],
  ])("and another version in %s", (file, changes) => {
    const text = FILES[file as keyof typeof FILES].replace('"1.0.0"', '"1.0.1"');
    expect(hashOfFiles({ ...FILES, [file]: text }) !== before).toBe(changes);
  });

  test("is the same wherever they lie, and where the packages are linked", () => {
    expect(hashOfFiles(FILES)).toBe(before);
    const { root } = sourcesIn(FILES);
    const own = Object.fromEntries(Object.entries(FILES).filter(([path]) => path.startsWith("src/")));
    const linked = write(own);
    symlinkSync(join(root, "..", "node_modules"), join(linked, "node_modules"), "dir");
    const again = sourcesOf(join(linked, "src"), [join(linked, "src", "begin.js")]);
    expect(hashOf(again, (file) => pathFrom(join(linked, "src"), file))).toBe(before);
  });

  test("can be told to be out of date", () => {
    const { root, sources } = sourcesIn(FILES);
    expect(areUnchanged(sources)).toBe(true);
    writeFileSync(join(root, "more.ts"), "");
    expect(areUnchanged(sources)).toBe(false);
  });
});

describe("the hash of a declaration", () => {
  const INDEX = JSON.stringify(join(SOURCE, "index.ts"));
  const API = `import { atMost, control, derived, finding, theorem } from ${INDEX};`;
  const SHARED = 'provenance: derived(), law, claims: [atMost("steps", bound, (run) => run.steps)]';
  const FILES = {
    "index.ts": `${API}
      import { it as learned } from "./learned.ts";
      import { it as broken } from "./controls/another-name.ts";
      import { elsewhere } from "./many.ts";
      import { law } from "./law.ts";
      const bound = 1;
      export const here = theorem({ id: "here", title: "here", ${SHARED} });
      const nameless = finding({ id: "nameless", title: "nameless", expects: "measured", ${SHARED} });
      export const statements = [learned, broken, elsewhere, here, nameless];`,
    "learned.ts": `${API}
      import { law } from "./law.ts";
      import { bound } from "./bounds.mjs";
      export const it = theorem({ id: "learned", title: "learned", ${SHARED} });`,
    "law.ts": `export { baseLaw as law } from ${INDEX};`,
    "bounds.mjs": 'import data from "./bounds.json" with { type: "json" }; export const bound = data[0];',
    "bounds.json": "[1]",
    "controls/another-name.ts": `${API}
      import { law } from "../law.ts";
      import { it as learned } from "../learned.ts";
      const bound = 1;
      export const it = control({ id: "broken", of: learned.id, title: "broken", leaves: { hypothesis: "width", how: "none" }, ${SHARED} });`,
    "many.ts": `${API}
      import { law } from "./law.ts";
      const bound = 1;
      export const elsewhere = theorem({ id: "elsewhere", title: "elsewhere", ${SHARED} });
      export const others = [];`,
    // what files are called says nothing
    "here.ts": "",
    "broken.ts": "",
  };
  const hashesOf = (files: Readonly<Record<string, string>>) => statementHashes(join(write(files), "index.ts"));

  test.each<[string, readonly string[]]>([
    ["index.ts", ["here", "nameless"]],
    ["learned.ts", ["learned", "broken", "here", "nameless"]],
    ["law.ts", ["learned", "broken", "elsewhere", "here", "nameless"]],
    ["bounds.mjs", ["learned", "broken", "here", "nameless"]],
    ["bounds.json", ["learned", "broken", "here", "nameless"]],
    ["controls/another-name.ts", ["broken", "here", "nameless"]],
    ["many.ts", ["elsewhere", "here", "nameless"]],
    ["here.ts", []],
    ["broken.ts", []],
  ])("changes with %s where the module that declares it is that one, or imports it: %j", async (file, changing) => {
    const before = await hashesOf(FILES);
    expect(Object.keys(before).sort()).toEqual(["broken", "elsewhere", "here", "learned", "nameless"]);
    expect(new Set(Object.values(before)).size).toBe(4);
    const text = FILES[file as keyof typeof FILES];
    const after = await hashesOf({ ...FILES, [file]: file.endsWith(".json") ? `${text} ` : `${text} // edited` });
    const changed = Object.keys(before).filter((id) => before[id] !== after[id]);
    expect(changed.sort()).toEqual([...changing].sort());
  });

  test("of the project's own are those of a file each, and those of controls are their theorem's as well", async () => {
    const hashes = await statementHashes(THEOREMS);
    const statements = await loadStatements(THEOREMS);
    expect(new Set(Object.values(hashes)).size).toBe(statements.length);
    const { modules, hashFrom, unknown } = await declarationsClosure(THEOREMS);
    expect(unknown).toEqual([]);
    const room = { theorem: "", control: "controls", finding: "findings" };
    const folder = join(SOURCE, "..", "theorems");
    for (const statement of statements) {
      const file = join(folder, room[statement.kind], `${statement.id}.ts`);
      expect(modules).toContain(file);
      expect(hashes[statement.id]).toBe(hashFrom(file).hash);
      expect(await statementHash(statement, THEOREMS)).toBe(hashes[statement.id]);
    }
    expect(modules.length).toBe(readdirSync(folder, { recursive: true }).filter(isDeclaration).length);
  });
});

/** What index.ts does not declare: lemmas hold for every input, and what reports show is no statement. */
const BESIDE = ["lemmas", "abstract.ts", "boundaries.ts", "counterexamples.ts", "presentation.ts"];

function isDeclaration(file: string | Buffer): boolean {
  return String(file).endsWith(".ts") && !BESIDE.some((each) => String(file).startsWith(each));
}

describe("declarations with what evidence on them belongs to", () => {
  const API = 'import { atMost, constant, derived, law, theorem, transformer } from "theorycheck";';
  const theorem = (id: string) =>
    `export const ${id} = theorem({ id: "${id}", title: "x", provenance: derived(), law: it, claims: [atMost("steps", bound, (run) => run.steps)] });`;
  const FILES = {
    "index.ts": 'export { one } from "./one.ts"; export { two } from "./two.ts";',
    "one.ts": `${API} import { it, bound } from "./shared.ts"; ${theorem("one")}`,
    "two.ts": `${API} import { it, bound } from "./shared.ts"; ${theorem("two")}`,
    "shared.ts": 'export { baseLaw as it } from "theorycheck"; export const bound = 1;',
  };
  const declared = (files: Readonly<Record<string, string>>) => declarationsIn(join(write(files), "index.ts"));

  test("are the module's statements, its closure, and three kinds of hashes", async () => {
    const declarations = await declared(FILES);
    const { file, statements, closure } = declarations;
    expect(statements.map(({ id }) => id)).toEqual(["one", "two"]);
    expect(closure.modules.map((module) => pathFrom(join(file, ".."), module)).sort()).toEqual(
      Object.keys(FILES).sort(),
    );
    expect(await hashesOf(declarations)).toEqual({
      core: coreHash(),
      statements: await statementHashes(file),
      declarations: closure.hash,
    });
  });

  test("have one hash for all, which changes with each of them, whichever it is", async () => {
    const before = await hashesOf(await declared(FILES));
    expect(await hashesOf(await declared(FILES))).toEqual(before);
    const after = await hashesOf(await declared({ ...FILES, "two.ts": `${FILES["two.ts"]} // edited` }));
    expect(after.declarations).not.toBe(before.declarations);
    expect(after.core).toBe(before.core);
    const changed = Object.keys(before.statements).filter((id) => before.statements[id] !== after.statements[id]);
    expect(changed).toEqual(["two"]);
  });

  test("have none where it is not known what they read, and it is said why; each declaration has its own all the same", async () => {
    const declarations = await declared({ ...FILES, "shared.ts": `${FILES["shared.ts"]} process.version;` });
    const hashes = await hashesOf(declarations);
    expect(hashes.declarations).toEqual({ unknown: `${join(declarations.file, "..", "shared.ts")} reads process` });
    expect(Object.keys(hashes.statements)).toEqual(["one", "two"]);
  });

  test("take the closure before they load the module: what it does when it is loaded comes too late", async () => {
    const folder = write({
      "helper.js": "export const bound = 1;",
      "index.ts": `import { writeFileSync } from "node:fs"; import { bound } from "./helper.js";
        import { baseLaw as it, atMost, derived, theorem } from "theorycheck";
        writeFileSync(new URL("./helper.js", import.meta.url), "export const bound = 2;");
        ${theorem("one")}`,
    });
    const { closure } = await declarationsIn(join(folder, "index.ts"));
    expect(areUnchanged(closure.sources)).toBe(false);
    expect(readFileSync(join(folder, "helper.js"), "utf8")).toContain("2");
  });

  test("must declare something", async () => {
    await expect(declared({ "index.ts": "export const nothing = 1;" })).rejects.toThrow(
      "must export at least one declaration made with theorem({...}), got nothing",
    );
  });
});
