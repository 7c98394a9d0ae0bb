import type { JudgedClaim, Population } from "../claim/population.ts";
import { type Experiment, experimentOf } from "../experiment/experiment.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import type { Draws } from "../law/law.ts";

/** Runs trials that nobody drew, and observes claims of one law on them. */
export interface Probe {
  readonly population: Population;
  readonly experiment: Experiment;
  run(models: Draws): Promise<TrialRecord>;
  /** Undefined where it is no longer `wanted` when there is a place for it. */
  run(models: Draws, wanted: (() => boolean) | undefined): Promise<TrialRecord | undefined>;
}

/** @param claims what is observed: all of the law's unless given. What nobody asks for takes no time. */
export function probe(
  laboratory: Laboratory,
  population: Population,
  claims: readonly JudgedClaim[] = population.claims,
): Probe {
  const experiment = experimentOf(population.claims[0]!.statement);
  const asked = claims.map(({ key }) => key);
  return {
    population,
    experiment,
    // what is always wanted is always run
    run: async (models: Draws, wanted?: () => boolean) =>
      (await laboratory.run(
        { experiment: experiment.id, models, wanted: asked, detail: "none" },
        wanted,
      )) as TrialRecord,
  };
}
