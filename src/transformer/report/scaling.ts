import { shortNumber } from "../../report/encode.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { FIRST, INK } from "../../report/figures/theme.ts";
import type { Results } from "../../report/results.ts";

/** Round numbers in every decade that a ladder may reach. */
const ROUND_NUMBERS = [-4, -3, -2, -1, 0, 1, 2, 3, 4].flatMap((decade) =>
  [1, 1.5, 2, 3, 4, 5, 7].map((digit) => Number(`${digit}e${decade}`)),
);

type Slope = NonNullable<Results["slopes"]>[number];

const X_NAMES: ReadonlyMap<string, string> = new Map(Object.entries({ eta: "η", m: "m", xi: "ξ" }));
const Y_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    steps: "T, steps",
    medianLargeNorm: "median large norm",
    medianSmallNorm: "median small norm",
  }),
);

/** "T, steps against η" */
export function describeSlope({ field, measured }: Pick<Slope, "field" | "measured">): string {
  return `${Y_NAMES.get(measured) ?? measured} against ${X_NAMES.get(field) ?? field}`;
}

/** Log-log ladders with the fitted slope and its band. */
export const scalingFigure: Figure = {
  id: "scaling",
  title: "Slopes over a ladder",
  columns: 3,
  caption: (results) =>
    `All else fixed at one θ in the middle of the base law, ${results.slopes?.[0]?.seeds.length} seeds a rung; line and band are the ` +
    `least-squares fit with its 95 % bootstrap limits. ${(results.slopes ?? [])
      .map(
        (slope) =>
          `${describeSlope(slope)}: slope ${shortNumber(slope.slope)} (${shortNumber(slope.interval.lower)} to ${shortNumber(slope.interval.upper)}), claimed ${shortNumber(slope.expected)}`,
      )
      .join("; ")}. They describe one place of the law; the doubling test above speaks about all of it.`,
  alternative: (results) =>
    `Three log-log charts with fitted lines: ${(results.slopes ?? [])
      .map((slope) => `${describeSlope(slope)}, slope ${shortNumber(slope.slope)}`)
      .join("; ")}.`,
  panels: (results, layout) => {
    const slopes = results.slopes;
    if (slopes === undefined || slopes.length === 0) return undefined;
    const width = panelWidth(layout, 3, 60);
    return slopes.map((slope) => {
      const { field, measured, rungs, values, line, lower, upper } = slope;
      const points = values.flatMap((rung, i) =>
        rung.flatMap((y) => (typeof y === "number" ? [{ x: rungs[i], y }] : [])),
      );
      const fitted = rungs.map((x, i) => ({ x, y: line[i], low: lower[i], high: upper[i] }));
      const observed = points.map((point) => point.y);
      const [lowest, highest] = [Math.min(...observed), Math.max(...observed)];
      const ends = [rungs[0] as number, rungs[rungs.length - 1] as number];
      const x = {
        field: "x",
        type: "quantitative",
        scale: { type: "log", domain: [0.9 * (ends[0] as number), 1.11 * (ends[1] as number)], nice: false },
        axis: {
          title: X_NAMES.get(field) ?? field,
          values: [...rungs],
          format: "~g",
          labelOverlap: "greedy",
          grid: false,
        },
      };
      const y = {
        field: "y",
        type: "quantitative",
        title: Y_NAMES.get(measured) ?? measured,
        scale: { type: "log", domain: [0.9 * lowest, 1.1 * highest], nice: false },
        axis: { values: ROUND_NUMBERS.filter((tick) => tick >= 0.9 * lowest && tick <= 1.1 * highest), format: "~g" },
      };
      return {
        title: `slope ${shortNumber(slope.slope)}, claimed ${shortNumber(slope.expected)}`,
        width,
        height: 200,
        layer: [
          {
            data: { values: fitted },
            mark: { type: "area", color: FIRST, opacity: 0.25 },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
          },
          { data: { values: fitted }, mark: { type: "line", color: FIRST, strokeWidth: 1.6 }, encoding: { x, y } },
          {
            data: { values: points },
            mark: { type: "point", filled: false, stroke: INK, strokeWidth: 1, size: 22, opacity: 0.8 },
            encoding: { x, y },
          },
        ],
      };
    });
  },
};
