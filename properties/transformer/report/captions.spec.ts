import { describe, expect, test } from "vitest";
import type { Figure } from "../../../src/report/figures/draw.ts";
import { toSvg } from "../../../src/report/figures/draw.ts";
import { ofAll } from "../../../src/report/figures/words.ts";
import { attentionFigure } from "../../../src/transformer/report/attention.ts";
import { directionsFigure } from "../../../src/transformer/report/directions.ts";
import type { FigureData } from "../../../src/transformer/report/figure-data.ts";
import { gradientTailsFigure } from "../../../src/transformer/report/gradient-tails.ts";
import { iterationsFigure } from "../../../src/transformer/report/iterations.ts";
import { neuronsFigure } from "../../../src/transformer/report/neurons.ts";
import { pruningFigure } from "../../../src/transformer/report/pruning.ts";
import { rankAgainstRFigure } from "../../../src/transformer/report/rank-against-r.ts";
import { ranksFigure } from "../../../src/transformer/report/ranks.ts";
import { spectraFigure } from "../../../src/transformer/report/spectra.ts";
import { trainingFigure } from "../../../src/transformer/report/training.ts";
import { exampleResults } from "../../report/example-results.ts";

/** The results of the examples with these models in the figures. */
const showing = (change: Partial<FigureData>) => {
  const results = exampleResults();
  return { ...results, figures: { ...(results.figures as FigureData), ...change } };
};

/** What is said below a figure, and to those who do not see it. */
function expectSaid(figure: Figure, change: Partial<FigureData>, said: string): void {
  const results = showing(change);
  expect(figure.caption(results)).toContain(said);
  expect(figure.alternative(results)).toContain(said);
}

const model = (change: Partial<FigureData["base"][number]>) => ({
  steps: 100,
  eta: 0.1,
  delta: 0.1,
  majority: 0.5,
  attentionRise: 0.01,
  ...change,
});

