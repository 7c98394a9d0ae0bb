import ln from "@stdlib/math-base-special-ln";
import { InvalidInput } from "../invalid-input.ts";
import { type Counts, logCertify, logRefute, MAX_MODELS, requireCounts, requireProbability } from "./e-process.ts";

/** The chance that a whole run refutes anything that is true (α); `alphaPerVerdict` splits it. */
export const RUN_ALPHA = 1e-6;

/** The chance that what is false is certified (β), for each verdict. */
export const VERDICT_BETA = 1e-3;

/** The models that certify when none violates: ln C(158, 0) = 6.94 ≥ ln(1/β) = 6.91 > ln C(157, 0) at p0 = 0.05. */
export const CLEAN_MODELS = 158;

/** What a claim is held to, be it one of a theorem's or the theorem as a whole. */
export interface Standard {
  /** in (0, 1): the claim says that a model violates it with at most this probability */
  readonly p0: number;
  /** in (0, 1): a true claim is refuted with at most this probability; one verdict's share of the run's α */
  readonly alpha: number;
  /** in (0, 1): a false claim is certified with at most this probability */
  readonly beta: number;
}

/** The evidence of n models: natural logarithms of the two e-processes. */
export interface EvidenceAt extends Counts {
  /** REFUTED where this reaches ln(1/α) */
  readonly logRefute: number;
  /** CERTIFIED where this reaches ln(1/β) */
  readonly logCertify: number;
}

/**
 * What is said of a claim, with the evidence at the moment when it was settled: n is the model that settled it.
 * `later` counts the models that were judged for other claims' sake after that; they do not change the verdict.
 */
export type Verdict = Certified | Refuted | Inconclusive;

export interface Certified extends EvidenceAt {
  readonly kind: "certified";
  readonly later: Counts;
}

export interface Refuted extends EvidenceAt {
  readonly kind: "refuted";
  readonly later: Counts;
}

export interface Inconclusive extends EvidenceAt {
  readonly kind: "inconclusive";
  /** "stopped": the sampling ended, for whatever reason, before the claim was decided or at its cap */
  readonly because: "cap" | "stopped";
  readonly later: Counts;
}

/** What the counts alone say. */
export type Decision = "certified" | "refuted" | "undecided";

/** A verdict's share of the α of a run (Bonferroni): with it, α bounds the chance of even one false alarm. */
export function alphaPerVerdict(runAlpha: number, verdicts: number): number {
  requireProbability("alphaPerVerdict", "alpha", runAlpha);
  if (!Number.isSafeInteger(verdicts) || verdicts < 1) {
    throw new InvalidInput(`alphaPerVerdict requires verdicts to be a whole number, 1 or above, got ${verdicts}`);
  }
  return runAlpha / verdicts;
}

/** Both e-processes at these counts. */
export function evidenceAt({ n, violations, p0 }: Counts & Pick<Standard, "p0">): EvidenceAt {
  const counts = { n, violations, p0 };
  return { n, violations, logRefute: logRefute(counts), logCertify: logCertify(counts) };
}

/**
 * REFUTED at E ≥ 1/α, CERTIFIED at C ≥ 1/β. Never both: where S/n ≥ p0 every p' < p0 is less likely than p0, so
 * C ≤ 1, and where S/n ≤ p0 likewise E ≤ 1.
 */
export function decide({ logRefute, logCertify }: EvidenceAt, { alpha, beta }: Standard): Decision {
  if (logRefute >= -ln(alpha)) {
    return "refuted";
  }
  return logCertify >= -ln(beta) ? "certified" : "undecided";
}

/** How an `Evidence` reads its counts; another than this one only to save time, and then with the same answers. */
export type DecisionRule = (counts: Counts) => Decision;

/** `decide` at the evidence of the counts. */
export function exactRule(standard: Standard): DecisionRule {
  return (counts) => decide(evidenceAt({ ...counts, p0: standard.p0 }), standard);
}

export interface EvidenceOptions extends Standard {
  /** models, those of `continues` included, after which an undecided claim is inconclusive */
  readonly cap: number;
  /** the counts of earlier runs that left the claim undecided: see `continueFrom` */
  readonly continues?: Counts;
  readonly rule?: DecisionRule;
}

