import type { Axis, Boundary, Cell } from "../../explore/boundary.ts";
import { visibleIn } from "../../visible-text.ts";
import { shortNumber } from "../encode.ts";
import { type DrawnFigure, FIGURE_WIDTH, type Panel, toSvg } from "./draw.ts";
import { BOUND, FIRST, GRID, INK, MUTED } from "./theme.ts";

/** What people call the fields that have a Greek letter. */
const SYMBOLS: ReadonlyMap<Axis["field"], string> = new Map(
  Object.entries({ alphaStar: "α*", alphaSharp: "α#", tau: "τ", delta: "δ", sigma: "σ", xi: "ξ", eta: "η" }),
);

const symbolOf = (field: Axis["field"]) => SYMBOLS.get(field) ?? field;

/** Draws a boundary, in both layouts. */
export async function drawBoundary(id: string, given: Boundary): Promise<DrawnFigure> {
  const boundary = visibleIn(given);
  const width = { wide: boundary.axes.length === 1 ? 620 : 420, narrow: FIGURE_WIDTH.narrow - 70 };
  return {
    id,
    title: `${boundary.theorem} beyond its hypotheses`,
    caption: boundaryCaption(boundary),
    alternative: boundaryAlternative(boundary),
    svg: {
      wide: await toSvg([boundaryPanel(boundary, width.wide)], 1),
      narrow: await toSvg([boundaryPanel(boundary, width.narrow)], 1),
    },
  };
}

/** A line with its band, or a heat map; the edges of the hypotheses drawn in. */
export function boundaryPanel(boundary: Boundary, width: number): Panel {
  return boundary.axes.length === 1 ? linePanel(boundary, width) : heatMap(boundary, width);
}

/** What to see, for people. */
export function boundaryCaption(boundary: Boundary): string {
  const { axes, law, set, seeds, cells } = boundary;
  const varied = axes.map(({ field, hypothesis }) => `${symbolOf(field)} (${hypothesis})`).join(" and ");
  const settings = set.map(({ field, value }) => `${symbolOf(field)} = ${value}`).join(", ");
  const where = axes.length === 1 ? `${crossingSentence(boundary)} ` : "";
  const empty = cells.filter(({ models }) => models === 0).length;
  const grey =
    empty > 0 && axes.length === 2 ? `${empty} grey ${empty === 1 ? "cell has" : "cells have"} no model. ` : "";
  return (
    `Violation rate of ${boundary.theorem} against ${varied}, everything else drawn from ${law.title}` +
    `${settings === "" ? "" : ` with ${settings}`}: ${cells.length} cells of ${seeds} models. ${where}${grey}` +
    `${axes.length === 1 ? "The band has Clopper-Pearson's limits at 95 %; dashed" : "Lines"}: where the law's hypothesis ends.`
  );
}

/** For those who do not see the figure. */
export function boundaryAlternative(boundary: Boundary): string {
  const { axes, cells } = boundary;
  const rates = cells.filter(({ models }) => models > 0).map(rateOf);
  const kind = axes.length === 1 ? "Line chart" : "Heat map";
  return (
    `${kind} of the violation rate of ${boundary.theorem} against ${axes.map(({ field }) => field).join(" and ")}, from ` +
    `${percent(Math.min(...rates))} to ${percent(Math.max(...rates))}.${axes.length === 1 ? ` ${crossingSentence(boundary)}` : ""}`
  );
}

/** Where the rate passes one half, between which two neighbours on a line, and which way. */
export function crossings({ cells }: Pick<Boundary, "cells">) {
  const seen = cells.filter(({ models }) => models > 0);
  return seen.slice(1).flatMap((cell, i) => {
    const before = seen[i]!;
    const [rose, rises] = [rateOf(before) > HALF, rateOf(cell) > HALF];
    return rose === rises ? [] : [{ from: before.at[0]!, to: cell.at[0]!, rises }];
  });
}

/** What the rates of a line of cells show of one half, and no more. */
function crossingSentence(boundary: Boundary): string {
  const symbol = symbolOf(boundary.axes[0]!.field);
  const seen = boundary.cells.filter(({ models }) => models > 0);
  const found = crossings(boundary);
  const [first] = found;
  const between = ({ from, to }: { from: number; to: number }) =>
    `between ${symbol} = ${shortNumber(from)} and ${shortNumber(to)}`;
  if (first === undefined) {
    const above = rateOf(seen[0]!) > HALF;
    const rates = seen.map(rateOf);
    const extreme = seen[rates.indexOf(above ? Math.min(...rates) : Math.max(...rates))]!;
    return `In every cell the rate is ${above ? "above" : "at most"} one half; it is ${above ? "lowest" : "highest"} at ${describeCell(symbol, extreme)}.`;
  }
  if (found.length > 1) {
    return `The rate passes one half ${found.length} times, first ${between(first)}, last ${between(found.at(-1)!)}.`;
  }
  const side = first.rises ? "beyond" : "before";
  const lesser = first.rises ? "before" : "beyond";
  return (
    `The rate passes one half ${between(first)}: it is above it in every cell ${side}, and in none ${lesser}. ` +
    `${limitsSentence(seen, symbol, first.rises)}`
  );
}

