import type { JudgedClaim } from "../claim/population.ts";
import { violates } from "../claim/relation.ts";
import type { Counts } from "../evidence/e-process.ts";
import { decide, evidenceAt } from "../evidence/evidence.ts";
import { anytimeLimits, clopperPearson, type Limits } from "../evidence/limits.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import type { Theta } from "../law/parameters.ts";
import { subSeed } from "../random/stream.ts";
import { type Purse, Spent } from "./purse.ts";
import { modelsOf } from "./space.ts";

/**
 * A sequential test whether a θ violates a claim on most seeds: the e-processes of `src/evidence` against a rate of ½,
 * until one of them reaches 1/error. Where seeds agree few are asked.
 */
interface SeedTest {
  /** The chance that "most" is said of a rate of at most ½, and "few" of one of at least ½. */
  readonly error: number;
  /** Seeds after which it is undecided. */
  readonly most: number;
}

/**
 * While θ is simplified or varied: three seeds that agree decide. A bare majority would let shrinking stop at a θ that
 * hardly violates: it tries many on the same seeds, and some pass by luck.
 */
const PERSISTS: SeedTest = { error: 1 / 4, most: 9 };

/** Where a θ is judged by itself: eight that agree decide. */
const JUDGES: SeedTest = { error: 0.01, most: 40 };

/** Limits are at 95 %. */
const ALPHA = 0.05;

/** The violation rate at one θ, over seeds. */
export interface Rate {
  readonly seeds: number;
  readonly violations: number;
  /** At 95 %. */
  readonly limits: Limits;
}

/** Says of a θ whether the violation is there. Answers are kept. */
export interface Criterion {
  readonly holdsOn: "most seeds" | "the seed that was found";
  /** Of several θ at once, all of which are asked side by side. @throws Spent */
  readonly persistsAt: (thetas: readonly Theta[]) => Promise<readonly boolean[]>;
  /** @throws Spent */
  readonly persists: (theta: Theta) => Promise<boolean>;
  /** A seed on which this θ, of which it was asked whether the violation persists, violates the claim. */
  readonly violatingSeed: (theta: Theta) => Promise<Shown | undefined>;
}

/** What one seed shows. */
export interface Shown {
  readonly seed: number;
  readonly observed: number;
  readonly record: TrialRecord;
}

/** Whether a θ violates a claim on most seeds, which are the same for each θ. */
export function onMostSeeds(purse: Purse, judged: JudgedClaim, seed: number): Criterion {
  const observe = observer(purse, judged);
  const seeds = Array.from({ length: PERSISTS.most }, (_, i) => subSeed(seed, "fixed", i));
  const persistsAt = async (thetas: readonly Theta[]) =>
    (await testOn(observe, thetas, seeds, PERSISTS)).map((counts) => settled(counts, PERSISTS) === "most");
  return {
    holdsOn: "most seeds",
    persistsAt,
    persists: async (theta) => (await persistsAt([theta]))[0]!,
    violatingSeed: (theta) => firstViolating(observe, theta, seeds),
  };
}

/** Whether a θ violates a claim on this one seed: for a violation that is rare even at its own θ. */
export function onOneSeed(purse: Purse, judged: JudgedClaim, seed: number): Criterion {
  const observe = observer(purse, judged);
  const persistsAt = (thetas: readonly Theta[]) => observe.violated(thetas.map((theta) => ({ theta, seed })));
  return {
    holdsOn: "the seed that was found",
    persistsAt,
    persists: async (theta) => (await persistsAt([theta]))[0]!,
    violatingSeed: (theta) => firstViolating(observe, theta, [seed]),
  };
}

/**
 * Judges a θ by itself: its violation rate over fresh seeds, until they agree on which side of ½ it is. The number of
 * seeds is not fixed before, so that limits are anytime-valid. A budget that runs out ends it before.
 */
export async function rateAt(purse: Purse, judged: JudgedClaim, theta: Theta, seed: number): Promise<Rate> {
  const observe = observer(purse, judged);
  const perTrial = judged.law.doubles === undefined ? 1 : 2;
  const most = Math.min(JUDGES.most, Math.floor(purse.affordable / perTrial));
  const seeds = Array.from({ length: most }, (_, i) => subSeed(seed, "fresh", i));
  const [counts] = await testOn(observe, [theta], seeds, { ...JUDGES, most }, "as far as the time goes");
  const { n, violations } = counts!;
  const limits = n === 0 ? { lower: 0, upper: 1 } : anytimeLimits({ n, violations, confidence: 1 - ALPHA });
  return { seeds: n, violations, limits };
}

