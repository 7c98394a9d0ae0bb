import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { coin } from "../../examples/coin/coin.ts";
import { parseCounterexample } from "../../src/explore/counterexample.ts";
import { parseResults } from "../../src/report/results.ts";
import { commandLine } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const COIN = fileURLToPath(new URL("../../examples/coin/coin.ts", import.meta.url));
const coins = ["--theorems", COIN];

const folder = temporaryFolder();

describe("declarations about another experiment than the paper's", () => {
  test("are judged, and reported without the paper's figures; the report can be made anew", async () => {
    const out = folder.path("reports");
    const { code, err } = await commandLine("verify", ...coins, "--no-store", "--workers", "1", "--out", out);
    // one of the two theorems is false
    expect(code).toBe(1);
    expect(err).toContain("2 theorems, 1 control, 0 findings declared in ");
    const results = parseResults(readFileSync(`${out}/results.json`, "utf8"));
    expect(results.experiment).toBe("coin");
    expect(results.statements.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["heads-near-bias", "certified"],
      ["short-runs", "refuted"],
      ["with-memory", "refuted"],
    ]);
    expect(results).not.toHaveProperty("figures");
    expect(readdirSync(`${out}/figures`).sort()).toEqual(["evidence.svg", "margins.svg"]);
    const schema = JSON.parse(readFileSync(`${out}/counterexample.schema.json`, "utf8"));
    expect(JSON.stringify(schema)).toContain('"bias"');
    const page = readFileSync(`${out}/index.html`, "utf8");
    expect((await commandLine("report", `${out}/results.json`)).code).toBe(0);
    expect(readFileSync(`${out}/index.html`, "utf8")).toBe(page);
  }, 60_000);

  test("train: a run, and no engine but its own", async () => {
    const asked = ["train", ...coins, "--law", "independent", "--seed", "7"];
    const { code, out } = await commandLine(...asked, "--json");
    const { theta, outcome, measurements, claims } = JSON.parse(out);
    expect([code, outcome, Object.keys(theta)]).toEqual([0, "ended", ["bias", "memory", "tosses"]]);
    expect(measurements.heads).toBeLessThanOrEqual(theta.tosses);
    expect(claims.map(({ statement }: { statement: string }) => statement)).toEqual(["heads-near-bias", "short-runs"]);
    const engine = await commandLine(...asked, "--engine", "reference");
    expect([engine.code, engine.out]).toEqual([2, ""]);
    expect(engine.err).toContain("error: --engine belongs to experiment transformer, got it with coin\n");
  });

  test("search: a violation beyond the law, written to a file that is replayed, with no second opinion", async () => {
    const out = folder.path("found.json");
    const asked = ["search", "heads-near-bias", ...coins, "--workers", "1", "--seed", "1", "--out", out];
    const { code, out: said } = await commandLine(...asked, "--release", "independence");
    expect(code).toBe(0);
    expect(said).toContain("law independent, released: independence");
    expect(said).toMatch(/outside law independent: independence \(memory/);
    const { law, theorem } = parseCounterexample(coin, readFileSync(out, "utf8"));
    expect([theorem, law.standing, law.broken.map(({ hypothesis }) => hypothesis)]).toEqual([
      "heads-near-bias",
      "outside",
      ["independence"],
    ]);
    const replayed = await commandLine("replay", out, ...coins);
    expect(replayed.code).toBe(0);
    expect(replayed.out).toContain("second opinion: there is none, the experiment has one engine");
    expect(replayed.out).toMatch(/\nreproduced: digest and observed number are equal to the bit\n$/);
    // the paper's theorems know no such θ
    expect((await commandLine("replay", out)).code).toBe(2);
  }, 60_000);

  test("boundary: over a field of its own", async () => {
    const asked = ["boundary", "heads-near-bias", ...coins, "--workers", "1", "--seeds", "2", "--cells", "3"];
    const { code, out } = await commandLine(...asked, "--vary", "memory=0..0.9", "--set", "tosses=100");
    expect(code).toBe(0);
    expect(out.match(/ of 2 +\[/g)).toHaveLength(3);
  });

  test.each<[string, readonly string[], string]>([
    ["search", ["--release", "noise"], "--release must be among fairness, independence, length, got "],
    ["boundary", ["--vary", "tau=0..1"], "with a field among bias, memory, tosses, got "],
    ["boundary", ["--vary", "bias=0..1", "--set", "Tmax=1"], "with a field among bias, memory, tosses, got "],
  ])("%s refuses the paper's fields and hypotheses: %j", async (command, options, message) => {
    const said = await commandLine(command, "heads-near-bias", ...coins, "--workers", "1", ...options);
    expect([said.code, said.out]).toEqual([2, ""]);
    expect(said.err).toContain(message);
  });
});
