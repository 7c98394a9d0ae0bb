import { powerAxis, powerScale } from "../../report/figures/axes.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { BOUND, FIRST, MUTED } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";
import { MATRIX_NAMES, UPDATED_MATRICES } from "../notation.ts";
import { figureDataIn } from "./figure-data.ts";

/** The claims of theorem low-rank-step speak about steps whose batch has at least this hinge. */
const STEEP = 0.5;

const portrayed = (results: Results) =>
  (figureDataIn(results)?.portraits ?? []).flatMap(({ training }) => (training === undefined ? [] : [training]));

/** The part of a step's gradient beyond rank r along training. */
export const gradientTailsFigure: Figure = {
  id: "gradient-tails",
  title: "Single gradients are low-rank while there is much to learn",
  columns: 3,
  caption: (results) =>
    `Energy of a step's gradient beyond rank r, for ${portrayed(results).length} models. Dots are steps whose batch has a ` +
    "hinge of at least ½: the claim is about them, and they stay below the dashed bound; the thin lines are the steps after that. What is " +
    "below 10⁻⁸ is left out: models whose tokens have next to no noise.",
  alternative: (results) =>
    `Three line charts, for the gradients of W_Q, W_K and W_V, of the energy beyond rank r against the training step for ${portrayed(results).length} ` +
    "models: below the bounds of the claim while the hinge is at least one half.",
  panels: (results, layout) => {
    const models = portrayed(results);
    if (models.length === 0) return undefined;
    const claims = results.statements.find(({ id }) => id === "low-rank-step")?.claims ?? [];
    const width = panelWidth(layout, 3, 52);
    const x = {
      field: "step",
      type: "quantitative",
      scale: { type: "log", domain: [1, Math.max(...models.flatMap(({ steps }) => steps))], nice: false },
      axis: powerAxis("step", 0, 3),
    };
    const y = {
      field: "tail",
      type: "quantitative",
      scale: powerScale(-8, 0),
      axis: powerAxis("energy beyond rank r", -8, 0, 2),
    };
    return UPDATED_MATRICES.map((name) => {
      const points = models.flatMap((model, line) =>
        model.gradientTail[name].flatMap((tail, i) =>
          typeof tail === "number" && tail >= 1e-8
            ? [{ line, step: model.steps[i], tail, steep: Number(model.batchHinge[i]) >= STEEP }]
            : [],
        ),
      );
      const bound = claims.find(({ title, law }) => law === "base" && title.includes(MATRIX_NAMES[name]))?.relation;
      return {
        title: `∂${MATRIX_NAMES[name]}`,
        width,
        height: 190,
        layer: [
          {
            data: { values: points },
            mark: { type: "line", color: MUTED, strokeWidth: 0.8, opacity: 0.6 },
            encoding: { x, y, detail: { field: "line" } },
          },
          {
            data: { values: points.filter(({ steep }) => steep) },
            mark: { type: "point", filled: true, color: FIRST, size: 12, opacity: 0.8 },
            encoding: { x, y },
          },
          ...(bound !== undefined && "bound" in bound
            ? [
                {
                  data: { values: [{ tail: bound.bound }] },
                  mark: { type: "rule", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.4 },
                  encoding: { y },
                },
              ]
            : []),
        ],
      };
    });
  },
};
