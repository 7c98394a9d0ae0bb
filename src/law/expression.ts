import { z } from "zod";
import { must } from "./declared.ts";
import type { Value } from "./parameters.ts";

/**
 * A number computed from fields of θ, as data: a number, the name of a field, or an operation on such. Only operations
 * that IEEE 754 rounds correctly, so that the value is the same to the bit on every machine.
 */
export type Expression<F extends string = string> =
  | number
  | F
  | { readonly op: Operation; readonly of: readonly Expression<F>[] };

interface Defined {
  /** How many operands it takes. */
  readonly operands: number;
  readonly apply: (...operands: number[]) => number;
  readonly shown: (...operands: string[]) => string;
}

const OPERATIONS = {
  minus: { operands: 2, apply: (x, y) => x - y, shown: (x, y) => `(${x} − ${y})` },
  product: { operands: 2, apply: (x, y) => x * y, shown: (x, y) => `${x}·${y}` },
  quotient: { operands: 2, apply: (x, y) => x / y, shown: (x, y) => `${x}/${y}` },
  square: { operands: 1, apply: (x) => x * x, shown: (x) => `${x}²` },
  least: { operands: 2, apply: Math.min, shown: (x, y) => `min(${x}, ${y})` },
  ceiling: { operands: 1, apply: Math.ceil, shown: (x) => `⌈${x}⌉` },
  // as token counts are rounded
  rounded: { operands: 1, apply: (x) => Math.floor(x + 0.5), shown: (x) => `round(${x})` },
} as const satisfies Readonly<Record<string, Defined>>;

type Operation = keyof typeof OPERATIONS;

const operation =
  (op: Operation) =>
  <F extends string>(...of: Expression<F>[]): Expression<F> => ({ op, of });

export const minus = operation("minus");
export const product = operation("product");
export const quotient = operation("quotient");
export const square = operation("square");
export const least = operation("least");
export const ceiling = operation("ceiling");
export const rounded = operation("rounded");

/** Its value for this θ; NaN where a field that it reads is missing or is no number. */
export function evaluate(expression: Expression, theta: { readonly [field: string]: Value | undefined }): number {
  if (typeof expression === "number") return expression;
  if (typeof expression === "string") return Number(theta[expression] ?? Number.NaN);
  const { apply }: Defined = OPERATIONS[expression.op];
  return apply(...expression.of.map((operand) => evaluate(operand, theta)));
}

/** For people: "2·⌈0.5·L²⌉". */
export function describeExpression(expression: Expression): string {
  if (typeof expression !== "object") return `${expression}`;
  const { shown }: Defined = OPERATIONS[expression.op];
  return shown(...expression.of.map(describeExpression));
}

/** The fields that it reads, each once. */
export function fieldsOfExpression(expression: Expression): readonly string[] {
  if (typeof expression === "number") return [];
  if (typeof expression === "string") return [expression];
  return [...new Set(expression.of.flatMap(fieldsOfExpression))];
}

const FORM = must("a number, a field of theta, or an operation on such: product, quotient, …");

export const expressionSchema: z.ZodType<Expression> = z.lazy(() =>
  z.union(
    [
      z.number(),
      z.string().min(1),
      z
        .strictObject({ op: z.enum(Object.keys(OPERATIONS) as Operation[]), of: z.array(expressionSchema) })
        .refine(({ op, of }) => of.length === OPERATIONS[op].operands, FORM),
    ],
    FORM,
  ),
);
