import pLimit from "p-limit";
import { violates } from "../claim/claim.ts";
import { DEFAULT_P0, type Statement } from "../claim/theorem.ts";
import type { Law } from "../data/law.ts";
import { InvalidInput } from "../invalid-input.ts";
import { requireSeed } from "../random/stream.ts";
import type { Counts } from "./e-process.ts";
import { coreHash, statementHash } from "./fingerprint.ts";
import { type Ledger, ledgerOf } from "./ledger.ts";
import { openPool, type TrialPool } from "./pool.ts";
import { type JudgedClaim, type Population, populationsOf, trialSeed } from "./population.ts";
import { type Continuation, continueFrom, type EarlierRun, type RunSeeds } from "./resume.ts";
import { loadStatements } from "./statements.ts";
import { detailOf, type TrialRecord } from "./trial.ts";
import { TrialStore } from "./trial-store.ts";
import { alphaPerClaim, CLAIM_BETA, CLEAN_MODELS, Evidence, inIndexOrder, RUN_ALPHA, type Verdict } from "./verdict.ts";
import type { Task } from "./worker.ts";

/** The seed of `verify` and of `npm test`: the paper's arXiv number. Chosen before any model was trained. */
export const GATE_SEED = 2406_17167;

export interface JudgeOptions {
  /** Absolute path of the module that declares the statements. */
  readonly statementsFile: string;
  /** Which statements to judge; all unless given. Which ones are asked for changes their share of α, nothing else. */
  readonly selects?: ((statement: Statement, law: Law) => boolean) | undefined;
  readonly seed?: number | undefined;
  /** For statements that leave p₀ at its default. */
  readonly p0?: number | undefined;
  readonly alpha?: number | undefined;
  readonly beta?: number | undefined;
  /** Lowers the cap of every statement. */
  readonly maxModels?: number | undefined;
  readonly engine?: Task["engine"] | undefined;
  readonly workers?: number | undefined;
  /** Folder of trials already run; none are read or written without it. */
  readonly storeFolder?: string | undefined;
  /** An earlier run whose evidence this one goes on from: see `continueFrom`. */
  readonly resumes?: EarlierRun | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the run: `judge` then rejects with the signal's reason, and keeps the trials that were finished. */
  readonly signal?: AbortSignal | undefined;
}

/** The state of one population, told after each trial. */
export interface Progress {
  readonly law: Law;
  readonly trials: number;
  readonly claims: number;
  readonly decided: number;
  readonly refuted: number;
}

/** What was found of one claim on one law. */
export interface ClaimResult extends JudgedClaim {
  readonly p0: number;
  /** "measured": no verdict was asked for, only rate and limits. */
  readonly verdict: Verdict | { readonly kind: "measured" };
  readonly ledger: Ledger;
}

export interface PopulationResult {
  readonly population: Population;
  /** In index order; the trial with index i has the seed `trialSeed(seed, law, i)`. */
  readonly trials: readonly TrialRecord[];
  readonly claims: readonly ClaimResult[];
}

export interface Judgement {
  readonly seed: number;
  readonly alpha: number;
  readonly beta: number;
  /** K: how many claims got a verdict; each has a share α/K, and K·β bounds the chance of any false pass. */
  readonly verdicts: number;
  readonly coreHash: string;
  readonly statements: readonly Statement[];
  readonly statementHashes: Readonly<Record<string, string>>;
  /** The runs whose evidence this one goes on from, oldest first. */
  readonly earlier: readonly RunSeeds[];
  /** Each claim's share of α: α/K, or less where an earlier run gave it less. */
  readonly alphaPerClaim: number;
  readonly populations: readonly PopulationResult[];
}

/**
 * Judges statements: draws models from each law, trains every model once for all that is claimed of it, and stops as
 * soon as every claim is decided. The result depends on the declarations, the seed and the standards alone, not on
 * workers, on timing or on what the store holds.
 *
 * @throws InvalidInput for declarations or options that make no sense, and whatever a trial throws: then nothing is
 * judged, since a run that was cut short is never a success
 */
