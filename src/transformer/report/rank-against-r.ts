import { shortNumber } from "../../report/encode.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { finite, quantile } from "../../report/figures/quantiles.ts";
import { BOUND, FIRST, INK } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";
import { MATRIX_NAMES, UPDATED_MATRICES } from "../notation.ts";
import { figureDataIn } from "./figure-data.ts";

/** The rank of an update is that of its best part with this share of its energy. */
const ENERGY = 0.99;

/** Area of the dot of a rank that all models have, px². */
const ALL = 420;

/** The least number of singular values, the largest first, that hold `ENERGY` of the energy. */
function rankOf(singularValues: readonly number[]): number {
  const energies = singularValues.map((value) => value ** 2);
  const whole = energies.reduce((sum, energy) => sum + energy, 0);
  let held = 0;
  const last = energies.findIndex((energy) => {
    held += energy;
    return held >= ENERGY * whole;
  });
  return last + 1;
}

/** For each law that results hold spectra of: r, and the rank of each model's updates. */
function ranksOf(results: Results) {
  return (figureDataIn(results)?.spectra ?? [])
    .filter(({ models }) => models.length > 0)
    .map(({ r, models }) => ({
      r,
      models: models.length,
      of: (name: (typeof UPDATED_MATRICES)[number]) => models.map((model) => rankOf(finite(model[name]))),
    }));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function meansSentence(results: Results): string {
  const laws = ranksOf(results);
  const rs = laws.map(({ r }) => r).join(", ");
  const said = UPDATED_MATRICES.map(
    (name) => `${laws.map(({ of }) => shortNumber(mean(of(name)))).join(", ")} of Δ${MATRIX_NAMES[name]}`,
  );
  return `The mean at r = ${rs} is ${said.join("; ")}.`;
}

/** How many singular values each update needs, against r. */
export const rankAgainstRFigure: Figure = {
  id: "rank-against-r",
  title: "Rank of the updates against r",
  columns: 3,
  caption: (results) =>
    `How many singular values hold ${100 * ENERGY} % of an update’s energy, in ${ranksOf(results)
      .map(({ r, models }) => `${models} models with r = ${r}`)
      .join(
        ", ",
      )}: the area of a dot is the share of the models, the line their median; on the dashed line the rank is r. ` +
    meansSentence(results),
  alternative: (results) =>
    `Dot charts of the number of singular values that hold ${100 * ENERGY} % of the energy of the updates of W_Q, W_K and W_V ` +
    `against the number r of label-relevant patterns. ${meansSentence(results)}`,
  panels: (results, layout) => {
    const laws = ranksOf(results);
    if (laws.length === 0) return undefined;
    const largestR = Math.max(...laws.map(({ r }) => r));
    const highest = Math.max(
      largestR,
      ...laws.flatMap(({ of }) => UPDATED_MATRICES.flatMap((name) => Math.max(...of(name)))),
    );
    const whole = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const x = {
      field: "r",
      type: "quantitative",
      scale: { domain: [1, largestR + 1], nice: false },
      axis: { title: "r, label-relevant patterns", values: laws.map(({ r }) => r), format: "d", grid: false },
    };
    const y = {
      field: "rank",
      type: "quantitative",
      scale: { domain: [0, highest + 0.5], nice: false },
      axis: { title: `rank with ${100 * ENERGY} % of the energy`, values: whole(0, highest), format: "d" },
    };
    return UPDATED_MATRICES.map((name) => {
      const ranks = laws.map(({ r, of }) => ({ r, ranks: of(name) }));
      const dots = ranks.flatMap(({ r, ranks }) =>
        [...new Set(ranks)].map((rank) => ({
          r,
          rank,
          size: (ALL * ranks.filter((each) => each === rank).length) / ranks.length,
        })),
      );
      return {
        title: `Δ${MATRIX_NAMES[name]}`,
        width: panelWidth(layout, 3, 56),
        height: 200,
        layer: [
          {
            data: { values: [1, Math.min(largestR + 1, highest + 0.5)].map((r) => ({ r, rank: r })) },
            mark: { type: "line", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.4 },
            encoding: { x, y },
          },
          {
            data: { values: ranks.map(({ r, ranks }) => ({ r, rank: quantile(ranks, 0.5) })) },
            mark: { type: "line", color: INK, strokeWidth: 1.6 },
            encoding: { x, y },
          },
          {
            data: { values: dots },
            mark: { type: "point", filled: true, color: FIRST, opacity: 0.85 },
            encoding: { x, y, size: { field: "size", type: "quantitative", scale: null, legend: null } },
          },
        ],
      };
    });
  },
};
