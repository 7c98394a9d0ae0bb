import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { tellGithub } from "../../src/cli/github.ts";
import { parseResults } from "../../src/report/results.ts";
import { failuresOf, summaryMarkdown } from "../../src/report/summary.ts";
import { exampleResults } from "../report/example-results.ts";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const project = fileURLToPath(new URL("../..", import.meta.url));

/** What is said on stderr. */
function saidBy(say: () => void): string {
  const { write } = process.stderr;
  let said = "";
  process.stderr.write = (chunk: string | Uint8Array) => {
    said += chunk;
    return true;
  };
  try {
    say();
  } finally {
    process.stderr.write = write;
  }
  return said;
}

const NOWHERE = { files: [], from: "" };

describe("in a job of GitHub's", () => {
  test("verify adds the verdicts to the summary, and an error at the declaration of what failed; stdout is as ever", async () => {
    const asked = ["verify", "--theorems", SMALL_STATEMENTS, "--no-store", "--workers", "1", "--beta", "0.2", "--json"];
    const elsewhere = await commandLine(...asked);
    Object.assign(process.env, {
      GITHUB_STEP_SUMMARY: folder.path("summary.md"),
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: project,
    });
    try {
      const { code, out, err } = await commandLine(...asked);
      expect([code, out]).toEqual([elsewhere.code, elsewhere.out]);
      const line = readFileSync(SMALL_STATEMENTS, "utf8").split("\n").indexOf('    id: "capped",') + 1;
      expect(err).toContain(
        `::error file=properties/verdict/fixtures/small-statements.ts,line=${line},title=theorem capped is inconclusive::steps on law small: inconclusive, violated by 0 of `,
      );
      expect(err.match(/^::error/gm)).toHaveLength(1);
      const summary = readFileSync(folder.path("summary.md"), "utf8");
      expect(summary).toBe(summaryMarkdown(parseResults(out), ` --theorems ${SMALL_STATEMENTS}`));
      expect(summary).toMatch(/^## theorycheck: failed\n/);
      expect(summary).toContain("| **inconclusive** | theorem | `capped`: Forty models decide nothing | ");
      expect(summary).toContain("| refuted | control | `half`: ");
    } finally {
      for (const name of ["GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS", "GITHUB_WORKSPACE"]) delete process.env[name];
    }
  }, 60_000);

  test("nothing is said elsewhere", () => {
    expect(saidBy(() => tellGithub(exampleResults(), NOWHERE, {}))).toBe("");
    expect(saidBy(() => tellGithub(exampleResults(), NOWHERE, { GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "" }))).toBe(
      "",
    );
  });

  test("a summary that cannot be written is said, and ends nothing", () => {
    const said = saidBy(() => tellGithub(exampleResults(), NOWHERE, { GITHUB_STEP_SUMMARY: folder.path("") }));
    expect(said).toMatch(/^GITHUB_STEP_SUMMARY cannot be written: EISDIR/);
  });

  test("statements and lemmas of this project are found below theorems/, those of a suite in its file", () => {
    const github = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: project };
    const said = saidBy(() => tellGithub(exampleResults(), NOWHERE, github));
    expect(said).toMatch(/^::error file=theorems\/scaling\.ts,line=\d+,title=theorem scaling is inconclusive::/m);
    expect(said).toMatch(/^::error file=theorems\/lemmas\/gradient\.ts,line=\d+,title=lemma gradient is broken::/m);
    expect(said).toMatch(/^::error .*title=counterexample <broken>\.json is not reproduced::/m);
    writeFileSync(folder.path("suite.yaml"), "theorems:\n  - id: scaling-laws\n  - id: scaling\n");
    const suite = { files: [folder.path("suite.yaml")], from: " --suite suite.yaml" };
    const inSuite = saidBy(() => tellGithub(exampleResults(), suite, { ...github, GITHUB_WORKSPACE: folder.path("") }));
    expect(inSuite).toMatch(
      /^::error file=suite\.yaml,line=3,title=theorem scaling is inconclusive::.* --suite suite\.yaml$/m,
    );
  });

  test("what a title says is no command and no property: percent signs, line ends, colons and commas are escaped", () => {
    const results = exampleResults();
    const scaling = results.statements.find(({ id }) => id === "scaling")!;
    scaling.claims[0]!.title = "50 %\n::error::x";
    scaling.events[0]!.claim = "50 %\n::error::x";
    const said = saidBy(() => tellGithub(results, NOWHERE, { GITHUB_ACTIONS: "true" }));
    expect(said).toContain("50 %25%0A::error::x");
    expect(said.match(/^::error/gm)).toHaveLength(failuresOf(results).length);
    expect(summaryMarkdown(results)).not.toMatch(/^::error/m);
  });
});

describe("action.yml", () => {
  const text = readFileSync(new URL("../../action.yml", import.meta.url), "utf8");
  const action = parse(text) as {
    inputs: Record<string, { description: string; default: string }>;
    runs: { using: string; steps: { name?: string; shell?: string; run?: string; env?: Record<string, string> }[] };
  };

  test("takes what it declares, pins what it uses, and puts no input into a script", () => {
    const used = [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort());
    for (const [, uses] of text.matchAll(/uses:\s*(.*)/g)) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40} # v[\d.]+$/);
    for (const { run = "", shell } of action.runs.steps.filter((step) => step.run !== undefined)) {
      expect([run.includes("${{"), shell]).toEqual([false, "bash"]);
    }
    const page = readFileSync(new URL("../../docs/ci.md", import.meta.url), "utf8");
    for (const name of Object.keys(action.inputs)) expect(page).toContain(`| \`${name}\``);
  });

  beforeEach(() => {
    mkdirSync(folder.path("examples"));
    cpSync(new URL("../../examples/random-walk", import.meta.url), folder.path("examples/a walk"), { recursive: true });
  });

  test("its step judges a suite whose path has blanks, and exits as verify does", () => {
    const { run } = action.runs.steps.find(({ name }) => name === "verify")!;
    const env = {
      ...{ PATH: process.env.PATH, HOME: folder.path(""), ACTION_PATH: project },
      ...{ SUITE: "examples/a walk/suite.yaml", THEOREMS: "", OUT: "out put", OPTIONS: "--max-models 5 --workers 1" },
    };
    // as the runner starts it
    const bash = ["--noprofile", "--norc", "-eo", "pipefail", "-c", run!];
    const { status, stdout } = spawnSync("bash", bash, { cwd: folder.path(""), env, encoding: "utf8" });
    expect(stdout).toContain("theorem");
    const { gate } = parseResults(readFileSync(folder.path("out put/results.json"), "utf8"));
    expect([status, gate.exitCode]).toEqual([1, 1]);
  }, 60_000);
});
