import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import { z } from "zod";
import type { Theta } from "../transformer/notation.ts";
import { THETA_FIELDS } from "../transformer/theta.ts";
import { must } from "./declared.ts";

/** A number, or a multiple of a field that stands earlier in the law. */
export type Bound = number | { readonly field: NumericField; readonly times: number };

export type NumericField = {
  [F in keyof Theta]: Theta[F] extends number ? F : never;
}[keyof Theta];

/** How a law draws one field of θ, as data: printed in the report, hashed, inverted by the search. */
export type Range =
  | { readonly kind: "integer"; readonly from: Bound; readonly to: Bound; readonly step: number }
  | { readonly kind: "real"; readonly from: Bound; readonly to: Bound }
  | { readonly kind: "log-uniform"; readonly from: Bound; readonly to: Bound }
  | { readonly kind: "log-uniform integer"; readonly from: Bound; readonly to: Bound }
  | { readonly kind: "equals"; readonly field: NumericField }
  | { readonly kind: "constant"; readonly value: Theta[keyof Theta] };

export const integer = (from: Bound, to: Bound, step = 1): Range => ({ kind: "integer", from, to, step });
export const real = (from: Bound, to: Bound): Range => ({ kind: "real", from, to });
export const logUniform = (from: Bound, to: Bound): Range => ({ kind: "log-uniform", from, to });
export const logUniformInteger = (from: Bound, to: Bound): Range => ({ kind: "log-uniform integer", from, to });
export const equalTo = (field: NumericField): Range => ({ kind: "equals", field });
export const constant = (value: Theta[keyof Theta]): Range => ({ kind: "constant", value });
export const times = (factor: number, field: NumericField): Bound => ({ field, times: factor });

/** The fields of θ that are known so far: ranges refer to earlier ones only. */
export type PartialTheta = { readonly [F in keyof Theta]?: Theta[F] };

function boundValue(bound: Bound, theta: PartialTheta): number {
  return typeof bound === "number" ? bound : bound.times * (theta[bound.field] as number);
}

/** The two ends of an interval for this θ; an integer range ends on whole steps. */
export function endsOf(range: Range & { from: Bound; to: Bound }, theta: PartialTheta): { from: number; to: number } {
  const from = boundValue(range.from, theta);
  const to = boundValue(range.to, theta);
  if (range.kind !== "integer") return { from, to };
  return { from, to: from + Math.floor((to - from) / range.step) * range.step };
}

/**
 * The value at a coordinate of the unit interval: 0 is the low end, 1 the high end. Uniform coordinates give
 * uniform (or log-uniform) values, and integers of equal probability.
 */
export function valueAt(range: Range, unit: number, theta: PartialTheta): Theta[keyof Theta] {
  switch (range.kind) {
    case "constant":
      return range.value;
    case "equals":
      return theta[range.field] as number;
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
export function whyOutside(range: Range, field: keyof Theta, theta: Theta): string | undefined {
  const value = theta[field];
  switch (range.kind) {
    case "constant":
      return value === range.value ? undefined : `${field} ${value} is not ${range.value}`;
    case "equals":
      return value === theta[range.field] ? undefined : `${field} ${value} is not ${range.field} ${theta[range.field]}`;
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
export function whyEmpty(range: Range, field: keyof Theta, theta: PartialTheta): string | undefined {
  if (range.kind === "constant" || range.kind === "equals") return undefined;
  const [from, to] = [boundValue(range.from, theta), boundValue(range.to, theta)];
  // NaN, of a field that is no number, is no end either
  if (from <= to && (from > 0 || !range.kind.startsWith("log-uniform"))) return undefined;
  const read = fieldsReadBy(range).map((earlier) => `${earlier} = ${theta[earlier]}`);
  const where = read.length === 0 ? "" : ` where ${[...new Set(read)].join(", ")}`;
  return `${describeRange(field, range)} runs from ${from} to ${to}${where}`;
}

/** The fields that a range refers to. */
export function fieldsReadBy(range: Range): readonly NumericField[] {
  switch (range.kind) {
    case "constant":
      return [];
    case "equals":
      return [range.field];
    default:
      return [range.from, range.to].flatMap((bound) => (typeof bound === "number" ? [] : [bound.field]));
  }
}

export const numericField = z.enum(
  THETA_FIELDS.filter((field): field is NumericField => field !== "readout" && field !== "labels"),
  must("a numeric field of theta"),
);

const bound = z.union(
  [z.number(), z.strictObject({ field: numericField, times: z.number() })],
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
      z.strictObject({ kind: z.literal("equals"), field: numericField }),
      z.strictObject({
        kind: z.literal("constant"),
        value: z.union([z.number(), z.string()], must("a value of theta")),
      }),
    ],
    must("made with integer, real, logUniform, logUniformInteger, equalTo or constant"),
  )
  .refine((range) => !("from" in range) || !(range.from > range.to), { error: "must not end below its start" });

/** For people: "M ∈ 3..12", "delta log-uniform in [0.01, 0.5]". */
export function describeRange(field: keyof Theta, range: Range): string {
  const shown = (bound: Bound) =>
    typeof bound === "number" ? `${bound}` : bound.times === 1 ? bound.field : `${bound.times}·${bound.field}`;
  switch (range.kind) {
    case "constant":
      return `${field} = ${range.value}`;
    case "equals":
      return `${field} = ${range.field}`;
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
