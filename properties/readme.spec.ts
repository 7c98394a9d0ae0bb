import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseResults } from "../src/report/results.ts";
import { theorems } from "../theorems/index.ts";
import { lawsSchema, tableOfLaws } from "../tools/laws/table.ts";
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
const byTheorem = lawsSchema.parse(JSON.parse(readFileSync(join(PROJECT, "reports", "laws.json"), "utf8")));

test("the verdict table in the README is what reports/laws.json says, and nothing else", () => {
  const [, table] = README.slice(README.indexOf("<!-- verdicts")).match(/-->\n\n((?:\|.*\|\n)+)/) ?? [];
  expect(table).toBe(tableOfLaws(byTheorem));
});

test("reports/laws.json says of each theorem on each of its laws what the gate's results say", () => {
  const laws = Object.fromEntries(theorems.map(({ id, laws }) => [id, laws.map((law) => law.id)]));
  expect(Object.fromEntries(Object.entries(byTheorem).map(([id, found]) => [id, Object.keys(found)]))).toEqual(laws);
  const ofGate = results.statements
    .filter(({ kind }) => kind === "theorem")
    .flatMap(({ id, events }) =>
      events.map(({ law, claim, verdict: { kind, n, violations } }) => ({ id, law, claim, kind, n, violations })),
    );
  expect(ofGate.length).toBeGreaterThan(10);
  for (const { id, law, claim, kind, n, violations } of ofGate) {
    const found = byTheorem[id]?.[law];
    expect({ id, law, verdict: found?.verdict }).toEqual({ id, law, verdict: kind });
    // of the two sides of a doubling the longer one is kept
    if (claim === undefined) expect([id, found?.models, found?.violations]).toEqual([id, n, violations]);
    else expect(found?.models).toBeGreaterThanOrEqual(n);
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