export async function judge(options: JudgeOptions): Promise<Judgement> {
  const { statementsFile, selects = () => true, alpha = RUN_ALPHA, beta = CLAIM_BETA, engine = "kernel" } = options;
  const seed = requireSeed("judge", options.seed ?? GATE_SEED);
  const declared = await loadStatements(statementsFile);
  const populations = populationsOf(declared)
    .map((whole) => ({
      ...whole,
      whole,
      claims: whole.claims.filter(({ statement, law }) => selects(statement, law)),
    }))
    .filter(({ claims }) => claims.length > 0);
  if (populations.length === 0) {
    throw new InvalidInput(`judge requires at least one statement to be selected, got none of ${declared.length}`);
  }
  const verdicts = populations.flatMap(({ claims }) => claims).filter(hasVerdict).length;
  const hashes = Object.fromEntries(declared.map((each) => [each.id, statementHash(each, statementsFile)]));
  const core = coreHash();

  const earlier = options.resumes === undefined ? undefined : continueFrom(options.resumes, core, seed);
  const share = Math.min(alphaPerClaim(alpha, Math.max(verdicts, 1)), earlier?.alphaPerClaim ?? 1);
  const judgeClaims = new Map<string, ClaimJudge>();
  for (const { claims } of populations) {
    for (const judged of claims) {
      const continues = earlier?.countsOf(judged, hashes[judged.statement.id] as string, p0Of(judged, options));
      judgeClaims.set(judged.key, claimJudge(judged, options, share, beta, continues));
    }
  }

  const pool = openPool(options.workers, options.signal);
  const storeOf = ({ law, claims, whole }: Population & { readonly whole: Population }) =>
    options.storeFolder === undefined
      ? undefined
      : new TrialStore(
          options.storeFolder,
          [core, law.hash, engine],
          new Map(whole.claims.map(({ key, statement }) => [key, `${hashes[statement.id]?.slice(0, 16)} ${key}`])),
          claims.map(({ key }) => key),
        );
  try {
    // two populations at a time, so that no worker waits while the last models of one are under way
    const lane = pLimit(2);
    const results = await Promise.all(
      populations.map((population) =>
        lane(() =>
          judgePopulation(population, judgeClaims, { ...options, seed, engine }, pool, storeOf(population), earlier),
        ),
      ),
    );
    const used = new Set(results.flatMap(({ claims }) => claims.map(({ statement }) => statement)));
    return {
      seed,
      alpha,
      beta,
      verdicts,
      coreHash: core,
      statements: declared.filter((statement) => used.has(statement)),
      statementHashes: hashes,
      earlier: earlier?.runs ?? [],
      alphaPerClaim: share,
      populations: results,
    };
  } finally {
    await pool.close();
  }
}

/** A claim while it is being judged. */
interface ClaimJudge {
  readonly p0: number;
  /** Undefined for what is only measured. */
  readonly evidence: Evidence | undefined;
}

function hasVerdict({ statement }: JudgedClaim): boolean {
  return statement.kind !== "finding" || statement.expects === "refuted";
}

function p0Of({ statement }: JudgedClaim, { p0 }: JudgeOptions): number {
  return statement.p0 === DEFAULT_P0 ? (p0 ?? DEFAULT_P0) : statement.p0;
}

function claimJudge(
  judged: JudgedClaim,
  options: JudgeOptions,
  alpha: number,
  beta: number,
  continues: Counts = { n: 0, violations: 0 },
): ClaimJudge {
  const p0 = p0Of(judged, options);
  if (!hasVerdict(judged)) return { p0, evidence: undefined };
  const { maxModels } = judged.statement;
  const cap = continues.n + Math.min(maxModels, options.maxModels ?? maxModels);
  return { p0, evidence: new Evidence({ p0, alpha, beta, cap, continues }) };
}

async function judgePopulation(
  population: Population,
  judges: ReadonlyMap<string, ClaimJudge>,
  { statementsFile, seed, engine, onProgress }: JudgeOptions & { seed: number; engine: Task["engine"] },
  pool: TrialPool,
  store: TrialStore | undefined,
  earlier: Continuation | undefined,
): Promise<PopulationResult> {
  const { law, claims } = population;
  const judgeOf = ({ key }: JudgedClaim) => judges.get(key) as ClaimJudge;
  const measured = claims.some((judged) => !hasVerdict(judged));
  const trials: TrialRecord[] = [];
  const settled = (judged: JudgedClaim) => judgeOf(judged).evidence?.settled ?? true;
  // one model at least, also where an earlier run decided every claim: a ledger is about models of this run
  const wanted = () => trials.length === 0 || !claims.every(settled) || (measured && trials.length < CLEAN_MODELS);

  const arrive = inIndexOrder((trial: TrialRecord) => {
    // what was under way when the last claim was decided is not evidence
    if (!wanted()) return;
    trials.push(trial);
    for (const judged of claims)
      judgeOf(judged).evidence?.observe(violates(judged.claim, trial.observed[judged.key] as number));
    onProgress?.({
      law,
      trials: trials.length,
      claims: claims.filter(hasVerdict).length,
      decided: claims.filter((judged) => hasVerdict(judged) && settled(judged)).length,
      refuted: claims.filter((judged) => judgeOf(judged).evidence?.verdict().kind === "refuted").length,
    });
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
      const trial = known ?? (await pool.run(task, wanted));
      if (trial === undefined) return;
      if (known === undefined) store?.keep(trial);
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
    claims: claims.map((judged) => {
      const { p0, evidence } = judgeOf(judged);
      return evidence === undefined
        ? {
            ...judged,
            p0,
            verdict: { kind: "measured" },
            ledger: ledgerOf(judged.claim, judged.key, trials.slice(0, CLEAN_MODELS), true),
          }
        : { ...judged, p0, verdict: evidence.verdict(), ledger: ledgerOf(judged.claim, judged.key, trials, false) };
    }),
  };
}
