import { shortNumber } from "../../report/encode.ts";
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

/** After which index the medians drop most, and how far. */
function dropsSentence(results: Results): string {
  return lawsOf(results)
    .map(({ r, models }) => {
      const drops = UPDATED_MATRICES.map((name) => {
        const medians = mediansOf(models.map((model) => finite(model[name])));
        const ratios = medians.slice(1).map(({ value }, i) => value / (medians[i]?.value as number));
        const sharpest = ratios.indexOf(Math.min(...ratios));
        return `Δ${MATRIX_NAMES[name]} after ${sharpest + 1} (to ${shortNumber(ratios[sharpest] as number)} of it)`;
      });
      return `With r = ${r} the median values drop most for ${drops.join(", ")}.`;
    })
    .join(" ");
}

/** The median singular value at each index that is shown. */
function mediansOf(spectra: readonly (readonly number[])[]): { readonly k: number; readonly value: number }[] {
  return Array.from({ length: SHOWN }, (_, i) => {
    const values = spectra.flatMap((sigmas) => (sigmas[i] === undefined ? [] : [sigmas[i]]));
    return { k: i + 1, value: quantile(values, 0.5) };
  }).filter(({ value }) => value > 0);
}

/** Singular values of the updates, many models, with rank r marked. */
export const spectraFigure: Figure = {
  id: "spectra",
  title: "Singular values of the updates",
  columns: 3,
  caption: (results) =>
    `A thin line for each of ${Math.min(LINES, lawsOf(results)[0]?.models.length ?? 0)} models${
      lawsOf(results).length > 1 ? " of each law" : ""
    }, the median of all in bold; each is divided by its largest singular value; the dashed line is rank r. ${dropsSentence(results)}`,
  alternative: (results) =>
    `Line charts of the singular values of the updates of W_Q, W_K and W_V on a logarithmic scale against their index, for ${lawsOf(
      results,
    )
      .map(({ r }) => `r = ${r}`)
      .join(", ")}. ${dropsSentence(results)}`,
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
        const medians = mediansOf(spectra);
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
              // to the side on which there is room
              mark: {
                ...{ type: "text", baseline: "top", color: BOUND, dy: 2 },
                ...(2 * r < SHOWN ? { align: "left", dx: 5 } : { align: "right", dx: -5 }),
              },
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
