import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { beginNight } from "../../src/cli/night.ts";
import { prepare } from "../../src/verdict/prepare.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const verify = (...args: string[]) =>
  commandLine("verify", "--theorems", SMALL_STATEMENTS, "--theorem", "always", "--no-store", ...args);

describe("verify --fresh", () => {
  test("draws another seed each time, and says what a false pass costs", async () => {
    const [one, other] = [await verify("--fresh"), await verify("--fresh")];
    const seedOf = (err: string) => /Fresh run with seed (\d+): --seed \1 repeats it/.exec(err)?.[1];
    expect(seedOf(one.err)).toMatch(/^\d+$/);
    expect(seedOf(other.err)).not.toBe(seedOf(one.err));
    // the theorem and its two controls
    expect(one.err).toContain("at most K·β = 3 × 0.001 = 0.003, 0.09 over thirty of them");
  }, 60_000);

  test.each([
    ["--fresh", "--seed", "1"],
    ["--campaign", "FILE", "--seed", "1"],
    ["--campaign", "FILE", "--resume", "results.json"],
  ])("%s with %s is refused", async (...args) => {
    const said = await verify(...args.map((each) => (each === "FILE" ? folder.path("c.jsonl") : each)));
    expect(said.code).toBe(2);
    expect(said.err).toMatch(/error: --(fresh|campaign) draws/);
    expect(folder.files()).toEqual([]);
  });
});

describe("verify --campaign", () => {
  test("prints the verdicts of the night, then what all nights show, and stores both", async () => {
    const file = folder.path("campaign.jsonl");
    const first = await verify("--campaign", file, "--out", folder.path("reports"));
    const second = await verify("--campaign", file, "--out", folder.path("reports"));
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(first.out).toContain(
      "Campaign 1, 1 night, one evidence process; any false pass costs at most K·β = 0.003 in all.",
    );
    expect(second.out).toContain("Campaign 1, 2 nights");
    expect(second.out).toMatch(
      /certified {4}always @ small: 0 of 316 violate it \(.*\), certified down to p0 = 0\.0\d+/,
    );
    const { campaign, run } = JSON.parse(readFileSync(folder.path("reports/results.json"), "utf8"));
    expect(campaign.nights.map(({ seed }: { seed: number }) => seed).at(-1)).toBe(run.seed);
    expect(run.earlier).toEqual(campaign.nights.slice(0, -1));
    expect(folder.files()).toEqual(["campaign.jsonl", "reports"]);
  }, 60_000);

  test("a file that is no log is refused, and left as it is", async () => {
    const file = folder.path("campaign.jsonl");
    writeFileSync(file, '{"sum":"","entry":{}}\n');
    const said = await verify("--campaign", file);
    expect(said.code).toBe(2);
    expect(said.err).toContain(`error: --campaign: ${file}, line 1`);
    expect(readFileSync(file, "utf8")).toBe('{"sum":"","entry":{}}\n');
  });

  test("a night that ended without counts is taken up again with its own seed", async () => {
    const prepared = prepare({ statements });
    const hashes = {
      core: "c",
      statements: Object.fromEntries(statements.map(({ id }) => [id, id])),
      declarations: "d",
    };
    const told: string[] = [];
    const begun = () => beginNight(folder.path("campaign.jsonl"), prepared, hashes, (line) => told.push(line));
    const first = begun();
    first.close();
    const second = begun();
    second.close();
    expect(second.seed).toBe(first.seed);
    expect(told.at(-1)).toContain("ended without counts");
  });
});
