import { describe, expect, test } from "vitest";
import { decodeNumbers } from "../../src/json-number.ts";
import { brokenHypotheses, drawTrial } from "../../src/law/law.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { runModel } from "../../src/transformer/measure/run.ts";
import { measurementsOf } from "../../src/transformer/measure/summary.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { statements } from "../../theorems/index.ts";
import { lemmas } from "../../theorems/lemmas/index.ts";
import { trainedLaw } from "../verdict/fixtures/small-laws.ts";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";

const SMALL = ["train", "--theorems", SMALL_STATEMENTS];

describe("theorycheck list", () => {
  test("names every lemma, theorem, control, finding and law, where each comes from, and its bounds", async () => {
    const { code, out, err } = await commandLine("list");
    expect([code, err]).toEqual([0, ""]);
    const lines = out.split("\n");
    for (const { id, title } of lemmas)
      expect(lines.some((line) => line.startsWith(`lemma    ${id}: ${title} [`))).toBe(true);
    for (const { kind, id, title, laws, claimsOn } of statements) {
      expect(lines.some((line) => line.startsWith(`${kind.padEnd(8)} ${id}: ${title} [`))).toBe(true);
      for (const law of laws) {
        expect(lines).toContain(`law      ${law.id}: ${law.title}`);
        for (const claim of claimsOn(law)) {
          expect(lines.some((line) => line.startsWith(`           ${law.id}: ${claim.title} `))).toBe(true);
        }
      }
    }
    expect(lines).toContain(
      "theorem  low-rank-update: The update of each trained matrix is low-rank [the paper's abstract, item 2]",
    );
    expect(lines).toContain("           base: energy of ΔW_Q beyond rank r ≤ 0.03");
    expect(lines).toContain("           noise: tau ∈ [0, 0.25]");
    expect(lines.some((line) => line.includes("[a companion; on shallow Vision Transformers, arXiv 2302.06015;"))).toBe(
      true,
    );
  });

  test("--json has the same as data", async () => {
    const { out } = await commandLine("list", "--json");
    const listed = JSON.parse(out);
    expect(listed.lemmas.map(({ id }: { id: string }) => id)).toEqual(lemmas.map(({ id }) => id));
    expect(listed.statements.map(({ id }: { id: string }) => id)).toEqual(statements.map(({ id }) => id));
    expect(listed.laws.find(({ id }: { id: string }) => id === "base")).toMatchObject({
      hash: baseLaw.hash,
      hypotheses: expect.arrayContaining([{ name: "noise", statement: "tau ∈ [0, 0.25]" }]),
    });
  });
});

describe("theorycheck train", () => {
  test("--json gives θ, measurements and digest of the model of that seed, and what is claimed of it", async () => {
    const { code, out } = await commandLine(...SMALL, "--law", "trained", "--seed", "7", "--json");
    const [{ theta, seed }] = drawTrial(trainedLaw, 7);
    const run = runModel(theta as Theta, seed, { engine: kernelEngine, traces: ["gradients"] });
    expect(code).toBe(0);
    const printed = JSON.parse(out, decodeNumbers);
    expect(printed).toMatchObject({
      law: "trained",
      seed: 7,
      theta,
      outcome: run.model.outcome,
      digest: run.model.digest,
      measurements: measurementsOf(run),
    });
    expect(printed.claims).toEqual([
      {
        kind: "theorem",
        statement: "traced",
        claim: "energy of ∂W_V beyond rank r, worst step",
        bound: "in [0, 1]",
        observed: run.steepGradientTail("WV"),
        holds: true,
      },
    ]);
  });

  test("trains the project's own models, and the same on a second call", async () => {
    const first = await commandLine("train", "--law", "eight-samples", "--seed", "7", "--json");
    const { theta, outcome, measurements, claims, digest } = JSON.parse(first.out);
    expect(brokenHypotheses(baseLaw, theta).map(({ name }) => name)).toEqual(["sample-size", "batch-size"]);
    expect([outcome, measurements.steps > 0]).toEqual(["converged", true]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(claims).toMatchObject([
      { kind: "control", statement: "few-samples-learned", claim: "training hinge where SGD ends", holds: true },
      { kind: "control", statement: "few-samples-learned", claim: "0-1 error on fresh test data" },
      { kind: "control", statement: "few-samples-learned", claim: "hinge loss on fresh test data" },
    ]);
    expect(await commandLine("train", "--law", "eight-samples", "--seed", "7", "--json")).toEqual(first);
  });

  test("gives both models of a law that doubles a field", async () => {
    const { out } = await commandLine(...SMALL, "--law", "small-pairs", "--seed", "7", "--json");
    const { theta, seed, doubled } = JSON.parse(out, decodeNumbers);
    expect(doubled.theta).toEqual({ ...theta, eta: 2 * theta.eta });
    expect(doubled.seed).not.toBe(seed);
    expect(doubled.digest).not.toBe(JSON.parse(out).digest);
  });

  test("in words: how it ended, θ, and each claim with what was observed", async () => {
    const pairs = await commandLine(...SMALL, "--law", "small-pairs", "--seed", "7");
    expect(pairs.out.match(/^small-pairs, seed \d+: exhausted at step 0, digest [0-9a-f]{64}$/gm)?.length).toBe(2);
    expect(pairs.out.match(/^theta \{"M":/gm)?.length).toBe(2);
    expect(pairs.out).toContain("holds     pairs: factor on the step size = 2 (in [2, 2])\n");
    const diverged = await commandLine(...SMALL, "--law", "diverging", "--seed", "7");
    expect(diverged.code).toBe(0);
    expect(diverged.out).toMatch(/^diverging, seed 7: diverged at step (\d+), digest diverged@\1$/m);
    expect(diverged.out).toContain("VIOLATED  control diverged: steps = not a number (≥ 0)\n");
  });

  test("--engine reference trains the same model up to rounding", async () => {
    const asked = [...SMALL, "--law", "trained", "--seed", "7", "--json"];
    const one = JSON.parse((await commandLine(...asked, "--engine", "reference")).out);
    const other = JSON.parse((await commandLine(...asked)).out);
    expect(one.theta).toEqual(other.theta);
    // 20 steps of a batch of two with four tokens: rounding, and no more
    const difference = Math.abs(one.measurements.testHinge - other.measurements.testHinge);
    expect(difference).toBeLessThanOrEqual(1e6 * Number.EPSILON);
  });

  test.each([
    [["--law", "nope", "--seed", "7"], /^error: --law must be one of small, .*, got nope$/m],
    [["--law", "small", "--seed", "x"], /must be a whole number from 0 to 9007199254740991, got "x"/],
    [
      ["--law", "small", "--seed", "7", "--engine", "abacus"],
      /^error: option '--engine <name>' argument 'abacus' is invalid\. Allowed choices are reference, kernel\.$/m,
    ],
  ])("refuses %o, exit 2", async (options, message) => {
    const { code, out, err } = await commandLine(...SMALL, ...options);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});
