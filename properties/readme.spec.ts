import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { main } from "../src/cli/main.ts";
import { parseResults } from "../src/report/results.ts";
import { verdictTable } from "../src/report/verdict-table.ts";
import { BIN } from "./built-program.ts";

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const README = readFileSync(join(PROJECT, "README.md"), "utf8");

/** The code block that follows a marker, without its fences. */
function blockAfter(marker: string): string {
  const block = README.slice(README.indexOf(marker)).match(/```\w+\n([\s\S]*?)```/);
  if (!README.includes(marker) || block === null) throw new Error(`README.md has no code block after ${marker}`);
  return block[1] as string;
}

test("the verdict table in the README is what the committed results say", () => {
  const results = parseResults(readFileSync(join(PROJECT, "reports", "results.json"), "utf8"));
  expect(blockAfter("<!-- verdicts")).toBe(verdictTable(results, { colour: false }));
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

test("every file that the README links is there", () => {
  const links = [...README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] as string);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !existsSync(join(PROJECT, link)))).toEqual([]);
});

test("every command that the README shows is one that the command line has", async () => {
  const shown = [...README.matchAll(/npx theorycheck (\w+)((?: --?[\w-]+)*)/g)];
  expect(shown.length).toBeGreaterThan(5);
  for (const [, command] of shown) expect(await helpOf(command as string)).toBe(0);
});

/** The exit code of `theorycheck COMMAND --help`, with what it prints swallowed. */
async function helpOf(command: string): Promise<number> {
  const write = process.stdout.write;
  process.stdout.write = () => true;
  try {
    return await main([command, "--help"]);
  } finally {
    process.stdout.write = write;
  }
}
