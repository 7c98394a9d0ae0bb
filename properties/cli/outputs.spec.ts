import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { storedCounterexamples } from "../../theorems/counterexamples.ts";
import { BIN } from "../built-program.ts";
import { commandLine, SLOW_STATEMENTS, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

const SMALL = ["--theorems", SMALL_STATEMENTS, "--workers", "1"];

/** Where nothing may be trained: a model takes seconds, and an answer at once is the point. */
const SLOW = ["--theorems", SLOW_STATEMENTS, "--workers", "1"];

const vary = ["--vary", "tau=0..0.2", "--cells", "3", "--seeds", "1"];

describe("where results cannot be written, that is said before anything is trained", () => {
  test.each<[string, string[]]>([
    ["verify", ["verify", ...SLOW, "--no-store"]],
    ["search", ["search", "slow", ...SLOW]],
    ["boundary", ["boundary", "slow", ...SLOW, ...vary]],
  ])("%s --out", async (_, asked) => {
    writeFileSync(folder.path("file"), "mine");
    for (const out of [folder.path("file/below"), folder.path("file/below/deeper")]) {
      const { code, out: printed, err } = await commandLine(...asked, "--out", out);
      expect([code, printed]).toEqual([2, ""]);
      expect(err).toMatch(/^error: --out must be a place that can be written to, got E(?:EXIST|NOTDIR)/m);
    }
    expect(folder.files()).toEqual(["file"]);
  });

  test.each([
    ["search", ["search", "slow", ...SLOW]],
    ["verify --campaign", ["verify", ...SLOW, "--no-store"]],
  ])("%s: a folder in the place of the file", async (name, asked) => {
    mkdirSync(folder.path("taken"));
    const option = name === "search" ? "--out" : "--campaign";
    const { code, err } = await commandLine(...asked, option, folder.path("taken"));
    expect([code, err.match(/^error: .*/m)?.[0]]).toEqual([
      2,
      `error: ${option} must be a place that can be written to, got ${folder.path("taken")} is a folder`,
    ]);
  });

  test("a link within the folder is not followed", async () => {
    mkdirSync(folder.path("reports"));
    mkdirSync(folder.path("elsewhere"));
    symlinkSync(folder.path("elsewhere"), folder.path("reports/figures"));
    const { code, err } = await commandLine("verify", ...SLOW, "--no-store", "--out", folder.path("reports"));
    expect([code, err]).toEqual([2, expect.stringContaining("figures must be a folder, got a symbolic link")]);
    expect(readdirSync(folder.path("elsewhere"))).toEqual([]);
  });

  test("an earlier run that is none", async () => {
    const { code, out } = await commandLine("verify", ...SLOW, "--resume", folder.path("none.json"));
    expect([code, out]).toEqual([2, ""]);
  });

  test.each([
    ["verify", "--out"],
    ["verify", "--store"],
    ["search", "--out", "slow"],
    ["boundary", "--out", "slow"],
    ["replay", "--out"],
    ["report", "--out"],
  ])('%s %s "" is refused', async (command, option, ...words) => {
    const theorems = command === "report" ? [] : ["--theorems", SLOW_STATEMENTS];
    const { code, out, err } = await commandLine(command, ...words, ...theorems, option, "");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain('It must name a file or a folder, got "".');
  });
});

describe("in a folder of its own", () => {
  const program = (...args: string[]) =>
    spawnSync(process.execPath, [BIN, ...args], { cwd: folder.path(""), encoding: "utf8" });

  test.each<[string, (reports: string) => void, RegExp]>([
    ["a broken teeth.json", (reports) => writeFileSync(join(reports, "teeth.json"), "{"), /teeth\.json: must be JSON/],
    [
      "a folder of that name",
      (reports) => mkdirSync(join(reports, "teeth.json")),
      /teeth\.json must be a regular file, got a folder/,
    ],
    [
      "a file for boundaries",
      (reports) => writeFileSync(join(reports, "boundaries"), ""),
      /boundaries must be a folder/,
    ],
    [
      "a file for counterexamples",
      (reports) => writeFileSync(join(reports, "counterexamples"), ""),
      /counterexamples must be a folder/,
    ],
  ])("%s ends verify before anything is trained", (_, make, message) => {
    mkdirSync(folder.path("reports"));
    make(folder.path("reports"));
    const { status, stdout, stderr } = program("verify", "--theorem", "low-rank-update", "--no-store");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("after 1 trials");
  });

  test("the gate says which stored counterexamples it did not find", () => {
    const { stdout } = program("verify", "--theorem", "pruning-is-free", "--max-models", "1", "--no-store");
    expect(stdout).toContain(
      "stored counterexamples not found, and not trained again: pruning-is-free-output-scale.json",
    );
    expect(stdout).not.toContain("low-rank-update-attention-scale.json");
  }, 60_000);
});

test("the stored counterexamples are those that the gate looks for", () => {
  const stored = new URL("../../reports/counterexamples/", import.meta.url);
  const files = readdirSync(stored).filter((name) => name.endsWith(".json"));
  expect(Object.keys(storedCounterexamples).sort()).toEqual(files.sort());
  for (const file of files) {
    expect(JSON.parse(readFileSync(new URL(file, stored), "utf8")).theorem).toBe(storedCounterexamples[file]);
  }
});

describe("report --check", () => {
  const reports = () => folder.path("reports");
  const check = () => commandLine("report", "--check", reports());
  const written = () =>
    commandLine("verify", ...SMALL, "--no-store", "--theorem", "half", "--beta", "0.2", "--out", reports());

  test("says of the files of one run that they are, with and without models.jsonl, and also when made anew", async () => {
    await written();
    expect(await check()).toMatchObject({
      code: 0,
      out: `The files of ${reports()} are of one run, and as it wrote them.\n`,
    });
    expect((await commandLine("report", join(reports(), "results.json"))).code).toBe(0);
    expect((await check()).code).toBe(0);
    await commandLine("report", join(reports(), "results.json"), "--out", folder.path("copy"));
    expect((await commandLine("report", "--check", folder.path("copy"))).code).toBe(0);
    expect(folder.files()).toEqual(["copy", "reports"]);
  });

  test.each<[string, () => void, string]>([
    [
      "an edited page",
      () => writeFileSync(join(reports(), "index.html"), "edited"),
      "index.html was edited, or is of another run",
    ],
    [
      "models of another run",
      () => writeFileSync(join(reports(), "models.jsonl"), "{}\n"),
      "models.jsonl was edited, or is of another run",
    ],
    [
      "edited results",
      () => {
        const file = join(reports(), "results.json");
        writeFileSync(file, readFileSync(file, "utf8").replace('"verdict": "refuted"', '"verdict": "certified"'));
      },
      "results.json was edited",
    ],
  ])("tells %s, with exit code 1", async (_, edit, fault) => {
    await written();
    edit();
    expect(await check()).toMatchObject({
      code: 1,
      out: `The files of ${reports()} do not belong together.\n  ${fault}\n`,
    });
  });

  test("a kill between the renames is told: new files beside old results", async () => {
    await written();
    const old = readFileSync(join(reports(), "results.json"), "utf8");
    await commandLine(
      ...["verify", ...SMALL, "--no-store", "--theorem", "half", "--beta", "0.2", "--seed", "9", "--out", reports()],
    );
    writeFileSync(join(reports(), "results.json"), old);
    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toContain("  index.html was edited, or is of another run\n");
    expect(out).toContain("  models.jsonl was edited, or is of another run\n");
  });

  test("what is there not at all, or knows no hashes, is bad input", async () => {
    expect((await check()).code).toBe(2);
    await written();
    const file = join(reports(), "results.json");
    const { files: _, ...before } = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify(before));
    expect(await check()).toMatchObject({ code: 2, err: expect.stringContaining("must have the hashes of its set") });
  });

  test("reports of another file take the place of none that has results of its own", async () => {
    await written();
    const other = join(reports(), "other.json");
    writeFileSync(other, readFileSync(join(reports(), "results.json")));
    const { code, err } = await commandLine("report", other);
    expect([code, err]).toEqual([2, expect.stringContaining(`--out must be given for ${other}`)]);
  });
});
