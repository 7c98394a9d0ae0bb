import ln from "@stdlib/math-base-special-ln";
import { shortNumber } from "../../report/encode.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { finite, quantile } from "../../report/figures/quantiles.ts";
import { BOUND, FIRST, SECOND } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";
import { figureDataIn } from "./figure-data.ts";

/** Bins a decade. */
const PER_DECADE = 12;

const portraitsOf = (results: Results) => figureDataIn(results)?.portraits ?? [];

/** The share and the median norm of each cluster, over all models. */
function clustersSentence(results: Results): string {
  const norms = portraitsOf(results).map(({ relativeNorms, smallNeurons }) => ({
    small: finite(relativeNorms.slice(0, smallNeurons)),
    large: finite(relativeNorms.slice(smallNeurons)),
  }));
  const small = norms.flatMap((each) => each.small);
  const large = norms.flatMap((each) => each.large);
  const share = Math.round((100 * small.length) / (small.length + large.length));
  const middle = (values: readonly number[]) => shortNumber(quantile(values, 0.5));
  return `The small cluster, ${share} % of the neurons, has a median of ${middle(small)}, the large one of ${middle(large)}.`;
}

/** Norms of the neurons after training, relative to the initial scale. */
export const neuronsFigure: Figure = {
  id: "neurons",
  title: "Norms of the neurons, in two clusters",
  columns: 1,
  caption: (results) =>
    `‖w_i‖ of all neurons of ${portraitsOf(results).length} models after training, over ξ√m_a, their typical norm before it. ` +
    `${clustersSentence(results)} The dashed lines mark the initial scale and the claim's threshold, 3 times that.`,
  alternative: (results) =>
    `Histogram on a logarithmic axis of neuron norms over the initial scale, ${portraitsOf(results).length} models. ${clustersSentence(results)}`,
  panels: (results, layout) => {
    const portraits = portraitsOf(results);
    if (portraits.length === 0) return undefined;
    const counts = { small: new Map<number, number>(), large: new Map<number, number>() };
    let neurons = 0;
    for (const { relativeNorms, smallNeurons } of portraits) {
      finite(relativeNorms).forEach((norm, i) => {
        const bin = Math.floor((PER_DECADE * ln(norm)) / Math.LN10);
        const cluster = counts[i < smallNeurons ? "small" : "large"];
        cluster.set(bin, (cluster.get(bin) ?? 0) + 1);
        neurons++;
      });
    }
    const edge = (bin: number) => Number((10 ** (bin / PER_DECADE)).toPrecision(6));
    const bars = (["small", "large"] as const).flatMap((cluster) =>
      [...counts[cluster]].map(([bin, count]) => ({
        cluster: `${cluster} cluster`,
        from: edge(bin),
        to: edge(bin + 1),
        bottom: cluster === "small" ? 0 : (100 * (counts.small.get(bin) ?? 0)) / neurons,
        top: (100 * (count + (cluster === "small" ? 0 : (counts.small.get(bin) ?? 0)))) / neurons,
      })),
    );
    const highest = Math.max(...bars.map(({ top }) => top));
    // a tenth of a percent is thinner than a line
    const seen = bars.filter(({ bottom, top }) => top - bottom >= 0.05);
    const leftmost = Math.min(0.2, ...seen.map(({ from }) => from));
    const rightmost = Math.max(10, ...seen.map(({ to }) => to));
    const x = {
      field: "from",
      type: "quantitative",
      title: layout === "wide" ? "norm after training, relative to ξ√m_a" : "norm relative to ξ√m_a",
      scale: { type: "log", domain: [leftmost, rightmost], nice: false },
      axis: {
        values: [0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000].filter((tick) => tick >= leftmost && tick <= rightmost),
        grid: false,
      },
    };
    const y = {
      field: "bottom",
      type: "quantitative",
      title: "share of all neurons, %",
      scale: { domain: [0, 1.14 * highest], nice: false },
    };
    return [
      {
        width: layout === "wide" ? 620 : panelWidth(layout, 1, 50),
        height: 230,
        layer: [
          {
            data: { values: seen },
            mark: { type: "rect" },
            encoding: {
              x,
              x2: { field: "to" },
              y,
              y2: { field: "top" },
              color: {
                field: "cluster",
                type: "nominal",
                scale: { domain: ["small cluster", "large cluster"], range: [FIRST, SECOND] },
                legend: { symbolType: "square" },
              },
              opacity: { condition: { test: "datum.cluster === 'small cluster'", value: 0.9 }, value: 0.6 },
            },
          },
          {
            data: { values: [{ from: 1 }, { from: 3 }] },
            mark: { type: "rule", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.4 },
            encoding: { x },
          },
          {
            data: {
              values: [
                { from: 1, bottom: 1.14 * highest, label: "initial scale", align: "right" },
                { from: 3, bottom: 1.14 * highest, label: "3 × that", align: "left" },
              ],
            },
            transform: [],
            layer: [
              {
                transform: [{ filter: "datum.from == 1" }],
                mark: { type: "text", align: "right", baseline: "top", dx: -5, color: BOUND },
                encoding: { x, y, text: { field: "label" } },
              },
              {
                transform: [{ filter: "datum.from == 3" }],
                mark: { type: "text", align: "left", baseline: "top", dx: 5, color: BOUND },
                encoding: { x, y, text: { field: "label" } },
              },
            ],
          },
        ],
      },
    ];
  },
};
