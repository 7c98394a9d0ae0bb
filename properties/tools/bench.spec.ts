import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import {
  preparedStep,
  timeGrowth,
  timeModels,
  timePruned,
  timeSteps,
  timeWorkers,
  WORKLOADS,
} from "../../bench/timing.ts";
import { inWords } from "../../bench/words.ts";
import { trialSeed } from "../../src/claim/population.ts";
import { drawTheta } from "../../src/law/law.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { runModel } from "../../src/transformer/measure/run.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { savingByPruning } from "../../src/transformer/prune/multiply-adds.ts";
import type { PrunedCost } from "../../src/transformer/report/performance.ts";
import { GATE_SEED } from "../../src/verdict/judge.ts";
import { exampleResults } from "../report/example-results.ts";

describe("what bench times", () => {
  test("is a step with every hinge active, the same for both engines, that stands still however often it is taken", () => {
    const [kernel, reference] = (["kernel", "reference"] as const).map((engine) => preparedStep("small", engine));
    const hinge = kernel!.step();
    const { L, m } = WORKLOADS.small;
    expect(Math.abs(reference!.step() - hinge)).toBeLessThanOrEqual(4 * L * m * Number.EPSILON);
    // scores are small at initialisation: a hinge that is not active would be 0
    expect(Math.abs(hinge - 1)).toBeLessThan(0.1);
    for (let again = 0; again < 5; again++) expect(Math.abs(kernel!.step() - hinge)).toBeLessThan(1e-9);
  });

  test("is each engine's step, and the first models of the gate's run on the base law", async () => {
    const times = await timeSteps("small", 1);
    expect(times.map(({ workload, engine }) => [workload, engine])).toEqual([
      ["small", "kernel"],
      ["small", "reference"],
    ]);
    for (const { msPerStep, spread } of times) expect([msPerStep > 0, spread >= 0]).toEqual([true, true]);
    const [model, ...others] = timeModels(1);
    expect(others).toEqual([]);
    expect(model).toMatchObject({ law: "base", seed: trialSeed(GATE_SEED, baseLaw.id, 0) });
    expect(model!.steps).toBeGreaterThan(0);
  });

  test("is how cost grows with the shape, and what it is of plain matrix products", async () => {
    const growth = await timeGrowth(1);
    expect(growth.map(({ field }) => field)).toEqual(["N", "L", "m", "d"]);
    for (const { rungs, ms } of growth) expect(ms.map((slices) => slices.length)).toEqual(rungs.map(() => 5));
    const [N, L, m, d] = growth.map(({ expected }) => expected);
    expect(N).toBeCloseTo(1, 12);
    // L·d·3d + 2·L²·d + L·m·(d + 1): between its parts' exponents
    expect([L! > 1 && L! < 2, m! > 0 && m! < 1, d! > 1 && d! < 2]).toEqual([true, true, true]);
  });

  test("is models without the neurons of their small clusters, up to all of these", async () => {
    const [{ seed, points }] = (await timePruned(1, 1)) as [Awaited<ReturnType<typeof timePruned>>[number]];
    expect(seed).toBe(trialSeed(GATE_SEED, baseLaw.id, 0));
    expect(points[0]).toEqual({ pruned: 0, multiplyAdds: 1, kernel: 1, reference: 1 });
    const all = runModel(drawTheta(baseLaw, seed) as Theta, seed, { engine: kernelEngine });
    expect(points.at(-1)!.pruned).toBe(all.clusters.small.length / all.theta.m);
    const saved = savingByPruning(all.theta, all.clusters.small.length).ofForward;
    expect(points.at(-1)!.multiplyAdds).toBeCloseTo(1 - saved, 12);
  });

  test("is models a second, on one core and on all", async () => {
    const throughput = await timeWorkers(2);
    expect(throughput.map(({ workers }) => workers)).toEqual([...new Set([1, availableParallelism()])]);
    for (const { modelsPerSecond } of throughput) expect(modelsPerSecond).toBeGreaterThan(0);
  });
});

test("what was timed, in words", () => {
  const { pruningCost } = exampleResults();
  const said = inWords({
    steps: [
      { workload: "small", engine: "kernel", msPerStep: 0.15, spread: 0.01 },
      { workload: "small", engine: "reference", msPerStep: 30, spread: 1 },
    ],
    models: [{ law: "base", seed: 7, steps: 120, ms: 40 }],
    throughput: [{ workers: 1, models: 60, modelsPerSecond: 5.5 }],
    growth: [
      {
        field: "L",
        rungs: [10, 80],
        ms: [[1], [9]],
        exponent: 1.05,
        interval: { lower: 1, upper: 1.1 },
        expected: 1.2,
      },
    ],
    pruning: pruningCost as PrunedCost[],
  });
  expect(said).toMatch(/^ {2}small +kernel +0\.15 ± 0\.01 +200×$/m);
  expect(said).toMatch(/^ {2}base +7 +120 +40$/m);
  expect(said).toContain("5.5 models a second on 1 core (60 models of the base law)");
  expect(said).toMatch(/^ {2}L +10 to 80 +1\.05 \[1\.00, 1\.10\] +1\.20$/m);
  expect(said).toContain(
    "Without the small neurons (60 % of all, median of 2 models) a forward pass takes 70 % of the",
  );
});
