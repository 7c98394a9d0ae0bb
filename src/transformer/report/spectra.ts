import { powerAxis, powerScale } from "../../report/figures/axes.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { finite, quantile } from "../../report/figures/quantiles.ts";
import { BOUND, FIRST, INK } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";
import { MATRIX_NAMES, UPDATED_MATRICES } from "../notation.ts";
import { figureDataIn } from "./figure-data.ts";

/** As many lines as can be told from a grey area. */
const LINES = 60;

/** Beyond this index there is only noise. */
const SHOWN = 8;

const lawsOf = (results: Results) => figureDataIn(results)?.spectra.filter(({ models }) => models.length > 0) ?? [];

/** Singular values of the updates, many models, with rank r marked. */
export const spectraFigure: Figure = {
  id: "spectra",
  title: "The updates' singular values fall off a cliff",
  columns: 3,
  caption: (results) =>
    `A thin line for each of ${Math.min(LINES, lawsOf(results)[0]?.models.length ?? 0)} models${
      lawsOf(results).length > 1 ? " of each law" : ""
    }, the median of all in bold; each is divided by its largest singular value. Beyond the dashed line, rank r, the ` +
    "values drop by one to several orders of magnitude." +
    (lawsOf(results).length > 1 ? " With r = 4 and 6 the drop of ΔW_V still comes at 2, the number of classes." : ""),
  alternative: (results) =>
    `Line charts of the singular values of the updates of W_Q, W_K and W_V on a logarithmic scale against their index, for ${lawsOf(
      results,
    )
      .map(({ r }) => `r = ${r}`)
      .join(", ")}: after index r the values are smaller by one to several orders of magnitude.`,
  panels: (results, layout) => {
    const laws = lawsOf(results);
    if (laws.length === 0) return undefined;
    const width = panelWidth(layout, 3, 56);
    const x = {
      field: "k",
      type: "quantitative",
      scale: { domain: [1, SHOWN], nice: false },
      axis: { title: "index", values: Array.from({ length: SHOWN }, (_, i) => i + 1), format: "d", grid: false },
    };
    const y = {
      field: "value",
      type: "quantitative",
      scale: powerScale(-6, 0),
      axis: powerAxis("relative to the largest", -6, 0, layout === "wide" ? 1 : 2),
    };
    return laws.flatMap(({ r, models }) =>
      UPDATED_MATRICES.map((name) => {
        const spectra = models.map((model) => finite(model[name]));
        const lines = spectra
          .slice(0, LINES)
          .flatMap((sigmas, model) => sigmas.slice(0, SHOWN).map((value, i) => ({ model, k: i + 1, value })));
        const medians = Array.from({ length: SHOWN }, (_, i) => {
          const values = spectra.flatMap((sigmas) => (sigmas[i] === undefined ? [] : [sigmas[i]]));
          return { k: i + 1, value: quantile(values, 0.5) };
        }).filter(({ value }) => Number.isFinite(value));
        return {
          title: laws.length > 1 ? `Δ${MATRIX_NAMES[name]}, r = ${r}` : `Δ${MATRIX_NAMES[name]}`,
          width,
          height: 190,
          layer: [
            {
              data: { values: lines.filter(({ value }) => value > 0) },
              mark: { type: "line", color: FIRST, strokeWidth: 0.7, opacity: 0.3 },
              encoding: { x, y, detail: { field: "model" } },
            },
            {
              data: { values: [{ k: r + 0.5 }] },
              mark: { type: "rule", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.4 },
              encoding: { x },
            },
            {
              data: { values: [{ k: r + 0.5, value: 1, label: `rank r = ${r}` }] },
              mark: { type: "text", align: "left", baseline: "top", color: BOUND, dx: 5, dy: 2 },
              encoding: { x, y, text: { field: "label" } },
            },
            {
              data: { values: medians },
              mark: { type: "line", color: INK, strokeWidth: 2.2, point: { filled: true, color: INK, size: 26 } },
              encoding: { x, y },
            },
          ],
        };
      }),
    );
  },
};
