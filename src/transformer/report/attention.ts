import { powerAxis, powerScale } from "../../report/figures/axes.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { FIRST } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";
import { figureDataIn } from "./figure-data.ts";

const modelsOf = (results: Results) => figureDataIn(results)?.base ?? [];

/** How far attention moved, against the scale of the initial attention matrices. */
export const attentionFigure: Figure = {
  id: "attention",
  title: "Attention always moves the right way, mostly by very little",
  columns: 1,
  caption: (results) =>
    `Rise of the mean attention on label-relevant test tokens against δ, the initial scale of W_Q and W_K: ${modelsOf(results).length} ` +
    "models of the base law. The rise is positive, and as a rule grows with δ: from a small δ most models learn all but without moving " +
    "their attention.",
  alternative: (results) =>
    `Scatter plot on logarithmic axes of the rise in attention against delta, ${modelsOf(results).length} models: positive ` +
    "throughout and increasing with delta.",
  panels: (results, layout) => {
    const points = modelsOf(results).flatMap(({ delta, attentionRise }) =>
      typeof attentionRise === "number" && attentionRise > 0 ? [{ x: delta, y: attentionRise }] : [],
    );
    if (points.length === 0) return undefined;
    return [
      {
        width: layout === "wide" ? 620 : panelWidth(layout, 1, 56),
        height: 260,
        data: { values: points },
        mark: { type: "point", filled: true, size: 26, color: FIRST, opacity: 0.65 },
        encoding: {
          x: {
            field: "x",
            type: "quantitative",
            title: "δ",
            scale: { type: "log", domain: [0.009, 0.55], nice: false },
            axis: { values: [0.01, 0.03, 0.1, 0.3] },
          },
          y: {
            field: "y",
            type: "quantitative",
            scale: powerScale(-6, 0),
            axis: powerAxis("rise of attention", -6, 0),
          },
        },
      },
    ];
  },
};
