import betaincinv from "@stdlib/math-base-special-betaincinv";
import ln from "@stdlib/math-base-special-ln";
import { type Counts, logMixture, requireCounts, requireProbability } from "./e-process.ts";

/** Limits of a violation probability. */
export interface Limits {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Limits of the violation probability that hold at every n at once, so that one may look after each model:
 *
 *   { p : Mix_p < 1/(1 − confidence) }, Mix the untruncated beta-binomial mixture with p in the place of p0
 *
 * An interval, since ln Mix_p is convex in p, that contains S/n, where Mix ≤ 1. 158 clean models at 0.95: [0, 0.038].
 * Each limit is found by bisection down to two neighbouring floating-point numbers, and is the outer of the two.
 *
 * Source: Robbins (1970); Ville's inequality makes each p's exclusion an error of probability 1 − confidence for all n
 * together.
 */
export function anytimeLimits({ n, violations, confidence }: Counts & { readonly confidence: number }): Limits {
  requireCounts("anytimeLimits", { n, violations });
  requireProbability("anytimeLimits", "confidence", confidence);
  const threshold = -ln(1 - confidence);
  const excluded = (p: number) => p === 0 || p === 1 || logMixture({ n, violations, p0: p }) >= threshold;
  const rate = violations / n;
  return {
    lower: violations === 0 ? 0 : outermostExcluded(0, rate, excluded),
    upper: violations === n ? 1 : outermostExcluded(1, rate, excluded),
  };
}

/** Bisects between an excluded and a contained point; the excluded one of the two neighbours at which it ends. */
function outermostExcluded(outside: number, inside: number, excluded: (p: number) => boolean): number {
  let [out, within] = [outside, inside];
  for (;;) {
    const middle = (out + within) / 2;
    if (middle === out || middle === within) {
      return out;
    }
    if (excluded(middle)) {
      out = middle;
    } else {
      within = middle;
    }
  }
}

/**
 * The exact two-sided binomial interval at confidence 1 − alpha (Clopper and Pearson, 1934). Valid only where n was
 * fixed before the first model was seen: looked at after every model, it errs far more often than alpha.
 */
export function clopperPearson({ n, violations, alpha }: Counts & { readonly alpha: number }): Limits {
  requireCounts("clopperPearson", { n, violations });
  requireProbability("clopperPearson", "alpha", alpha);
  const passes = n - violations;
  return {
    lower: violations === 0 ? 0 : betaincinv(alpha / 2, violations, passes + 1, false),
    upper: passes === 0 ? 1 : betaincinv(alpha / 2, violations + 1, passes, true),
  };
}
