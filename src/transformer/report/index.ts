import { z } from "zod";
import type { Figure } from "../../report/figures/draw.ts";
import type { Presentation } from "../../report/presentation.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../laws.ts";
import { explorerLink } from "../link.ts";
import { transformerParameters } from "../theta.ts";
import { attentionFigure } from "./attention.ts";
import { transformerColumns } from "./columns.ts";
import { directionsFigure } from "./directions.ts";
import { type FigureData, figureDataOf, figureDataSchema } from "./figure-data.ts";
import { gradientTailsFigure } from "./gradient-tails.ts";
import { iterationsFigure } from "./iterations.ts";
import { neuronsFigure } from "./neurons.ts";
import { performanceSchema, prunedCost, type Timings } from "./performance.ts";
import { pruningFigure } from "./pruning.ts";
import { pruningCostFigure } from "./pruning-cost.ts";
import { rankAgainstRFigure } from "./rank-against-r.ts";
import { ranksFigure } from "./ranks.ts";
import { scalingFigure } from "./scaling.ts";
import { spectraFigure } from "./spectra.ts";
import { trainingFigure } from "./training.ts";

const figures: readonly Figure[] = [
  trainingFigure,
  iterationsFigure,
  spectraFigure,
  gradientTailsFigure,
  rankAgainstRFigure,
  ranksFigure,
  directionsFigure,
  neuronsFigure,
  pruningFigure,
  pruningCostFigure,
  attentionFigure,
  scalingFigure,
];

/** The figures of trained Transformers. Which theorem each belongs to is for whoever declares the theorems to say. */
export const transformerPresentation: Omit<Presentation<FigureData>, "heading" | "sources" | "figuresOf"> = {
  parameters: transformerParameters,
  schema: figureDataSchema,
  dataOf: figureDataOf,
  performance: {
    schema: performanceSchema,
    costSchema: z.array(prunedCost),
    costOf: (performance) => (performance as Timings).pruning,
  },
  figures,
  marginFields: ["M", "m", "alphaStar", "d"],
  explorerLink: (lawId, theta, seed) => explorerLink({ lawId, theta, seed }),
  lawNames: {
    [baseLaw.id]: "r = 2",
    [fourPatternsLaw.id]: "r = 4",
    [sixPatternsLaw.id]: "r = 6",
    [perPositionLaw.id]: "per-position readout",
  },
  columns: transformerColumns,
};

export {
  attentionFigure,
  directionsFigure,
  gradientTailsFigure,
  iterationsFigure,
  neuronsFigure,
  pruningCostFigure,
  pruningFigure,
  rankAgainstRFigure,
  ranksFigure,
  scalingFigure,
  spectraFigure,
  trainingFigure,
};
