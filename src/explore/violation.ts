import type { JudgedClaim } from "../claim/population.ts";
import { violates } from "../claim/relation.ts";
import { clopperPearson, type Limits } from "../evidence/limits.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { Theta } from "../law/parameters.ts";
import { subSeed } from "../random/stream.ts";
import type { Probe } from "./probe.ts";
import { modelsOf } from "./space.ts";

/**
 * Seeds on which a violation must persist while θ is simplified or varied: at least four of five. A bare majority would
 * let shrinking stop at a θ that hardly violates: it tries many on the same seeds, and some pass by luck.
 */
const FIXED_SEEDS = 5;
const MAJORITY = 4;

/** Fresh seeds on which a θ is judged by itself: at most, and at least, where its models are slow. */
const FRESH_SEEDS = { most: 40, least: 10 };

/** Multiply-adds that judging a θ by itself may take: some minutes. */
const FRESH_WORK = 2e12;

/** Limits are at 95 %. */
const ALPHA = 0.05;

/** The violation rate at one θ, over seeds. */
export interface Rate {
  readonly seeds: number;
  readonly violations: number;
  /** Clopper-Pearson, at 95 %: the number of seeds was fixed before. */
  readonly limits: Limits;
}

/** Says of a θ whether the violation is there. Answers are kept. */
export interface Criterion {
  readonly holdsOn: "four of five seeds" | "the seed that was found";
  readonly persists: (theta: Theta) => Promise<boolean>;
  /** A seed on which this θ violates the claim; undefined where none of the criterion's seeds does. */
  readonly violatingSeed: (theta: Theta) => Promise<{ readonly seed: number; readonly observed: number } | undefined>;
  /** Models trained so far. */
  readonly models: () => number;
}

/** Whether a θ violates a claim on at least four of five seeds, which are the same for each θ. */
export function onMostSeeds(probe: Probe, judged: JudgedClaim, seed: number): Criterion {
  const seeds = Array.from({ length: FIXED_SEEDS }, (_, i) => subSeed(seed, "fixed", i));
  const observe = observer(probe, judged);
  return {
    holdsOn: "four of five seeds",
    models: observe.models,
    persists: async (theta) => {
      // two first: where both pass, it is settled
      let violated = 0;
      for (const some of [seeds.slice(0, 2), seeds.slice(2, MAJORITY), seeds.slice(MAJORITY)]) {
        const there = await Promise.all(some.map((each) => observe.violated(theta, each)));
        violated += there.filter(Boolean).length;
        const later = seeds.length - seeds.indexOf(some.at(-1)!) - 1;
        if (violated >= MAJORITY) return true;
        if (violated + later < MAJORITY) return false;
      }
      return false;
    },
    violatingSeed: (theta) => firstViolating(observe, theta, seeds),
  };
}

/** Whether a θ violates a claim on this one seed: for a violation that is rare even at its own θ. */
export function onOneSeed(probe: Probe, judged: JudgedClaim, seed: number): Criterion {
  const observe = observer(probe, judged);
  return {
    holdsOn: "the seed that was found",
    models: observe.models,
    persists: (theta) => observe.violated(theta, seed),
    violatingSeed: (theta) => firstViolating(observe, theta, [seed]),
  };
}

interface Observer {
  readonly observed: (theta: Theta, seed: number) => Promise<number | undefined>;
  readonly violated: (theta: Theta, seed: number) => Promise<boolean>;
  readonly models: () => number;
}

/** Trains each (θ, seed) once. A θ that no model has shows nothing, and so violates nothing. */
function observer(probe: Probe, { claim, key }: JudgedClaim): Observer {
  const kept = new Map<string, Promise<number | undefined>>();
  let trained = 0;
  const observed = (theta: Theta, seed: number) => {
    const name = JSON.stringify([theta, seed]);
    let observation = kept.get(name);
    if (observation === undefined) {
      const models = modelsOf({ experiment: probe.experiment, law: probe.population.law }, theta, seed);
      trained += models?.length ?? 0;
      observation =
        models === undefined ? Promise.resolve(undefined) : probe.run(models).then((it) => it.observed[key]);
      kept.set(name, observation);
    }
    return observation;
  };
  return {
    observed,
    violated: async (theta, seed) => {
      const value = await observed(theta, seed);
      return value !== undefined && violates(claim, value);
    },
    models: () => trained,
  };
}

async function firstViolating(observe: Observer, theta: Theta, seeds: readonly number[]) {
  for (const seed of seeds) {
    if (await observe.violated(theta, seed)) return { seed, observed: (await observe.observed(theta, seed)) as number };
  }
  return undefined;
}

/** How many fresh seeds judge a θ: fixed by its size, and by the steps of a model that is not among them. */
export function freshSeedsFor(experiment: Experiment, theta: Theta, steps: number): number {
  const affordable = Math.floor(FRESH_WORK / experiment.cost(theta, steps));
  return Math.min(FRESH_SEEDS.most, Math.max(FRESH_SEEDS.least, affordable));
}

/** Judges a θ by itself: its violation rate over fresh seeds, as many as were fixed before. */
export async function rateAt(
  probe: Probe,
  judged: JudgedClaim,
  theta: Theta,
  seed: number,
  seeds: number,
): Promise<Rate> {
  const observe = observer(probe, judged);
  const violated = await Promise.all(
    Array.from({ length: seeds }, (_, i) => observe.violated(theta, subSeed(seed, "fresh", i))),
  );
  return rateOf(seeds, violated.filter(Boolean).length);
}

/** A violation rate with its limits, for a number of seeds that was fixed before. */
export function rateOf(seeds: number, violations: number): Rate {
  return { seeds, violations, limits: clopperPearson({ n: seeds, violations, alpha: ALPHA }) };
}
