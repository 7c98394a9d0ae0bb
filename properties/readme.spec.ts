import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseResults } from "../src/report/results.ts";
import { theorems } from "../theorems/index.ts";
import { tableIn, tableOfVerdicts } from "../tools/docs/verdicts-by-law.ts";
import { BIN } from "./built-program.ts";

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const README = readFileSync(join(PROJECT, "README.md"), "utf8");

/** The code block that follows a marker, without its fences. */
function blockAfter(marker: string): string {
  const block = README.slice(README.indexOf(marker)).match(/```\w+\n([\s\S]*?)```/);
  if (!README.includes(marker) || block === null) throw new Error(`README.md has no code block after ${marker}`);
  return block[1] as string;
}

const results = parseResults(readFileSync(join(PROJECT, "reports", "results.json"), "utf8"));

test("the verdict table in the README is what reports/results.json says, and nothing else", () => {
  expect(tableIn(README)).toBe(tableOfVerdicts(results));
});

test("reports/results.json judges each theorem on each of its laws", () => {
  const judged = Object.fromEntries(results.statements.map(({ id, events }) => [id, events.map(({ law }) => law)]));
  for (const { id, laws } of theorems) {
    expect([id, [...new Set(judged[id])].sort()]).toEqual([id, laws.map((law) => law.id).sort()]);
  }
});

test("the README counts controls and lemmas as the results do", () => {
  const refuted = results.statements.filter(({ kind, verdict }) => kind === "control" && verdict === "refuted");
  const held = results.lemmas.filter(({ holds }) => holds);
  expect(README.replaceAll("\n", " ")).toContain(
    `${refuted.length} controls are refuted, as they must be, and ${held.length} lemmas hold`,
  );
});

test("the README has at most 130 lines", () => {
  expect(README.trimEnd().split("\n").length).toBeLessThanOrEqual(130);
});

test("the README's own theorem is judged as it stands, by the package's own name", () => {
  const folder = join(PROJECT, ".theorycheck", "readme");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "my-theorem.ts");
  writeFileSync(file, blockAfter("<!-- example"));
  try {
    const args = [BIN, "verify", "--theorems", file, "--json", "--beta", "0.2"];
    const results = parseResults(
      execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    expect(results.statements.map(({ id, verdict }) => [id, verdict])).toEqual([["noiseless-update", "certified"]]);
    expect(results.gate.exitCode).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
