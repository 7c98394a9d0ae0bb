import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Built } from "../../src/laboratory/built.ts";
import { coreHash, coreSources, declarationsClosure, statementHashes } from "../../src/laboratory/fingerprint.ts";
import { ownName } from "../../src/laboratory/library.ts";
import { hashOf, sourcesCarried, sourcesOf } from "../../src/laboratory/sources.ts";
import { base64 } from "../../src/transformer/model/kernel/build/bytes.js";
import { BIN } from "../built-program.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const inDist = (file: string) => readFileSync(join(PROJECT, "dist", file), "utf8");

describe("dist/ is what the sources make", () => {
  const carried = JSON.parse(inDist("sources.json")) as Built;
  const dist = join(PROJECT, "dist");
  const named = (file: string) => ownName(file) as string;
  const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: PROJECT, encoding: "utf8" }).stdout;
  const fromDist = (asked: readonly string[]) => run(BIN, ...asked);
  const fromSources = (asked: readonly string[]) => {
    const code = `const { main } = await import("./src/cli/main.ts"); process.exitCode = await main(${JSON.stringify(asked)});`;
    return run("--import", "tsx", "--input-type=module", "--eval", code);
  };

  test("it has the core's hash, whose versions it reads where it lies", () => {
    expect(hashOf(sourcesCarried(carried.core, dist), named)).toBe(coreHash());
    const elsewhere = mkdtempSync(join(tmpdir(), "theorycheck-elsewhere-"));
    const other = sourcesCarried(carried.core, elsewhere);
    rmSync(elsewhere, { recursive: true });
    expect(other.files).toEqual(sourcesCarried(carried.core, dist).files);
    expect(hashOf(other, named)).not.toBe(coreHash());
  });

  test("it knows the versions of packages that are in it, and the names of those that are not", () => {
    const bundled = carried.core.bundled.map((id) => id.slice(0, id.lastIndexOf("@")));
    expect(bundled).toContain("@stdlib/math-base-special-ln");
    expect(carried.core.outside).toEqual(expect.arrayContaining(["fast-check", "ml-matrix", "tsx", "zod"]));
    expect(bundled.filter((name) => carried.core.outside.includes(name))).toEqual([]);
    expect(bundled.length).toBeLessThan(coreSources().packages.size);
  });

  test("it has the hashes of the declarations", async () => {
    const file = join(PROJECT, "theorems", "index.ts");
    const { hash } = await declarationsClosure(file);
    const [name] = readdirSync(dist).filter((each) => /^theorems-.*\.js$/.test(each));
    expect(carried.declarations).toEqual({ [name!]: { hash, statements: await statementHashes(file) } });
  });

  test.each(["index", "transformer"])("%s: it has the hash of what others import", (name) => {
    const { source, sources } = carried.entries[`${name}.js`]!;
    const room = join(PROJECT, "src");
    expect(hashOf(sourcesCarried(sources, dist), named)).toBe(hashOf(sourcesOf(room, [join(room, source)]), named));
  });

  test("its kernel is the one that the sources run", () => {
    const carrying = readdirSync(join(PROJECT, "dist")).filter(
      (file) => file.endsWith(".js") && readFileSync(join(PROJECT, "dist", file), "utf8").includes(base64),
    );
    expect(carrying).toHaveLength(1);
    const compiled = readFileSync(join(PROJECT, "src/transformer/model/kernel/build/kernel.wasm"));
    expect(Buffer.from(base64, "base64").equals(compiled)).toBe(true);
  });

  test("it trains the same model to the bit", () => {
    const asked = ["train", "--law", "base", "--seed", "7", "--json"];
    expect(fromDist(asked)).toBe(fromSources(asked));
  });

  test("what it trained counts for the sources, which train nothing again", () => {
    const store = mkdtempSync(join(tmpdir(), "theorycheck-store-"));
    try {
      const kept = () => readdirSync(store).map((name) => [name, readFileSync(join(store, name), "utf8")]);
      const asked = ["verify", "--theorems", "examples/coin/coin.ts", "--workers", "1", "--store", store];
      const verdicts = fromDist(asked);
      const before = kept();
      expect(before).toHaveLength(1);
      expect(before[0]![1]!.split("\n").length).toBeGreaterThan(100);
      expect(fromSources(asked)).toBe(verdicts);
      expect(kept()).toEqual(before);
    } finally {
      rmSync(store, { recursive: true });
    }
  }, 60_000);

  test("it names the licence of each package that is in it", () => {
    const licences = inDist("THIRD-PARTY-LICENSES.txt");
    for (const name of ["@stdlib/math-base-special-ln", "commander", "katex", "vega", "vega-lite", "d3-shape"]) {
      const { version, license } = JSON.parse(
        readFileSync(join(PROJECT, "node_modules", name, "package.json"), "utf8"),
      );
      expect(licences).toContain(`\n${name}@${version} (${license})\n`);
    }
    expect(licences).toContain("Apache License");
    expect(licences).not.toContain("fast-check@");
  });
});

