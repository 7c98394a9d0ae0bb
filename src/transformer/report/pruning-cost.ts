import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { quantile } from "../../report/figures/quantiles.ts";
import { FIRST, SECOND, THIRD } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";
import type { PrunedCost } from "./performance.ts";

const SERIES = [
  { cost: "multiplyAdds", name: "multiply-adds", color: FIRST },
  { cost: "reference", name: "time, ml-matrix", color: SECOND },
  { cost: "kernel", name: "time, kernel", color: THIRD },
] as const;

// `reportFiles` has checked its form
const costsOf = ({ pruningCost = [] }: Results) => pruningCost as readonly PrunedCost[];

/** Median over the models of something of the whole small cluster pruned, in per cent. */
export function medianWhenPruned(costs: readonly PrunedCost[], of: keyof PrunedCost["points"][number]): number {
  return Math.round(
    100 *
      quantile(
        costs.map(({ points }) => points.at(-1)![of]),
        0.5,
      ),
  );
}

/** What a forward pass costs without the small neurons. */
export const pruningCostFigure: Figure = {
  id: "pruning-cost",
  title: "Cost of a forward pass without a fraction of the neurons",
  columns: 1,
  caption: (results) => {
    const costs = costsOf(results);
    return (
      `A forward pass of the compacted model, relative to the whole one, for ${costs.length} models up to the end of their small ` +
      `clusters: without ${medianWhenPruned(costs, "pruned")} % of the neurons (median) it takes ` +
      `${medianWhenPruned(costs, "multiplyAdds")} % of the multiply-adds and, with plain matrix products, ` +
      `${medianWhenPruned(costs, "reference")} % of the time. The kernel, at ${medianWhenPruned(costs, "kernel")} %, ` +
      "spends little on neurons as it is. Times are of one machine."
    );
  },
  alternative: (results) =>
    `Line chart of the cost of a forward pass against the fraction of neurons pruned, ${costsOf(results).length} models: multiply-adds ` +
    `fall from 100 % to ${medianWhenPruned(costsOf(results), "multiplyAdds")} % at the end of the small cluster, in a straight line.`,
  panels: (results, layout) => {
    const costs = costsOf(results);
    if (costs.length === 0) return undefined;
    const rows = costs.flatMap(({ points }, model) =>
      points.flatMap((point) =>
        SERIES.map(({ cost, name }) => ({ line: `${model} ${cost}`, name, pruned: point.pruned, cost: point[cost] })),
      ),
    );
    return [
      {
        width: Math.min(620, panelWidth(layout, 1, 72)),
        height: 240,
        data: { values: rows },
        mark: { type: "line", strokeWidth: 1.4, opacity: 0.75 },
        encoding: {
          x: {
            field: "pruned",
            type: "quantitative",
            title: "fraction of neurons pruned",
            scale: { domainMin: 0 },
            axis: { format: ".0%", grid: false, tickCount: 5 },
          },
          y: {
            field: "cost",
            type: "quantitative",
            title: "cost of a forward pass",
            scale: { domainMin: 0 },
            axis: { format: ".0%", tickCount: 5 },
          },
          detail: { field: "line" },
          color: {
            field: "name",
            type: "nominal",
            scale: { domain: SERIES.map(({ name }) => name), range: SERIES.map(({ color }) => color) },
            legend: {
              symbolType: "stroke",
              symbolOpacity: 1,
              symbolStrokeWidth: 2.5,
              // inside: nothing is drawn there
              orient: "bottom-left",
              direction: "vertical",
            },
          },
        },
      },
    ];
  },
};
