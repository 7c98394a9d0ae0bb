import { numberObserved } from "../claim/observe.ts";
import type { JudgedClaim } from "../claim/population.ts";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import type { Draw, Draws } from "../law/law.ts";
import type { Theta } from "../law/parameters.ts";
import { type Detail, type Ended, type Experiment, experimentOf } from "./experiment.ts";

/** A run as records keep it. */
export interface RunRecord extends Ended {
  readonly theta: Theta;
  readonly seed: number;
}

/** What one trial showed. */
export interface TrialRecord {
  readonly seed: number;
  /** One run, or two where the law doubles a field. */
  readonly models: readonly RunRecord[];
  /** By claim key. NaN where there was nothing to observe, or a run failed: a violation. */
  readonly observed: Readonly<Record<string, number>>;
  /** Of the first run, where the order's detail asks for it. */
  readonly portrait?: unknown;
}

/** One trial to run: data that can cross threads and machines, never a path or code. */
export interface Order {
  /** id of the experiment */
  readonly experiment: string;
  readonly models: Draws;
  /** keys of the claims to observe */
  readonly wanted: readonly string[];
  readonly detail: Detail;
}

/** The runs of a trial. */
export type Runs = readonly [unknown, ...unknown[]];

/** Makes the runs of a trial; what figures show of them is about the first. */
export function runsOf(
  experiment: Experiment,
  [first, ...others]: Draws,
  traces: readonly string[],
  detail: Detail = "none",
): Runs {
  const run = ({ theta, seed }: Draw, wanted: Detail) => experiment.run(theta, seed, { traces, detail: wanted });
  return [run(first, detail), ...others.map((other) => run(other, "none"))];
}

/** Every claim, by key. @throws InvalidInput as `observedOf` does */
export function observeClaims(
  claims: readonly JudgedClaim[],
  models: Draws,
  runs: Runs,
): Readonly<Record<string, number>> {
  return Object.fromEntries(claims.map((judged) => [judged.key, observedOf(judged, models, runs)]));
}

/**
 * What a claim observes on the runs of a trial: the one way to a claim's number. A run that failed violates every
 * claim, and is not looked at.
 *
 * @throws InvalidInput with statement, claim, law, seed and θ where that is no number: the trial says nothing then
 */
export function observedOf({ statement, law, claim }: JudgedClaim, [{ theta, seed }]: Draws, runs: Runs): number {
  const experiment = experimentOf(statement);
  if (runs.some((run) => experiment.failed(run))) return Number.NaN;
  const [run, doubled = run] = runs;
  try {
    return numberObserved(claim, run, doubled);
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    // a theorem's claim on a control's law: nobody declared that it can be observed there
    if (statement.kind === "theorem" && !statement.laws.some(({ id }) => id === law.id)) return Number.NaN;
    const { kind, id } = statement;
    throw new InvalidInput(
      `${kind} ${id}: claim ${JSON.stringify(claim.title)} on law ${law.id}: ${error.message}; seed ${seed}, theta ${JSON.stringify(theta)}`,
    );
  }
}

/** Runs an order, and observes these claims of it. */
export function runOrder(experiment: Experiment, order: Order, claims: readonly JudgedClaim[]): TrialRecord {
  const traces = [...new Set(claims.flatMap(({ statement }) => statement.traces))];
  return recordOf(experiment, order, claims, runsOf(experiment, order.models, traces, order.detail));
}

/** What is kept of an order's runs, whoever made them. @throws InvalidInput as `observedOf` does */
export function recordOf(
  experiment: Experiment,
  { models, detail }: Order,
  claims: readonly JudgedClaim[],
  runs: Runs,
): TrialRecord {
  return {
    seed: models[0].seed,
    models: models.map((draw, i) => ({ ...draw, ...experiment.ended(runs[i]) })),
    observed: observeClaims(claims, models, runs),
    ...(detail === "none" ? {} : { portrait: experiment.portray(runs[0]) }),
  };
}
