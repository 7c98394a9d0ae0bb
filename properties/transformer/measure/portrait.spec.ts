import { describe, expect, test } from "vitest";
import {
  Checkpoints,
  isCheckpoint,
  PRUNED_FRACTIONS,
  PRUNING_ORDERS,
  portraitOf,
} from "../../../src/transformer/measure/portrait.ts";
import { runModel } from "../../../src/transformer/measure/run.ts";
import { kernelEngine } from "../../../src/transformer/model/kernel/engine.ts";
import { parseTheta } from "../../../src/transformer/theta.ts";
import { scalingLadders } from "../../../theorems/scaling.ts";

test("checkpoints: every step up to 10, then each that is a tenth beyond the last", () => {
  const checkpoints = Array.from({ length: 4001 }, (_, step) => step).filter(isCheckpoint);
  expect(checkpoints.slice(0, 22)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22,
  ]);
  expect(checkpoints.length).toBeLessThan(85);
});

describe("a portrait", () => {
  const theta = parseTheta({
    ...scalingLadders.theta,
    M: 4,
    d: 5,
    ma: 5,
    mb: 5,
    m: 30,
    N: 40,
    B: 20,
    testSamples: 40,
    Tmax: 60,
  });
  const checkpoints = new Checkpoints(theta.r);
  const run = runModel(theta, 11, { engine: kernelEngine, onStep: checkpoints.onStep });
  const portrait = portraitOf(run, checkpoints);

  test("norms ascend, and the small cluster comes first", () => {
    expect([...portrait.relativeNorms].sort((x, y) => x - y)).toEqual(portrait.relativeNorms);
    expect(portrait.smallNeurons).toBe(run.clusters.small.length);
  });

  test.each(PRUNING_ORDERS)("pruning %s goes from the whole model to none of it", (order) => {
    const { hinge, error } = portrait.pruning[order];
    expect(hinge).toHaveLength(PRUNED_FRACTIONS.length);
    expect([hinge[0], error[0]]).toEqual([run.test.hinge, run.test.error]);
    expect([hinge.at(-1), error.at(-1)]).toEqual([1, 1]);
  });

  test("cut to full rank it is the model itself, up to rounding", () => {
    expect(portrait.hingeAtRank).toHaveLength(theta.d + 1);
    expect(portrait.hingeAtRank.at(-1)).toBeCloseTo(run.test.hinge, 10);
  });

  test("training curves have an entry a checkpoint; watching changes nothing", () => {
    const { training } = portrait;
    expect(training?.steps.at(-1)).toBeLessThanOrEqual(run.steps);
    for (const list of [training?.batchHinge, training?.attention, ...(training?.singularValues.WV ?? [])]) {
      expect(list).toHaveLength(training?.steps.length ?? 0);
    }
    expect(runModel(theta, 11, { engine: kernelEngine }).model.digest).toBe(run.model.digest);
  });

  test("without checkpoints there are no training curves", () => {
    expect(portraitOf(run)).not.toHaveProperty("training");
  });
});
