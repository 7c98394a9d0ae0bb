import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseResults } from "../../src/report/results.ts";
import { BIN } from "../built-program.ts";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));

const project = mkdtempSync(join(tmpdir(), "theorycheck-project-"));
afterAll(() => rmSync(project, { recursive: true }));

const NAMES = "{ atMost, baseLaw, constant, law, observed, theorem }";

const IMPORTS = `import ${NAMES} from "theorycheck"; import { MOST_STEPS } from "./most-steps";`;

const REQUIRES = `const ${NAMES} = require("theorycheck"); const { MOST_STEPS } = require("./most-steps");`;

/** A theorem over models that take a millisecond. */
const DECLARATION = `theorem({
  id: "few-steps",
  title: "Training takes few steps",
  provenance: observed(),
  law: law({
    id: "short",
    title: "twenty steps",
    ranges: { ...baseLaw.ranges, M: constant(3), d: constant(4), L: constant(10), m: constant(10), Tmax: constant(20) },
  }),
  claims: [atMost("steps", MOST_STEPS, (run) => run.steps)],
});`;

beforeAll(() => {
  mkdirSync(join(project, "node_modules"));
  symlinkSync(PACKAGE, join(project, "node_modules", "theorycheck"), "dir");
  const files = {
    "package.json": '{ "name": "mine" }',
    // an enum is no mere type: Node does not strip it
    "most-steps.ts": "enum Steps { MOST = 20 }\nexport const MOST_STEPS: number = Steps.MOST;",
    "most-steps.cjs": "exports.MOST_STEPS = 20;",
    "imports.ts": `${IMPORTS} export const fewSteps = ${DECLARATION}`,
    "imports.cts": `${IMPORTS} export const fewSteps = ${DECLARATION}`,
    "requires.cts": `${REQUIRES} exports.fewSteps = ${DECLARATION}`,
    "requires.cjs": `${REQUIRES.replace("most-steps", "most-steps.cjs")} exports.fewSteps = ${DECLARATION}`,
    "broken.ts": `${IMPORTS} export const fewSteps = ${DECLARATION.replace("MOST_STEPS", "Number.NaN")}`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
});

/** `theorycheck verify`, started in that project, of a module of its own. */
function verify(name: string) {
  const asked = ["--theorems", name, "--no-store", "--beta", "0.3", "--workers", "1", "--json"];
  const { stdout, stderr, status } = spawnSync(process.execPath, [BIN, "verify", ...asked], {
    cwd: project,
    encoding: "utf8",
  });
  return { stdout, stderr, status };
}

test("declarations in JavaScript are resolved as the tsconfig says, and so is what their store knows of them", () => {
  const folder = join(project, "with-tsconfig");
  const files = {
    "package.json": '{ "type": "module" }',
    "tsconfig.json": '{ "compilerOptions": { "paths": { "most-steps": ["./aliased.js"] } } }',
    "aliased.js": "export const MOST_STEPS = 20;",
    "node_modules/most-steps/package.json": '{ "name": "most-steps", "version": "1.0.0", "type": "module" }',
    "node_modules/most-steps/index.js": "export const MOST_STEPS = 0;",
    "mine.js": `${IMPORTS.replace("./most-steps", "most-steps")} export const fewSteps = ${DECLARATION}`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const asked = ["verify", "--theorems", "mine.js", "--store", "store", "--beta", "0.3", "--workers", "1"];
  const run = () => spawnSync(process.execPath, [BIN, ...asked], { cwd: folder, encoding: "utf8" });
  const first = run();
  expect(first.stderr).not.toContain("store not");
  expect(first.stdout).toMatch(/^certified +theorem +few-steps/);
  writeFileSync(join(folder, "aliased.js"), "export const MOST_STEPS = 0;");
  expect(run().stdout).toMatch(/^refuted +theorem +few-steps/);
}, 60_000);

describe("in a project whose package.json does not say that it is made of ES modules", () => {
  test.each(["imports.ts", "imports.cts", "requires.cts", "requires.cjs"])(
    "%s is judged",
    (name) => {
      const { stdout, stderr, status } = verify(name);
      expect(stderr).toContain("short: 1 of 1 verdicts decided, 0 refuted");
      expect(status).toBe(0);
      expect(parseResults(stdout).statements.map(({ id, verdict }) => [id, verdict])).toEqual([
        ["few-steps", "certified"],
      ]);
    },
    60_000,
  );

  test("a declaration that is none says what is wrong with it", () => {
    const { stdout, stderr, status } = verify("broken.ts");
    expect([stdout, status]).toEqual(["", 2]);
    expect(stderr).toMatch(/^error: .*NaN/m);
  }, 60_000);
});
