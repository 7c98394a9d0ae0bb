import { powerAxis, powerScale } from "../../report/figures/axes.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { finite } from "../../report/figures/quantiles.ts";
import { BOUND, FIRST, MUTED } from "../../report/figures/theme.ts";
import { ofAll } from "../../report/figures/words.ts";
import type { Results } from "../../report/results.ts";
import { MATRIX_NAMES, UPDATED_MATRICES, type UpdatedMatrix } from "../notation.ts";
import { figureDataIn } from "./figure-data.ts";

/** The claims of theorem low-rank-step speak about steps whose batch has at least this hinge. */
const STEEP = 0.5;

const portrayed = (results: Results) =>
  (figureDataIn(results)?.portraits ?? []).flatMap(({ training }) => (training === undefined ? [] : [training]));

const boundOf = (results: Results, name: UpdatedMatrix): number | undefined => {
  const claims = results.statements.find(({ id }) => id === "low-rank-step")?.claims ?? [];
  const relation = claims.find(({ title, law }) => law === "base" && title.includes(MATRIX_NAMES[name]))?.relation;
  return relation !== undefined && "bound" in relation ? relation.bound : undefined;
};

/** How many of the steps that the claim is about lie beyond its bound. */
function beyondSentence(results: Results): string {
  const models = portrayed(results);
  const counted = UPDATED_MATRICES.flatMap((name) => {
    const bound = boundOf(results, name);
    if (bound === undefined) return [];
    const tails = models.flatMap(({ gradientTail, batchHinge }) =>
      finite(gradientTail[name].filter((_, i) => Number(batchHinge[i]) >= STEEP)),
    );
    return `${ofAll(tails.filter((tail) => tail > bound).length, tails.length)} for ${MATRIX_NAMES[name]}`;
  });
  return counted.length === 0 ? "" : `Beyond the bound lie, of these steps, ${counted.join(", ")}.`;
}

/** The part of a step's gradient beyond rank r along training. */
export const gradientTailsFigure: Figure = {
  id: "gradient-tails",
  title: "Energy of single gradients beyond rank r",
  columns: 3,
  caption: (results) =>
    `Energy of a step's gradient beyond rank r, for ${portrayed(results).length} models. Dots are steps whose batch has a ` +
    "hinge of at least ½, which the claim is about, with its bound dashed; the thin lines are all steps. " +
    `${beyondSentence(results)} What is below 10⁻⁸ is left out: models whose tokens have next to no noise.`,
  alternative: (results) =>
    `Three line charts, for the gradients of W_Q, W_K and W_V, of the energy beyond rank r against the training step for ${portrayed(results).length} ` +
    `models. ${beyondSentence(results)}`,
  panels: (results, layout) => {
    const models = portrayed(results);
    if (models.length === 0) return undefined;
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
      const bound = boundOf(results, name);
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
          ...(bound !== undefined
            ? [
                {
                  data: { values: [{ tail: bound }] },
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
