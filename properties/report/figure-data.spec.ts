import { describe, expect, test } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import { type ModelRecord, runTrial } from "../../src/experiment/trial.ts";
import { baseLaw, fourPatternsLaw } from "../../src/law/laws.ts";
import { fewDigits, figureDataOf, figureDataSchema } from "../../src/report/figure-data.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { tokenCounts, UPDATED_MATRICES } from "../../src/transformer/notation.ts";
import type { PopulationResult } from "../../src/verdict/judge.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";

const population = populationsOf(statements).find(({ law }) => law.id === "trained")!;
const trial = (seed: number, detail?: Parameters<typeof runTrial>[3]) =>
  runTrial(population, seed, kernelEngine, detail);

/** Small models in the place of the base law's: the first portrayed while it trained, the second when it had. */
const base = [trial(1, "while training"), trial(2, "trained"), trial(3)];
const resultOn = (law: typeof baseLaw, trials: PopulationResult["trials"]): PopulationResult => ({
  population: { law, claims: [], traces: [] },
  trials,
  claims: [],
  events: [],
});
const data = figureDataOf([resultOn(baseLaw, base), resultOn(fourPatternsLaw, [trial(4)])]);

describe("what figures are drawn from", () => {
  test("has the form that results.json has for it, and five digits of each number", () => {
    expect(figureDataSchema.parse(data)).toEqual(data);
    expect([0.123456789, 123456.789, -1e-9 / 3, 0].map(fewDigits)).toEqual([0.12346, 123460, -3.3333e-10, 0]);
  });

  test("has for every model of the base law its steps, step size, scale, majority, and the rise of attention", () => {
    expect(data.base).toEqual(
      base.map(({ models: [model] }) => {
        const { theta, steps, outcome, measurements } = model!;
        const { nStar, nSharp } = tokenCounts(theta);
        return {
          steps: outcome === "converged" ? steps : "NaN",
          eta: fewDigits(theta.eta),
          delta: fewDigits(theta.delta),
          majority: (nStar - nSharp) / theta.L,
          attentionRise: fewDigits(measurements.attentionAfter - measurements.attentionBefore),
        };
      }),
    );
  });

  test("has no steps to convergence of a model that did not converge", () => {
    const [model] = base[0]!.models as [ModelRecord];
    const stepsOf = (outcome: ModelRecord["outcome"]) =>
      figureDataOf([resultOn(baseLaw, [{ ...base[0]!, models: [{ ...model, outcome }] }])]).base[0]!.steps;
    expect(stepsOf("converged")).toBe(model.steps);
    expect([stepsOf("exhausted"), stepsOf("diverged")]).toEqual(["NaN", "NaN"]);
  });

  test("has the singular values and pattern strengths of each update in units of its largest", () => {
    expect(data.spectra.map(({ law, r, models }) => [law, r, models.length])).toEqual([
      ["base", 2, 3],
      ["r4", 2, 1],
    ]);
    expect(data.strengths.map(({ r, models }) => [r, models.length])).toEqual([[2, 3]]);
    base.forEach(({ models: [model] }, i) => {
      for (const name of UPDATED_MATRICES) {
        for (const [shown, measured] of [
          [data.spectra[0]!.models[i]![name], model!.measurements.singularValues[name]],
          [data.strengths[0]!.models[i]![name], model!.measurements.patternStrengths[name]],
        ] as const) {
          const largest = [...measured].sort((x, y) => y - x)[0] as number;
          expect(shown).toEqual(measured.map((value) => fewDigits(value / largest)));
        }
      }
    });
  });

  test("has a portrait for each model that was portrayed, with its training where that was watched", () => {
    expect(data.portraits.length).toBe(2);
    const [watched, trained] = data.portraits;
    expect(watched!.training!.steps).toEqual([...base[0]!.portrait!.training!.steps]);
    expect(watched!.training!.batchHinge).toEqual(base[0]!.portrait!.training!.batchHinge.map(fewDigits));
    expect(trained).not.toHaveProperty("training");
    expect(trained!.smallNeurons).toBe(base[1]!.portrait!.smallNeurons);
    expect(trained!.relativeNorms).toEqual(base[1]!.portrait!.relativeNorms.map(fewDigits));
    expect(trained!.pruning["largest first"].hinge).toEqual(
      base[1]!.portrait!.pruning["largest first"].hinge.map(fewDigits),
    );
  });

  test("is empty where no law of the figures was judged", () => {
    expect(figureDataOf([])).toEqual({ base: [], spectra: [], strengths: [], portraits: [] });
  });
});
