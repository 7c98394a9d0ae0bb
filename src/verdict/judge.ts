import pLimit from "p-limit";
import { eventsOf, type JudgedClaim, type JudgedEvent, type Population, trialSeed } from "../claim/population.ts";
import type { Statement } from "../claim/theorem.ts";
import { CLEAN_MODELS, type EvidenceOptions, inIndexOrder } from "../evidence/evidence.ts";
import { detailOf, type TrialRecord } from "../experiment/trial.ts";
import type { Warn } from "../laboratory/line-store.ts";
import { openPool, type TrialPool } from "../laboratory/pool.ts";
import { openRemembered, type Remembered } from "../laboratory/remembered.ts";
import type { Task } from "../laboratory/worker.ts";
import type { Law } from "../law/law.ts";
import { requireSeed } from "../random/stream.ts";
import { type Ledger, ledgerOf } from "./ledger.ts";
import { prepare, type Question } from "./prepare.ts";
import { type Continuation, continueFrom, type EarlierRun, type RunSeeds } from "./resume.ts";
import { declarationsHash, requireSameDeclarations } from "./same-declarations.ts";
import { type EventResult, Tally } from "./tally.ts";

const NO_COUNTS = { n: 0, violations: 0 };

/** The seed of `verify` and of `npm test`: the paper's arXiv number. Chosen before any model was trained. */
export const GATE_SEED = 2406_17167;

export interface JudgeOptions extends Question {
  readonly seed?: number | undefined;
  /** Lowers the cap of every statement. */
  readonly maxModels?: number | undefined;
  /** Trials of each law at least, also where every event on it is decided. One unless given. */
  readonly leastTrials?: number | undefined;
  readonly engine?: Task["engine"] | undefined;
  readonly workers?: number | undefined;
  /** Folder of trials already run; none are read or written without it. */
  readonly storeFolder?: string | undefined;
  /** An earlier run whose evidence this one goes on from: see `continueFrom`. */
  readonly resumes?: EarlierRun | undefined;
  /** Is told what became of the store; stderr unless given. */
  readonly onWarning?: Warn | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the run: `judge` then rejects with the signal's reason, and keeps the trials that were finished. */
  readonly signal?: AbortSignal | undefined;
}

/** The state of one population, told after each trial. */
export interface Progress {
  readonly law: Law;
  readonly trials: number;
  readonly verdicts: number;
  readonly decided: number;
  readonly refuted: number;
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
}

export interface Judgement {
  readonly seed: number;
  readonly alpha: number;
  /** For each verdict: what was asked for, or less where an earlier run had less. */
  readonly beta: number;
  /** Of statements that declare none. */
  readonly p0: number;
  /** K: how many events got a verdict; each has a share α/K, and K·β bounds the chance of any false pass. */
  readonly verdicts: number;
  readonly coreHash: string;
  readonly statements: readonly Statement[];
  readonly statementHashes: Readonly<Record<string, string>>;
  /** Hash of the module that declares the statements, with all that it imports; undefined where that is not known. */
  readonly declarations?: string | undefined;
  /** The runs whose evidence this one goes on from, oldest first. */
  readonly earlier: readonly RunSeeds[];
  /** Each verdict's share of α: α/K, or less where an earlier run gave it less. */
  readonly alphaPerVerdict: number;
  readonly populations: readonly PopulationResult[];
}

/**
 * Judges statements: draws models from each law, trains every model once for all that is claimed of it, and stops as
 * soon as every event is decided. The result depends on the declarations, the seed and the standards alone, not on
 * workers, on timing or on what the store holds.
 *
 * @throws InvalidInput for declarations or options that make no sense, and whatever a trial throws: then nothing is
 * judged, since a run that was cut short is never a success
 */
