import pLimit from "p-limit";
import { DEFAULT_MAX_MODELS } from "../claim/defaults.ts";
import { eventsOf, type JudgedClaim, type JudgedEvent, type Population, trialSeed } from "../claim/population.ts";
import type { Statement } from "../claim/theorem.ts";
import type { Awaited } from "../evidence/eta.ts";
import { CLEAN_MODELS, type EvidenceOptions, inIndexOrder } from "../evidence/evidence.ts";
import type { Hashes } from "../experiment/hashes.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import type { Law } from "../law/law.ts";
import { requireSeed } from "../random/stream.ts";
import { type Counted, countedOf, type Ledger, ledgerOf } from "./ledger.ts";
import { trialOrder } from "./order.ts";
import { prepare, type Question, type SelectedPopulation } from "./prepare.ts";
import { type Continuation, continueFrom, type EarlierRun, type RunSeeds } from "./resume.ts";
import { type EventResult, Tally } from "./tally.ts";

const NO_COUNTS = { n: 0, violations: 0 };

/** The seed of `verify` and of `npm test`, chosen before any model was trained: 2406.17167. */
export const GATE_SEED = 2406_17167;

export interface JudgeOptions extends Question {
  /** Runs the trials. */
  readonly laboratory: Laboratory;
  readonly seed?: number | undefined;
  /** Lowers the cap of every statement. */
  readonly maxModels?: number | undefined;
  /** In the place of the cap that a statement has by default; where it declares another one, that one holds. */
  readonly defaultCap?: number | undefined;
  /** Trials of each law at least, also where every event on it is decided. One unless given. */
  readonly leastTrials?: number | undefined;
  /** An earlier run whose evidence this one goes on from, and what code there is now: see `continueFrom`. */
  readonly resumes?: { readonly run: EarlierRun; readonly hashes: Hashes } | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** The state of one population, told after each trial. */
export interface Progress {
  readonly law: Law;
  readonly trials: number;
  readonly verdicts: number;
  readonly decided: number;
  readonly refuted: number;
  /** Those that are not. */
  readonly awaited?: readonly Awaited[] | undefined;
}

/** What was found of one claim on one law: counts, limits, worst case. Its verdict is that of the event it is part of. */
export interface ClaimResult extends JudgedClaim {
  readonly ledger: Ledger;
}

export interface PopulationResult {
  readonly population: Population;
  /** In index order; the trial with index i has the seed `trialSeed(seed, law, i)`. */
  readonly trials: readonly TrialRecord[];
  readonly claims: readonly ClaimResult[];
  readonly events: readonly EventResult[];
  /** Of claims that have no verdict on this law: how many of its models violate them. */
  readonly beside: readonly BesideResult[];
}

/** A claim of a theorem on a law that is a control's. */
export interface BesideResult extends JudgedClaim, Counted {}

export interface Judgement {
  readonly seed: number;
  readonly alpha: number;
  /** For each verdict: what was asked for, or less where an earlier run had less. */
  readonly beta: number;
  /** Of statements that declare none. */
  readonly p0: number;
  /** K: how many events got a verdict; each has a share α/K, and K·β bounds the chance of any false pass. */
  readonly verdicts: number;
  readonly statements: readonly Statement[];
  /** The runs whose evidence this one goes on from, oldest first. */
  readonly earlier: readonly RunSeeds[];
  /** Each verdict's share of α: α/K, or less where an earlier run gave it less. */
  readonly alphaPerVerdict: number;
  readonly populations: readonly PopulationResult[];
}

/**
 * Judges statements: draws models from each law, trains every model once for all that is claimed of it, and stops as
 * soon as every event is decided. The result depends on the declarations, the seed and the standards alone, not on who
 * runs the trials, nor on the order in which they finish. The laboratory stays open.
 *
 * @throws InvalidInput for declarations or options that make no sense, and whatever a trial throws: then nothing is
 * judged, since a run that was cut short is never a success
 */
export async function judge(options: JudgeOptions): Promise<Judgement> {
  const { statements, laboratory, resumes } = options;
  const seed = requireSeed("judge", options.seed ?? GATE_SEED);
  const prepared = prepare(options);
  const { populations, p0 } = prepared;
  const earlier = resumes === undefined ? undefined : continueFrom(resumes.run, resumes.hashes, seed);
  const share = Math.min(prepared.alphaPerVerdict, earlier?.alphaPerVerdict ?? 1);
  const beta = Math.min(prepared.beta, earlier?.beta ?? 1);
  const standardOf = (event: JudgedEvent): EvidenceOptions => {
    const { statement } = event;
    const allowed = statement.declaresP0 ? statement.p0 : p0;
    const continues = earlier?.countsOf(event, allowed) ?? NO_COUNTS;
    const own =
      statement.maxModels === DEFAULT_MAX_MODELS ? (options.defaultCap ?? DEFAULT_MAX_MODELS) : statement.maxModels;
    const cap = continues.n + Math.min(own, options.maxModels ?? own);
    return { p0: allowed, alpha: share, beta, cap, continues };
  };
  // all are made before the first trial is run, since an earlier run may have judged something else
  const tallies = new Map(populations.map(({ law, claims }) => [law.id, new Tally(eventsOf(claims), standardOf)]));
  // two populations at a time, so that no place is free while the last models of one are under way
  const lane = pLimit(2);
  // the laboratory stays open: after a failure nothing more is asked of it
  let failed = false;
  const results = await Promise.all(
    populations.map((population) =>
      lane(() => {
        const tally = tallies.get(population.law.id) as Tally;
        return judgePopulation(population, tally, { ...options, seed, ended: () => failed }, laboratory, earlier);
      }),
    ),
  ).catch((failure: unknown) => {
    failed = true;
    throw failure;
  });
  const used = new Set(results.flatMap(({ claims }) => claims.map(({ statement }) => statement)));
  return {
    seed,
    alpha: prepared.alpha,
    beta,
    p0,
    verdicts: prepared.verdicts,
    statements: statements.filter((statement) => used.has(statement)),
    earlier: earlier?.runs ?? [],
    alphaPerVerdict: share,
    populations: results,
  };
}

/** A trial that ended without a record, and why. */
interface Failed {
  readonly failure: unknown;
}

/** @throws what the trial threw */
function recordIn(arrived: TrialRecord | Failed): TrialRecord {
  if ("failure" in arrived) throw arrived.failure;
  return arrived;
}

async function judgePopulation(
  population: SelectedPopulation,
  tally: Tally,
  { seed, leastTrials = 1, onProgress, ended }: JudgeOptions & { seed: number; ended: () => boolean },
  laboratory: Laboratory,
  earlier: Continuation | undefined,
): Promise<PopulationResult> {
  const { law, claims } = population;
  const isMeasured = ({ statement }: JudgedClaim) => statement.kind === "finding" && statement.expects === "measured";
  const measured = claims.some(isMeasured);
  const trials: TrialRecord[] = [];
  // one model at least, also where an earlier run decided every event: a ledger is about models of this run
  const wanted = () =>
    !ended() && (trials.length < leastTrials || !tally.settled || (measured && trials.length < CLEAN_MODELS));

  // of several trials that fail, the first by index ends the run, whichever was the first to fail
  const arrive = inIndexOrder((arrived: TrialRecord | Failed) => {
    // what was under way when the last event was decided is not evidence
    if (!wanted()) return;
    const trial = recordIn(arrived);
    trials.push(trial);
    tally.observe(trial.observed);
    const { trials: count, events: verdicts, decided, refuted } = tally;
    onProgress?.({ law, trials: count, verdicts, decided, refuted, awaited: tally.awaited() });
  });

  const run = async (index: number): Promise<TrialRecord | undefined> => {
    earlier?.requireNew(law.id, trialSeed(seed, law.id, index));
    return laboratory.run(trialOrder(population, seed, index), wanted);
  };
  let issued = 0;
  const feed = async () => {
    while (wanted()) {
      const index = issued++;
      const arrived = await run(index).catch((failure: unknown): Failed => ({ failure }));
      if (arrived === undefined) return;
      arrive(index, arrived);
    }
  };
  await Promise.all(Array.from({ length: 2 * laboratory.places }, feed));

  return {
    population,
    trials,
    claims: claims.map((judged) => ({
      ...judged,
      ledger: isMeasured(judged)
        ? ledgerOf(judged.claim, judged.key, trials.slice(0, CLEAN_MODELS), true)
        : ledgerOf(judged.claim, judged.key, trials, false),
    })),
    events: tally.results(),
    beside: population.beside.map((judged) => ({ ...judged, ...countedOf(judged.claim, judged.key, trials) })),
  };
}
