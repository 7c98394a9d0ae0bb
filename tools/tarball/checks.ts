import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../src/cli/main.ts";
import * as index from "../../src/index.ts";
import { coreHash } from "../../src/laboratory/fingerprint.ts";
import * as transformer from "../../src/transformer/index.ts";
import type { Consumer } from "./consumer.ts";

/** By what holds. A check throws where it does not, and may give a figure to print. */
export type Checks = Readonly<Record<string, () => unknown>>;

/** So many packages may be installed at most, this one included. */
const MOST_PACKAGES = 39;

/** The help takes less than so many times as long as `node -e 0`; npx alone takes some six times as long. */
const LONGEST_HELP = 4;
const LONGEST_NPX = 12;
const TURNS = 15;

/** What is in the tarball, whatever runs it. */
export function checksOfPackage(consumer: Consumer): Checks {
  const { installed } = consumer;
  const files = () =>
    readdirSync(installed, { recursive: true, encoding: "utf8" }).filter((file) =>
      statSync(join(installed, file)).isFile(),
    );
  return {
    "few packages come with it": () => {
      const { packages } = consumer;
      assert.ok(packages.length <= MOST_PACKAGES, `${packages.length}: ${packages.join(", ")}`);
      return `${packages.length}`;
    },
    "it holds what package.json promises, licences, and no sources": () => {
      const { exports, bin } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
      const promised = [...Object.values(exports), bin].flatMap((target) => Object.values(Object(target)) as string[]);
      for (const path of promised.filter((each) => each.startsWith(".")))
        assert.ok(existsSync(join(installed, path)), path);
      for (const file of ["LICENSE", "README.md", "CITATION.cff", "dist/THIRD-PARTY-LICENSES.txt"]) {
        assert.ok(existsSync(join(installed, file)), file);
      }
      assert.deepEqual(
        files().filter((file) => /\.ts$/.test(file) && !/\.d\.ts$/.test(file)),
        [],
      );
      assert.deepEqual([...new Set(files().map((file) => file.split(/[\\/]/)[0]))].sort(), [
        "CITATION.cff",
        "LICENSE",
        "README.md",
        "bin",
        "dist",
        "package.json",
      ]);
    },
    ...Object.fromEntries(
      Object.entries(TYPESCRIPT).flatMap(([title, compilerOptions]) => [
        [`a strict TypeScript project compiles against it, ${title}`, () => compiles(consumer, title, compilerOptions)],
      ]),
    ),
  };
}

const TYPESCRIPT = {
  "module nodenext": { module: "nodenext" },
  "module resolution bundler": { module: "esnext", moduleResolution: "bundler" },
} as const;

