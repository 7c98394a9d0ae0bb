import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import { type Law, type Ranges, rangeOf } from "../law/law.ts";
import { fieldNamed, hypothesisOf, type Parameters } from "../law/parameters.ts";
import type { Bound, Range } from "../law/range.ts";
import type { Axis, Boundary, Varied } from "./boundary.ts";

/** The axes of a boundary, and where the hypotheses of its law end on them. */

/** Without a law that says otherwise, a field that spans a decade is varied logarithmically. */
const DECADE = 10;

/** Logarithmic where the law draws the field so, or where it spans a decade of positive numbers. */
export function axisOf(law: Law, { field, from, to }: Varied): Axis {
  const drawnLogarithmically = originOf(law.ranges, field).kind.startsWith("log-uniform");
  const scale = from > 0 && (drawnLogarithmically || to / from >= DECADE) ? "log" : "linear";
  return { field, hypothesis: hypothesisOf(law.parameters, field), scale, from, to };
}

/** The range that a field's values come from: a copied field's is its original's. */
function originOf(ranges: Ranges, field: string): Range {
  const range = rangeOf({ ranges }, field);
  return range.kind === "equals" ? originOf(ranges, range.field) : range;
}

/** The value at a coordinate of an axis, to three digits; of a field that is whole, the nearest that models have. */
export function valueOn(parameters: Parameters, { field, scale, from, to }: Axis, unit: number): number {
  const value = scale === "log" ? from * exp(unit * ln(to / from)) : from + unit * (to - from);
  if (unit === 0 || unit === 1) return unit === 0 ? from : to;
  const table = fieldNamed(parameters, field);
  if (table.kind !== "integer") return Number(value.toPrecision(3));
  const { widest } = table;
  const first = widest.kind === "integer" ? widest.from : 0;
  const step = widest.kind === "integer" ? widest.step : 1;
  return first + Math.round((value - first) / step) * step;
}

/** The edges of the law's hypotheses on the varied fields, within what is varied. */
export function edgesOf(law: Law, axes: readonly Axis[]): Boundary["edges"] {
  const [x, y] = axes as [Axis, Axis | undefined];
  if (y === undefined) {
    return endsOn(law, x).map((end) => ({ name: x.hypothesis, points: [[end]] }));
  }
  const xEnds = intervalOn(law, x);
  const [left, right] = [Math.max(xEnds?.from ?? x.from, x.from), Math.min(xEnds?.to ?? x.to, x.to)];
  const along = (bound: Bound | undefined): number[][] | undefined => {
    if (bound === undefined) return undefined;
    if (typeof bound === "number") return [left, right].map((at) => [at, bound]);
    return bound.field === x.field ? [left, right].map((at) => [at, bound.times * at]) : undefined;
  };
  const range = originOf(law.ranges, y.field as string);
  const [lower, upper] = "from" in range ? [along(range.from), along(range.to)] : [undefined, undefined];
  const edges = [lower, upper].flatMap((points) => (points === undefined ? [] : [{ name: y.hypothesis, points }]));
  const sides = endsOn(law, x).map((end) => {
    const at = (points: number[][] | undefined, fallback: number) =>
      points === undefined ? fallback : end === left ? points[0]![1]! : points[1]![1]!;
    return {
      name: x.hypothesis,
      points: [
        [end, at(lower, y.from)],
        [end, at(upper, y.to)],
      ],
    };
  });
  return [...edges, ...sides].flatMap(({ name, points }) => {
    const inside = clipped(points as [number[], number[]], y);
    return inside === undefined ? [] : [{ name, points: inside }];
  });
}

/** The part of a segment whose second coordinate is within the axis; undefined if there is none. */
function clipped([one, other]: readonly [number[], number[]], { from, to }: Axis): number[][] | undefined {
  const [x0, y0, x1, y1] = [...one, ...other] as [number, number, number, number];
  const [low, high] = [Math.min(y0, y1), Math.max(y0, y1)];
  if (high < from || low > to) return undefined;
  const at = (x: number, y: number) => {
    const inside = Math.min(to, Math.max(from, y));
    return inside === y ? [x, y] : [x0 + ((inside - y0) / (y1 - y0)) * (x1 - x0), inside];
  };
  return [at(x0, y0), at(x1, y1)];
}

/** The ends of a field's interval in the law that lie inside the axis. */
function endsOn(law: Law, axis: Axis): number[] {
  const ends = intervalOn(law, axis);
  if (ends === undefined) return [];
  const inside = [ends.from, ends.to].filter((end) => end > axis.from && end < axis.to);
  return [...new Set(inside)];
}

/** What the law allows a field, where that does not depend on another. */
export function intervalOn(law: Law, { field }: Axis): { from: number; to: number } | undefined {
  const range = originOf(law.ranges, field as string);
  if (range.kind === "constant") return { from: range.value as number, to: range.value as number };
  if (!("from" in range) || typeof range.from !== "number" || typeof range.to !== "number") return undefined;
  return { from: range.from, to: range.to };
}
