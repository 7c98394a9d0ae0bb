import { powerAxis, powerScale } from "../report/figures/axes.ts";
import { type Panel, toSvg } from "../report/figures/draw.ts";
import { FIRST, SECOND } from "../report/figures/theme.ts";
import type { Neurons } from "./neurons.ts";
import type { Spectrum } from "./spectrum.ts";

/** Small figures of one matrix: one width, which a phone has room for too. */
const SIZE = { width: 210, height: 120 };

/** Points of a line; a line of more looks the same. */
const MOST_POINTS = 200;

/** Bins of a histogram. */
const BINS = 28;

/** σ_i/σ_1 over i. */
export function spectrumSvg({ singularValues }: Spectrum): Promise<string> {
  const [largest] = singularValues as [number];
  const every = Math.ceil(singularValues.length / MOST_POINTS);
  const values = singularValues
    .map((sigma, i) => ({ k: i + 1, value: sigma / largest }))
    .filter(({ value }, i) => i % every === 0 && value > 0);
  return toSvg([onLine(values, singularValues.length)], 1);
}

function onLine(values: readonly { readonly k: number; readonly value: number }[], length: number): Panel {
  return {
    ...SIZE,
    data: { values },
    mark: { type: "line", color: FIRST, strokeWidth: 1.5, point: { filled: true, color: FIRST, size: 14 } },
    encoding: {
      x: {
        field: "k",
        type: "quantitative",
        scale: { domain: [1, Math.max(length, 2)], nice: false },
        axis: { title: null, grid: false, format: "d", tickMinStep: 1, tickCount: 5 },
      },
      y: { field: "value", type: "quantitative", scale: powerScale(-6, 0), axis: powerAxis(null, -6, 0, 2) },
    },
  };
}

/** How many neurons have which norm, relative to the largest; those of norm 0 have no place on the axis. */
export function normsSvg({ norms, gap }: Neurons): Promise<string> {
  const largest = norms.reduce((most, norm) => Math.max(most, norm), 0);
  const relative = Array.from(norms, (norm) => norm / largest).filter((norm) => norm > 0);
  const from = Math.min(-1, Math.floor(Math.log10(relative.reduce((least, norm) => Math.min(least, norm), 1))));
  const width = -from / BINS;
  const counts = new Map<string, { bin: number; cluster: string; count: number }>();
  for (const norm of relative) {
    const bin = Math.min(Math.floor((Math.log10(norm) - from) / width), BINS - 1);
    const cluster = norm * largest <= gap[0] ? "small" : "large";
    const bar = counts.get(`${bin} ${cluster}`) ?? { bin, cluster, count: 0 };
    counts.set(`${bin} ${cluster}`, { ...bar, count: bar.count + 1 });
  }
  const edge = (bin: number) => Number((10 ** (from + bin * width)).toPrecision(6));
  const values = [...counts.values()].map(({ bin, cluster, count }) => ({
    ...{ cluster, count, zero: 0 },
    ...{ from: edge(bin), to: edge(bin + 1) },
  }));
  const every = Math.max(1, Math.ceil(-from / 4));
  return toSvg(
    [
      {
        ...SIZE,
        data: { values },
        mark: { type: "rect", opacity: 0.8 },
        encoding: {
          x: {
            field: "from",
            type: "quantitative",
            scale: powerScale(from, 0),
            axis: { ...powerAxis(null, from, 0, every), grid: false },
          },
          x2: { field: "to" },
          y: { field: "zero", type: "quantitative", axis: { title: null, tickCount: 4, format: "d", tickMinStep: 1 } },
          y2: { field: "count" },
          color: {
            field: "cluster",
            type: "nominal",
            scale: { domain: ["small", "large"], range: [FIRST, SECOND] },
            legend: null,
          },
        },
      },
    ],
    1,
  );
}
