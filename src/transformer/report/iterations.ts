import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { BOUND, FIRST } from "../../report/figures/theme.ts";
import { ofAll } from "../../report/figures/words.ts";
import type { Results } from "../../report/results.ts";
import { figureDataIn } from "./figure-data.ts";

/** Steps to convergence against 1/(η·(n* − n#)/L), a point a model that converged. */
const pointsOf = (results: Results) =>
  (figureDataIn(results)?.base ?? []).flatMap(({ steps, eta, majority }) =>
    typeof steps === "number" ? [{ x: 1 / (eta * majority), y: steps }] : [],
  );

const claimOf = (results: Results) =>
  results.statements
    .find(({ id }) => id === "iteration-complexity")
    ?.claims.find(({ law, relation }) => law === "base" && relation.kind === "within");

function betweenSentence(results: Results): string {
  const relation = claimOf(results)?.relation;
  if (relation?.kind !== "within") return "";
  const points = pointsOf(results);
  const between = points.filter(({ x, y }) => y >= relation.low * x && y <= relation.high * x);
  return `Between them lie ${ofAll(between.length, points.length)}.`;
}

export const iterationsFigure: Figure = {
  id: "iterations",
  title: "Steps to convergence against 1/(η·(n* − n#)/L)",
  columns: 1,
  caption: (results) =>
    `Each point is a model of the base law (${pointsOf(results).length} of them); the two lines are the claim's bounds, ` +
    `along which T is inversely proportional to the step size and to the majority's lead. ${betweenSentence(results)}`,
  alternative: (results) =>
    `Scatter plot on logarithmic axes of training steps against 1 over step size times majority, ${pointsOf(results).length} ` +
    `models, with the two bounds of the claim as lines of slope 1. ${betweenSentence(results)}`,
  panels: (results, layout) => {
    const claim = claimOf(results);
    const points = pointsOf(results);
    if (points.length === 0 || claim?.relation.kind !== "within") return undefined;
    const [left, right] = [1, 300];
    const { low, high } = claim.relation;
    const named = (bound: number) => (layout === "wide" ? `T·η·(n* − n#)/L = ${bound}` : `bound ${bound}`);
    const bounds = [low, high].flatMap((factor) => [left, right].map((x) => ({ factor, x, y: factor * x })));
    const x = {
      field: "x",
      type: "quantitative",
      title: "1 / (η·(n* − n#)/L)",
      scale: { type: "log", domain: [left, right], nice: false },
      axis: { values: [1, 3, 10, 30, 100, 300] },
    };
    const y = {
      field: "y",
      type: "quantitative",
      title: "T, steps taken",
      scale: { type: "log", domain: [low * left, high * right], nice: false },
      axis: { values: [10, 30, 100, 300, 1000, 3000] },
    };
    return [
      {
        width: layout === "wide" ? 620 : panelWidth(layout, 1, 66),
        height: 300,
        layer: [
          {
            data: { values: bounds },
            mark: { type: "line", color: BOUND, strokeDash: [6, 4], strokeWidth: 1.4 },
            encoding: { x, y, detail: { field: "factor" } },
          },
          {
            data: {
              values: [
                { x: 60, y: low * 60, label: named(low), dx: 10, dy: 16 },
                { x: 30, y: high * 30, label: named(high), dx: -8, dy: -8 },
              ],
            },
            mark: {
              type: "text",
              align: { expr: "datum.dx > 0 ? 'left' : 'right'" },
              color: BOUND,
              dx: { expr: "datum.dx" },
              dy: { expr: "datum.dy" },
            },
            encoding: { x, y, text: { field: "label" } },
          },
          {
            data: { values: points },
            mark: { type: "point", filled: true, size: 26, color: FIRST, opacity: 0.65 },
            encoding: { x, y },
          },
        ],
      },
    ];
  },
};
