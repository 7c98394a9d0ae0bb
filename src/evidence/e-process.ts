import betainc from "@stdlib/math-base-special-betainc";
import betaln from "@stdlib/math-base-special-betaln";
import ln from "@stdlib/math-base-special-ln";
import log1p from "@stdlib/math-base-special-log1p";
import { InvalidInput } from "../invalid-input.ts";

/**
 * Evidence from counts: truncated beta-binomial e-processes.
 *
 * A claim is violated by each model independently with an unknown probability p. After n models, S of them
 * violations, the likelihood ratio of p' against p0 is (p'/p0)^S ((1−p')/(1−p0))^(n−S). Averaged over the prior
 * π = Beta(½, ½), restricted to one side of p0 and normed there, it is
 *
 *   E = ∫_{p' > p0} ratio dπ / π(p' > p0)   evidence against "p ≤ p0": large when violations are too frequent
 *   C = ∫_{p' < p0} ratio dπ / π(p' < p0)   evidence against "p ≥ p0": large when they are rare enough
 *
 * Both start at 1 and are supermartingales under what they speak against, so the chance that they ever reach 1/α is
 * at most α, however often one looks (Ville's inequality).
 *
 * Source: Robbins, "Statistical methods related to the law of the iterated logarithm" (1970), for the mixture;
 * Ramdas, Grünwald, Vovk, Shafer, "Game-theoretic statistics and safe anytime-valid inference" (2023).
 */
export interface Counts {
  /** models seen */
  readonly n: number;
  /** those among them that violate the claim (S) */
  readonly violations: number;
}

/** Counts, and the violation probability that they are held against. */
export interface CountsAgainst extends Counts {
  /** in (0, 1) */
  readonly p0: number;
}

/** Parameters of the prior, Beta(½, ½): the arcsine law, Jeffreys' prior of a proportion. */
const PRIOR = 0.5;

/** ln B(½, ½) */
const LN_PI = ln(Math.PI);

/** The counts that the functions below are tested for. */
export const MAX_MODELS = 1_000_000;

/**
 * Where a tail probability is below this, its logarithm comes from a series. `betainc` itself is exact down to about
 * 1e-300; the earlier switch keeps ln Mix + ln(tail), whose large parts cancel, below 231 each.
 */
const SMALL_TAIL = 1e-100;

/**
 * ln E: the evidence against "a model violates the claim with probability at most p0". REFUTED at ln E ≥ ln(1/α).
 *
 *   ln E = ln Mix + ln(1 − I_p0(½+S, ½+n−S)) − ln(1 − I_p0(½, ½))
 *
 * Finite for every n up to a million. Error: at most 4 ε (1 + n·max(−ln p0, −ln(1−p0))), with ε = 2^-52; seen against
 * 40-digit values at n up to a million and p0 from 5e-324 to 1 − 2^-53: half of that.
 */
export function logRefute(counts: CountsAgainst): number {
  requireCountsAgainst("logRefute", counts);
  return logTruncatedMixture(counts, "above p0");
}

/**
 * ln C: the evidence against "a model violates the claim with probability at least p0". CERTIFIED at ln C ≥ ln(1/β).
 *
 *   ln C = ln Mix + ln I_p0(½+S, ½+n−S) − ln I_p0(½, ½)
 *
 * Range and error as for `logRefute`.
 */
export function logCertify(counts: CountsAgainst): number {
  requireCountsAgainst("logCertify", counts);
  return logTruncatedMixture(counts, "below p0");
}

/**
 * ln Mix: the likelihood ratio against p0 averaged over the whole prior, from which `anytimeLimits` come.
 *
 *   ln Mix = ln B(½+S, ½+n−S) − ln B(½, ½) − S ln p0 − (n−S) ln(1−p0)
 */
export function logMixture(counts: CountsAgainst): number {
  requireCountsAgainst("logMixture", counts);
  const { n, violations, p0 } = counts;
  const passes = n - violations;
  return betaln(PRIOR + violations, PRIOR + passes) - LN_PI - violations * ln(p0) - passes * log1p(-p0);
}

/** The side of p0 that the prior is restricted to. */
type Side = "below p0" | "above p0";

function logTruncatedMixture(counts: CountsAgainst, side: Side): number {
  const { n, violations, p0 } = counts;
  if (n === 0) {
    return 0; // no evidence, without the rounding of the terms that cancel
  }
  const upper = side === "above p0";
  const a = PRIOR + violations;
  const b = PRIOR + n - violations;
  const logPriorMass = logTail(p0, PRIOR, PRIOR, upper);
  if (betainc(p0, a, b, true, upper) >= SMALL_TAIL) {
    return logMixture(counts) + logTail(p0, a, b, upper) - logPriorMass;
  }
  const logFarTail = upper ? logFarTailFactor(b, a, 1 - p0) : logFarTailFactor(a, b, p0);
  return logFarTail + logHalfDensity(p0) - logPriorMass;
}

/**
 * ln of the mass of Beta(a, b) on one side of x. Of the two sides the smaller keeps its digits, so that the larger is
 * one minus that; `betainc` asked for the larger at (½, ½) is off by up to 3e-9 where the smaller is exact.
 */
function logTail(x: number, a: number, b: number, upper: boolean): number {
  const asked = betainc(x, a, b, true, upper);
  const other = betainc(x, a, b, true, !upper);
  return asked < other ? ln(asked) : log1p(-other);
}

/** ln of (x(1−x))^½ / B(½, ½): what is left of the prior when the likelihood at p0 is divided out. */
function logHalfDensity(p0: number): number {
  return PRIOR * (ln(p0) + log1p(-p0)) - LN_PI;
}

/**
 * ln(B(a, b) I_x(a, b) / (x^a (1−x)^b)), for x below the mean a/(a+b): the part of Mix·I that neither over- nor
 * underflows, since the powers of x and 1−x cancel those of Mix except for (x(1−x))^½.
 *
 *   B(a, b) I_x(a, b) = x^a (1−x)^b / a · Σ_{k≥0} x^k (a+b)_k / (a+1)_k        DLMF 8.17.8
 *
 * All terms are positive, and their ratio falls from x(a+b)/(a+1) < 1 towards x. Where I < 1e-100 the ratio is far
 * enough from 1 for at most 160,000 terms at n = 10^6, and for about a hundred in ordinary cases.
 */
function logFarTailFactor(a: number, b: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 0; term > sum * Number.EPSILON * 2 ** -10; k++) {
    term *= (x * (a + b + k)) / (a + 1 + k);
    sum += term;
  }
  return ln(sum) - ln(a);
}

/** Throws unless n and violations are whole numbers with 0 ≤ violations ≤ n ≤ `MAX_MODELS`. */
export function requireCounts(caller: string, { n, violations }: Counts): void {
  if (!Number.isInteger(n) || n < 0 || n > MAX_MODELS) {
    throw new InvalidInput(`${caller} requires n to be a whole number from 0 to ${MAX_MODELS}, got ${n}`);
  }
  if (!Number.isInteger(violations) || violations < 0 || violations > n) {
    throw new InvalidInput(
      `${caller} requires violations to be a whole number from 0 to n, got ${violations} with n = ${n}`,
    );
  }
}

/** Throws unless the value lies strictly between 0 and 1. */
export function requireProbability(caller: string, name: string, value: number): void {
  if (!(value > 0 && value < 1)) {
    throw new InvalidInput(`${caller} requires ${name} to lie between 0 and 1, both excluded, got ${value}`);
  }
}

function requireCountsAgainst(caller: string, counts: CountsAgainst): void {
  requireCounts(caller, counts);
  requireProbability(caller, "p0", counts.p0);
}