/** From where on each cell's own limits leave no doubt of the side on which its rate lies. */
function limitsSentence(seen: readonly Cell[], symbol: string, rises: boolean): string {
  const upwards = rises ? seen : [...seen].reverse();
  const lastBelow = upwards.findIndex(({ limits }) => limits.upper >= HALF) - 1;
  const firstAbove = upwards.findLastIndex(({ limits }) => limits.lower <= HALF) + 1;
  const [below, above] = [upwards[lastBelow], upwards[firstAbove]];
  if (below === undefined || above === undefined)
    return "The limits of its cells do not exclude one half on both sides.";
  const [from, to] = rises ? [below, above] : [above, below];
  return `By the limits of its cells it lies between ${symbol} = ${shortNumber(from.at[0]!)} and ${shortNumber(to.at[0]!)}.`;
}

function describeCell(symbol: string, { at, violations, models, limits }: Cell): string {
  return `${symbol} = ${shortNumber(at[0]!)}: ${violations} of ${models} (${percent(limits.lower)} to ${percent(limits.upper)})`;
}

/** The rate that a line is said to cross. */
const HALF = 0.5;

function rateOf({ violations, models }: Cell): number {
  return violations / models;
}

function percent(rate: number): string {
  return `${Math.round(100 * rate)} %`;
}

function linePanel({ axes, edges, cells, p0 }: Boundary, width: number): Panel {
  const axis = axes[0]!;
  const rows = cells
    .filter(({ models }) => models > 0)
    .map((cell) => ({ x: cell.at[0], rate: rateOf(cell), ...cell.limits }));
  const edgeRows = edges.map(({ name, points }) => ({ x: points[0]![0], name }));
  const x = { field: "x", type: "quantitative", ...scaleOf(axis) };
  const y = (field: string, title: string | null = null) => ({
    field,
    type: "quantitative",
    scale: { domain: [0, 1], nice: false },
    ...(title === null ? {} : { title, axis: { format: ".0%", tickCount: 5 } }),
  });
  return {
    width,
    height: 220,
    layer: [
      {
        data: { values: rows },
        mark: { type: "area", color: FIRST, opacity: 0.16 },
        encoding: { x, y: y("lower", "violation rate"), y2: { field: "upper" } },
      },
      {
        data: { values: [{ y: p0 }] },
        mark: { type: "rule", color: MUTED, strokeDash: [1, 3] },
        encoding: { y: y("y") },
      },
      {
        data: { values: edgeRows },
        mark: { type: "rule", color: BOUND, strokeWidth: 1.5, strokeDash: [6, 3] },
        encoding: { x },
      },
      {
        data: { values: edgeRows },
        mark: { type: "text", align: "right", baseline: "top", dx: -5, y: 3, color: BOUND },
        encoding: { x, text: { field: "name" } },
      },
      { data: { values: rows }, mark: { type: "line", color: FIRST, strokeWidth: 2 }, encoding: { x, y: y("rate") } },
      {
        data: { values: rows },
        mark: { type: "point", filled: true, size: 34, color: FIRST, opacity: 1 },
        encoding: { x, y: y("rate") },
      },
    ],
  };
}

function heatMap({ axes, edges, cells }: Boundary, width: number): Panel {
  const [horizontal, vertical] = axes as [Axis, Axis];
  const rows = cells.map((cell) => ({
    x: cell.from[0],
    x2: cell.to[0],
    y: cell.from[1],
    y2: cell.to[1],
    rate: cell.models === 0 ? null : rateOf(cell),
  }));
  const x = { field: "x", type: "quantitative", ...scaleOf(horizontal) };
  const y = { field: "y", type: "quantitative", ...scaleOf(vertical) };
  const lines = edges.map(({ points }, line) => points.map(([px, py], order) => ({ x: px, y: py, line, order })));
  return {
    width,
    height: Math.min(width, 340),
    layer: [
      {
        data: { values: rows },
        mark: { type: "rect", filled: false, stroke: GRID, strokeWidth: 0.5 },
        encoding: { x, y, x2: { field: "x2" }, y2: { field: "y2" } },
      },
      {
        data: { values: rows.filter(({ rate }) => rate !== null) },
        mark: { type: "rect", color: FIRST },
        encoding: {
          x,
          y,
          x2: { field: "x2" },
          y2: { field: "y2" },
          opacity: {
            field: "rate",
            type: "quantitative",
            scale: { domain: [0, 1], range: [0, 0.9] },
            legend: {
              title: "violation rate",
              format: ".0%",
              values: [0, 0.5, 1],
              symbolFillColor: FIRST,
              symbolType: "square",
              symbolStrokeColor: GRID,
            },
          },
        },
      },
      ...lines.map((values) => ({
        data: { values },
        mark: { type: "line", color: BOUND, strokeWidth: 2, strokeDash: [6, 3] },
        encoding: { x, y, order: { field: "order" } },
      })),
      {
        data: { values: rows.filter(({ rate }) => rate === null) },
        mark: { type: "rect", color: INK, fillOpacity: 0.12 },
        encoding: { x, y, x2: { field: "x2" }, y2: { field: "y2" } },
      },
    ],
  };
}

function scaleOf({ field, scale, from, to }: Axis) {
  const type = scale === "log" ? { type: "log" } : {};
  return {
    title: symbolOf(field),
    scale: { ...type, domain: [from, to], nice: false },
    axis: { grid: false, format: "~g", tickCount: 6 },
  };
}
