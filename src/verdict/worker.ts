import { kernelEngine } from "../model/kernel/engine.ts";
import { referenceEngine } from "../model/reference.ts";
import { type Population, populationsOf } from "./population.ts";
import { loadStatements } from "./statements.ts";
import { runTrial, type TrialRecord } from "./trial.ts";

/** One trial to run in a worker. Declarations hold functions, so they travel as the path of their module. */
export interface Task {
  readonly statementsFile: string;
  readonly lawId: string;
  readonly seed: number;
  readonly engine: "kernel" | "reference";
}

const loaded = new Map<string, Promise<readonly Population[]>>();

function populationsIn(file: string): Promise<readonly Population[]> {
  let populations = loaded.get(file);
  if (populations === undefined) {
    populations = loadStatements(file).then(populationsOf);
    loaded.set(file, populations);
  }
  return populations;
}

/** What a worker of the pool does with a task. */
export default async function work({ statementsFile, lawId, seed, engine }: Task): Promise<TrialRecord> {
  const population = (await populationsIn(statementsFile)).find(({ law }) => law.id === lawId);
  if (population === undefined) throw new Error(`${statementsFile} declares nothing on law ${lawId}`);
  return runTrial(population, seed, engine === "kernel" ? kernelEngine : referenceEngine);
}
