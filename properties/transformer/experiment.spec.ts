import { describe, expect, test } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import type { Detail, Experiment } from "../../src/experiment/experiment.ts";
import { runOrder } from "../../src/experiment/trial.ts";
import { drawTrial } from "../../src/law/law.ts";
import { transformer, transformerBy } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw } from "../../src/transformer/laws.ts";
import { PORTRAITS, type Portrait, TRAINING_PORTRAITS } from "../../src/transformer/measure/portrait.ts";
import type { Measurements } from "../../src/transformer/measure/summary.ts";
import { referenceEngine } from "../../src/transformer/model/reference.ts";
import { roundoffOfTraining } from "../../src/transformer/train/roundoff.ts";
import { workOf } from "../../src/transformer/work.ts";
import { statements as paper } from "../../theorems/index.ts";
import { smallLaw, trainedLaw } from "../verdict/fixtures/small-laws.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";
import { SMALL_THETA } from "./data/arbitrary-theta.ts";

const { claims } = populationsOf(statements).find(({ law }) => law.id === trainedLaw.id)!;

const trial = (by: Experiment = transformer, detail: Detail = "none") =>
  runOrder(
    by,
    { experiment: by.id, models: drawTrial(trainedLaw, 7), wanted: claims.map(({ key }) => key), detail },
    claims,
  );

describe("portraits", () => {
  test("are made of the base law's first models, while they train of the very first, and of no others", () => {
    expect([0, TRAINING_PORTRAITS - 1].map((index) => transformer.detailOf(baseLaw.id, index))).toEqual([
      "on the way",
      "on the way",
    ]);
    expect([TRAINING_PORTRAITS, PORTRAITS - 1].map((index) => transformer.detailOf(baseLaw.id, index))).toEqual([
      "ended",
      "ended",
    ]);
    expect(transformer.detailOf(baseLaw.id, PORTRAITS)).toBe("none");
    for (const law of [fourPatternsLaw, smallLaw]) expect(transformer.detailOf(law.id, 0)).toBe("none");
  });

  test("do not change what is observed, nor the model", () => {
    const plain = trial();
    expect(plain).not.toHaveProperty("portrait");
    const { portrait: trained, ...rest } = trial(transformer, "ended");
    expect(rest).toEqual(plain);
    expect(trained).not.toHaveProperty("training");
    const { portrait: training, ...others } = trial(transformer, "on the way");
    expect(others).toEqual(plain);
    expect(training).toMatchObject({ ...(trained as Portrait) });
    expect((training as Portrait).training!.steps[0]).toBe(1);
  });
});

test("either engine gives the same model up to rounding", () => {
  const [kernel, reference] = [trial(), trial(transformerBy(referenceEngine))].map(({ models }) => models[0]!);
  expect(reference!.steps).toBe(kernel!.steps);
  const hingeOf = ({ measurements }: typeof kernel & object) => (measurements as unknown as Measurements).testHinge;
  // 20 steps of a batch of two with four tokens: rounding, and no more
  expect(Math.abs(hingeOf(kernel!) - hingeOf(reference!))).toBeLessThanOrEqual(1e6 * Number.EPSILON);
});

test("work is that of all steps, or of as many as were taken; rounding grows with the steps", () => {
  expect(transformer.cost(SMALL_THETA)).toBe(workOf(SMALL_THETA));
  expect(transformer.cost(SMALL_THETA, 3)).toBe(workOf({ ...SMALL_THETA, Tmax: 3 }));
  expect(transformer.cost(SMALL_THETA, SMALL_THETA.Tmax + 1)).toBe(workOf(SMALL_THETA));
  expect(transformer.roundoff(SMALL_THETA, 10)).toBe(roundoffOfTraining(SMALL_THETA, 10));
});

test("what statements take from the paper's abstract is one of its three items", () => {
  const items = paper.flatMap(({ provenance }) => (provenance.kind === "abstract" ? [provenance.item] : []));
  expect([...new Set(items)].sort()).toEqual([1, 2, 3]);
});
