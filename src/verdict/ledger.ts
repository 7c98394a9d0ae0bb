import type { Claim } from "../claim/claim.ts";
import { type Headroom, headroomOf, slack, violates } from "../claim/relation.ts";
import { anytimeLimits, clopperPearson, type Limits } from "../evidence/limits.ts";
import { median } from "../evidence/median.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import type { Theta } from "../law/parameters.ts";

/** Confidence of the limits of a violation probability. */
export const LIMIT_CONFIDENCE = 0.95;

/** Where a claim's observations are summarised. */
export const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

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

/** How many models violate a claim, and the limits of their share, valid whenever one looks. */
export interface Counted {
  readonly models: number;
  readonly violations: number;
  readonly limits: Limits;
}

export function countedOf(claim: Claim, key: string, trials: readonly TrialRecord[]): Counted {
  const violations = trials.filter(({ observed }) => violates(claim, observed[key] as number)).length;
  const counts = { n: trials.length, violations };
  return { models: counts.n, violations, limits: anytimeLimits({ ...counts, confidence: LIMIT_CONFIDENCE }) };
}

/** The observations below which the fractions `QUANTILES` lie, each one that was made: no interpolation. */
function quantilesOf(observations: readonly number[]): readonly number[] {
  if (observations.length === 0) return [];
  const ascending = [...observations].sort((x, y) => x - y);
  return QUANTILES.map((fraction) => ascending[Math.round(fraction * (ascending.length - 1))] as number);
}
