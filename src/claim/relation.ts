import { z } from "zod";

/** What an observed number is held to, and everything that follows from it: one place for all of it. */
export type Relation =
  | { readonly kind: "at most"; readonly bound: number }
  | { readonly kind: "at least"; readonly bound: number }
  | { readonly kind: "above"; readonly bound: number }
  | { readonly kind: "within"; readonly low: number; readonly high: number };

/** The form of a relation in files. */
export const relationSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("at most"), bound: z.number() }),
  z.strictObject({ kind: z.literal("at least"), bound: z.number() }),
  z.strictObject({ kind: z.literal("above"), bound: z.number() }),
  z.strictObject({ kind: z.literal("within"), low: z.number(), high: z.number() }),
]);

/** What has a relation: a claim, a claim's result, a claim in a file. */
interface Bounded {
  readonly relation: Relation;
}

/** The bound, or both ends of an interval. */
function endsOf(relation: Relation): readonly number[] {
  return relation.kind === "within" ? [relation.low, relation.high] : [relation.bound];
}

export function equalRelations(one: Relation, other: Relation): boolean {
  return one.kind === other.kind && endsOf(one).every((end, i) => end === endsOf(other)[i]);
}

/** Whether something that violates the old relation may keep the new one. */
export function isLooser(old: Relation, now: Relation): boolean {
  const [[oldLow, oldHigh], [low, high]] = [allowedBy(old), allowedBy(now)];
  return low < oldLow || high > oldHigh || (old.kind === "above" && now.kind === "at least" && low === oldLow);
}

function allowedBy(relation: Relation): readonly [number, number] {
  switch (relation.kind) {
    case "at most":
      return [Number.NEGATIVE_INFINITY, relation.bound];
    case "within":
      return [relation.low, relation.high];
    default:
      return [relation.bound, Number.POSITIVE_INFINITY];
  }
}

/** Whether a model that shows this number violates the claim. A number that is not finite always does. */
export function violates({ relation }: Bounded, observed: number): boolean {
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
export function slack({ relation }: Bounded, observed: number): number {
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

/** What a slack is measured in: the bound's magnitude, half the width of an interval, or 1 where that is 0. */
export function unitOf(relation: Relation): number {
  if (relation.kind === "within") return (relation.high - relation.low) / 2 || 1;
  return Math.abs(relation.bound) || 1;
}

/**
 * The slack as a multiple of the bound, so that claims of different units compare. "above" with an observation on its
 * bound is violated and has margin 0; everywhere else the sign decides.
 */
export function marginOf(bounded: Bounded, observed: number): number {
  return slack(bounded, observed) / unitOf(bounded.relation);
}

/** A bound with more headroom than this says little: it is marked loose. */
export const LOOSE_HEADROOM = 100;

/** The distance of the worst observation from its bound. */
export interface Headroom {
  /** ratio: how many times the worst could grow (or shrink) and still hold; difference: in the observation's own unit */
  readonly kind: "ratio" | "difference";
  readonly value: number;
  readonly loose: boolean;
}

/**
 * bound/worst for an upper bound, worst/bound for a lower one, the nearer end's for an interval; the distance where a
 * ratio says nothing, because a side of it is not positive. Undefined where the worst is not finite.
 */
export function headroomOf(bounded: Bounded, worst: number): Headroom | undefined {
  if (!Number.isFinite(worst)) return undefined;
  const ratio = ratioOf(bounded.relation, worst);
  if (ratio === undefined) return { kind: "difference", value: slack(bounded, worst), loose: false };
  return { kind: "ratio", value: ratio, loose: ratio > LOOSE_HEADROOM };
}

/** Undefined where a side is not positive, or the ratio is not finite. */
function ratioOf(relation: Relation, worst: number): number | undefined {
  if (worst <= 0 || endsOf(relation).some((end) => end <= 0)) return undefined;
  switch (relation.kind) {
    case "at most":
      return finite(relation.bound / worst);
    case "at least":
    case "above":
      return finite(worst / relation.bound);
    case "within":
      return finite(Math.min(worst / relation.low, relation.high / worst));
  }
}

function finite(ratio: number): number | undefined {
  return Number.isFinite(ratio) ? ratio : undefined;
}

/** How much of its tolerance an observation uses: 1 at the bound, above 1 in violation. For positive numbers only. */
function usedShare(relation: Relation, observed: number): number {
  switch (relation.kind) {
    case "at most":
      return observed / relation.bound;
    case "at least":
    case "above":
      return relation.bound / observed;
    case "within":
      return Math.max(relation.low / observed, observed / relation.high);
  }
}

/** As `usedShare`, for figures: undefined where a ratio says nothing. */
export function usedTolerance(relation: Relation, observed: number): number | undefined {
  const used = usedShare(relation, observed);
  return Number.isFinite(used) && used > 0 ? used : undefined;
}

/** For people: "≤ 0.03", "in [4, 30]"; bounds to four significant digits. */
export function describeRelation(relation: Relation): string {
  const [low, high] = endsOf(relation).map((end) => Number(end.toPrecision(4)));
  switch (relation.kind) {
    case "at most":
      return `≤ ${low}`;
    case "at least":
      return `≥ ${low}`;
    case "above":
      return `> ${low}`;
    case "within":
      return `in [${low}, ${high}]`;
  }
}
