import { type Claim, slack, violates } from "../claim/claim.ts";
import { median } from "../measure/clusters.ts";
import type { Theta } from "../notation.ts";
import { anytimeLimits, clopperPearson, type Limits } from "./limits.ts";
import type { TrialRecord } from "./trial.ts";

/** Confidence of the limits of a violation probability. */
export const LIMIT_CONFIDENCE = 0.95;

/** A bound with more headroom than this says little: it is marked loose. */
export const LOOSE_HEADROOM = 100;

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
    violators,
  };
}

/**
 * bound/worst for an upper bound, worst/bound for a lower one, the nearer end's for an interval; the distance where a
 * ratio says nothing, because a side of it is not positive.
 */
export function headroomOf(claim: Pick<Claim, "relation">, worst: number): Headroom | undefined {
  if (!Number.isFinite(worst)) return undefined;
  const ratio = ratioOf(claim.relation, worst);
  if (Number.isFinite(ratio) && ratio > 0) return { kind: "ratio", value: ratio, loose: ratio > LOOSE_HEADROOM };
  return { kind: "difference", value: slack(claim, worst), loose: false };
}

function ratioOf(relation: Claim["relation"], worst: number): number {
  switch (relation.kind) {
    case "at most":
      return relation.bound / worst;
    case "at least":
    case "above":
      return worst / relation.bound;
    case "within":
      return Math.min(worst / relation.low, relation.high / worst);
  }
}
