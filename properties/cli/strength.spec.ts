import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { strongestP0 } from "../../src/evidence/strength.ts";
import { parseStrength, strengthRows } from "../../src/report/strength.ts";
import { strengthMarkdown } from "../../src/report/strength-table.ts";
import { withStrength } from "../../tools/docs/strength.ts";
import { commandLine, JOINT_STATEMENTS, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const COIN = fileURLToPath(new URL("../../examples/coin/coin.ts", import.meta.url));

const folder = temporaryFolder();
const measure = (p0: string, ...words: readonly string[]) =>
  commandLine("verify", "--strength", p0, "--theorems", COIN, "--no-store", "--workers", "1", ...words);

describe("verify --strength", () => {
  test("writes of each theorem the verdict at that p0, the strongest one reached, and ends with 0 where none is refuted", async () => {
    const out = folder.path("reports");
    const said = await measure("4%", "--theorem", "heads-near-bias", "--out", out);
    expect([said.code, said.err]).toEqual([0, expect.stringContaining(`Written to ${out}/strength.json.`)]);
    const strength = parseStrength(readFileSync(`${out}/strength.json`, "utf8"));
    expect(strength).toMatchObject({ p0: 0.04, beta: 1e-3, cap: 2000, anyFalse: 1e-3 });
    const [row, ...others] = strength.theorems;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ theorem: "heads-near-bias", law: "independent", verdict: "certified" });
    // what it stopped at is certified, and nothing that is much stronger
    expect(row!.strongestP0).toBeLessThanOrEqual(0.04);
    expect(row!.strongestP0).toBeGreaterThan(0.02);
    if (row!.violations === 0) {
      expect(row!.strongestP0).toBe(strongestP0({ trials: row!.models, violators: [] }, 1e-3));
    }
    expect(said.out).toMatch(/^strongest p₀ +independent\nheads-near-bias +\d(\.\d)? % \(\d+\/\d+\)$/m);
  }, 300_000);

  test("ends with 1 where a theorem is refuted, and with 0 where it stays undecided", async () => {
    const refuted = await measure("4%", "--theorem", "short-runs", "--json");
    expect(refuted.code).toBe(1);
    expect(parseStrength(refuted.out).theorems.map(({ verdict }) => verdict)).toEqual(["refuted"]);
    expect(refuted.err).toContain("No strength.json written");
    const undecided = await measure("1%", "--theorem", "heads-near-bias", "--max-models", "30", "--json");
    expect(undecided.code).toBe(0);
    expect(parseStrength(undecided.out)).toMatchObject({
      cap: 30,
      theorems: [{ verdict: "inconclusive", models: 30 }],
    });
  }, 300_000);

  test("says how many models keep all theorems of a law at once", async () => {
    const { out } = await measure("10%", "--max-models", "40", "--json");
    const [{ together }] = parseStrength(out).laws as [ReturnType<typeof parseStrength>["laws"][number]];
    expect(together).toMatchObject({ theorems: 2, models: 40 });
    const worst = Math.max(...parseStrength(out).theorems.map(({ violations }) => violations));
    expect(together.satisfying).toBeLessThanOrEqual(40 - worst);
    expect(together.limits.lower).toBeLessThanOrEqual(together.satisfying / 40);
    expect(together.limits.upper).toBeGreaterThanOrEqual(together.satisfying / 40);
  }, 300_000);

  test.each([
    [["--p0", "0.1"], "so that --p0 cannot be given"],
    [["--fresh"], "so that --fresh cannot be given"],
    [["--set", "bias=0.5"], "so that --set cannot be given"],
    [["--range", "bias=0.5..0.6"], "so that --range cannot be given"],
    [["--resume", "results.json"], "so that --resume cannot be given"],
  ])("with %j is refused", async (words, message) => {
    const { code, out, err } = await measure("1%", ...words);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  test.each(["0", "100%", "1.5", "few"])("of %s is refused", async (p0) => {
    const { code, out } = await measure(p0);
    expect([code, out]).toEqual([2, ""]);
    expect(existsSync(folder.path("reports"))).toBe(false);
  });

  test("leaves out doublings, and is refused where nothing is left", async () => {
    const small = ["verify", "--strength", "5%", "--theorems", SMALL_STATEMENTS, "--no-store", "--workers", "1"];
    const { code, err } = await commandLine(...small, "--theorem", "pairs");
    expect(code).toBe(2);
    expect(err).toContain("--strength requires a theorem that declares no p0 of its own, got none");
  }, 300_000);
});

test("the table has a line a theorem and a column a law, and is put where docs have its place", async () => {
  const asked = ["verify", "--strength", "5%", "--theorems", JOINT_STATEMENTS, "--max-models", "5", "--no-store"];
  const strength = parseStrength((await commandLine(...asked, "--workers", "1", "--json")).out);
  const { laws, rows } = strengthRows(strength);
  expect(rows.length).toBe(new Set(strength.theorems.map(({ theorem }) => theorem)).size);
  for (const { cells } of rows) expect(cells.length).toBe(laws.length);
  const page =
    "before\n<!-- strength: npm run docs writes this from reports/strength.json -->\nold\n<!-- end of strength -->\nafter";
  const filled = withStrength(page, JSON.stringify(strength));
  expect(filled).toContain(strengthMarkdown(strength));
  expect(filled).toMatch(/^before\n[\s\S]*\nafter$/);
  expect(filled).not.toContain("old");
  expect(withStrength(filled, undefined)).toContain("Not measured yet.");
  expect(() => withStrength("no place", undefined)).toThrow("has no place");
}, 300_000);
