import { shortNumber } from "../../report/encode.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { band, finite, quantile } from "../../report/figures/quantiles.ts";
import { BOUND, FIRST, SECOND, THIRD } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";
import { PRUNED_FRACTIONS, PRUNING_ORDERS } from "../measure/portrait.ts";
import { figureDataIn } from "./figure-data.ts";

const portraitsOf = (results: Results) => figureDataIn(results)?.portraits ?? [];

const smallShareOf = (results: Results) =>
  quantile(
    portraitsOf(results).map(({ smallNeurons, relativeNorms }) => smallNeurons / relativeNorms.length),
    0.5,
  );

/** The median test hinge of each order at the last fraction that the small cluster still holds. */
function costSentence(results: Results): string {
  const portraits = portraitsOf(results);
  const share = smallShareOf(results);
  const at = PRUNED_FRACTIONS.filter((fraction) => fraction <= share).length - 1;
  const hinges = PRUNING_ORDERS.map((order) => {
    const median = quantile(finite(portraits.flatMap(({ pruning }) => pruning[order]?.hinge[at] ?? [])), 0.5);
    return `${shortNumber(median)} where they go ${order}`;
  });
  return `Without ${Math.round(100 * PRUNED_FRACTIONS[at]!)} % of the neurons the median test hinge is ${hinges.join(", ")}.`;
}

/** Test hinge and 0-1 error against the fraction of neurons pruned, in three orders. */
export const pruningFigure: Figure = {
  id: "pruning",
  title: "Test hinge and error without a fraction of the neurons",
  columns: 2,
  caption: (results) =>
    `Median and the middle 90 % of ${portraitsOf(results).length} models; the dashed line is the median share of the ` +
    `small cluster. ${costSentence(results)}`,
  alternative: (results) =>
    `Two line charts, test hinge and 0-1 error against the fraction of neurons pruned, ${portraitsOf(results).length} models. ` +
    costSentence(results),
  panels: (results, layout) => {
    const portraits = portraitsOf(results);
    if (portraits.length === 0) return undefined;
    const width = panelWidth(layout, 2, 52);
    const smallShare = smallShareOf(results);
    const x = {
      field: "fraction",
      type: "quantitative",
      title: "fraction of neurons pruned",
      scale: { domain: [0, 1] },
      axis: { format: ".1~f", grid: false, tickCount: 5 },
    };
    const orders = [...PRUNING_ORDERS];
    const panel = (what: "hinge" | "error", title: string, highest: number) => {
      const rows = orders.flatMap((order) =>
        PRUNED_FRACTIONS.map((fraction, i) => ({
          order,
          fraction,
          ...band(finite(portraits.flatMap(({ pruning }) => pruning[order]?.[what][i] ?? []))),
        })),
      );
      const color = {
        field: "order",
        type: "nominal",
        scale: { domain: orders, range: [FIRST, THIRD, SECOND] },
        legend: {
          symbolType: "stroke",
          symbolOpacity: 1,
          symbolStrokeWidth: 2.5,
          direction: layout === "wide" ? "horizontal" : "vertical",
        },
      };
      return {
        title,
        width,
        height: 220,
        data: { values: rows },
        layer: [
          {
            mark: { type: "area", opacity: 0.16 },
            encoding: {
              x,
              y: { field: "low", type: "quantitative", title, scale: { domain: [0, highest], nice: false } },
              y2: { field: "high" },
              color,
            },
          },
          {
            mark: { type: "line", strokeWidth: 2 },
            encoding: {
              x,
              y: { field: "median", type: "quantitative" },
              color,
              strokeDash: {
                field: "order",
                type: "nominal",
                scale: {
                  domain: orders,
                  range: [
                    [1, 0],
                    [2, 3],
                    [7, 3],
                  ],
                },
              },
            },
          },
          {
            data: { values: [{ fraction: smallShare }] },
            mark: { type: "rule", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.4 },
            encoding: { x },
          },
        ],
      };
    };
    return [panel("hinge", "test hinge", 1.05), panel("error", "0-1 error", 1.05)];
  },
};
