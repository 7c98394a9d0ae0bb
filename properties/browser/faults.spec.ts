import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tryAll } from "../../tools/faults/check.ts";
import { markup } from "../../tools/faults/markup.ts";
import { PROJECT } from "../../tools/faults/workshop.ts";

/** A program whose report shows titles as this JavaScript makes them. */
const reporter = (shown: string) => `
  import { readFileSync, writeFileSync } from "node:fs";
  const [file, , folder] = process.argv.slice(3);
  const { statements } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(folder + "/index.html", "<!doctype html><p>" + statements.map(({ title }) => ${shown}).join("<p>"));`;

async function failures(shown: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "theorycheck-harness-"));
  const file = join(folder, "program.mjs");
  writeFileSync(file, reporter(shown));
  const { checks, close } = await markup.checks({
    program: [process.execPath, file],
    project: PROJECT,
    folder,
    seed: 1,
    quick: true,
  });
  try {
    const outcomes = await tryAll(checks, 2, () => {});
    return outcomes.filter(({ wrong }) => wrong.length > 0).map(({ name }) => name);
  } finally {
    await close?.();
    rmSync(folder, { recursive: true });
  }
}

test("a report that shows a title as markup is caught at that field, by every marker", async () => {
  expect(await failures("title")).toEqual([
    "script in statements[].title of results.json",
    "image that is not there in statements[].title of results.json",
  ]);
});

test("a report that escapes it is not", async () => {
  expect(await failures('title.replaceAll("<", "&lt;")')).toEqual([]);
});
