import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { onLaw } from "../../src/claim/on-law.ts";
import { drawTheta } from "../../src/law/law.ts";
import { userLaw } from "../../src/law/user-law.ts";
import { reportFiles } from "../../src/report/files.ts";
import { plain } from "../../src/report/presentation.ts";
import { parseResults, type Results } from "../../src/report/results.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { lowRankUpdate } from "../../theorems/low-rank-update.ts";
import { commandLine, type Said } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

const COIN = fileURLToPath(new URL("../../examples/coin/coin.ts", import.meta.url));
const ASKED = ["verify", "--theorems", COIN, "--theorem", "heads-near-bias", "--no-store", "--workers", "1"];
const OWN = ["--range", "memory=0.5..0.9", "--set", "tosses=100"];

describe("a theorem on ranges of one's own", () => {
  let said: Said;
  let results: Results;
  beforeAll(async () => {
    said = await commandLine(...ASKED, ...OWN);
    results = parseResults((await commandLine(...ASKED, ...OWN, "--json")).out);
  }, 60_000);

  test("is judged on the user's law, which says so, in results and on the terminal, and writes no reports", () => {
    expect(said.code).toBe(1);
    expect(said.err).toContain(
      "A law of yours: independent with μ ∈ [0.5, 0.9], n = 100; the bounds are those on independent.\n",
    );
    expect(said.err).toContain("No reports written: not the whole gate was asked for.");
    expect(said.out).toContain(
      "\nOn a law of yours, not on independent as it is declared: independent with μ ∈ [0.5, 0.9], n = 100.\n",
    );
    expect(results.laws).toMatchObject([
      {
        id: "independent-with-independence-0p5-0p9-length-100",
        title: "independent with μ ∈ [0.5, 0.9], n = 100",
        user: { of: "independent", options: "--range memory=0.5..0.9 --set tosses=100" },
      },
    ]);
    // the controls have laws of their own
    expect(results.statements.map(({ id, verdict }) => [id, verdict])).toEqual([["heads-near-bias", "refuted"]]);
    const { theta } = results.statements[0]!.claims[0]!.ledger.decisive;
    expect(theta.tosses).toBe(100);
    expect(theta.memory).toBeGreaterThanOrEqual(0.5);
  });

  test("replays by the command that is printed, to the same number", async () => {
    const [, line] = said.out.match(/replay: npx theorycheck (.*)$/m)!;
    const { out, code } = await commandLine(...line!.split(" "), "--json");
    expect(code).toBe(0);
    const trained = JSON.parse(out);
    const { decisive } = results.statements[0]!.claims[0]!.ledger;
    expect(trained).toMatchObject({ theta: decisive.theta, seed: decisive.seed });
    expect(
      trained.claims.find(({ statement }: { statement: string }) => statement === "heads-near-bias"),
    ).toMatchObject({
      observed: decisive.observed,
      holds: false,
    });
    const html = (await reportFiles(results, plain()))["index.html"]!;
    expect(html).toContain(`npx theorycheck train --law independent ${OWN.join(" ")} --seed ${decisive.seed}`);
  });

  test("writes its reports where --out says, and judges the same from a store", async () => {
    const out = folder.path("reports");
    const store = ["--store", folder.path("store")];
    const asked = ASKED.filter((word) => word !== "--no-store");
    for (const again of [1, 2]) {
      expect([again, (await commandLine(...asked, ...OWN, ...store, "--out", out)).out]).toEqual([again, said.out]);
    }
    const { files: _, ...written } = parseResults(readFileSync(folder.path("reports/results.json"), "utf8"));
    expect(written).toEqual(results);
  });
});

describe("what is refused", () => {
  test.each([
    [["--range", "memory=0.5"], "--range must be a field and two numbers, as in delta=0.01..3, with a field among "],
    [["--range", "colour=0..1"], 'with a field among bias, memory, tosses, got "colour=0..1"'],
    [
      ["--set", "tosses=100", "--range", "tosses=1..2"],
      "--range and --set must name each field once, got tosses twice",
    ],
    [["--set", "tosses=0"], "law independent-with-length-0 may leave nothing to draw: theta.tosses"],
    [["--set", "tosses=1.5"], "law independent-with-length-1p5 may leave nothing to draw: theta.tosses"],
    [["--law", "remembering", "--set", "tosses=9"], "--law must be one of independent, those of heads-near-bias"],
  ])("%j", async (options, message) => {
    const { code, out, err } = await commandLine(...ASKED, ...options);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  test("what is no theorem, and all of them at once", async () => {
    const control = await commandLine("verify", "--theorems", COIN, "--theorem", "with-memory", ...OWN);
    expect([control.code, control.err]).toEqual([
      2,
      expect.stringContaining("must be one of heads-near-bias, short-runs, got with-memory"),
    ]);
    const all = await commandLine("verify", "--theorems", COIN, ...OWN);
    expect([all.code, all.err]).toEqual([
      2,
      expect.stringContaining("--range and --set belong to --theorem, got them without"),
    ]);
  });
});

describe("a user's law", () => {
  const law = userLaw(baseLaw, [
    { field: "delta", from: 0.5, to: 1 },
    { field: "L", from: 30, to: 40 },
    { field: "eta", from: 0.5, to: 0.6 },
    { field: "M", value: 4 },
  ]);

  test("draws as the declared one does, in other ranges; what follows from a field follows", () => {
    expect(law.title).toBe("base with δ log-uniform in [0.5, 1], L ∈ 30..40, η log-uniform in [0.5, 0.6], M = 4");
    expect(law.id).toBe("base-with-attention-scale-0p5-1-sequence-length-30-40-step-size-0p5-0p6-pattern-count-4");
    for (let seed = 0; seed < 20; seed++) {
      const { delta, sigma, L, M, d, ma } = drawTheta(law, seed) as Record<string, number>;
      expect(delta! >= 0.5 && delta! <= 1 && sigma! <= 0.5).toBe(true);
      expect(Number.isInteger(L) && L! >= 30 && L! <= 40).toBe(true);
      expect([M, ma]).toEqual([4, d]);
    }
    expect(law.hash).not.toBe(baseLaw.hash);
  });

  test("has the theorem's claims, bounds, p0 and hypotheses", () => {
    const own = onLaw(lowRankUpdate, baseLaw, law);
    expect(own.claimsOn(law)).toEqual(lowRankUpdate.claimsOn(baseLaw));
    expect(own).toMatchObject({ id: "low-rank-update", hypotheses: lowRankUpdate.hypotheses, declaresP0: false });
    expect(own.declaredAt).toBeUndefined();
  });

  test("has an id of at most 200 characters", () => {
    const many = baseLaw.parameters.names
      .filter((field) => typeof drawTheta(baseLaw, 1)[field] === "number")
      .map((field) => ({ field, value: drawTheta(baseLaw, 1)[field] as number }));
    expect(userLaw(baseLaw, many).id.length).toBeLessThanOrEqual(200);
  });
});

test("a field that a law draws in steps is drawn in the same steps from a range of one's own", () => {
  const law = userLaw(baseLaw, [{ field: "N", from: 130, to: 200 }]);
  const drawn = Array.from({ length: 40 }, (_, seed) => Number(drawTheta(law, seed).N));
  expect(drawn.filter((N) => N % 2 !== 0 || N < 130 || N > 200)).toEqual([]);
  expect(new Set(drawn).size).toBeGreaterThan(10);
});
