import { atMost } from "../claim/claim.ts";
import { DEFAULT_P0 } from "../claim/defaults.ts";
import { eventsOf, populationsOf } from "../claim/population.ts";
import { derived } from "../claim/provenance.ts";
import type { Theorem } from "../claim/theorem.ts";
import type { EvidenceOptions, Standard, Verdict } from "../evidence/evidence.ts";
import { clopperPearson, type Limits } from "../evidence/limits.ts";
import { median } from "../evidence/median.ts";
import { outcomes, tabledRule } from "../evidence/plan.ts";
import { experiment } from "../experiment/experiment.ts";
import { statementsOf } from "../experiment/statements-of.ts";
import { constant, real } from "../law/range.ts";
import { type Stream, stream } from "../random/stream.ts";
import { describeInterval, MONTE_CARLO_ALPHA, type Share, share, shareCells, short, tableRow } from "./share.ts";
import { type Observed, Tally } from "./tally.ts";

/** Does the gate err as rarely as it says of theorems of several claims? Simulated, however their violations overlap. */
export interface JointCalibration {
  /** simulated theorems a row, a number fixed before the first of them */
  readonly runs: number;
  readonly cap: number;
  readonly rows: readonly JointRow[];
}

/** A theorem that the models violate with one probability, by claims that overlap in one way. */
export interface JointRow extends Standard {
  readonly overlap: Overlap;
  /** the probability that a model violates any of the claims */
  readonly rate: number;
  /** the probability that it violates the one that is violated most */
  readonly claimRate: number;
  readonly refuted: Share;
  readonly certified: Share;
  readonly inconclusive: number;
  /** models until the theorem is settled; those that stay undecided take the cap */
  readonly medianModels: number;
  /** What judging each claim by itself would say of a theorem that is false; null where it is true. */
  readonly claimByClaim: ClaimByClaim | null;
}

/** How many of some theorems have every claim certified, where each is judged by itself. */
export interface ClaimByClaim {
  readonly runs: number;
  readonly certified: number;
  readonly limits: Limits;
}

/** Other models for each claim, ever fewer of the same, or each claim by chance of its own. */
export const OVERLAPS = ["disjoint", "nested", "independent"] as const;
export type Overlap = (typeof OVERLAPS)[number];

/** Probabilities that a model violates the theorem: below, at and above p0. At 8 % each of four claims has 2 %. */
export const JOINT_RATES = [0.02, 0.05, 0.08] as const;

/** Error rates that a simulation can see. */
export const JOINT_STANDARD: Standard = { p0: DEFAULT_P0, alpha: 0.05, beta: 0.05 };

/**
 * Theorems a row, and the models after which one is given up. At p0 exactly 4.04 % are certified, and with these numbers
 * the upper limit of a sound gate is above the nominal 5 % with probability 1.4e-4.
 */
export const JOINT_RUNS = 20_000;
export const JOINT_CAP = 1000;

const CLAIMS: readonly number[] = [0, 1, 2, 3];

/** Claim by claim is shown, not tested: a tenth of the theorems is enough. */
const CLAIM_BY_CLAIM_SHARE = 0.1;

/**
 * Simulates theorems of four claims that are declared as any other, through the events and the `Tally` that judge real
 * ones; what a trial observes comes from a named stream in the place of a model. The exact probabilities are those of
 * one event at the joint rate: they do not depend on the overlap, and neither may the verdicts.
 *
 * Beside it, for theorems that are false: how often all four claims pass where each is judged by itself.
 * Cost: about 90 million trials, some fifteen seconds.
 */
export function calibrateJoint({
  seed,
  runs = JOINT_RUNS,
  cap = JOINT_CAP,
}: {
  readonly seed: number;
  readonly runs?: number;
  readonly cap?: number;
}): JointCalibration {
  const options = { ...JOINT_STANDARD, cap, rule: tabledRule(JOINT_STANDARD, cap) };
  const rows = OVERLAPS.flatMap((overlap) => JOINT_RATES.map((rate) => jointRow(overlap, rate, runs, options, seed)));
  return { runs, cap, rows };
}

function jointRow(overlap: Overlap, rate: number, runs: number, options: EvidenceOptions, seed: number): JointRow {
  const { p0, alpha, beta, cap } = options;
  const chance = stream(seed, `calibration of theorems, ${overlap}, rate ${rate}`);
  const verdicts = Array.from({ length: runs }, () => judged(WHOLE, overlap, rate, options, chance)[0] as Verdict);
  const count = (kind: Verdict["kind"]) => verdicts.filter((verdict) => verdict.kind === kind).length;
  const exact = outcomes({ p0, alpha, beta, rate, cap });
  const shareOf = (kind: "refuted" | "certified", nominal: number | null) =>
    share({ count: count(kind), runs, exact: exact[kind], nominal }, true);
  return {
    ...{ p0, alpha, beta, overlap, rate },
    claimRate: CLAIM_RATES[overlap](rate),
    refuted: shareOf("refuted", rate <= p0 ? alpha : null),
    certified: shareOf("certified", rate >= p0 ? beta : null),
    inconclusive: count("inconclusive"),
    medianModels: median(verdicts.map(({ n }) => n)),
    claimByClaim:
      rate > p0 ? claimByClaim(overlap, rate, Math.ceil(CLAIM_BY_CLAIM_SHARE * runs), options, chance) : null,
  };
}