/** A violation rate with its limits, Clopper and Pearson's, for a number of seeds that was fixed before. */
export function rateOf(seeds: number, violations: number): Rate {
  return { seeds, violations, limits: clopperPearson({ n: seeds, violations, alpha: ALPHA }) };
}

function settled({ n, violations }: Counts, { error }: SeedTest): "most" | "few" | undefined {
  const decision = decide(evidenceAt({ n, violations, p0: 0.5 }), { p0: 0.5, alpha: error, beta: error });
  return decision === "refuted" ? "most" : decision === "certified" ? "few" : undefined;
}

/** How many seeds to ask next: as few as could decide. They are asked at the same time, and none of them in vain. */
export function seedsToAsk({ n, violations }: Counts, test: SeedTest = PERSISTS): number {
  if (settled({ n, violations }, test) !== undefined) return 0;
  for (let more = 1; n + more < test.most; more++) {
    const alike = [violations, violations + more];
    if (alike.some((each) => settled({ n: n + more, violations: each }, test) !== undefined)) return more;
  }
  return test.most - n;
}

/** Tests several θ side by side, all in step, so that where models are counted the budget ends it at the same place. */
async function testOn(
  observe: Observer,
  thetas: readonly Theta[],
  seeds: readonly number[],
  test: SeedTest,
  goes: "to its end" | "as far as the time goes" = "to its end",
): Promise<readonly Counts[]> {
  const all = thetas.map((theta) => ({ theta, n: 0, violations: 0 }));
  for (;;) {
    const asked = all.flatMap((each) =>
      seeds.slice(each.n, each.n + seedsToAsk(each, test)).map((seed) => ({ each, theta: each.theta, seed })),
    );
    if (asked.length === 0) return all;
    let answers: readonly boolean[];
    try {
      answers = await observe.violated(asked);
    } catch (error) {
      if (goes === "as far as the time goes" && error instanceof Spent) return all;
      throw error;
    }
    asked.forEach(({ each }, i) => {
      each.n++;
      if (answers[i]) each.violations++;
    });
  }
}

interface Trial {
  readonly theta: Theta;
  readonly seed: number;
}

interface Observer {
  /** @throws Spent where the budget does not go for all of them */
  readonly violated: (trials: readonly Trial[]) => Promise<readonly boolean[]>;
  /** Of a trial that was run. */
  readonly shown: (trial: Trial) => Promise<TrialRecord | undefined> | undefined;
  readonly observed: (record: TrialRecord) => number;
}

/** Trains each (θ, seed) once. A θ that no model has shows nothing, and so violates nothing. */
function observer(purse: Purse, { claim, key }: JudgedClaim): Observer {
  const { experiment, population } = purse.probe;
  const kept = new Map<string, Promise<TrialRecord | undefined>>();
  const nameOf = ({ theta, seed }: Trial) => JSON.stringify([theta, seed]);
  const record = (trial: Trial): Promise<TrialRecord | undefined> => {
    const name = nameOf(trial);
    let shown = kept.get(name);
    if (shown === undefined) {
      const models = modelsOf({ experiment, law: population.law }, trial.theta, trial.seed);
      shown = models === undefined ? Promise.resolve(undefined) : purse.run(models);
      kept.set(name, shown);
      // what the clock ended may be asked for again, with another stage's share of it
      shown.catch(() => kept.delete(name));
    }
    return shown;
  };
  const modelsIn = (trials: readonly Trial[]) => {
    const law = population.law;
    const perTrial = law.doubles === undefined ? 1 : 2;
    return perTrial * trials.filter((trial) => !kept.has(nameOf(trial))).length;
  };
  const observed = ({ observed }: TrialRecord) => observed[key] as number;
  return {
    observed,
    shown: (trial) => kept.get(nameOf(trial)),
    violated: async (trials) => {
      const models = modelsIn(trials);
      if (models > 0) purse.require(models);
      const records = await Promise.all(trials.map(record));
      return records.map((each) => each !== undefined && violates(claim, observed(each)));
    },
  };
}

async function firstViolating(observe: Observer, theta: Theta, seeds: readonly number[]): Promise<Shown | undefined> {
  for (const seed of seeds) {
    const record = await observe.shown({ theta, seed });
    if (record === undefined) continue;
    if ((await observe.violated([{ theta, seed }]))[0]) return { seed, observed: observe.observed(record), record };
  }
  return undefined;
}
