import { InvalidInput } from "../invalid-input.ts";
import { checked, requireValid, shown } from "../law/declared.ts";
import type { Run } from "../transformer/measure/run.ts";
import { boundSchema, intervalSchema } from "./declaration.ts";

/** What an observed number is held to. */
export type Relation =
  | { readonly kind: "at most"; readonly bound: number }
  | { readonly kind: "at least"; readonly bound: number }
  | { readonly kind: "above"; readonly bound: number }
  | { readonly kind: "within"; readonly low: number; readonly high: number };

/**
 * A number read off a trained model. Laws that double a field pass the pair: the model, and the one with the field
 * doubled.
 */
export type Observe = (run: Run, doubled: Run) => number;

/** One testable sentence of a theorem: a number that each model must keep within its bound. Made as below, and frozen. */
export interface Claim {
  /** What is observed, for instance "energy of ΔW_Q beyond rank r". Unique within its theorem. */
  readonly title: string;
  readonly relation: Relation;
  readonly observe: Observe;
}

/** observed <= bound */
export const atMost = (title: string, bound: number, observe: Observe): Claim =>
  bounded("at most", title, bound, observe);

/** observed >= bound */
export const atLeast = (title: string, bound: number, observe: Observe): Claim =>
  bounded("at least", title, bound, observe);

/** observed > bound */
export const above = (title: string, bound: number, observe: Observe): Claim => bounded("above", title, bound, observe);

/** low <= observed <= high */
export function within(title: string, low: number, high: number, observe: Observe): Claim {
  requireValid(intervalSchema, `claim ${shown(title)}`, { title, low, high, observe });
  if (low > high) {
    throw new InvalidInput(`claim ${shown(title)}: low must be at most high, got ${low} and ${high}`);
  }
  return checked("claim", { title, relation: { kind: "within", low, high }, observe });
}

function bounded(kind: "at most" | "at least" | "above", title: string, bound: number, observe: Observe): Claim {
  requireValid(boundSchema, `claim ${shown(title)}`, { title, bound, observe });
  return checked("claim", { title, relation: { kind, bound }, observe });
}

/** Whether a model that shows this number violates the claim. A number that is not finite always does. */
export function violates({ relation }: Pick<Claim, "relation">, observed: number): boolean {
  if (!Number.isFinite(observed)) return true;
  switch (relation.kind) {
    case "at most":
      return observed > relation.bound;
    case "at least":
      return observed < relation.bound;
    case "above":
      return observed <= relation.bound;
    case "within":
      return observed < relation.low || observed > relation.high;
  }
}

/**
 * How far inside its bound an observation lies, in the observation's own unit: positive where the claim holds,
 * negative where it is violated, −Infinity where the observation is not finite. Worst and best are by this number.
 */
export function slack({ relation }: Pick<Claim, "relation">, observed: number): number {
  if (!Number.isFinite(observed)) return Number.NEGATIVE_INFINITY;
  switch (relation.kind) {
    case "at most":
      return relation.bound - observed;
    case "at least":
    case "above":
      return observed - relation.bound;
    case "within":
      return Math.min(observed - relation.low, relation.high - observed);
  }
}

/** For people: "≤ 0.03", "in [4, 30]"; bounds to four significant digits. */
export function describeRelation(relation: Relation): string {
  const shown = (bound: number) => Number(bound.toPrecision(4));
  switch (relation.kind) {
    case "at most":
      return `≤ ${shown(relation.bound)}`;
    case "at least":
      return `≥ ${shown(relation.bound)}`;
    case "above":
      return `> ${shown(relation.bound)}`;
    case "within":
      return `in [${shown(relation.low)}, ${shown(relation.high)}]`;
  }
}
