import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import { commandLine } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

const VERSION_1 = fileURLToPath(new URL("../../golden/results-version-1.json", import.meta.url));

describe("theorycheck diff", () => {
  const old = readFileSync(VERSION_1, "utf8");
  beforeEach(() => {
    mkdirSync(folder.path("reports"));
    writeFileSync(folder.path("reports/results.json"), old.replace('"kind": "certified"', '"kind": "refuted"'));
  });

  test("exits with 0 where nothing was lost, with 1 on a regression; a folder is its results.json", async () => {
    const same = await commandLine("diff", VERSION_1, VERSION_1);
    expect([same.code, same.err]).toEqual([0, ""]);
    expect(same.out).toContain("Nothing changed");
    const worse = await commandLine("diff", VERSION_1, folder.path("reports"));
    expect([worse.code, worse.err]).toEqual([1, ""]);
    expect(worse.out).toMatch(/^1 regression, 0 other changes\.$/m);
    expect(worse.out).toContain(`new  ${folder.path("reports/results.json")}: theorycheck `);
    const better = await commandLine("diff", folder.path("reports"), VERSION_1);
    expect(better.code).toBe(0);
  });

  test("--json and --markdown print the same in their forms, and not both", async () => {
    const json = await commandLine("diff", VERSION_1, folder.path("reports"), "--json");
    expect(JSON.parse(json.out)).toMatchObject({ regressions: 1, changes: [{ topic: "verdicts", regression: true }] });
    const markdown = await commandLine("diff", VERSION_1, folder.path("reports"), "--markdown");
    expect([markdown.code, markdown.out.slice(0, 26)]).toEqual([1, "## Verdicts: 1 regression,"]);
    const both = await commandLine("diff", VERSION_1, VERSION_1, "--json", "--markdown");
    expect([both.code, both.err]).toEqual([2, "error: --markdown and --json are two forms, got both\n"]);
  });

  test.each([
    ["that is not there", "none.json", /none\.json must be a readable text file/],
    ["that is of no run", "package.json", /package\.json: /],
  ])("a file %s is bad input", async (_, name, message) => {
    writeFileSync(folder.path("package.json"), "{}");
    const { code, out, err } = await commandLine("diff", VERSION_1, folder.path(name));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});
