import { runnerOf } from "../experiment/laboratory.ts";
import type { Order, TrialRecord } from "../experiment/trial.ts";
import { isInvalidInput } from "../invalid-input.ts";
import { loadStatements } from "./statements.ts";

/** An order, and the module that declares what it is about: declarations hold functions, which do not cross threads. */
export interface Task {
  /** Absolute path. */
  readonly statementsFile: string;
  readonly order: Order;
}

/** What an error is where its class and its further fields are lost. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: string;
}

/** What a worker answers: what it throws travels as data, since an error that goes to another thread loses its class. */
export type Answer = { readonly record: TrialRecord } | { readonly invalidInput: string } | { readonly thrown: Thrown };

const runners = new Map<string, Promise<(order: Order) => TrialRecord>>();

function runnerIn(file: string): Promise<(order: Order) => TrialRecord> {
  let runner = runners.get(file);
  if (runner === undefined) {
    runner = loadStatements(file).then(runnerOf);
    runners.set(file, runner);
  }
  return runner;
}

/** What a worker says to a task. */
export async function answer({ statementsFile, order }: Task): Promise<Answer> {
  try {
    const run = await runnerIn(statementsFile);
    return { record: run(order) };
  } catch (error) {
    if (isInvalidInput(error)) return { invalidInput: error.message };
    const { name = "Error", message = String(error), stack, code = "" } = (error ?? {}) as Partial<Thrown>;
    return { thrown: { name: String(name), message: String(message), stack: String(stack), code: String(code) } };
  }
}