function compiles(consumer: Consumer, title: string, chosen: object): void {
  const compilerOptions = {
    ...chosen,
    target: "ES2022",
    lib: ["ES2022", "DOM"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const file = `tsconfig.${title.replaceAll(" ", "-")}.json`;
  consumer.write(file, JSON.stringify({ compilerOptions, files: ["strict.ts", "mine.ts"] }));
  const compiler = join(consumer.project, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = consumer.run(process.execPath, [compiler, "--project", file]);
  assert.equal(status, 0, stdout);
}

/** What the package does under a Node. */
export function checksOnNode(consumer: Consumer, node: string): Checks {
  const declarations = [
    ...["module/typed.ts", "commonjs/typed.ts", "silent/typed.ts", "commonjs/typed-commonjs.cts"],
    ...["module/plain.js", "commonjs/module.mjs", "commonjs/commonjs.cjs", "module/commonjs.cjs"],
  ];
  const verify = (file: string) => ["verify", "--theorems", file, "--beta", "0.3", "--workers", "1"];
  const bin = join(consumer.installed, "bin", "theorycheck.js");
  return {
    "a program in JavaScript imports it": () => {
      const { status, stdout, stderr } = consumer.run(node, ["plain.js", join(consumer.folder, "mine.ts")]);
      assert.equal(status, 0, stderr);
      const said = JSON.parse(stdout);
      assert.deepEqual(said.names, Object.keys(index).sort());
      assert.deepEqual(said.transformer, Object.keys(transformer).sort());
      assert.deepEqual([said.same, said.judged, said.core], [true, ["few-steps"], coreHash()]);
      const seed = 7;
      const theta = transformer.drawTheta(index.baseLaw, seed);
      const { model } = transformer.runModel(theta, seed, { engine: transformer.kernelEngine });
      assert.equal(said.digest, model.digest);
    },
    "vitest runs statements as tests, by theorycheck/vitest": () => {
      const vitest = join(consumer.project, "node_modules", "vitest", "vitest.mjs");
      const { status, stdout, stderr } = consumer.run(node, [vitest, "run", "--reporter=verbose"], {
        NO_COLOR: "1",
        FORCE_COLOR: "0",
      });
      assert.equal(status, 0, `${stdout}${stderr}`);
      assert.match(stdout, /few-steps: Training takes at most 20 steps > steps ≤ 20 on law short/);
      assert.match(stdout, /n = \d+, violated by 0/);
      const missed = consumer.run(node, [vitest, "run", "-t", "no such test"]);
      assert.equal(missed.status, 1, missed.stdout);
      assert.match(missed.stderr, /vitest -t must select a test/);
    },
    ...Object.fromEntries(
      declarations.map((file) => [
        `declarations in ${file} are judged`,
        () => {
          const { status, stdout, stderr } = consumer.program(node, [...verify(file), "--no-store"]);
          assert.match(stdout, /^certified +theorem +few-steps +\d+ models/m, stderr);
          assert.equal(status, 0);
        },
      ]),
    ),
    "it remembers what it trained, until the declarations change": () => {
      const kept = (file: string) => {
        const { stderr } = consumer.program(node, [...verify(file), "--store", "store"]);
        assert.doesNotMatch(stderr, /store not/);
        return readdirSync(join(consumer.folder, "store")).length;
      };
      rmSync(join(consumer.folder, "store"), { recursive: true, force: true });
      const files = ["module/typed.ts", "module/typed.ts", "module/plain.js", "module/plain.js"];
      assert.deepEqual(files.map(kept), [1, 1, 2, 2]);
    },
    "it says what the sources say of a theorem of its own, to the byte": async () => {
      const asked = ["verify", "--theorem", "learnability", "--max-models", "2", "--no-store", "--json"];
      assert.equal(consumer.program(node, asked).stdout, await printedBySources(asked, consumer.folder));
    },
    "it trains the models of the sources to the bit": async () => {
      const asked = ["train", "--law", "base", "--seed", "12", "--json"];
      assert.equal(consumer.program(node, asked).stdout, await printedBySources(asked, consumer.folder));
    },
    "it makes the report of a run": () => {
      const { status, stderr } = consumer.program(node, [
        ...verify("module/plain.js"),
        "--no-store",
        "--out",
        "reports",
      ]);
      assert.equal(status, 0, stderr);
      assert.match(readFileSync(join(consumer.folder, "reports/index.html"), "utf8"), /few-steps/);
    },
    "query says how to install DuckDB": () => {
      const { status, stderr } = consumer.program(node, ["query", "SELECT 1", "--models", "reports/models.jsonl"]);
      assert.deepEqual([status, stderr.split("\n").length], [2, 2], stderr);
      assert.match(stderr, /npm install @duckdb\/node-api/);
    },
    "a worker says how to install what a queue needs": () => {
      const { status, stderr } = consumer.program(node, ["worker", "--queue", "redis://127.0.0.1"]);
      assert.deepEqual([status, stderr.split("\n").length], [2, 2], stderr);
      assert.match(stderr, /npm install bullmq ioredis/);
    },
    "the help loads nothing but the help": () => {
      const loaded = consumer.loadedBy(node, [bin, "--help"]);
      loadsNone(
        loaded,
        [...loaded].filter((each) => !HELP.has(each)),
      );
    },
    "evidence loads no engine and no package": () =>
      loadsNone(consumer.loadedBy(node, [bin, "evidence", "--plan", "--rate", "0.01"]), [
        "dist/engine.js",
        "fast-check",
        "ml-matrix",
        "zod",
        "piscina",
        "tsx",
      ]),
    "declarations in JavaScript are judged without tsx, and without Vega where nothing is drawn": () => {
      const loaded = consumer.loadedBy(node, [bin, ...verify("module/plain.js"), "--no-store"]);
      assert.ok(loaded.has("dist/worker.js"), "workers are watched too");
      loadsNone(loaded, ["tsx", "dist/vega.module.js", "dist/files.js"]);
      assert.ok(consumer.loadedBy(node, [bin, ...verify("module/typed.ts"), "--no-store"]).has("tsx"));
    },
    "theorycheck --help is quick": () => quick(consumer, node, LONGEST_HELP, [node, bin, "--help"]),
    // npx is npm's, of which only the Node that runs this has its own
    ...(node === process.execPath
      ? {
          "npx theorycheck --help is quick": () => quick(consumer, node, LONGEST_NPX, ["npx", "theorycheck", "--help"]),
        }
      : {}),
  };
}

/** Wall times, medians of `TURNS`. They are taken by turns: what else the machine does slows both. */
function quick(consumer: Consumer, node: string, longest: number, [command, ...args]: [string, ...string[]]): string {
  const time = (program: string, words: readonly string[]) => {
    const start = performance.now();
    const { status, stderr } = consumer.run(program, words);
    assert.equal(status, 0, stderr);
    return performance.now() - start;
  };
  const turns = Array.from({ length: TURNS }, () => [time(node, ["-e", "0"]), time(command, args)] as const);
  const nothing = index.median(turns.map(([each]) => each));
  const asked = index.median(turns.map(([, each]) => each));
  const figure = `${(asked / nothing).toFixed(1)} times node -e 0, which takes ${nothing.toFixed(0)} ms`;
  assert.ok(asked < longest * nothing, figure);
  return figure;
}

/**
 * What `--help` needs: commander, the table of commands, what prints and what names errors, and what supervises the thread
 * in which they run.
 */
const HELP = new Set([
  "bin/theorycheck.js",
  "dist/address-space.js",
  "dist/cli.js",
  "dist/esm.js",
  "dist/command-thread.js",
  "dist/exit.js",
  "dist/fault.js",
  "dist/invalid-input.js",
  "dist/json-number.js",
  "dist/laboratory-fault.js",
  "dist/options.js",
  "dist/print.js",
  "dist/rolldown-runtime.js",
  "dist/supervise.js",

  "dist/visible-text.js",
]);

function loadsNone(loaded: ReadonlySet<string>, unwanted: readonly string[]): void {
  assert.ok(loaded.has("dist/cli.js"));
  const found = unwanted.filter((each) => loaded.has(each));
  assert.ok(found.length === 0, `loads ${found.join(", ")}`);
}

/** What a command line of the sources prints in a folder. */
async function printedBySources(words: readonly string[], folder: string): Promise<string> {
  const [{ write }, { write: writeError }, before] = [process.stdout, process.stderr, process.cwd()];
  let printed = "";
  process.stdout.write = (chunk: string | Uint8Array) => {
    printed += chunk.toString();
    return true;
  };
  process.stderr.write = () => true;
  process.chdir(folder);
  try {
    await main(words);
    return printed;
  } finally {
    process.chdir(before);
    Object.assign(process.stdout, { write });
    Object.assign(process.stderr, { write: writeError });
  }
}
