import { shortNumber } from "../../report/encode.ts";
import { powerAxis, powerScale } from "../../report/figures/axes.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { finite, quantile } from "../../report/figures/quantiles.ts";
import { FIRST } from "../../report/figures/theme.ts";
import { ofAll } from "../../report/figures/words.ts";
import type { Results } from "../../report/results.ts";
import { figureDataIn } from "./figure-data.ts";

const modelsOf = (results: Results) => figureDataIn(results)?.base ?? [];

/** Models in how many of which attention rises, and the median rise of the third with the least δ and of that with the largest. */
function riseSentence(results: Results): string {
  const rises = modelsOf(results).map(({ delta, attentionRise }) => ({ delta, rise: Number(attentionRise) }));
  const byDelta = rises.sort((one, other) => one.delta - other.delta);
  const third = Math.ceil(byDelta.length / 3);
  const medianOf = (models: typeof rises) => shortNumber(quantile(finite(models.map(({ rise }) => rise)), 0.5));
  return (
    `The rise is above 0 in ${ofAll(rises.filter(({ rise }) => rise > 0).length, rises.length)}; its median is ${medianOf(byDelta.slice(0, third))} in the ` +
    `third of them with the smallest δ, and ${medianOf(byDelta.slice(-third))} in the third with the largest.`
  );
}

/** How far attention moved, against the scale of the initial attention matrices. */
export const attentionFigure: Figure = {
  id: "attention",
  title: "Rise of attention on label-relevant tokens, against δ",
  columns: 1,
  caption: (results) =>
    `Rise of the mean attention on label-relevant test tokens against δ, the initial scale of W_Q and W_K: ${modelsOf(results).length} ` +
    `models of the base law. ${riseSentence(results)}`,
  alternative: (results) =>
    `Scatter plot on logarithmic axes of the rise in attention against delta, ${modelsOf(results).length} models. ${riseSentence(results)}`,
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