function claimByClaim(
  overlap: Overlap,
  rate: number,
  runs: number,
  options: EvidenceOptions,
  chance: Stream,
): ClaimByClaim {
  const passes = Array.from({ length: runs }, () =>
    judged(APART, overlap, rate, options, chance).every(({ kind }) => kind === "certified"),
  );
  const certified = passes.filter(Boolean).length;
  const limits = clopperPearson({ n: runs, violations: certified, alpha: MONTE_CARLO_ALPHA });
  return { runs, certified, limits };
}

/** Declarations that are judged together, and what a trial shows of them where it violates this set of claims. */
interface Declared {
  readonly events: ReturnType<typeof eventsOf>;
  /** by the set of violated claims, a bit a claim */
  readonly observed: readonly Observed[];
}

/** An experiment that is never run: what is observed of it comes from a named stream. */
const { law, theorem } = statementsOf(
  experiment({
    id: "chance",
    fields: {
      x: {
        kind: "real",
        from: 0,
        to: 1,
        symbol: "x",
        meaning: "nothing",
        hypothesis: "none",
        widest: real(0, 1),
        simplest: "low",
      },
    },
    measure: () => ({}),
  }),
);
const chanceLaw = law({ id: "chance", title: "Chance", ranges: { x: constant(0) } });

/** The four claims as one theorem, and as a theorem each. */
const WHOLE = declared([theoremOf("four-claims", CLAIMS)]);
const APART = declared(CLAIMS.map((claim) => theoremOf(`claim-${claim}`, [claim])));

function theoremOf(id: string, claims: readonly number[]): Theorem {
  return theorem({
    id,
    title: "Claims that are violated by chance alone",
    provenance: derived(),
    law: chanceLaw,
    claims: claims.map((claim) => atMost(titleOf(claim), 0, () => Number.NaN)),
  });
}

function titleOf(claim: number): string {
  return `claim ${claim}`;
}

function declared(theorems: readonly Theorem[]): Declared {
  const claims = populationsOf(theorems).flatMap((population) => population.claims);
  const observed = Array.from({ length: 2 ** CLAIMS.length }, (_, violated) =>
    Object.fromEntries(
      claims.map(({ key, claim: { title } }) => {
        const claim = CLAIMS.findIndex((each) => titleOf(each) === title);
        return [key, (violated >> claim) & 1];
      }),
    ),
  );
  return { events: eventsOf(claims), observed };
}

/** The verdicts on some declarations, over trials until all are settled. */
function judged(
  { events, observed }: Declared,
  overlap: Overlap,
  rate: number,
  options: EvidenceOptions,
  chance: Stream,
): Verdict[] {
  const tally = new Tally(events, () => options);
  const violated = VIOLATED[overlap];
  while (!tally.settled) tally.observe(observed[violated(rate, chance)] as Observed);
  return tally.verdicts();
}

const ALL = 2 ** CLAIMS.length - 1;

/** Which claims a model violates, a bit a claim, so that it violates any of them with probability `rate`. */
const VIOLATED: Record<Overlap, (rate: number, chance: Stream) => number> = {
  disjoint: (rate, chance) => {
    const part = Math.floor((CLAIMS.length * chance.uniform()) / rate);
    return part < CLAIMS.length ? 1 << part : 0;
  },
  nested: (rate, chance) => {
    const part = Math.floor((CLAIMS.length * chance.uniform()) / rate);
    return part < CLAIMS.length ? ALL & (ALL << part) : 0;
  },
  independent: (rate, chance) => {
    const each = CLAIM_RATES.independent(rate);
    return CLAIMS.reduce((violated, claim) => violated | (chance.uniform() < each ? 1 << claim : 0), 0);
  },
};

/** How often the claim is violated that is violated most. */
const CLAIM_RATES: Record<Overlap, (rate: number) => number> = {
  disjoint: (rate) => rate / CLAIMS.length,
  nested: (rate) => rate,
  // 1 − (1 − rate)^(1/4), by square roots, which are the same on every machine
  independent: (rate) => 1 - Math.sqrt(Math.sqrt(1 - rate)),
};

/** The section of reports/calibration.md. */
export function jointSection({ runs, cap, rows }: JointCalibration): string[] {
  const { alpha, beta, p0 } = JOINT_STANDARD;
  return [
    `## Theorems of ${CLAIMS.length} claims, α = ${short(alpha)}, β = ${short(beta)}`,
    "",
    "A theorem is judged as a whole: by the event that a model violates any of its claims. Here the violations of four",
    "claims are disjoint (other models for each), nested (each claim's violators are among the next one's) or",
    `independent, ${runs.toLocaleString("en")} theorems a row, judged by the gate at p0 = ${p0} with a cap of ${cap.toLocaleString("en")} models. The`,
    "exact probabilities are those of the rate alone, whatever the overlap. The last column is what a gate would do that",
    "judged each claim by itself: of theorems that are false, it is how many have all four claims certified.",
    "",
    "| violations | true rate | of a claim, at most | refuted | limits | exact | bound | certified | limits | exact | bound | inconclusive | median models | passes claim by claim |",
    "|---|---:|---:|---:|---|---:|---|---:|---|---:|---|---:|---:|---|",
    ...rows.map((row) =>
      tableRow([
        ...[row.overlap, short(row.rate), short(row.claimRate)],
        ...[...shareCells(row.refuted, "α"), ...shareCells(row.certified, "β")],
        ...[row.inconclusive, row.medianModels, describeClaimByClaim(row.claimByClaim)],
      ]),
    ),
    "",
  ];
}

function describeClaimByClaim(found: ClaimByClaim | null): string {
  return found === null ? "" : `${found.certified} of ${found.runs} (${describeInterval(found.limits)})`;
}
