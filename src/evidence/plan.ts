import ln from "@stdlib/math-base-special-ln";
import { DEFAULT_MAX_MODELS } from "../claim/defaults.ts";
import { InvalidInput } from "../invalid-input.ts";
import { logCertify, MAX_MODELS, requireProbability } from "./e-process.ts";
import { type Decision, type DecisionRule, decide, evidenceAt, requireStandard, type Standard } from "./evidence.ts";

/** After n models a claim is certified at certifyAtMost violations or fewer, refuted at refuteAtLeast or more. */
export interface DecisionBoundary {
  readonly n: number;
  /** −1 where even a clean record does not certify yet */
  readonly certifyAtMost: number;
  /** n + 1 where even n violations do not refute yet */
  readonly refuteAtLeast: number;
}

/**
 * The boundaries at n = 1, 2, 3, ..., each found from the one before with two evaluations of the e-processes. A model
 * that passes raises C and lowers E; one that violates does the opposite. So with each model a boundary either stays
 * or rises by one.
 */
export function* boundaries(standard: Standard): Generator<DecisionBoundary, void> {
  requireStandard("boundaries", standard);
  let certifyAtMost = -1;
  let refuteAtLeast = 1;
  for (let n = 1; n <= MAX_MODELS; n++) {
    if (decisionAt(n, certifyAtMost + 1, standard) === "certified") {
      certifyAtMost++;
    }
    if (decisionAt(n, refuteAtLeast, standard) !== "refuted") {
      refuteAtLeast++;
    }
    yield { n, certifyAtMost, refuteAtLeast };
  }
}

function decisionAt(n: number, violations: number, standard: Standard): Decision {
  return decide(evidenceAt({ n, violations, p0: standard.p0 }), standard);
}

/** The same answers as `exactRule` up to `cap` models, read from a table: for simulations. */
export function tabledRule(standard: Standard, cap: number): DecisionRule {
  const table: DecisionBoundary[] = [{ n: 0, certifyAtMost: -1, refuteAtLeast: 1 }];
  for (const boundary of boundaries(standard)) {
    if (table.push(boundary) > cap) {
      break;
    }
  }
  return ({ n, violations }) => {
    const boundary = table[n];
    if (boundary === undefined) {
      throw new InvalidInput(`tabledRule requires n to be a whole number from 0 to its cap of ${cap}, got ${n}`);
    }
    if (violations >= boundary.refuteAtLeast) {
      return "refuted";
    }
    return violations <= boundary.certifyAtMost ? "certified" : "undecided";
  };
}

/** The probabilities that a claim is certified, or refuted, within its first n models. */
export interface Settled {
  readonly n: number;
  readonly certified: number;
  readonly refuted: number;
}

/**
 * How the stopping time is distributed if each model violates the claim with probability `rate`, at n = 1, 2, 3, ...:
 * computed, not simulated. The probability of each number of violations at which the sampling still goes on is carried
 * from model to model, and what reaches a boundary is added to its side. Error: at most n ulp of 1.
 *
 * Cost: two evaluations of the e-processes a model, and one addition for each number of violations between the
 * boundaries, about 100 at n = 1500.
 */
export function* stoppingTime({ rate, ...standard }: Standard & { readonly rate: number }): Generator<Settled, void> {
  requireRate("stoppingTime", rate);
  let certified = 0;
  let refuted = 0;
  // probability[S]: of S violations so far, with the claim still undecided; zero outside the boundaries
  const probability = [1];
  for (const { n, certifyAtMost, refuteAtLeast } of boundaries(standard)) {
    // before this model S was above the old certifyAtMost, hence at least the new one, and below refuteAtLeast
    const least = Math.max(0, certifyAtMost);
    const most = Math.min(n, refuteAtLeast);
    for (let violations = most; violations >= least; violations--) {
      const passed = (probability[violations] ?? 0) * (1 - rate);
      const violated = violations > 0 ? (probability[violations - 1] ?? 0) * rate : 0;
      probability[violations] = passed + violated;
    }
    if (certifyAtMost >= 0) {
      certified += probability[certifyAtMost] ?? 0;
      probability[certifyAtMost] = 0;
    }
    if (refuteAtLeast <= n) {
      refuted += probability[refuteAtLeast] ?? 0;
      probability[refuteAtLeast] = 0;
    }
    yield { n, certified: Math.min(1, certified), refuted: Math.min(1, refuted) };
  }
}

/** What a gate with this cap does at one true violation rate: probabilities that sum to 1, and the median. */
export interface Outcomes {
  readonly certified: number;
  readonly refuted: number;
  readonly inconclusive: number;
  /** models until the claim is settled; a claim that stays undecided takes `cap` */
  readonly medianModels: number;
}

