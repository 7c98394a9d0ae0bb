import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { VERSION } from "../../src/cli/main.ts";
import { commandLine } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const COIN = ["--theorems", path("examples/coin/coin.ts")];
const OLD = path("golden/results-version-1.json");
const CASES = path("golden/one-layer-transformer.json");

/** The fields that docs/json.md names, by command. */
const documented = new Map(
  [...readFileSync(path("docs/json.md"), "utf8").matchAll(/^\| `([a-z]+(?: --[a-z]+)?)` +\| (.*) \|$/gm)].map(
    ([, command, says]) => [command, [...says!.matchAll(/`([A-Za-z0-9]+)`/g)].map(([, field]) => field)] as const,
  ),
);

const SEVERAL = ["--models", "3", "--seed", "1", "--workers", "1"];

describe("--json prints one document, with the fields that docs/json.md names", () => {
  test.each<[string, string[]]>([
    ["init", ["init", "new"]],
    ["list", ["list", "--suite", path("examples/random-walk/suite.yaml")]],
    ["list --sources", ["list", "--sources"]],
    ["explain", ["explain", "heads-near-bias", ...COIN]],
    ["diff", ["diff", OLD, OLD]],
    ["train", ["train", "--law", "independent", "--seed", "7", ...COIN]],
    ["verify --plan", ["verify", ...COIN, "--plan", "--no-store", "--workers", "1"]],
    ["replay", ["replay", "--theta", '{"bias":0.5,"memory":0,"tosses":20}', "--seed", "1", ...COIN]],
    ["shard", ["shard", ...COIN, "--index", "0", "--of", "1", "--out", "shard", ...SEVERAL]],
    ["evidence", ["evidence", "--models", "158", "--violations", "0"]],
    ["evidence --plan", ["evidence", "--plan", "--rate", "0.01"]],
    ["report", ["report", OLD, "--out", "reports"]],
    ["store", ["store", ...COIN, "--store", "store"]],
  ])(
    "%s",
    async (name, words) => {
      const placed = words.map((word) =>
        ["new", "shard", "reports", "store"].includes(word) && word !== words[0] ? folder.path(word) : word,
      );
      const { code, out } = await commandLine(...placed, "--json");
      expect(code).toBe(0);
      const fields = Object.keys(JSON.parse(out));
      const named = documented.get(name)!;
      expect(fields.filter((field) => !named.includes(field))).toEqual([]);
      expect(fields.length).toBeGreaterThanOrEqual(2);
    },
    60_000,
  );

  test("merge and report --check", async () => {
    const shard = ["--index", "0", "--of", "1", "--out", folder.path("shard"), ...SEVERAL];
    await commandLine("shard", ...COIN, ...shard);
    const merged = await commandLine("merge", folder.path("shard"), ...COIN, "--store", folder.path("store"), "--json");
    expect(JSON.parse(merged.out)).toMatchObject({ folders: 1, trials: 6, twice: 0, gaps: [] });
    const checked = await commandLine("report", "--check", path("reports"), "--json");
    expect(Object.keys(JSON.parse(checked.out))).toEqual(documented.get("report --check"));
  }, 60_000);

  test("evaluate --check", async () => {
    const { code, out } = await commandLine("evaluate", CASES, "--engine", "kernel", "--check", "--json");
    expect(code).toBe(0);
    const [first] = JSON.parse(out);
    expect(Object.keys(first).sort()).toEqual(["case", "error", "quantity", "tolerance", "within"]);
  }, 60_000);

  test("every command has it but worker, which has no result: its lines tell what happens", async () => {
    const without: string[] = [];
    for (const [name, { load }] of Object.entries(COMMANDS)) {
      if (name === "worker") continue;
      const command = await load(VERSION, new AbortController().signal);
      if (!command.options.some(({ long }) => long === "--json")) without.push(name);
      else expect(documented.has(name), name).toBe(true);
    }
    expect(without).toEqual([]);
  });

  test("bad input leaves stdout empty", async () => {
    const { code, out, err } = await commandLine("explain", "nothing-of-this-name", "--json");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("error: ");
  });
});
