import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { THEOREMS_FILE } from "../../src/cli/registry.ts";
import { coreHash, statementHashes } from "../../src/laboratory/fingerprint.ts";
import { BIN } from "../built-program.ts";
import { commandLine, SLOW_STATEMENTS } from "./command-line.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

const COUNTEREXAMPLES = new URL("../../reports/counterexamples/", import.meta.url);

const folder = mkdtempSync(join(tmpdir(), "theorycheck-program-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A theorem outside of any package: TypeScript takes such a file for CommonJS. */
const FEW_STEPS = `
import { atMost, baseLaw, constant, law, observed, theorem } from ${JSON.stringify(SOURCE)};

const small = law({
  id: "short",
  title: "twenty steps",
  ranges: { ...baseLaw.ranges, M: constant(3), d: constant(4), L: constant(10), m: constant(10), Tmax: constant(20) },
});

export const fewSteps = theorem({
  id: "few-steps",
  title: "Training takes at most 20 steps",
  provenance: observed(),
  law: small,
  claims: [atMost("steps", 20, (run) => run.steps)],
});
`;

test("the program judges a theorem of a lone file, and its models are this process's to the bit", async () => {
  const file = join(folder, "few-steps.ts");
  writeFileSync(file, FEW_STEPS);
  const theorems = ["--theorems", file];
  const program = (...args: string[]) =>
    execFileSync(process.execPath, [BIN, ...args], {
      cwd: dirname(file),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

  const verdicts = program("verify", ...theorems, "--no-store", "--beta", "0.3", "--workers", "1");
  expect(verdicts).toMatch(/^certified +theorem +few-steps +\d+ models {2}Training takes at most 20 steps$/m);
  expect(verdicts).toContain("1 of 1 theorems certified.");

  const asked = ["train", ...theorems, "--law", "short", "--seed", "7", "--json"];
  const printed = program(...asked);
  expect(printed).toBe((await commandLine(...asked)).out);
  expect(JSON.parse(printed).measurements.steps).toBe(20);
}, 120_000);

test("Ctrl-C ends the program with exit code 130, and leaves earlier reports whole", async () => {
  const reports = join(folder, "reports");
  mkdirSync(reports);
  writeFileSync(join(reports, "results.json"), "from an earlier run");
  const args = ["verify", "--theorems", SLOW_STATEMENTS, "--workers", "1", "--no-store", "--out", reports];
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
    // models are being trained by now
    if (err.includes("after 1 trials") && !child.killed) child.kill("SIGINT");
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on("close", (...ended) => resolve(ended));
  });
  expect([code, signal]).toEqual([130, null]);
  expect(out).toBe("");
  expect(err).toContain("Interrupted: nothing was judged, and the reports are as they were.\n");
  expect(err).not.toContain("    at ");
  expect(readdirSync(reports)).toEqual(["results.json"]);
  expect(readFileSync(join(reports, "results.json"), "utf8")).toBe("from an earlier run");
}, 120_000);

test("verify trains stored counterexamples again, and fails with the reason where one is not reproduced", async () => {
  const project = join(folder, "with-counterexamples");
  const stored = join(project, "reports", "counterexamples");
  mkdirSync(stored, { recursive: true });
  const genuine = readFileSync(new URL("pruning-is-free-output-scale.json", COUNTEREXAMPLES), "utf8");
  const tampered = { ...JSON.parse(genuine), versions: { theorycheck: "0.0.0", core: coreHash() } };
  tampered.claim.hash = (await statementHashes(THEOREMS_FILE))["pruning-is-free"];
  tampered.models[0].digest = "0".repeat(64);
  const others = genuine.replace('"theorem": "pruning-is-free"', '"theorem": "low-rank-update"');
  expect(others).not.toBe(genuine);
  writeFileSync(join(stored, "genuine.json"), genuine);
  writeFileSync(join(stored, "of-another-theorem.json"), others);
  const verify = () => {
    const asked = ["verify", "--theorem", "pruning-is-free", "--max-models", "1", "--no-store"];
    const { stdout, status } = spawnSync(process.execPath, [BIN, ...asked], { cwd: project, encoding: "utf8" });
    return { stdout, status };
  };
  const sound = verify();
  expect(sound.stdout).toMatch(/^reproduced +stored counterexample genuine\.json$/m);
  expect(sound.stdout).not.toContain("of-another-theorem.json");
  expect(sound.stdout).toContain("1 of 1 stored counterexamples reproduced");

  writeFileSync(join(stored, "tampered.json"), JSON.stringify(tampered));
  const { stdout, status } = verify();
  expect(status).toBe(1);
  expect(stdout).toMatch(/^reproduced +stored counterexample genuine\.json$/m);
  expect(stdout).toMatch(/^lost +stored counterexample tampered\.json$/m);
  expect(stdout).toContain(
    "  stored counterexample tampered.json is not reproduced: the numbers differ: the digest of the trained weights; the core is the same\n",
  );
}, 120_000);

test.each([
  [
    "in a folder with a backslash in its name",
    "back\\slash",
    (text: string) => text,
    /Node\.js imports nothing from a folder with a/,
  ],
  [
    "beside a package.json that is cut off",
    "torn",
    (text: string) => text.slice(0, 40),
    /package\.json cannot be read \(/,
  ],
])("%s the program says in a line why it cannot start", (_, name, torn, line) => {
  const installed = join(folder, name);
  for (const part of ["bin", "dist"]) cpSync(join(PROJECT, part), join(installed, part), { recursive: true });
  writeFileSync(join(installed, "package.json"), torn(readFileSync(join(PROJECT, "package.json"), "utf8")));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, "bin", basename(BIN)), "list"], {
    encoding: "utf8",
  });
  expect([status, stdout]).toEqual([70, ""]);
  expect(stderr).toMatch(line);
  expect(stderr.split("\n")).toHaveLength(2);
});
