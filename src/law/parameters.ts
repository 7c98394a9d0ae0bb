import { z } from "zod";
import { InvalidInput } from "../invalid-input.ts";
import type { Interval } from "./range.ts";

/** The value of a field. */
export type Value = number | string;

/** θ: a value for each field of an experiment. Validated by `Parameters.parse`. */
export type Theta = Readonly<Record<string, Value>>;

/** What is said of every field, once and here: reports, the page, laws, search and files all read this table. */
interface Described {
  /** As in formulas: "α*". */
  readonly symbol: string;
  readonly meaning: string;
  /** The name that a report and a search give to a law's hypothesis on the field. */
  readonly hypothesis: string;
  /** The value in files that were written before the field was there; it must be given unless there is one. */
  readonly absent?: Value;
}

export interface NumberField extends Described {
  readonly kind: "integer" | "real";
  /** The least and the largest value that any model can have. */
  readonly from: number;
  readonly to: number;
  /** Whether `from` itself is no value. */
  readonly open?: true;
  /** How far a search goes where the hypothesis is released, and an explanation in any case. */
  readonly widest: Interval;
  /** Where in a law's range the simplest value lies. */
  readonly simplest: "low" | "middle";
  /** How much an experiment's work grows with it, among the fields that it grows with: shrunk in descending order. */
  readonly cost?: number;
}

export interface ChoiceField<V extends string = string> extends Described {
  readonly kind: "choice";
  /** A released choice takes any of these. */
  readonly values: readonly V[];
}

export type Field = NumberField | ChoiceField;
export type Fields = Readonly<Record<string, Field>>;

/** The θ of a table of fields. */
export type ThetaOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends { readonly values: readonly (infer V extends string)[] } ? V : number;
};

/** The names of the fields of θ that are numbers. */
export type NumericFieldOf<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T] & string;

/** A rule that no single field can state. */
export interface Rule<T> {
  /** The field that the message names. */
  readonly field: keyof T & string;
  /** "theta.field must be …" */
  readonly rule: string;
  readonly holds: (theta: T) => boolean;
  readonly got: (theta: T) => string;
}

/** The table of an experiment's fields, and its rules. */
export interface Parameters<T = Theta, H extends string = string> {
  /** id of the experiment */
  readonly of: string;
  /** In the order in which θ is always written. */
  readonly names: readonly string[];
  readonly fields: Fields;
  /** The names of the hypotheses on each field, in the same order. */
  readonly hypotheses: readonly H[];
  /** Rules on single fields; `parse` has the others. */
  readonly schema: z.ZodType<T>;
  /**
   * Checks every rule.
   *
   * @throws InvalidInput naming each field that breaks a rule, the rule, and what was got
   */
  parse(input: unknown): T;
}

export function parameters<const F extends Fields>(
  fields: F,
  rules: readonly Rule<ThetaOf<F>>[] = [],
  of = "",
): Parameters<ThetaOf<F>, F[keyof F]["hypothesis"]> {
  type T = ThetaOf<F>;
  const schema = z.strictObject(
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)])),
  ) as unknown as z.ZodType<T>;
  return {
    of,
    names: Object.keys(fields),
    hypotheses: Object.values(fields).map(({ hypothesis }) => hypothesis),
    fields,
    schema,
    parse(input) {
      const parsed = schema.safeParse(input);
      if (!parsed.success) {
        const given = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
        throw new InvalidInput(
          parsed.error.issues
            .map(({ path, message }) =>
              path.length === 0
                ? `theta: ${message}`
                : `theta.${path.join(".")}: ${message}, got ${shown(given[String(path[0])])}`,
            )
            .join("\n"),
        );
      }
      const theta = parsed.data;
      const broken = rules.filter(({ holds }) => !holds(theta));
      if (broken.length > 0) {
        throw new InvalidInput(
          broken.map(({ field, rule, got }) => `theta.${field} must be ${rule}, got ${got(theta)}`).join("\n"),
        );
      }
      return theta;
    },
  };
}

function schemaOf(field: Field): z.ZodType {
  const schema = field.kind === "choice" ? z.enum(field.values) : numberSchemaOf(field);
  return field.absent === undefined ? schema : schema.default(field.absent as never);
}

function numberSchemaOf({ kind, from, to, open }: NumberField): z.ZodType {
  const number: z.ZodNumber = kind === "integer" ? z.number().int() : z.number();
  return (open === true ? number.gt(from) : number.min(from)).max(to);
}

/**
 * Whether two tables are the same: of one experiment, with the same fields. A module from outside may load its own copy
 * of this package, whose tables are other objects.
 */
export function sameTable(one: Parameters, other: Parameters): boolean {
  return one === other || (one.of === other.of && JSON.stringify(one.fields) === JSON.stringify(other.fields));
}

/** The field of θ with this name. @throws RangeError where there is none */
export function fieldNamed({ fields }: Parameters, name: string): Field {
  if (!Object.hasOwn(fields, name)) throw new RangeError(`theta has no field ${name}`);
  return fields[name] as Field;
}

export function hypothesisOf(parameters: Parameters, name: string): string {
  return fieldNamed(parameters, name).hypothesis;
}

/** Whether a field takes one of a few values, and is no number. */
export function isChoice(parameters: Parameters, name: string): boolean {
  return fieldNamed(parameters, name).kind === "choice";
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
}
