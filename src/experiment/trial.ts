import { numberObserved } from "../claim/observe.ts";
import type { JudgedClaim, Population } from "../claim/population.ts";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import { drawTrial, type Law, type Trial } from "../law/law.ts";
import { baseLaw } from "../law/laws.ts";
import { Checkpoints, type Portrait, portraitOf } from "../transformer/measure/portrait.ts";
import { type Run, runModel } from "../transformer/measure/run.ts";
import { type Measurements, measurementsOf } from "../transformer/measure/summary.ts";
import type { Engine } from "../transformer/model/engine.ts";
import type { Theta } from "../transformer/notation.ts";
import type { TrainedModel } from "../transformer/train/sgd.ts";

/** A trained model as records keep it. */
export interface ModelRecord {
  readonly theta: Theta;
  readonly seed: number;
  readonly steps: number;
  readonly outcome: TrainedModel["outcome"];
  readonly digest: string;
  readonly measurements: Measurements;
}

/** What one trial showed. */
export interface TrialRecord {
  readonly seed: number;
  /** One model, or two where the law doubles a field. */
  readonly models: readonly ModelRecord[];
  /** By claim key. NaN where there was nothing to observe, or a model diverged: a violation. */
  readonly observed: Readonly<Record<string, number>>;
  /** Of the first model, where the trial's detail asks for it. */
  readonly portrait?: Portrait;
}

/** How much figures show of a trial's model: nothing, the trained model, or also how it came to be. */
export type Detail = "none" | "trained" | "while training";

/** So many of the base law's first models are portrayed. */
export const PORTRAITS = 40;

/** So many of them while they train: as many as one figure can show apart. */
export const TRAINING_PORTRAITS = 6;

/** What figures show of the index-th trial of a law. */
export function detailOf(law: Law, index: number): Detail {
  if (law.id !== baseLaw.id || index >= PORTRAITS) return "none";
  return index < TRAINING_PORTRAITS ? "while training" : "trained";
}

/** The models of a trial: one, or two where the law doubles a field. */
export type Models = readonly [Trial, ...Trial[]];

/** Trains the models of the trial with this seed, one or two. */
export function trainTrial({ law, traces }: Population, seed: number, engine: Engine): readonly [Run, ...Run[]] {
  return trainModels({ traces }, drawTrial(law, seed), engine);
}

/** Trains the models of a trial that the caller chose. */
export function trainModels(
  { traces }: Pick<Population, "traces">,
  [first, ...others]: Models,
  engine: Engine,
  checkpoints?: Checkpoints,
): readonly [Run, ...Run[]] {
  const trained = ({ theta, seed }: Trial, watched?: Checkpoints) =>
    runModel(theta, seed, { engine, traces, ...(watched === undefined ? {} : { onStep: watched.onStep }) });
  return [trained(first, checkpoints), ...others.map((other) => trained(other))];
}

/** Every claim of the population, by key. @throws InvalidInput as `observedOf` does */
export function observeClaims({ claims }: Population, runs: readonly [Run, ...Run[]]): Record<string, number> {
  return Object.fromEntries(claims.map((judged) => [judged.key, observedOf(judged, runs)]));
}

/**
 * What a claim observes on the models of a trial: the one way to a claim's number. A model that diverged violates every
 * claim, and is not looked at.
 *
 * @throws InvalidInput with statement, claim, law, seed and θ where that is no number: the trial says nothing then
 */
export function observedOf({ statement, law, claim }: JudgedClaim, runs: readonly [Run, ...Run[]]): number {
  if (runs.some((run) => run.diverged)) return Number.NaN;
  const [run, doubled = run] = runs;
  try {
    return numberObserved(claim, run, doubled);
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    const { kind, id } = statement;
    const { theta, seed } = run.model;
    throw new InvalidInput(
      `${kind} ${id}: claim ${JSON.stringify(claim.title)} on law ${law.id}: ${error.message}; seed ${seed}, theta ${JSON.stringify(theta)}`,
    );
  }
}

/** Trains the models of a trial, observes every claim of the population, and portrays as far as `detail` says. */
export function runTrial(population: Population, seed: number, engine: Engine, detail: Detail = "none"): TrialRecord {
  return runModels(population, drawTrial(population.law, seed), engine, detail);
}

/** The same for models that the caller chose, inside the population's law or outside. */
export function runModels(
  population: Population,
  models: Models,
  engine: Engine,
  detail: Detail = "none",
): TrialRecord {
  const [{ theta, seed }] = models;
  const checkpoints = detail === "while training" ? new Checkpoints(theta.r) : undefined;
  const runs = trainModels(population, models, engine, checkpoints);
  return {
    seed,
    models: runs.map(recordOf),
    observed: observeClaims(population, runs),
    ...(detail === "none" ? {} : { portrait: portraitOf(runs[0], checkpoints) }),
  };
}

/** The record of a trained model. */
export function recordOf(run: Run): ModelRecord {
  const { theta, seed, steps, outcome, digest } = run.model;
  return { theta, seed, steps, outcome, digest, measurements: measurementsOf(run) };
}
