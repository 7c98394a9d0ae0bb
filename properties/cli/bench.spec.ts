import { describe, expect, test } from "vitest";
import { preparedStep, timeModels, timeSteps, WORKLOADS } from "../../src/cli/bench.ts";
import { baseLaw } from "../../src/data/laws.ts";
import { GATE_SEED } from "../../src/verdict/judge.ts";
import { trialSeed } from "../../src/verdict/population.ts";

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
});