/**
 * Sequential evidence on one claim. Give it the models in the order of their index, whatever order they finish in
 * (`inIndexOrder`): which models finish first depends on what they do, and so does not count as chance.
 *
 * It settles at the first crossing, or at the cap, and stays settled: what is observed later is counted apart.
 */
export class Evidence {
  readonly #options: EvidenceOptions;
  readonly #rule: DecisionRule;
  #counts: Counts;
  #later: Counts = { n: 0, violations: 0 };
  #settled: Decision | "cap" = "undecided";

  constructor(options: EvidenceOptions) {
    requireStandard("Evidence", options);
    const { cap, continues = { n: 0, violations: 0 } } = options;
    if (!Number.isInteger(cap) || cap < 1 || cap > MAX_MODELS) {
      throw new InvalidInput(`Evidence requires cap to be a whole number from 1 to ${MAX_MODELS}, got ${cap}`);
    }
    requireCounts("Evidence, continuing,", continues);
    if (continues.n >= cap) {
      throw new InvalidInput(
        `Evidence requires cap to be above the number of models that it continues from, got ${cap} and ${continues.n}`,
      );
    }
    this.#options = options;
    this.#rule = options.rule ?? exactRule(options);
    this.#counts = { n: continues.n, violations: continues.violations };
    this.#settled = this.#rule(this.#counts);
  }

  /** Takes in the next model. */
  observe(violated: boolean): void {
    if (typeof violated !== "boolean") {
      throw new InvalidInput(`Evidence.observe requires violated to be true or false, got ${violated}`);
    }
    if (this.settled) {
      this.#later = plus(this.#later, violated);
      return;
    }
    this.#counts = plus(this.#counts, violated);
    this.#settled = this.#rule(this.#counts);
    if (this.#settled === "undecided" && this.#counts.n >= this.#options.cap) {
      this.#settled = "cap";
    }
  }

  /** The models that count. */
  get counts(): Counts {
    return this.#counts;
  }

  /** What the counts decided; "undecided" at the cap too. */
  get decision(): Decision {
    return this.#settled === "cap" ? "undecided" : this.#settled;
  }

  /** Whether the claim needs no further model: it is certified, refuted, or at its cap. */
  get settled(): boolean {
    return this.#settled !== "undecided";
  }

  /** The verdict. Asked for before the claim is settled it is inconclusive, because the sampling stopped. */
  verdict(): Verdict {
    const evidence = { ...evidenceAt({ ...this.#counts, p0: this.#options.p0 }), later: this.#later };
    switch (this.#settled) {
      case "certified":
        return { kind: "certified", ...evidence };
      case "refuted":
        return { kind: "refuted", ...evidence };
      case "cap":
        return { kind: "inconclusive", because: "cap", ...evidence };
      case "undecided":
        return { kind: "inconclusive", because: "stopped", ...evidence };
    }
  }
}

/**
 * Puts what arrives in any order into the order of its index 0, 1, 2, ...: returns the function to call on arrival,
 * which consumes each item as soon as all before it are there. An index that comes twice is refused.
 */
export function inIndexOrder<T>(consume: (item: T, index: number) => void): (index: number, item: T) => void {
  const waiting = new Map<number, T>();
  let next = 0;
  return (index, item) => {
    if (!Number.isInteger(index) || index < next || waiting.has(index)) {
      throw new InvalidInput(
        `inIndexOrder requires each index from 0 upwards once, got ${index} where ${next} is the next one to consume`,
      );
    }
    waiting.set(index, item);
    while (waiting.has(next)) {
      const ready = waiting.get(next) as T;
      waiting.delete(next);
      consume(ready, next++);
    }
  };
}

/** Throws unless p0, alpha and beta each lie strictly between 0 and 1. */
export function requireStandard(caller: string, { p0, alpha, beta }: Standard): void {
  requireProbability(caller, "p0", p0);
  requireProbability(caller, "alpha", alpha);
  requireProbability(caller, "beta", beta);
}

function plus({ n, violations }: Counts, violated: boolean): Counts {
  return { n: n + 1, violations: violations + (violated ? 1 : 0) };
}
