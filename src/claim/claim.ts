import { InvalidInput } from "../invalid-input.ts";
import { checked, requireValid, shown } from "../law/declared.ts";
import { boundSchema, intervalSchema } from "./declaration.ts";
import type { Relation } from "./relation.ts";

/**
 * A number read off a run of an experiment, for instance a trained model. Laws that double a field pass the pair: the
 * run, and the one with the field doubled.
 */
export type Observe<R = unknown> = (run: R, doubled: R) => number;

/** One testable sentence of a theorem: a number that each model must keep within its bound. Made as below, and frozen. */
export interface Claim<R = unknown> {
  /** What is observed, for instance "energy of ΔW_Q beyond rank r". Unique within its theorem. */
  readonly title: string;
  readonly relation: Relation;
  // a method, so that claims of different experiments fit in one list
  observe(run: R, doubled: R): number;
}

/** observed <= bound */
export const atMost = <R>(title: string, bound: number, observe: Observe<R>): Claim<R> =>
  bounded("at most", title, bound, observe);

/** observed >= bound */
export const atLeast = <R>(title: string, bound: number, observe: Observe<R>): Claim<R> =>
  bounded("at least", title, bound, observe);

/** observed > bound */
export const above = <R>(title: string, bound: number, observe: Observe<R>): Claim<R> =>
  bounded("above", title, bound, observe);

/** low <= observed <= high */
export function within<R>(title: string, low: number, high: number, observe: Observe<R>): Claim<R> {
  requireValid(intervalSchema, `claim ${shown(title)}`, { title, low, high, observe });
  if (low > high) {
    throw new InvalidInput(`claim ${shown(title)}: low must be at most high, got ${low} and ${high}`);
  }
  return checked("claim", { title, relation: { kind: "within", low, high }, observe });
}

function bounded<R>(
  kind: "at most" | "at least" | "above",
  title: string,
  bound: number,
  observe: Observe<R>,
): Claim<R> {
  requireValid(boundSchema, `claim ${shown(title)}`, { title, bound, observe });
  return checked("claim", { title, relation: { kind, bound }, observe });
}
