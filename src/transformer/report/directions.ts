import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { finite } from "../../report/figures/quantiles.ts";
import { BOUND, FIRST, GRID } from "../../report/figures/theme.ts";
import { ofAll } from "../../report/figures/words.ts";
import type { Results } from "../../report/results.ts";
import { MATRIX_NAMES, UPDATED_MATRICES } from "../notation.ts";
import { figureDataIn } from "./figure-data.ts";

const strengthsOf = (results: Results) => figureDataIn(results)?.strengths[0];

/** In how many models every label-relevant pattern is acted on more strongly than any other. */
function strongestSentence(results: Results): string {
  const { r, models } = strengthsOf(results) ?? { r: 0, models: [] };
  const counted = UPDATED_MATRICES.map((name) => {
    const standing = models.filter((model) => {
      const strengths = finite(model[name]);
      return Math.min(...strengths.slice(0, r)) > Math.max(...strengths.slice(r), Number.NEGATIVE_INFINITY);
    });
    return `for ${MATRIX_NAMES[name]} in ${ofAll(standing.length, models.length)}`;
  });
  return `Each of these is acted on more strongly than any other pattern: ${counted.join(", ")}.`;
}

/** How strongly each update acts on each pattern: a row a model, a column a pattern. */
export const directionsFigure: Figure = {
  id: "directions",
  title: "How strongly the updates act on each pattern",
  columns: 3,
  caption: (results) =>
    `‖ΔW μ_j‖ for every pattern j, darker (in the dark scheme lighter) where larger, each model's largest being full. A row is ` +
    `one of ${strengthsOf(results)?.models.length} models, ordered by how many patterns it has; the first two columns are the ` +
    `label-relevant ones. ${strongestSentence(results)}`,
  alternative: (results) =>
    `Three heat maps, for the updates of W_Q, W_K and W_V, of ${strengthsOf(results)?.models.length} models by pattern. ${strongestSentence(results)}`,
  panels: (results, layout) => {
    const strengths = strengthsOf(results);
    if (strengths === undefined) return undefined;
    const { r, models } = strengths;
    const ordered = [...models].sort((one, other) => one.WV.length - other.WV.length);
    const most = Math.max(...ordered.map(({ WV }) => WV.length));
    const width = panelWidth(layout, 3, 22);
    const height = 6 * ordered.length;
    const x = {
      field: "from",
      type: "quantitative",
      scale: { domain: [0.5, most + 0.5], nice: false },
      axis: { title: "pattern", values: Array.from({ length: most }, (_, j) => j + 1), format: "d", grid: false },
    };
    const y = {
      field: "top",
      type: "quantitative",
      scale: { domain: [0, ordered.length], nice: false, reverse: true },
      axis: { title: "model", labels: false, ticks: false, grid: false, domain: false },
    };
    return UPDATED_MATRICES.map((name) => ({
      title: `Δ${MATRIX_NAMES[name]}`,
      width,
      height,
      layer: [
        {
          data: {
            values: ordered.map((model, top) => ({ from: 0.5, to: model[name].length + 0.5, top, bottom: top + 1 })),
          },
          mark: { type: "rect", color: GRID, opacity: 0.45 },
          encoding: { x, x2: { field: "to" }, y, y2: { field: "bottom" } },
        },
        {
          data: {
            values: ordered.flatMap((model, top) =>
              model[name].flatMap((value, j) =>
                typeof value === "number"
                  ? [
                      {
                        from: j + 0.5,
                        to: j + 1.5,
                        top: top + 0.04,
                        bottom: top + 0.96,
                        value: Math.round(100 * value) / 100,
                      },
                    ]
                  : [],
              ),
            ),
          },
          mark: { type: "rect", color: FIRST },
          encoding: {
            x,
            x2: { field: "to" },
            y,
            y2: { field: "bottom" },
            opacity: {
              field: "value",
              type: "quantitative",
              scale: { domain: [0, 1], range: [0, 1] },
              legend: {
                title: "over the largest",
                values: [0, 0.5, 1],
                symbolType: "square",
                symbolFillColor: FIRST,
                symbolStrokeColor: GRID,
              },
            },
          },
        },
        {
          data: { values: [{ from: r + 0.5 }] },
          mark: { type: "rule", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.6 },
          encoding: { x },
        },
      ],
    }));
  },
};
