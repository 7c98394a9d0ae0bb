import { shortNumber } from "../../report/encode.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { band, finite, quantile } from "../../report/figures/quantiles.ts";
import { BOUND, FIRST } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";
import { figureDataIn } from "./figure-data.ts";

const portraitsOf = (results: Results) => figureDataIn(results)?.portraits ?? [];

/** Ranks that are told in words. */
const TOLD = 4;

function mediansSentence(results: Results): string {
  const portraits = portraitsOf(results);
  const medians = Array.from({ length: TOLD }, (_, rank) => {
    const hinges = finite(portraits.flatMap(({ hingeAtRank }) => hingeAtRank[rank] ?? []));
    return `${shortNumber(quantile(hinges, 0.5))} at rank ${rank}`;
  });
  return `The median is ${medians.join(", ")}.`;
}

/** Test hinge against the rank that every update is cut to. */
export const ranksFigure: Figure = {
  id: "ranks",
  title: "Test hinge against the rank of the updates",
  columns: 1,
  caption: (results) =>
    `Test hinge with ΔW_Q, ΔW_K and ΔW_V each cut to its best part of a rank: median and the middle 90 % of ${portraitsOf(results).length} ` +
    `models. At rank 0 nothing of the three updates is left. ${mediansSentence(results)}`,
  alternative: (results) =>
    `Line chart of the test hinge against the rank of the updates, ${portraitsOf(results).length} models. ${mediansSentence(results)}`,
  panels: (results, layout) => {
    const portraits = portraitsOf(results);
    if (portraits.length === 0) return undefined;
    const longest = Math.max(...portraits.map(({ hingeAtRank }) => hingeAtRank.length));
    const rows = Array.from({ length: longest }, (_, rank) => ({
      rank,
      ...band(
        finite(portraits.flatMap(({ hingeAtRank }) => (hingeAtRank[rank] === undefined ? [] : [hingeAtRank[rank]]))),
      ),
    }));
    const x = {
      field: "rank",
      type: "quantitative",
      scale: { domain: [0, longest - 1], nice: false },
      axis: { title: "rank of every update", values: rows.map(({ rank }) => rank), format: "d", grid: false },
    };
    const y = { field: "median", type: "quantitative", title: "test hinge", scale: { domain: [0, 1.05], nice: false } };
    return [
      {
        width: layout === "wide" ? 520 : panelWidth(layout, 1, 56),
        height: 220,
        data: { values: rows },
        layer: [
          {
            mark: { type: "area", color: FIRST, opacity: 0.2 },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
          },
          {
            data: { values: [{ rank: 2 }] },
            mark: { type: "rule", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.4 },
            encoding: { x },
          },
          {
            data: { values: [{ rank: 2, median: 1, label: "rank r = 2" }] },
            mark: { type: "text", align: "left", dx: 6, color: BOUND },
            encoding: { x, y, text: { field: "label" } },
          },
          {
            mark: { type: "line", color: FIRST, strokeWidth: 2, point: { filled: true, color: FIRST, size: 40 } },
            encoding: { x, y },
          },
        ],
      },
    ];
  },
};
