import type { Results } from "../results.ts";
import { attentionFigure } from "./attention.ts";
import { directionsFigure } from "./directions.ts";
import { type DrawnFigure, drawFigure, type Figure } from "./draw.ts";
import { evidenceFigure } from "./evidence.ts";
import { gradientTailsFigure } from "./gradient-tails.ts";
import { iterationsFigure } from "./iterations.ts";
import { marginsFigure } from "./margins.ts";
import { neuronsFigure } from "./neurons.ts";
import { pruningFigure } from "./pruning.ts";
import { pruningCostFigure } from "./pruning-cost.ts";
import { ranksFigure } from "./ranks.ts";
import { scalingFigure } from "./scaling.ts";
import { spectraFigure } from "./spectra.ts";
import { trainingFigure } from "./training.ts";

/** All figures of the report. */
export const figures: readonly Figure[] = [
  marginsFigure,
  trainingFigure,
  iterationsFigure,
  spectraFigure,
  gradientTailsFigure,
  ranksFigure,
  directionsFigure,
  neuronsFigure,
  pruningFigure,
  pruningCostFigure,
  attentionFigure,
  scalingFigure,
  evidenceFigure,
];

/** Which figures stand in a theorem's section. One that serves two theorems stands with the first. */
export const FIGURES_OF_THEOREMS: Readonly<Record<string, readonly string[]>> = {
  learnability: [trainingFigure.id],
  "iteration-complexity": [iterationsFigure.id],
  "low-rank-update": [spectraFigure.id],
  "low-rank-step": [gradientTailsFigure.id],
  "rank-needs-r": [ranksFigure.id],
  "low-rank-adaptation": [ranksFigure.id],
  "relevant-directions": [directionsFigure.id],
  "sparse-neurons": [neuronsFigure.id],
  "pruning-is-free": [pruningFigure.id, pruningCostFigure.id],
  "pruning-must-be-small": [pruningFigure.id],
  "attention-moves-to-relevant": [attentionFigure.id],
  scaling: [scalingFigure.id],
};

/** Draws every figure that the results have data for, by id. */
export async function drawFigures(results: Results): Promise<ReadonlyMap<string, DrawnFigure>> {
  const drawn = new Map<string, DrawnFigure>();
  for (const figure of figures) {
    const one = await drawFigure(figure, results);
    if (one !== undefined) drawn.set(one.id, one);
  }
  return drawn;
}
