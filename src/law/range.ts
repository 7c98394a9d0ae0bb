import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import { z } from "zod";
import { must } from "./declared.ts";
import { describeExpression, type Expression, evaluate, expressionSchema, fieldsOfExpression } from "./expression.ts";
import type { Theta, Value } from "./parameters.ts";

/** A number, or a multiple of a field that stands earlier in the law. */
export type Bound<F extends string = string> = number | { readonly field: F; readonly times: number };

/** Numbers between two ends. */
type Span<B> =
  | { readonly kind: "integer"; readonly from: B; readonly to: B; readonly step: number }
  | { readonly kind: "real"; readonly from: B; readonly to: B }
  | { readonly kind: "log-uniform"; readonly from: B; readonly to: B }
  | { readonly kind: "log-uniform integer"; readonly from: B; readonly to: B };

/** A range whose ends are numbers, so that it fits into any law. */
export type Interval = Span<number>;

/** How a law draws one field of θ, as data: printed in the report, hashed, inverted by the search. */
export type Range<F extends string = string, V extends Value = Value> =
  | Span<Bound<F>>
  | { readonly kind: "equals"; readonly field: F }
  | { readonly kind: "formula"; readonly is: Expression<F> }
  | { readonly kind: "constant"; readonly value: V };

export const integer = <A extends Bound, B extends Bound>(from: A, to: B, step = 1): Span<A | B> => ({
  kind: "integer",
  from,
  to,
  step,
});
export const real = <A extends Bound, B extends Bound>(from: A, to: B): Span<A | B> => ({ kind: "real", from, to });
export const logUniform = <A extends Bound, B extends Bound>(from: A, to: B): Span<A | B> => ({
  kind: "log-uniform",
  from,
  to,
});
export const logUniformInteger = <A extends Bound, B extends Bound>(from: A, to: B): Span<A | B> => ({
  kind: "log-uniform integer",
  from,
  to,
});
export const equalTo = <F extends string>(field: F) => ({ kind: "equals", field }) as const;
export const formula = <F extends string>(is: Expression<F>) => ({ kind: "formula", is }) as const;
export const constant = <const V extends Value>(value: V) => ({ kind: "constant", value }) as const;
export const times = <F extends string>(factor: number, field: F) => ({ field, times: factor }) as const;

/** The fields of θ that are known so far: ranges refer to earlier ones only. */
export type PartialTheta = { readonly [field: string]: Value | undefined };

/** Whether the value is drawn, and not given: one that is a constant or follows from earlier fields has no coordinate. */
export function isDrawn({ kind }: Range): boolean {
  return kind !== "constant" && kind !== "equals" && kind !== "formula";
}

/** The value of a field that follows from earlier ones; undefined where it does not. */
export function valueFollowing(range: Range, theta: PartialTheta): number | undefined {
  if (range.kind === "equals") return theta[range.field] as number;
  return range.kind === "formula" ? evaluate(range.is, theta) : undefined;
}

function boundValue(bound: Bound, theta: PartialTheta): number {
  return typeof bound === "number" ? bound : bound.times * (theta[bound.field] as number);
}

/** The two ends of an interval for this θ; an integer range ends on whole steps. */
export function endsOf(range: Span<Bound>, theta: PartialTheta): { from: number; to: number } {
  const from = boundValue(range.from, theta);
  const to = boundValue(range.to, theta);
  if (range.kind !== "integer") return { from, to };
  return { from, to: from + Math.floor((to - from) / range.step) * range.step };
}

/**
 * The value at a coordinate of the unit interval: 0 is the low end, 1 the high end. Uniform coordinates give
 * uniform (or log-uniform) values, and integers of equal probability.
 */
export function valueAt(range: Range, unit: number, theta: PartialTheta): Value {
  switch (range.kind) {
    case "constant":
      return range.value;
    case "equals":
    case "formula":
      return valueFollowing(range, theta) as number;
    case "integer": {
      const { from, to } = endsOf(range, theta);
      const values = (to - from) / range.step + 1;
      return from + range.step * Math.min(values - 1, Math.floor(unit * values));
    }
    case "real": {
      const { from, to } = endsOf(range, theta);
      return Math.min(to, from + unit * (to - from));
    }
    case "log-uniform": {
      const { from, to } = endsOf(range, theta);
      return Math.min(to, Math.max(from, from * exp(unit * ln(to / from))));
    }
    case "log-uniform integer": {
      // each integer k gets the interval [k, k+1) of a log-uniform variate
      const { from, to } = endsOf(range, theta);
      return Math.min(to, Math.max(from, Math.floor(from * exp(unit * ln((to + 1) / from)))));
    }
  }
}

