import { type Population, populationsOf } from "../claim/population.ts";
import {
  type Detail,
  type ModelRecord,
  type Models,
  recordOf,
  runModels,
  runTrial,
  type TrialRecord,
} from "../experiment/trial.ts";
import { isInvalidInput } from "../invalid-input.ts";
import { runModel } from "../transformer/measure/run.ts";
import type { Engine } from "../transformer/model/engine.ts";
import { kernelEngine } from "../transformer/model/kernel/engine.ts";
import { referenceEngine } from "../transformer/model/reference.ts";
import type { Theta } from "../transformer/notation.ts";
import { loadStatements } from "./statements.ts";

/** One trial to run in a worker. Declarations hold functions, so they travel as the path of their module. */
export interface Task {
  readonly statementsFile: string;
  readonly lawId: string;
  readonly seed: number;
  readonly engine: EngineName;
  /** How far the trial's model is portrayed; not at all unless given. */
  readonly detail?: Detail;
  /** The models to train in the place of those that the law gives to the seed. */
  readonly models?: Models;
}

/** One model that no law draws: a rung of a ladder. */
export interface ModelTask {
  readonly theta: Theta;
  readonly seed: number;
  readonly engine: EngineName;
}

export type EngineName = Engine["name"];

const loaded = new Map<string, Promise<readonly Population[]>>();

function populationsIn(file: string): Promise<readonly Population[]> {
  let populations = loaded.get(file);
  if (populations === undefined) {
    populations = loadStatements(file).then(populationsOf);
    loaded.set(file, populations);
  }
  return populations;
}

/** What a worker answers: bad input travels as its message, since an error that goes to another thread loses its class. */
export type Answer = { readonly record: TrialRecord | ModelRecord } | { readonly invalidInput: string };

/** What a worker of the pool says to a task. */
export async function answer(task: Task | ModelTask): Promise<Answer> {
  try {
    return { record: await work(task) };
  } catch (error) {
    if (isInvalidInput(error)) return { invalidInput: error.message };
    throw error;
  }
}

/** What a worker of the pool does with a task. */
export default async function work(task: Task | ModelTask): Promise<TrialRecord | ModelRecord> {
  const engine = task.engine === "kernel" ? kernelEngine : referenceEngine;
  if ("theta" in task) return recordOf(runModel(task.theta, task.seed, { engine }));
  const { statementsFile, lawId, seed, detail, models } = task;
  const population = (await populationsIn(statementsFile)).find(({ law }) => law.id === lawId);
  if (population === undefined) throw new Error(`${statementsFile} declares nothing on law ${lawId}`);
  if (models !== undefined) return runModels(population, models, engine, detail);
  return runTrial(population, seed, engine, detail);
}
