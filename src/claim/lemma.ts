import type { Arbitrary } from "fast-check";
import type { Matrix } from "ml-matrix";
import { frozen, requireValid } from "../law/declared.ts";
import { lemmaSchema } from "./declaration.ts";
import type { Provenance } from "./provenance.ts";

/**
 * How far a statement is from failing on one instance: it holds there if and only if error <= bound, both finite. The
 * bound is what rounding explains (or, for an inequality, the inequality's other side plus rounding).
 */
export interface Margin {
  readonly error: number;
  readonly bound: number;
}

/** A margin, and whether the instance put the statement to the test: not where anything at all would have held. */
export interface Checked extends Margin {
  readonly trivial?: boolean;
}

/** The share of its instances, at least, on which a property must have been put to the test: or it says nothing. */
export const NON_TRIVIAL_FLOOR = 0.5;

/** One "for every input" of a lemma. `check` must be a pure function of the instance. */
export interface LemmaProperty<T = unknown> {
  /** The law itself, as in "score(permute(tokens)) = score(tokens)". */
  readonly title: string;
  readonly arbitrary: Arbitrary<T>;
  /** Instances that are enough, where the arbitrary has only a few different ones. */
  readonly enough?: number;
  // A method, so that properties of different instances fit in one list.
  check(instance: T): Checked;
}

/** A statement that holds for every input, not only with high probability over a law. */
export interface Lemma {
  readonly kind: "lemma";
  /** The base name of the file, and the name everywhere else. */
  readonly id: string;
  readonly title: string;
  readonly provenance: Provenance;
  readonly statement: string;
  /** A proof in a few words, or where to find one. */
  readonly proof: string;
  readonly properties: readonly LemmaProperty[];
}

/**
 * Declares a lemma.
 *
 * @throws InvalidInput naming the field that is wrong, what is required and what was got
 */
export function lemma(declared: Omit<Lemma, "kind">): Lemma {
  requireValid(lemmaSchema, `lemma ${typeof declared?.id === "string" ? declared.id : "?"}`, declared);
  const { properties, ...words } = declared;
  return frozen({ kind: "lemma", ...words, properties: properties.map((each) => ({ ...each })) });
}

/** Declares a property of a lemma; infers what its instances are from the arbitrary. */
export function property<T>(declared: LemmaProperty<T>): LemmaProperty<T> {
  return declared;
}

/** The margin of an instance that tested the statement if so it says: where nothing could have failed, it is trivial. */
export function testedIf(nonTrivial: boolean, { error, bound }: Margin): Checked {
  return { error, bound, trivial: !nonTrivial };
}

/** True if the statement holds with this margin. NaN and infinite bounds never do. */
export function holds({ error, bound }: Margin): boolean {
  return error <= bound && Number.isFinite(bound);
}

/** error/bound: at most 1 where the statement holds. An exact match is 0 however small the bound; NaN counts as ∞. */
export function tightness({ error, bound }: Margin): number {
  if (!(bound >= 0) || Number.isNaN(error)) return Number.POSITIVE_INFINITY;
  return error === 0 ? 0 : error / bound;
}

/** The margin nearest to failing, or failing most. No margin at all holds trivially, as {0, 0}. */
export function worstOf(margins: Iterable<Margin>): Margin {
  let worst: Margin = { error: 0, bound: 0 };
  for (const margin of margins) {
    if (!holds(margin) && holds(worst)) worst = margin;
    else if (holds(margin) === holds(worst) && tightness(margin) > tightness(worst)) worst = margin;
  }
  return worst;
}

/** The margin of a comparison entry by entry: |one − other| <= bound. */
export function entrywise(one: Matrix, other: Matrix, bound: Matrix): Margin {
  const sameShape = (A: Matrix) => A.rows === one.rows && A.columns === one.columns;
  if (!sameShape(other) || !sameShape(bound)) {
    throw new RangeError(
      `entrywise requires matrices of one shape, got ${[one, other, bound].map((A) => `${A.rows} x ${A.columns}`)}`,
    );
  }
  const margins: Margin[] = [];
  for (let i = 0; i < one.rows; i++) {
    for (let j = 0; j < one.columns; j++) {
      margins.push({ error: Math.abs(one.get(i, j) - other.get(i, j)), bound: bound.get(i, j) });
    }
  }
  return worstOf(margins);
}

/** The margin of an exact comparison: equal to the bit (0 and −0 alike), or else unbounded. */
export function exact(one: Matrix, other: Matrix): Margin {
  return entrywise(one, other, one.clone().fill(0));
}

/** Whether some entry is larger than what it may be off by: 0 in its place would be noticed. */
export function stands(value: Matrix, error: Matrix): boolean {
  return value.to1DArray().some((entry, k) => Math.abs(entry) > error.to1DArray()[k]!);
}
