import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { drawTrial } from "../../src/law/law.ts";
import { sampleDataset } from "../../src/transformer/data/sample.ts";
import { runModel } from "../../src/transformer/measure/run.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { trainedLaw } from "../verdict/fixtures/small-laws.ts";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const READER = fileURLToPath(new URL("fixtures/read_safetensors.py", import.meta.url));
const train = (...words: string[]) => commandLine("train", "--theorems", SMALL_STATEMENTS, "--seed", "7", ...words);

describe("train --export", () => {
  const path = join(folder, "model.safetensors");

  test("writes what Python reads: the weights of the digest, and all that training began with", async () => {
    expect(await train("--law", "trained", "--export", path)).toMatchObject({
      code: 0,
      err: `Model written to ${path}.\n`,
    });
    const found = JSON.parse(execFileSync("python3", [READER, path], { encoding: "utf8" }));
    const [{ theta, seed }] = drawTrial(trainedLaw, 7);
    const run = runModel(theta as Theta, seed, { engine: kernelEngine, traces: [] });
    const { d, L, M, m, ma, mb, N, B, testSamples } = run.theta;
    const { digest, outcome, steps, patterns } = run.model;
    expect(found.metadata).toEqual({
      law: "trained",
      seed: String(seed),
      theta,
      steps: String(steps),
      outcome,
      digest,
    });
    expect(found.trained).toBe(digest);
    const weights = { WQ: [mb, d], WK: [mb, d], WV: [ma, d], WO: [m, ma], a: [run.model.trained.a.rows, m] };
    expect(found.shapes).toEqual({
      ...weights,
      ...Object.fromEntries(Object.entries(weights).map(([name, shape]) => [`initial.${name}`, shape])),
      ...{ patterns: [M, d], "train.batches": [steps, B] },
      ...{ "train.tokens": [N, L, d], "train.labels": [N] },
      ...{ "test.tokens": [testSamples, L, d], "test.labels": [testSamples] },
    });
    expect(found.labels).toEqual([-1, 1]);
    expect(found.everySampleOfAnEpochOnce).toBe(Math.floor(N / B) * B);
    const data = sampleDataset(run.theta, seed, patterns, "train", kernelEngine.noisyTokens);
    expect(found.firstToken).toEqual([...data.tokens.subarray(0, d)]);
  });

  test("writes what inspect measures: the update has the singular values that the run has", async () => {
    const before = ["--before", path, "--before-prefix", "initial."];
    const { out } = await commandLine("inspect", path, ...before, "--json");
    const { matrices } = JSON.parse(out) as { matrices: { name: string; singularValues: number[] }[] };
    const [{ theta, seed }] = drawTrial(trainedLaw, 7);
    const run = runModel(theta as Theta, seed, { engine: kernelEngine, traces: [] });
    expect(matrices.map(({ name }) => name)).toEqual(["WQ", "WK", "WV", "WO"]);
    for (const name of ["WQ", "WK", "WV", "WO"] as const) {
      expect(matrices.find((each) => each.name === name)?.singularValues).toEqual([...run.singularValues(name)]);
    }
  });

  test("is the same file every time", async () => {
    const again = join(folder, "again.safetensors");
    await train("--law", "trained", "--export", again);
    expect(readFileSync(again).equals(readFileSync(path))).toBe(true);
  });

  test("refuses what is no one Transformer, and a prefix that no name has", async () => {
    const [coin, other] = [fileURLToPath(new URL("../../examples/coin/coin.ts", import.meta.url)), join(folder, "x")];
    const words = ["train", "--theorems", coin, "--law", "independent", "--seed", "1", "--export", other];
    expect(await commandLine(...words)).toMatchObject({ code: 2, err: expect.stringContaining("--export belongs to") });
    for (const [options, why] of [
      [["--before", path, "--before-prefix", "module."], 'some names must begin with "module."'],
      [["--before-prefix", "module."], "--before-prefix belongs to --before"],
    ] as const) {
      expect(await commandLine("inspect", path, ...options, "--json")).toMatchObject({
        code: 2,
        err: expect.stringContaining(why),
      });
    }
  });
});
