import { type Claim, slack, violates } from "../claim/claim.ts";
import { anytimeLimits, clopperPearson, type Limits } from "../evidence/limits.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import { median } from "../transformer/measure/clusters.ts";
import type { Theta } from "../transformer/notation.ts";

/** Confidence of the limits of a violation probability. */
export const LIMIT_CONFIDENCE = 0.95;

/** A bound with more headroom than this says little: it is marked loose. */
export const LOOSE_HEADROOM = 100;

/** Where a claim's observations are summarised. */
export const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

/** The distance of the worst observation from its bound. */
export interface Headroom {
  /** ratio: how many times the worst could grow (or shrink) and still hold; difference: in the observation's own unit */
  readonly kind: "ratio" | "difference";
  readonly value: number;
  readonly loose: boolean;
}

/** An observation and the model that showed it. */
export interface Case {
  readonly index: number;
  readonly seed: number;
  readonly theta: Theta;
  readonly observed: number;
}

/** The measured tolerance of one claim, over all the models that were judged. */
export interface Ledger {
  readonly models: number;
  readonly violations: number;
  readonly worst: number;
  readonly median: number;
  readonly best: number;
  /** Undefined where the worst observation is not a number. */
  readonly headroom: Headroom | undefined;
  /** Of the violation probability, at `LIMIT_CONFIDENCE`. */
  readonly limits: Limits;
  /** The model with the worst observation. */
  readonly decisive: Case;
  /** Of the finite observations, at `QUANTILES`; empty where there is none. */
  readonly quantiles: readonly number[];
  /** Indices of the models that violate the claim. */
  readonly violators: readonly number[];
}

/**
 * @param fixedBefore whether the number of models was fixed before the first was seen: then the limits are
 * Clopper-Pearson's, otherwise anytime-valid ones
 */
export function ledgerOf(claim: Claim, key: string, trials: readonly TrialRecord[], fixedBefore: boolean): Ledger {
  const observations = trials.map(({ observed }) => observed[key] as number);
  const slacks = observations.map((observed) => slack(claim, observed));
  const violators = observations.flatMap((observed, index) => (violates(claim, observed) ? [index] : []));
  const worst = slacks.reduce((least, value, index) => (value < (slacks[least] as number) ? index : least), 0);
  const best = slacks.reduce((most, value, index) => (value > (slacks[most] as number) ? index : most), 0);
  const counts = { n: trials.length, violations: violators.length };
  const { seed, theta } = (trials[worst] as TrialRecord).models[0] as TrialRecord["models"][number];
  return {
    models: trials.length,
    violations: violators.length,
    worst: observations[worst] as number,
    median: median(observations.filter(Number.isFinite)),
    best: observations[best] as number,
    headroom: headroomOf(claim, observations[worst] as number),
    limits: fixedBefore
      ? clopperPearson({ ...counts, alpha: 1 - LIMIT_CONFIDENCE })
      : anytimeLimits({ ...counts, confidence: LIMIT_CONFIDENCE }),
    decisive: { index: worst, seed, theta, observed: observations[worst] as number },
    quantiles: quantilesOf(observations.filter(Number.isFinite)),
    violators,
  };
}

/** The observations below which the fractions `QUANTILES` lie, each one that was made: no interpolation. */
function quantilesOf(observations: readonly number[]): readonly number[] {
  if (observations.length === 0) return [];
  const ascending = [...observations].sort((x, y) => x - y);
  return QUANTILES.map((fraction) => ascending[Math.round(fraction * (ascending.length - 1))] as number);
}

/**
 * bound/worst for an upper bound, worst/bound for a lower one, the nearer end's for an interval; the distance where a
 * ratio says nothing, because a side of it is not positive.
 */
export function headroomOf(claim: Pick<Claim, "relation">, worst: number): Headroom | undefined {
  if (!Number.isFinite(worst)) return undefined;
  const ratio = ratioOf(claim.relation, worst);
  if (ratio === undefined) return { kind: "difference", value: slack(claim, worst), loose: false };
  return { kind: "ratio", value: ratio, loose: ratio > LOOSE_HEADROOM };
}

/** Undefined where a side is not positive, or the ratio is not finite. */
function ratioOf(relation: Claim["relation"], worst: number): number | undefined {
  const ends = relation.kind === "within" ? [relation.low, relation.high] : [relation.bound];
  if (worst <= 0 || ends.some((end) => end <= 0)) return undefined;
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