/** Undefined where the value lies in the range, otherwise why not, for instance "tau 0.4 > 0.25". */
export function whyOutside(range: Range, field: string, theta: Theta): string | undefined {
  const value = theta[field];
  switch (range.kind) {
    case "constant":
      return value === range.value ? undefined : `${field} ${value} is not ${range.value}`;
    case "equals":
      return value === theta[range.field] ? undefined : `${field} ${value} is not ${range.field} ${theta[range.field]}`;
    case "formula": {
      const follows = evaluate(range.is, theta);
      return value === follows ? undefined : `${field} ${value} is not ${describeExpression(range.is)} = ${follows}`;
    }
    default: {
      const { from, to } = endsOf(range, theta);
      if (typeof value !== "number") return `${field} ${value} is not a number`;
      if (value < from) return `${field} ${value} < ${from}`;
      if (value > to) return `${field} ${value} > ${to}`;
      const step = range.kind === "integer" ? range.step : range.kind === "log-uniform integer" ? 1 : 0;
      if (step > 0 && (value - from) % step !== 0) {
        return `${field} ${value} is not ${from} plus a multiple of ${step}`;
      }
      return undefined;
    }
  }
}

/**
 * Undefined where the range has a value for this θ, of which the earlier fields are known; otherwise why not, for
 * instance "B ∈ 32..0.5·N runs from 32 to 16 where N = 32".
 */
export function whyEmpty(range: Range, field: string, theta: PartialTheta): string | undefined {
  if (range.kind === "constant" || range.kind === "equals") return undefined;
  if (range.kind === "formula") {
    const follows = evaluate(range.is, theta);
    if (Number.isFinite(follows)) return undefined;
    return `${describeRange(field, range)} is ${follows}${whereOf(range, theta)}`;
  }
  const [from, to] = [boundValue(range.from, theta), boundValue(range.to, theta)];
  // NaN, of a field that is no number, is no end either
  if (from <= to && (from > 0 || !range.kind.startsWith("log-uniform"))) return undefined;
  return `${describeRange(field, range)} runs from ${from} to ${to}${whereOf(range, theta)}`;
}

function whereOf(range: Range, theta: PartialTheta): string {
  const read = fieldsReadBy(range).map((earlier) => `${earlier} = ${theta[earlier]}`);
  return read.length === 0 ? "" : ` where ${[...new Set(read)].join(", ")}`;
}

/** The fields that a range refers to. */
export function fieldsReadBy(range: Range): readonly string[] {
  switch (range.kind) {
    case "constant":
      return [];
    case "equals":
      return [range.field];
    case "formula":
      return fieldsOfExpression(range.is);
    default:
      return [range.from, range.to].flatMap((bound) => (typeof bound === "number" ? [] : [bound.field]));
  }
}

const fieldName = z.string(must("the name of a numeric field of theta"));

const bound = z.union(
  [z.number(), z.strictObject({ field: fieldName, times: z.number() })],
  must("a finite number or times(factor, field)"),
);
const positiveBound = bound.refine((end) => (typeof end === "number" ? end : end.times) > 0, must("above 0"));
const step = z.int(must("a whole number of at least 1")).min(1, must("a whole number of at least 1"));

/** What a range must be, whatever the other fields are. */
export const rangeSchema = z
  .discriminatedUnion(
    "kind",
    [
      z.strictObject({ kind: z.literal("integer"), from: bound, to: bound, step }),
      z.strictObject({ kind: z.literal("real"), from: bound, to: bound }),
      z.strictObject({ kind: z.enum(["log-uniform", "log-uniform integer"]), from: positiveBound, to: positiveBound }),
      z.strictObject({ kind: z.literal("equals"), field: fieldName }),
      z.strictObject({ kind: z.literal("formula"), is: expressionSchema }),
      z.strictObject({
        kind: z.literal("constant"),
        value: z.union([z.number(), z.string()], must("a value of theta")),
      }),
    ],
    must("made with integer, real, logUniform, logUniformInteger, equalTo, formula or constant"),
  )
  .refine((range) => !("from" in range) || !(range.from > range.to), { error: "must not end below its start" });

/** For people: "M ∈ 3..12", "delta log-uniform in [0.01, 0.5]". */
export function describeRange(field: string, range: Range): string {
  const shown = (bound: Bound) =>
    typeof bound === "number" ? `${bound}` : bound.times === 1 ? bound.field : `${bound.times}·${bound.field}`;
  switch (range.kind) {
    case "constant":
      return `${field} = ${range.value}`;
    case "equals":
      return `${field} = ${range.field}`;
    case "formula":
      return `${field} = ${describeExpression(range.is)}`;
    case "integer":
      return `${field} ∈ ${shown(range.from)}..${shown(range.to)}${range.step === 1 ? "" : `, steps of ${range.step}`}`;
    case "real":
      return `${field} ∈ [${shown(range.from)}, ${shown(range.to)}]`;
    case "log-uniform integer":
      return `${field} ∈ ${shown(range.from)}..${shown(range.to)}, log-uniform`;
    case "log-uniform":
      return `${field} log-uniform in [${shown(range.from)}, ${shown(range.to)}]`;
  }
}
