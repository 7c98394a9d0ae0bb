import { DEFAULT_MAX_MODELS, DEFAULT_P0 } from "../claim/defaults.ts";
import {
  type DecisionRule,
  Evidence,
  RUN_ALPHA,
  type Standard,
  VERDICT_BETA,
  type Verdict,
} from "../evidence/evidence.ts";
import { median } from "../evidence/median.ts";
import { outcomes, tabledRule } from "../evidence/plan.ts";
import { stream } from "../random/stream.ts";
import { type JointCalibration, jointSection } from "./calibrate-joint.ts";
import { MONTE_CARLO_ALPHA, type Share, share, shareCells, short, tableRow } from "./share.ts";

/** Does the gate err as rarely as it says? Simulated on claims whose true violation rate is known. */
export interface Calibration {
  readonly seed: number;
  readonly cap: number;
  /** simulated claims for each rate, a number fixed before the first of them */
  readonly runs: number;
  readonly rows: readonly CalibrationRow[];
  /** of theorems of several claims; missing in calibrations of the first release */
  readonly joint?: JointCalibration | undefined;
}

/** One true violation rate under one standard. */
export interface CalibrationRow extends Standard {
  readonly rate: number;
  readonly refuted: Share;
  readonly certified: Share;
  readonly inconclusive: number;
  /** models until a claim is settled; those that stay undecided take the cap */
  readonly medianModels: number;
}

/** True violation rates: clean, below, at and above p0 = 0.05. */
export const CALIBRATION_RATES = [0, 0.01, 0.03, 0.05, 0.07, 0.1, 0.2, 0.5] as const;

/** What the gate works at. Its α is too small for any simulation to see. */
export const GATE_STANDARD: Standard = { p0: DEFAULT_P0, alpha: RUN_ALPHA, beta: VERDICT_BETA };

/** The same gate at error rates that a simulation can see, so that it can fail. */
export const TESTABLE_STANDARD: Standard = { p0: DEFAULT_P0, alpha: 0.05, beta: 0.05 };

/**
 * Claims for each rate. With these numbers a sound gate fails its calibration with probability below 0.4 % (32 pairs of
 * limits, and 7e-5 that the exact 4.2 % of false passes has an upper limit above 5 %), and one that errs in 5.5 %
 * instead of 5 % passes with 1e-15.
 */
export const CALIBRATION_RUNS = 40_000;

/**
 * Simulates `runs` claims at each rate, under the gate's standard and under the testable one, through the same
 * `Evidence` that judges real claims: whether their shares hold is said by `shareHolds`.
 *
 * At rate = p0 both verdicts count as wrong: it is the boundary at which α and β are each largest.
 * Cost: about 380 million random numbers, some twenty seconds.
 */
export function calibrate({
  seed,
  runs = CALIBRATION_RUNS,
  cap = DEFAULT_MAX_MODELS,
}: {
  readonly seed: number;
  readonly runs?: number;
  readonly cap?: number;
}): Calibration {
  const rows = [GATE_STANDARD, TESTABLE_STANDARD].flatMap((standard) => {
    const rule = tabledRule(standard, cap);
    return CALIBRATION_RATES.map((rate) => calibrationRow({ ...standard, seed, runs, cap, rate, rule }));
  });
  return { seed, cap, runs, rows };
}