export async function judge(options: JudgeOptions): Promise<Judgement> {
  const { engine = "kernel" } = options;
  const seed = requireSeed("judge", options.seed ?? GATE_SEED);
  const prepared = await prepare(options);
  const { declared, populations, statementHashes, coreHash, p0 } = prepared;
  const earlier = options.resumes === undefined ? undefined : continueFrom(options.resumes, coreHash, seed);
  const share = Math.min(prepared.alphaPerVerdict, earlier?.alphaPerVerdict ?? 1);
  const beta = Math.min(prepared.beta, earlier?.beta ?? 1);
  const standardOf = (event: JudgedEvent): EvidenceOptions => {
    const { statement } = event;
    const allowed = statement.declaresP0 ? statement.p0 : p0;
    const continues = earlier?.countsOf(event, statementHashes[statement.id] as string, allowed) ?? NO_COUNTS;
    const cap = continues.n + Math.min(statement.maxModels, options.maxModels ?? statement.maxModels);
    return { p0: allowed, alpha: share, beta, cap, continues };
  };
  const tallies = new Map(populations.map(({ law, claims }) => [law.id, new Tally(eventsOf(claims), standardOf)]));

  if (options.resumes !== undefined) requireSameDeclarations(options.resumes, prepared.closure);

  const wholes = populations.map(({ whole }) => whole);
  const stores = openRemembered(options.storeFolder, wholes, prepared.closure, engine, options.onWarning);
  const pool = openPool(options.workers, options.signal);
  try {
    // two populations at a time, so that no worker waits while the last models of one are under way
    const lane = pLimit(2);
    const results = await Promise.all(
      populations.map((population) =>
        lane(() =>
          judgePopulation(
            population,
            tallies.get(population.law.id) as Tally,
            { ...options, seed, engine },
            pool,
            stores.get(population.law.id),
            earlier,
          ),
        ),
      ),
    );
    const used = new Set(results.flatMap(({ claims }) => claims.map(({ statement }) => statement)));
    return {
      seed,
      alpha: prepared.alpha,
      beta,
      p0,
      verdicts: prepared.verdicts,
      coreHash,
      statements: declared.filter((statement) => used.has(statement)),
      statementHashes,
      declarations: declarationsHash(prepared.closure),
      earlier: earlier?.runs ?? [],
      alphaPerVerdict: share,
      populations: results,
    };
  } finally {
    await pool.close();
  }
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
  population: Population,
  tally: Tally,
  {
    statementsFile,
    seed,
    engine,
    leastTrials = 1,
    onProgress,
  }: JudgeOptions & { seed: number; engine: Task["engine"] },
  pool: TrialPool,
  store: Remembered | undefined,
  earlier: Continuation | undefined,
): Promise<PopulationResult> {
  const { law, claims } = population;
  const isMeasured = ({ statement }: JudgedClaim) => statement.kind === "finding" && statement.expects === "measured";
  const measured = claims.some(isMeasured);
  const trials: TrialRecord[] = [];
  // one model at least, also where an earlier run decided every event: a ledger is about models of this run
  const wanted = () => trials.length < leastTrials || !tally.settled || (measured && trials.length < CLEAN_MODELS);

  // of several trials that fail, the first by index ends the run, whichever was the first to fail
  const arrive = inIndexOrder((arrived: TrialRecord | Failed) => {
    // what was under way when the last event was decided is not evidence
    if (!wanted()) return;
    const trial = recordIn(arrived);
    trials.push(trial);
    tally.observe(trial.observed);
    const { trials: count, events: verdicts, decided, refuted } = tally;
    onProgress?.({ law, trials: count, verdicts, decided, refuted });
  });

  let issued = 0;
  const feed = async () => {
    while (wanted()) {
      const index = issued++;
      const trialOfIndex = trialSeed(seed, law.id, index);
      earlier?.requireNew(law.id, trialOfIndex);
      const detail = detailOf(law, index);
      const known = store?.find(trialOfIndex, detail);
      const task = { statementsFile, lawId: law.id, seed: trialOfIndex, engine, detail };
      const trial = known ?? (await pool.run(task, wanted).catch((failure: unknown): Failed => ({ failure })));
      if (trial === undefined) return;
      if (known === undefined && !("failure" in trial)) store?.keep(trial);
      arrive(index, trial);
    }
  };
  try {
    await Promise.all(Array.from({ length: 2 * pool.workers }, feed));
  } finally {
    store?.save();
  }

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
  };
}