describe("in a checkout the program refuses a dist/ that is not what the sources make", () => {
  const checkout = mkdtempSync(join(tmpdir(), "theorycheck-checkout-"));
  afterAll(() => rmSync(checkout, { recursive: true }));

  const FILES = {
    "package.json": '{ "type": "module", "version": "1.0.0" }',
    "package-lock.json": "{}",
    "tsconfig.json": "{}",
    "src/one.ts": "1",
    "src/transformer/model/kernel/build/kernel.wasm": "compiled",
    "theorems/index.ts": "2",
    "dist/supervise.js": 'export const supervise = (words) => { console.log("ran", ...words); process.exitCode = 3; };',
  };
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    writeFileSync(join(checkout, file), text);
  };
  const hashed = () => {
    const code =
      'const { contentsHash, sourceHash } = await import("./tools/build/source-hash.js");' +
      'console.log(JSON.stringify({ sources: sourceHash("."), contents: contentsHash("dist") }))';
    const [hashes] = execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
      cwd: checkout,
      encoding: "utf8",
    }).split("\n");
    write("dist/source-hash.json", hashes as string);
  };
  const run = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, "bin/theorycheck.js"), "list"], {
      encoding: "utf8",
    });
    return [status, stdout, stderr];
  };
  const RAN = [3, "ran list\n", ""];
  const REFUSED = [70, "", "theorycheck: dist/ is not what the sources make; npm run build\n"];

  beforeEach(() => {
    rmSync(checkout, { recursive: true });
    for (const room of ["bin", "tools/build"]) cpSync(join(PROJECT, room), join(checkout, room), { recursive: true });
    for (const [file, text] of Object.entries(FILES)) write(file, text);
    hashed();
  });

  test("it runs where nothing was changed, and gives the exit code", () => expect(run()).toEqual(RAN));

  test.each([
    ["a source", "src/one.ts", "changed"],
    ["a new source", "src/law/new.ts", ""],
    ["a theorem", "theorems/index.ts", "changed"],
    ["the version", "package.json", '{ "type": "module", "version": "1.0.1" }'],
    ["the version of a package", "package-lock.json", '{ "packages": {} }'],
    ["how it is built", "tools/build/bundle.ts", "changed"],
    ["what was built", "dist/cli.js", "export const main = async () => 0;"],
    ["a file beside what was built", "dist/more.js", "1"],
  ])("%s", (_, file, text) => {
    write(file, text);
    expect(run()).toEqual(REFUSED);
  });

  test("a source that was removed, or only moved", () => {
    rmSync(join(checkout, "src/one.ts"));
    expect(run()).toEqual(REFUSED);
    write("src/two.ts", FILES["src/one.ts"]);
    expect(run()).toEqual(REFUSED);
    rmSync(join(checkout, "src/two.ts"));
    write("src/one.ts", FILES["src/one.ts"]);
    expect(run()).toEqual(RAN);
  });

  test("a dist/ that is not there, or half of one", () => {
    rmSync(join(checkout, "dist/source-hash.json"));
    expect(run()).toEqual(REFUSED);
    rmSync(join(checkout, "dist"), { recursive: true });
    expect(run()).toEqual(REFUSED);
  });

  test("what is compiled from the sources is none of them", () => {
    write("src/transformer/model/kernel/build/kernel.wasm", "compiled anew");
    expect(run()).toEqual(RAN);
  });

  test("an installed package has no sources, and needs none", () => {
    for (const room of ["src", "theorems", "tools"]) rmSync(join(checkout, room), { recursive: true });
    rmSync(join(checkout, "dist/source-hash.json"));
    expect(existsSync(join(checkout, "package-lock.json"))).toBe(true);
    expect(run()).toEqual(RAN);
  });
});

test("an installed bundle that was edited finds nothing that was trained before, nor does the next one find its models", () => {
  const installed = mkdtempSync(join(tmpdir(), "theorycheck-installed-"));
  try {
    for (const part of ["bin", "dist", "package.json"]) {
      cpSync(join(PROJECT, part), join(installed, part), { recursive: true });
    }
    symlinkSync(join(PROJECT, "node_modules"), join(installed, "node_modules"), "dir");
    const declared = `
      import { constant, atMost, derived, experiment, statementsOf } from "theorycheck";
      const field = { kind: "real", from: 0, to: 1, symbol: "p", meaning: "p", hypothesis: "p", simplest: "low",
        widest: { kind: "real", from: 0, to: 1 } };
      const { law, theorem } = statementsOf(experiment({ id: "one", fields: { p: field }, measure: () => ({ x: 7 }) }));
      export const small = theorem({ id: "small", title: "7 is at most 1", provenance: derived(),
        law: law({ id: "only", title: "only", ranges: { p: constant(0) } }),
        claims: [atMost("x", 1, (run) => run.x)] });`;
    writeFileSync(join(installed, "mine.js"), declared);
    const words = ["bin/theorycheck.js", "verify", "--theorems", "mine.js", "--workers", "1", "--store", "store"];
    const verdict = () => spawnSync(process.execPath, words, { cwd: installed, encoding: "utf8" }).stdout.split(" ")[0];
    const bundle = readdirSync(join(installed, "dist"))
      .map((name) => join(installed, "dist", name))
      .find((path) => path.endsWith(".js") && readFileSync(path, "utf8").includes("value = claim.observe("))!;
    const built = readFileSync(bundle, "utf8");
    expect(verdict()).toBe("refuted");
    writeFileSync(bundle, built.replace("value = claim.observe(", "value = 0 * claim.observe("));
    expect(verdict()).toBe("certified");
    writeFileSync(bundle, built);
    expect(verdict()).toBe("refuted");
  } finally {
    rmSync(installed, { recursive: true });
  }
}, 60_000);
