import { describe, expect, test } from "vitest";
import { populationsOf } from "../../../src/claim/population.ts";
import type { Detail } from "../../../src/experiment/experiment.ts";
import { type RunRecord, runOrder } from "../../../src/experiment/trial.ts";
import { drawTrial, type Law } from "../../../src/law/law.ts";
import { fewDigits } from "../../../src/report/encode.ts";
import { transformer } from "../../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw } from "../../../src/transformer/laws.ts";
import type { Portrait } from "../../../src/transformer/measure/portrait.ts";
import type { Measurements } from "../../../src/transformer/measure/summary.ts";
import { type Theta, tokenCounts, UPDATED_MATRICES } from "../../../src/transformer/notation.ts";
import { figureDataIn, figureDataOf, figureDataSchema } from "../../../src/transformer/report/figure-data.ts";
import type { PopulationResult } from "../../../src/verdict/judge.ts";
import { statements } from "../../verdict/fixtures/small-statements.ts";

const { law, claims } = populationsOf(statements).find(({ law }) => law.id === "trained")!;
const wanted = claims.map(({ key }) => key);
const trial = (seed: number, detail: Detail = "none") =>
  runOrder(transformer, { experiment: transformer.id, models: drawTrial(law, seed), wanted, detail }, claims);

const measured = ({ measurements }: RunRecord) => measurements as unknown as Measurements;

/** Small models in the place of the base law's: the first portrayed while it trained, the second when it had. */
const base = [trial(1, "on the way"), trial(2, "ended"), trial(3)];
const portraits = base.map(({ portrait }) => portrait as Portrait | undefined);
const resultOn = (law: Law, trials: PopulationResult["trials"]): PopulationResult => ({
  population: { law, claims: [], beside: [], traces: [] },
  trials,
  claims: [],
  events: [],
  beside: [],
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
        const { steps, outcome } = model!;
        const [theta, measurements] = [model!.theta as Theta, measured(model!)];
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
    const [model] = base[0]!.models as [RunRecord];
    const stepsOf = (outcome: RunRecord["outcome"]) =>
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
        for (const [shown, values] of [
          [data.spectra[0]!.models[i]![name], measured(model!).singularValues[name]],
          [data.strengths[0]!.models[i]![name], measured(model!).patternStrengths[name]],
        ] as const) {
          const largest = [...values].sort((x, y) => y - x)[0] as number;
          expect(shown).toEqual(values.map((value) => fewDigits(value / largest)));
        }
      }
    });
  });

  test("has a portrait for each model that was portrayed, with its training where that was watched", () => {
    expect(data.portraits.length).toBe(2);
    const [watched, trained] = data.portraits;
    expect(watched!.training!.steps).toEqual([...portraits[0]!.training!.steps]);
    expect(watched!.training!.batchHinge).toEqual(portraits[0]!.training!.batchHinge.map(fewDigits));
    expect(trained).not.toHaveProperty("training");
    expect(trained!.smallNeurons).toBe(portraits[1]!.smallNeurons);
    expect(trained!.relativeNorms).toEqual(portraits[1]!.relativeNorms.map(fewDigits));
    expect(trained!.pruning["largest first"].hinge).toEqual(
      portraits[1]!.pruning["largest first"].hinge.map(fewDigits),
    );
  });

  test("is empty where no law of the figures was judged", () => {
    expect(figureDataOf([])).toEqual({ base: [], spectra: [], strengths: [], portraits: [] });
  });

  test("is found in results as it was written there", () => {
    expect(figureDataIn({ figures: data })).toEqual(data);
    expect(figureDataIn({})).toBeUndefined();
  });
});