function calibrationRow({
  seed,
  runs,
  cap,
  rate,
  rule,
  ...standard
}: Standard & { seed: number; runs: number; cap: number; rate: number; rule: DecisionRule }): CalibrationRow {
  const { p0, alpha, beta } = standard;
  const chance = stream(seed, `calibration at alpha ${alpha}, beta ${beta}, rate ${rate}`);
  const verdicts: Verdict[] = Array.from({ length: runs }, () => {
    const evidence = new Evidence({ ...standard, cap, rule });
    while (!evidence.settled) {
      evidence.observe(chance.uniform() < rate);
    }
    return evidence.verdict();
  });
  const count = (kind: Verdict["kind"]) => verdicts.filter((verdict) => verdict.kind === kind).length;
  const exact = outcomes({ ...standard, rate, cap });
  const simulable = standard.alpha === TESTABLE_STANDARD.alpha;
  return {
    ...standard,
    rate,
    refuted: share(
      { count: count("refuted"), runs, exact: exact.refuted, nominal: rate <= p0 ? alpha : null },
      simulable,
    ),
    certified: share(
      { count: count("certified"), runs, exact: exact.certified, nominal: rate >= p0 ? beta : null },
      simulable,
    ),
    inconclusive: count("inconclusive"),
    medianModels: median(verdicts.map(({ n }) => n)),
  };
}

/** Whether every share of every row holds. */
export function calibrated({ rows, joint }: Calibration): boolean {
  return [...rows, ...(joint?.rows ?? [])].every(({ refuted, certified }) => refuted.holds && certified.holds);
}

/** The calibration as a page: reports/calibration.md. */
export function calibrationMarkdown(calibration: Calibration): string {
  const { seed, cap, runs, rows, joint } = calibration;
  const all = [...rows, ...(joint?.rows ?? [])];
  const fails = all.flatMap((row) =>
    (["refuted", "certified"] as const)
      .filter((verdict) => !row[verdict].holds)
      .map(
        (verdict) =>
          `${verdict} at a true rate of ${row.rate}, alpha ${short(row.alpha)}, beta ${short(row.beta)}` +
          ("overlap" in row ? `, claims ${row.overlap}` : ""),
      ),
  );
  return [
    "# Calibration of the gate",
    "",
    fails.length === 0
      ? `All ${2 * all.length} simulated shares hold.`
      : `**${fails.length} of ${2 * all.length} simulated shares fail:** ${fails.join("; ")}.`,
    "",
    `Claims whose true violation rate is known, ${runs.toLocaleString("en")} for each rate (a number fixed before),`,
    `judged by the gate at p0 = ${DEFAULT_P0} with a cap of ${cap.toLocaleString("en")} models, seed ${seed}. Limits are`,
    `Clopper-Pearson's at confidence ${1 - MONTE_CARLO_ALPHA}; "exact" is computed from the distribution of the stopping`,
    "time without simulation. A verdict that would be wrong has its nominal bound beside it: refuted at a rate up to p0",
    "is a false alarm (at most α), certified at a rate from p0 is a false pass (at most β). A share holds if its limits",
    "contain the exact probability and that is within the bound.",
    "",
    ...standardSection(GATE_STANDARD, rows, [
      "The standard of the gate, for a verdict that had the whole α to itself; one of a run has a share of it. An α of",
      "one in a million cannot be seen by simulation: for false alarms the limits below could not fail, the exact column",
      "can.",
    ]),
    ...standardSection(TESTABLE_STANDARD, rows, [
      "The same gate at error rates that a simulation can see. Here a share also has to have its upper limit within the",
      "bound, so that this table fails if the gate errs more often than it says.",
    ]),
    ...(joint === undefined ? [] : jointSection(joint)),
  ].join("\n");
}

function standardSection(standard: Standard, rows: readonly CalibrationRow[], remarks: readonly string[]): string[] {
  const { alpha, beta } = standard;
  return [
    `## α = ${short(alpha)}, β = ${short(beta)}`,
    "",
    ...remarks,
    "",
    "| true rate | refuted | limits | exact | bound | certified | limits | exact | bound | inconclusive | median models |",
    "|---:|---:|---|---:|---|---:|---|---:|---|---:|---:|",
    ...rows
      .filter((row) => row.alpha === alpha && row.beta === beta)
      .map(({ rate, refuted, certified, inconclusive, medianModels }) =>
        tableRow([rate, ...shareCells(refuted, "α"), ...shareCells(certified, "β"), inconclusive, medianModels]),
      ),
    "",
  ];
}