describe("a caption is computed from what the figure shows", () => {
  test("attention: how many rise, and how that depends on δ", () => {
    const rises = [0.001, -0.002, 0.003, 0.02, 0.03, 0.04];
    const base = rises.map((attentionRise, i) => model({ delta: 0.01 * (i + 1), attentionRise })).reverse();
    expectSaid(
      attentionFigure,
      { base },
      "The rise is above 0 in 5 of 6; its median is 0.001 in the third of them with the smallest δ, and 0.04 in the third with the largest.",
    );
  });

  test("rank against r: how many singular values hold 99 % of the energy, on average, law by law", () => {
    const each = (list: number[]) => ({ WQ: list, WK: [1], WV: [1, 0.2] });
    const spectra = [
      { law: "base", r: 2, models: [each([1, 0.5, 0.01]), each([1, 0.05])] },
      { law: "r4", r: 4, models: [each([1, 1, 1, 0.001])] },
    ];
    expectSaid(rankAgainstRFigure, { spectra }, "The mean at r = 2, 4 is 1.5, 3 of ΔW_Q; 1, 1 of ΔW_K; 2, 2 of ΔW_V.");
    expect(rankAgainstRFigure.caption(showing({ spectra }))).toContain("in 2 models with r = 2, 1 models with r = 4:");
  });

  test("iterations: how many lie between the bounds", () => {
    const results = exampleResults();
    const { relation } = results.statements
      .find(({ id }) => id === "iteration-complexity")!
      .claims.find(({ law, relation }) => law === "base" && relation.kind === "within")!;
    if (relation.kind !== "within") throw new Error("a claim with two bounds is required");
    const at = (factor: number) => model({ eta: 0.1, majority: 0.5, steps: factor / 0.05 });
    const inside = (relation.low + relation.high) / 2;
    const base = [at(inside), at(relation.high * 1.01), at(relation.low * 0.99), at(inside)];
    expectSaid(iterationsFigure, { base }, "Between them lie 2 of 4.");
    expectSaid(iterationsFigure, { base: [at(inside)] }, "Between them lie all 1.");
  });

  test("directions: in how many models each label-relevant pattern is ahead of the others", () => {
    const strong = [1, 0.9, 0.1];
    const mixed = [1, 0.05, 0.1];
    const models = [
      { WQ: strong, WK: mixed, WV: strong },
      { WQ: mixed, WK: mixed, WV: strong },
    ];
    expectSaid(
      directionsFigure,
      { strengths: [{ r: 2, models }] },
      "for W_Q in 1 of 2, for W_K in none of 2, for W_V in all 2.",
    );
  });

  test("spectra: after which index the medians drop, whatever r is", () => {
    const dropping = { WQ: [1, 0.8, 0.01, 0.009], WK: [1, 0.01, 0.009, 0.008], WV: [1, 0.9, 0.8, 0.004] };
    expectSaid(
      spectraFigure,
      { spectra: [{ law: "base", r: 2, models: [dropping] }] },
      "With r = 2 the median values drop most for ΔW_Q after 2 (to 0.0125 of it), ΔW_K after 1 (to 0.01 of it), ΔW_V after 3 (to 0.005 of it).",
    );
  });

  test("neurons: the share and the median of each cluster", () => {
    const [portrait] = showing({}).figures.portraits;
    const portraits = [{ ...portrait!, relativeNorms: [0.9, 1, 1.1, 20, 30], smallNeurons: 3 }];
    expectSaid(
      neuronsFigure,
      { portraits },
      "The small cluster, 60 % of the neurons, has a median of 1, the large one of 30.",
    );
  });

  test("pruning and ranks: the medians of what is drawn", () => {
    const [portrait] = showing({}).figures.portraits;
    const flat = (hinge: number) => ({
      ...portrait!.pruning["at random"]!,
      hinge: portrait!.pruning["at random"]!.hinge.map(() => hinge),
    });
    const pruning = { "smallest first": flat(0.25), "at random": flat(0.5), "largest first": flat(0.75) };
    const portraits = [{ ...portrait!, pruning, hingeAtRank: [0.9, 0.2, 0.3, 0.1] }];
    expectSaid(
      pruningFigure,
      { portraits },
      "the median test hinge is 0.25 where they go smallest first, 0.5 where they go at random, 0.75 where they go largest first.",
    );
    expectSaid(ranksFigure, { portraits }, "The median is 0.9 at rank 0, 0.2 at rank 1, 0.3 at rank 2, 0.1 at rank 3.");
  });

  test("training and gradients: what has happened at the step where the hinge falls", () => {
    const [portrait] = showing({}).figures.portraits;
    const each = <T>(value: T) => ({ WQ: value, WK: value, WV: value });
    const training = {
      steps: [0, 1, 2, 3],
      batchHinge: [1, 0.8, 0.4, 0],
      gradientTail: each([0.001, 0.9, 0.9, 0.9]),
      singularValues: each([
        [0, 1, 3, 4],
        [0, 1, 1, 1],
      ]),
      attention: [0.1, 0.1, 0.2, 0.5],
    };
    const portraits = [{ ...portrait!, training }];
    expectSaid(
      trainingFigure,
      { portraits },
      "first falls below ½ (in all 1), the largest singular value of ΔW_V has 75 % of its last value, and attention has made 25 % of its rise",
    );
    // of the two steps with a hinge of at least ½ one is beyond any bound
    expectSaid(gradientTailsFigure, { portraits }, "Beyond the bound lie, of these steps, 1 of 2 for W_Q");
  });
});

test("counts in words", () => {
  expect([ofAll(3, 3), ofAll(0, 3), ofAll(2, 3)]).toEqual(["all 3", "none of 3", "2 of 3"]);
});

test("a part of a figure that the drawing library would drop is refused: a legend that conflicts, a scale that cannot be", async () => {
  const panel = {
    data: { values: [{ x: 1, y: 2 }] },
    mark: { type: "point" },
    encoding: {
      x: { field: "x", type: "quantitative", scale: { type: "log", zero: true } },
      y: { field: "y", type: "quantitative" },
    },
  };
  await expect(toSvg([panel], 1)).rejects.toThrow("a figure cannot be drawn as it is described: ");
  // this channel has no legend, of which nothing is said
  const silent = {
    ...panel,
    encoding: { y: panel.encoding.y, fillOpacity: { field: "x", type: "quantitative", legend: { title: "how much" } } },
  };
  await expect(toSvg([silent], 1)).rejects.toThrow('it has no legend "how much"');
});
