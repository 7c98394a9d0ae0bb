import { resolve } from "node:path";
import { here, type Laboratory } from "../experiment/laboratory.ts";
import type { Order, TrialRecord } from "../experiment/trial.ts";
import { type Declarations, declarationsIn } from "../laboratory/fingerprint.ts";
import { type RememberingOptions, remembering } from "../laboratory/remembering.ts";
import { suiteDeclarations } from "../laboratory/suite-file.ts";
import { thisMachine } from "../laboratory/this-machine.ts";
import { UsageError } from "./errors.ts";
import { type OpenedFarm, openFarm } from "./farm.ts";
import { place } from "./places.ts";
import { tell } from "./print.ts";
import { THEOREMS_FILE } from "./registry.ts";

/** Where declarations are: `--theorems`, `--suite`, or else this project's own. */
export interface DeclaredIn {
  readonly theorems?: string | undefined;
  readonly suite?: string | undefined;
}

/** What `--suite` means, for each command's help. */
export const SUITE_OPTION = [
  "--suite <file>",
  "a suite of YAML or JSON, in the place of a module: docs/suite.md",
  place,
] as const;

/** The options that say where declarations are, as a command that is printed has them. */
export function fromOptions({ theorems, suite }: DeclaredIn): string {
  return `${theorems === undefined ? "" : ` --theorems ${theorems}`}${suite === undefined ? "" : ` --suite ${suite}`}`;
}

/** @throws InvalidInput as `loadStatements` and `suiteDeclarations` do */
export async function declarationsOf({ theorems, suite }: DeclaredIn): Promise<Declarations> {
  if (suite === undefined) return declarationsIn(theorems === undefined ? THEOREMS_FILE : resolve(theorems));
  if (theorems !== undefined) throw new UsageError(`--suite and --theorems name declarations each, got both`);
  const declarations = await suiteDeclarations(resolve(suite));
  if (declarations.command?.met.repeats === false) {
    tell(
      `${suite}: the same run measured different numbers: the experiment does not repeat itself. No run is run again, none is stored, and a replay may show something else.`,
    );
  }
  return declarations;
}

interface LaboratoryOptions {
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Absolute path of a folder of trials already run; none are read or written without it. */
  readonly storeFolder?: string | undefined;
  readonly keeps?: RememberingOptions["keeps"];
  /** Others that run the trials; this machine's cores do, unless a queue is given. */
  readonly farm?: OpenedFarm | undefined;
}

/** Where a command's trials are run. */
export async function openLaboratory(
  declarations: Declarations,
  { workers, signal, storeFolder, keeps, farm }: LaboratoryOptions,
): Promise<Laboratory> {
  const others = farm && (await openFarm(declarations, farm, { workers, signal }));
  const laboratory = others ?? thisMachine(declarations, { workers, signal });
  const { closure } = declarations;
  return storeFolder === undefined ? laboratory : remembering(laboratory, { folder: storeFolder, closure, keeps });
}

/** Runs one order: by the suite's command, or in this process. */
export async function runOne(declarations: Declarations, order: Order, signal?: AbortSignal): Promise<TrialRecord> {
  const { command, statements } = declarations;
  const laboratory =
    command === undefined ? here(statements) : await openLaboratory(declarations, { workers: 1, signal });
  try {
    // what is always wanted is always run
    return (await laboratory.run(order)) as TrialRecord;
  } finally {
    await laboratory.close();
  }
}
