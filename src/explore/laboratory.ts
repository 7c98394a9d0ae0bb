import type { Population } from "../claim/population.ts";
import { type Models, runModels, type TrialRecord } from "../experiment/trial.ts";
import type { TrialPool } from "../laboratory/pool.ts";
import type { Engine } from "../transformer/model/engine.ts";

/** Where models that nobody drew are trained, and every claim of one law is observed on them. */
export interface Laboratory {
  readonly population: Population;
  train(models: Models): Promise<TrialRecord>;
}

/** In this process, one after the other. */
export function laboratoryHere(population: Population, engine: Engine): Laboratory {
  return { population, train: async (models) => runModels(population, models, engine) };
}

/** On the workers of a pool, which load the declarations from their file. */
export function laboratoryOn(pool: TrialPool, statementsFile: string, population: Population): Laboratory {
  return {
    population,
    train: async (models) => {
      const task = {
        statementsFile,
        lawId: population.law.id,
        seed: models[0].seed,
        engine: "kernel" as const,
        models,
      };
      return (await pool.run(task, () => true)) as TrialRecord;
    },
  };
}
