import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { main } from "../../src/cli/main.ts";
import { toJson } from "../../src/report/encode.ts";
import { exampleResults } from "./example-results.ts";

describe("theorycheck report", () => {
  let folder: string;
  let said: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "theorycheck-report-"));
    said = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said += text;
      return true;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  const contents = () =>
    Object.fromEntries(
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => [name, readFileSync(join(folder, name), "utf8")]),
    );

  test("makes every report beside the results, the same on a second call", async () => {
    const file = join(folder, "results.json");
    writeFileSync(file, toJson(exampleResults()));
    expect(await main(["report", file])).toBe(0);
    const first = contents();
    expect(Object.keys(first).sort()).toEqual([
      "badge.json",
      "boundary.schema.json",
      "counterexample.schema.json",
      "index.html",
      "planted-errors.md",
      "results.json",
      "results.schema.json",
      "tolerances.md",
      "tolerances.tex",
    ]);
    expect(await main(["report", file])).toBe(0);
    expect(contents()).toEqual(first);
  });

  test.each([
    ["broken", "{"],
    ["truncated", toJson(exampleResults()).slice(0, 900)],
    ["of another form", "[]"],
  ])("%s results: a clear error, exit 2, the earlier files whole", async (_, text) => {
    const file = join(folder, "results.json");
    writeFileSync(file, toJson(exampleResults()));
    await main(["report", file]);
    const { "results.json": _results, ...earlier } = contents();
    writeFileSync(file, text);
    said = "";
    expect(await main(["report", file])).toBe(2);
    expect(said).toMatch(/^error: .*results\.json/);
    expect(contents()).toEqual({ ...earlier, "results.json": text });
  });

  test("no file: exit 2", async () => {
    expect(await main(["report", join(folder, "none.json")])).toBe(2);
    expect(said).toMatch(/none\.json must be a readable text file, got ENOENT/);
  });
});
