import { drawTrial } from "../data/law.ts";
import { type Run, runModel } from "../measure/run.ts";
import type { Engine } from "../model/engine.ts";
import type { Theta } from "../notation.ts";
import type { TrainedModel } from "../train/sgd.ts";
import type { Population } from "./population.ts";

/** A trained model as records keep it. */
export interface ModelRecord {
  readonly theta: Theta;
  readonly seed: number;
  readonly steps: number;
  readonly outcome: TrainedModel["outcome"];
  readonly digest: string;
}

/** What one trial showed. */
export interface TrialRecord {
  readonly seed: number;
  /** One model, or two where the law doubles a field. */
  readonly models: readonly ModelRecord[];
  /** By claim key. NaN where there was nothing to observe, or a model diverged: a violation. */
  readonly observed: Readonly<Record<string, number>>;
}

/** Trains the models of the trial with this seed, one or two. */
export function trainTrial({ law, traces }: Population, seed: number, engine: Engine): readonly [Run, ...Run[]] {
  const [first, ...others] = drawTrial(law, seed);
  const trained = ({ theta, seed }: typeof first) => runModel(theta, seed, { engine, traces });
  return [trained(first), ...others.map(trained)];
}

/** Every claim of the population, by key. A model that diverged violates them all. */
export function observeClaims({ claims }: Population, runs: readonly [Run, ...Run[]]): Record<string, number> {
  const [run, doubled = run] = runs;
  const diverged = runs.some((each) => each.diverged);
  return Object.fromEntries(claims.map(({ key, claim }) => [key, diverged ? Number.NaN : claim.observe(run, doubled)]));
}

/** Trains the models of a trial and observes every claim of the population. */
export function runTrial(population: Population, seed: number, engine: Engine): TrialRecord {
  const runs = trainTrial(population, seed, engine);
  return { seed, models: runs.map(({ model }) => recordOf(model)), observed: observeClaims(population, runs) };
}

function recordOf({ theta, seed, steps, outcome, digest }: TrainedModel): ModelRecord {
  return { theta, seed, steps, outcome, digest };
}
