import { describe, expect, test } from "vitest";
import type { Population } from "../../src/claim/population.ts";
import { runsOf } from "../../src/experiment/trial.ts";
import { type Draws, drawTrial } from "../../src/law/law.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { Run } from "../../src/transformer/measure/run.ts";
import type { Engine } from "../../src/transformer/model/engine.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { referenceEngine } from "../../src/transformer/model/reference.ts";
import { secondOpinion } from "../../src/transformer/second-opinion.ts";
import { pairsPopulation, tinyPopulation } from "../explore/tiny-laboratory.ts";

/** Runs of the paper's experiment. */
type Runs = readonly [Run, ...Run[]];

const trainModels = ({ traces }: Population, models: Draws) => runsOf(transformer, models, traces) as Runs;

const runs = trainModels(tinyPopulation, drawTrial(tinyPopulation.law, 3));
const [run] = runs;
const opinionOn = (some: typeof runs, reference: Engine) =>
  secondOpinion(tinyPopulation, some, reference, kernelEngine);

describe("the reference engine's second opinion", () => {
  test("agrees with the kernel up to rounding, on one model and on a pair", () => {
    const opinion = opinionOn(runs, referenceEngine);
    expect(["to the bit", "up to rounding"]).toContain(opinion.agreement);
    expect(Object.keys(opinion.claims)).toEqual(tinyPopulation.claims.map(({ key }) => key));
    expect(opinion.training).toMatchObject([{ steps: 2 }]);
    const pair = trainModels(pairsPopulation, drawTrial(pairsPopulation.law, 3));
    expect(secondOpinion(pairsPopulation, pair, referenceEngine, kernelEngine).training).toHaveLength(2);
  });

  test("of the kernel on itself is to the bit", () => {
    expect(opinionOn(runs, kernelEngine)).toMatchObject({
      agreement: "to the bit",
      training: [{ steps: 2, ratio: 0 }],
    });
  });

  test("says so where an engine evaluates otherwise", () => {
    const lying: Engine = {
      ...referenceEngine,
      neuronContributions: (weights, data) => referenceEngine.neuronContributions(weights, data).map((x) => 1.001 * x),
    };
    expect(opinionOn(runs, lying).agreement).toBe("none");
  });

  test("says so where an engine trains otherwise", () => {
    const lying: Engine = {
      ...referenceEngine,
      startTraining: (weights, data) => {
        const training = referenceEngine.startTraining(weights, data);
        return {
          step: (batch, eta) => training.step(batch, 1.001 * eta),
          lastGradients: () => training.lastGradients(),
          meanHinge: () => training.meanHinge(),
          weights: () => training.weights(),
        };
      },
    };
    const opinion = opinionOn(runs, lying);
    expect(opinion.agreement).toBe("none");
    expect(opinion.training[0]!.ratio).toBeGreaterThan(1);
  });

  test("is not asked about a model that would take minutes, evaluates none that diverged, trains none of no steps", () => {
    const big = new Run({ ...run.model, theta: { ...run.theta, m: 5000, L: 500, testSamples: 1000 } }, kernelEngine);
    expect(opinionOn([big], referenceEngine)).toEqual({ agreement: "not asked", claims: {}, training: [] });
    const diverged = new Run({ ...run.model, outcome: "diverged" }, kernelEngine);
    expect(opinionOn([diverged], referenceEngine)).toMatchObject({ claims: {}, training: [{ steps: 2 }] });
    const untrained = trainModels(tinyPopulation, [{ theta: { ...run.theta, Tmax: 0 }, seed: 1 }]);
    expect(opinionOn(untrained, referenceEngine).training).toEqual([{ steps: 0, ratio: 0 }]);
  });
});