/** The exact probability of each verdict of a gate that gives up after `cap` models. */
export function outcomes({ cap, ...options }: Standard & { readonly rate: number; readonly cap: number }): Outcomes {
  if (!Number.isInteger(cap) || cap < 1 || cap > MAX_MODELS) {
    throw new InvalidInput(`outcomes requires cap to be a whole number from 1 to ${MAX_MODELS}, got ${cap}`);
  }
  let medianModels: number | undefined;
  for (const { n, certified, refuted } of stoppingTime(options)) {
    if (certified + refuted >= 0.5) {
      medianModels ??= n;
    }
    if (n === cap) {
      return {
        certified,
        refuted,
        inconclusive: Math.max(0, 1 - certified - refuted),
        medianModels: medianModels ?? cap,
      };
    }
  }
  throw new Error(`stoppingTime ended before ${cap} models`);
}

/** How many models a verdict takes. */
export interface Plan extends Standard {
  /** the supposed true probability that a model violates the claim */
  readonly rate: number;
  /** the verdict that it comes to; at rate = p0 a claim stays undecided but for α and β */
  readonly verdict: "certified" | "refuted" | "inconclusive";
  /** half of all runs are decided after at most this many models; null where that is beyond `horizon` */
  readonly medianModels: number | null;
  /** nine of ten runs are decided after at most this many; null likewise */
  readonly ninetiethPercentile: number | null;
  /** the probability of being decided within the cap of 1,500 models */
  readonly decidedWithinCap: number;
  /** how far the plan looked, in models */
  readonly horizon: number;
}

/** A plan looks this far: about two seconds' work. */
export const PLAN_HORIZON = 100_000;

/**
 * How many models a verdict will take if the true violation rate is `rate`: quantiles of the exact stopping time. At
 * p0 = 0.05, α = 1e-6, β = 1e-3 the medians are 158 at a rate of 0, 272 at 1 %, 604 at 2 %, 1,599 at 3 % to certify,
 * and 787 at 10 %, 111 at 20 %, 17 at 50 % to refute.
 */
export function plan({
  horizon = PLAN_HORIZON,
  ...options
}: Standard & { readonly rate: number; readonly horizon?: number }): Plan {
  const { rate, p0, alpha, beta } = options;
  requireRate("plan", rate);
  requireStandard("plan", options);
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > MAX_MODELS) {
    throw new InvalidInput(`plan requires horizon to be a whole number from 1 to ${MAX_MODELS}, got ${horizon}`);
  }
  let medianModels: number | null = null;
  let ninetiethPercentile: number | null = null;
  let decidedWithinCap = 0;
  for (const { n, certified, refuted } of stoppingTime(options)) {
    const decided = certified + refuted;
    if (n <= DEFAULT_MAX_MODELS) {
      decidedWithinCap = Math.min(1, decided);
    }
    if (decided >= 0.5) {
      medianModels ??= n;
    }
    if (decided >= 0.9) {
      ninetiethPercentile ??= n;
    }
    if (n >= horizon || (n >= DEFAULT_MAX_MODELS && ninetiethPercentile !== null)) {
      break;
    }
  }
  const verdict = rate === p0 ? "inconclusive" : rate < p0 ? "certified" : "refuted";
  return { rate, p0, alpha, beta, verdict, medianModels, ninetiethPercentile, decidedWithinCap, horizon };
}

/**
 * The smallest p0 that `models` clean models certify: what a budget can show at best. 158 models at β = 1e-3: 0.0498.
 * ln C(n, 0) grows with p0, so this is a bisection down to two neighbouring floating-point numbers; 1 where none below
 * it will do.
 */
export function smallestCertifiableP0({ models, beta }: { readonly models: number; readonly beta: number }): number {
  if (!Number.isInteger(models) || models < 1 || models > MAX_MODELS) {
    throw new InvalidInput(
      `smallestCertifiableP0 requires models to be a whole number from 1 to ${MAX_MODELS}, got ${models}`,
    );
  }
  requireProbability("smallestCertifiableP0", "beta", beta);
  let [tooSmall, certifiable] = [0, 1];
  for (;;) {
    const p0 = (tooSmall + certifiable) / 2;
    if (p0 === tooSmall || p0 === certifiable) {
      return certifiable;
    }
    if (logCertify({ n: models, violations: 0, p0 }) >= -ln(beta)) {
      certifiable = p0;
    } else {
      tooSmall = p0;
    }
  }
}

/** A true violation rate may be 0 or 1. */
function requireRate(caller: string, rate: number): void {
  if (!(rate >= 0 && rate <= 1)) {
    throw new InvalidInput(`${caller} requires rate to lie between 0 and 1, got ${rate}`);
  }
}
