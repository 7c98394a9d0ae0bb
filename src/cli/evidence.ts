import ln from "@stdlib/math-base-special-ln";
import { Command } from "commander";
import { DEFAULT_MAX_MODELS, DEFAULT_P0 } from "../claim/defaults.ts";
import { MAX_MODELS } from "../evidence/e-process.ts";
import { decide, evidenceAt, RUN_ALPHA, type Standard, VERDICT_BETA } from "../evidence/evidence.ts";
import { anytimeLimits } from "../evidence/limits.ts";
import { plan, smallestCertifiableP0 } from "../evidence/plan.ts";
import { encodeNumbers, typedNumber } from "../json-number.ts";
import { UsageError } from "./errors.ts";
import { print } from "./print.ts";

/** Each option as it was typed. */
type Typed = Partial<Record<"models" | "violations" | "rate" | "p0" | "alpha" | "beta" | "confidence", string>> & {
  readonly plan?: true;
  readonly json?: true;
};

/** Confidence of the limits unless `--confidence` says otherwise. */
const DEFAULT_CONFIDENCE = 0.95;

/**
 * `theorycheck evidence --models N --violations S`: what these counts say of a claim, on the spot. It cannot know
 * whether the claim was settled at fewer models.
 * `theorycheck evidence --plan --rate R`: how many models a verdict will take.
 */
export function evidenceCommand(): Command {
  return new Command("evidence")
    .option("--models <n>", `models judged; with --plan: the budget (default there: ${DEFAULT_MAX_MODELS})`)
    .option("--violations <s>", "those of them that violate the claim")
    .option("--p0 <p>", `violation probability that the claim allows (default: ${DEFAULT_P0})`)
    .option("--alpha <a>", `refuted at an evidence of 1/a, not split over verdicts (default: ${RUN_ALPHA})`)
    .option("--beta <b>", `certified at an evidence of 1/b (default: ${VERDICT_BETA})`)
    .option("--confidence <c>", `of the limits of the violation probability (default: ${DEFAULT_CONFIDENCE})`)
    .option("--plan", "how many models a verdict will take")
    .option("--rate <r>", "with --plan: the supposed true violation rate")
    .option("--json", "print JSON")
    .action((typed: Typed) => {
      const answer = typed.plan === undefined ? evidenceOfCounts(typed) : planOfRate(typed);
      print(typed.json === undefined ? `${answer.text}\n` : `${JSON.stringify(answer.data, encodeNumbers)}\n`);
    });
}

function evidenceOfCounts(typed: Typed) {
  refuse(typed, "rate", "--rate belongs to --plan");
  const models = wholeNumber("--models", typed.models, 0, MAX_MODELS);
  const violations = wholeNumber("--violations", typed.violations, 0, models);
  const standard = standardOf(typed);
  const confidence = probability("--confidence", typed.confidence, DEFAULT_CONFIDENCE);
  const { logRefute, logCertify } = evidenceAt({ n: models, violations, p0: standard.p0 });
  const decision = decide({ n: models, violations, logRefute, logCertify }, standard);
  const verdict = decision === "undecided" ? "inconclusive" : decision;
  const { lower, upper } = anytimeLimits({ n: models, violations, confidence });
  const data = {
    models,
    violations,
    ...standard,
    logRefute,
    logCertify,
    verdict,
    limits: { confidence, lower, upper },
  };
  const text = [
    `${violations} of ${models} models violate the claim: ${verdict} at p0 = ${standard.p0}`,
    `ln E against "at most p0"   ${logRefute.toFixed(4)}   refuted from ${threshold(standard.alpha)} (alpha ${standard.alpha})`,
    `ln C against "at least p0"  ${logCertify.toFixed(4)}   certified from ${threshold(standard.beta)} (beta ${standard.beta})`,
    `violation probability in [${digits(lower)}, ${digits(upper)}] at confidence ${confidence}, whenever one looks`,
  ].join("\n");
  return { data, text };
}

function planOfRate(typed: Typed) {
  refuse(typed, "violations", "--plan supposes a rate and takes no --violations");
  refuse(typed, "confidence", "--plan computes no limits and takes no --confidence");
  const rate = number("--rate", typed.rate, "a number from 0 to 1", (value) => value >= 0 && value <= 1);
  const standard = standardOf(typed);
  const models = typed.models === undefined ? DEFAULT_MAX_MODELS : wholeNumber("--models", typed.models, 1, MAX_MODELS);
  const planned = plan({ rate, ...standard });
  const smallestP0 = smallestCertifiableP0({ models, beta: standard.beta });
  const { medianModels, ninetiethPercentile, verdict, decidedWithinCap, horizon } = planned;
  const atMost = (count: number | null) => (count === null ? `more than ${horizon}` : `at most ${count}`);
  const text = [
    `If a model violates the claim with probability ${rate}, at p0 = ${standard.p0}: ${verdict}`,
    `half of all runs take ${atMost(medianModels)} models, nine of ten ${atMost(ninetiethPercentile)}`,
    `${digits(100 * decidedWithinCap)} % of runs are decided within ${DEFAULT_MAX_MODELS} models`,
    // 5e-4 makes the four digits round up: a p0 below the smallest would not be certified
    `${models} models certify p0 down to ${digits(smallestP0 * (1 + 5e-4))}, if none of them violates the claim`,
  ].join("\n");
  return { data: { ...planned, budget: { models, smallestP0 } }, text };
}

function standardOf(typed: Typed): Standard {
  return {
    p0: probability("--p0", typed.p0, DEFAULT_P0),
    alpha: probability("--alpha", typed.alpha, RUN_ALPHA),
    beta: probability("--beta", typed.beta, VERDICT_BETA),
  };
}

function probability(option: string, text: string | undefined, preset: number): number {
  const inside = (value: number) => value > 0 && value < 1;
  return text === undefined ? preset : number(option, text, "a number between 0 and 1, both excluded", inside);
}

function wholeNumber(option: string, text: string | undefined, least: number, most: number): number {
  return number(
    option,
    text,
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && value >= least && value <= most,
  );
}

function number(option: string, text: string | undefined, rule: string, fits: (value: number) => boolean): number {
  const value = typedNumber(text ?? "") ?? Number.NaN;
  if (!fits(value)) {
    throw new UsageError(`${option} must be ${rule}, got ${text === undefined ? "nothing" : `"${text}"`}`);
  }
  return value;
}

function refuse(typed: Typed, option: "rate" | "violations" | "confidence", rule: string): void {
  if (typed[option] !== undefined) {
    throw new UsageError(`${rule}, got --${option} ${typed[option]}`);
  }
}

/** ln(1/error rate): where the evidence suffices. */
function threshold(errorRate: number): string {
  return (-ln(errorRate)).toFixed(4);
}

/** Four significant digits. */
function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
