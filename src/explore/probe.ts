import type { Population } from "../claim/population.ts";
import { type Experiment, experimentOf } from "../experiment/experiment.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import type { Draws } from "../law/law.ts";

/** Runs trials that nobody drew, and observes every claim of one law on them. */
export interface Probe {
  readonly population: Population;
  readonly experiment: Experiment;
  run(models: Draws): Promise<TrialRecord>;
}

export function probe(laboratory: Laboratory, population: Population): Probe {
  const experiment = experimentOf(population.claims[0]!.statement);
  const wanted = population.claims.map(({ key }) => key);
  return {
    population,
    experiment,
    // what is always wanted is always run
    run: async (models) =>
      (await laboratory.run({ experiment: experiment.id, models, wanted, detail: "none" })) as TrialRecord,
  };
}
