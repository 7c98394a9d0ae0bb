import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { BIN } from "../built-program.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const COINS = fileURLToPath(new URL("./fixture/coins.ts", import.meta.url));
const FIXTURE = fileURLToPath(new URL("./fixture", import.meta.url));

interface Outcome {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

/** Runs vitest on the statements about coins, as their author would. */
function runVitest(options: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
  return vitest(FIXTURE, options, environment);
}

function vitest(root: string, options: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [`${PROJECT}node_modules/vitest/vitest.mjs`, "run", "--root", root, ...options],
    { encoding: "utf8", env: { ...process.env, ...environment, NO_COLOR: "1", FORCE_COLOR: "0" } },
  );
  return { stdout, stderr, status };
}

function outcomesOf(stdout: string): Outcome[] {
  const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
    readonly testResults: readonly { readonly assertionResults: readonly Outcome[] }[];
  };
  return report.testResults.flatMap(({ assertionResults }) => assertionResults);
}

describe("statements as tests", () => {
  const { stdout, status } = runVitest(["--reporter=json"]);
  const outcomes = outcomesOf(stdout);

  test("are a describe each, with a test a claim and law, and one for a theorem of several claims as a whole", () => {
    expect(outcomes.map(({ fullName, status }) => `${status}: ${fullName}`)).toEqual([
      "passed: few-heads: At most 17 heads of 20 heads ≤ 17 on law fair",
      "passed: few-heads: At most 17 heads of 20 tails > 1 on law fair",
      "passed: few-heads: At most 17 heads of 20 its 2 claims together on law fair",
      "failed: balanced: Never more than 11 heads heads ≤ 11 on law fair",
      "passed: balanced: Never more than 11 heads heads, loosely ≤ 20 on law fair",
      "failed: balanced: Never more than 11 heads its 2 claims together on law fair",
      "passed: loaded-coin: A loaded coin shows more heads ≤ 17 on law loaded",
    ]);
    expect(status).toBe(1);
  });

  test("that fail say claim and law, counts and limits, the worst θ, the bound that would have passed, and last what replays it", () => {
    const [message] = outcomes.find(({ fullName }) => fullName.includes("heads ≤ 11"))!.failureMessages;
    const lines = message!.split("\n").filter((line) => !line.trim().startsWith("at "));
    expect(lines[0]).toMatch(
      /^Unexpected: theorem balanced on law fair should be certified, and is refuted after \d+ models, \d+ of which violate it, rate in \[/,
    );
    expect(lines[1]).toMatch(
      /^claim "heads" ≤ 11 on law fair: violated by \d+ of \d+ models, rate in \[[\d.e-]+, [\d.e-]+\] at 95 %$/,
    );
    const [, worst, seed] = /^ {2}worst: (\d+), in the model of seed (\d+)$/.exec(lines[2]!)!;
    expect(Number(worst)).toBeGreaterThan(11);
    expect(lines[3]).toBe('  theta {"p":0.5}');
    expect(lines[4]).toMatch(new RegExp(`^ {2}smallest bound that would have passed these \\d+ models: ${worst}$`));
    expect(lines[5]).toBe(`npx theorycheck train --law fair --seed ${seed} --theorems ${COINS}`);
    const replayed = spawnSync(process.execPath, [BIN, ...lines[5]!.split(" ").slice(2), "--json"], {
      encoding: "utf8",
    });
    expect(JSON.parse(replayed.stdout).claims).toContainEqual(
      expect.objectContaining({ statement: "balanced", claim: "heads", observed: Number(worst), holds: false }),
    );
    expect(lines).toHaveLength(6);
  });

  test("that fail are located where the statement is declared", () => {
    const [message] = outcomes.find(({ fullName }) => fullName.includes("heads ≤ 11"))!.failureMessages;
    expect(message).toMatch(/^ +at .*coins\.ts:\d+:\d+\)?$/m);
  });
});

test("the verbose reporter shows n, worst and headroom of tests that pass", () => {
  const { stdout } = runVitest(["--reporter=verbose", "-t", "few-heads"]);
  expect(stdout).toMatch(/n = 158, violated by 0 \(rate at most 0\.0\d+\), worst \d+, headroom 1\.\d+ times/);
  expect(stdout).toMatch(/certified after 158 models, 0 of which violate it/);
});

test.each([
  ["few-heads", ["0.5"]],
  ["loaded-coin", ["0.95"]],
  ["a name that no test has", []],
])("where only %s is asked for, only what it needs is run", (name, tossed) => {
  const { stderr, stdout } = runVitest(["-t", name]);
  const runs = [...`${stdout}${stderr}`.matchAll(/toss ([\d.]+)/g)].map(([, p]) => p);
  expect([...new Set(runs)]).toEqual(tossed);
});

describe("a -t that selects no test", () => {
  const NONE = ["-t", "a name that no test has"];
  const SAID =
    /^theorycheck: vitest -t must select a test, got \/a name that no test has\/, which selects none in \d+ files?$/m;

  test.each([[[]], [["--reporter=json"]]])(
    "fails where the configuration requires a selection, with %j too",
    (options) => {
      const { stderr, status } = runVitest([...NONE, ...options]);
      expect(status).toBe(1);
      expect(stderr).toMatch(SAID);
    },
  );

  test("fails in this project", () => {
    const { stderr, status } = vitest(PROJECT, ["properties/law/range.spec.ts", ...NONE, "--reporter=dot"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(SAID);
  });

  test("and one that selects some passes", () => {
    expect(runVitest(["-t", "few-heads"])).toMatchObject({ status: 0, stderr: expect.not.stringMatching(SAID) });
  });
});

test("with their module given, they are run in threads, and replayed with it", () => {
  const { stdout } = runVitest(["--reporter=json"], { COINS_MODULE: "./coins.ts" });
  const outcomes = outcomesOf(stdout);
  expect(outcomes.map(({ status }) => status)).toEqual([
    "passed",
    "passed",
    "passed",
    "failed",
    "passed",
    "failed",
    "passed",
  ]);
  for (const { failureMessages } of outcomes.filter(({ status }) => status === "failed")) {
    expect(failureMessages[0]).toMatch(/^npx theorycheck train --law fair --seed \d+ --theorems \S+coins\.ts$/m);
  }
});

test("with a module that declares others under their names, nothing is judged", () => {
  const { stdout } = runVitest(["--reporter=json"], { COINS_MODULE: "./other-coins.ts" });
  const outcomes = outcomesOf(stdout);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["failed"]));
  expect(outcomes[0]!.failureMessages[0]).toMatch(
    /module must export theorem few-heads, declared in \S+coins\.ts, got one that is declared in \S+other-coins\.ts in \S+other-coins\.ts/,
  );
});
