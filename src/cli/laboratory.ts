import { resolve } from "node:path";
import type { Laboratory } from "../experiment/laboratory.ts";
import { type Declarations, declarationsIn } from "../laboratory/fingerprint.ts";
import { type RememberingOptions, remembering } from "../laboratory/remembering.ts";
import { threads } from "../laboratory/threads.ts";
import { THEOREMS_FILE } from "./registry.ts";

/** The declarations of `--theorems`, or this project's own. @throws InvalidInput as `loadStatements` does */
export function declarationsOf(theorems: string | undefined): Promise<Declarations> {
  return declarationsIn(theorems === undefined ? THEOREMS_FILE : resolve(theorems));
}

interface LaboratoryOptions {
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Absolute path of a folder of trials already run; none are read or written without it. */
  readonly storeFolder?: string | undefined;
  readonly keeps?: RememberingOptions["keeps"];
}

/** Where a command's trials are run. */
export function openLaboratory(
  { file, closure }: Declarations,
  { workers, signal, storeFolder, keeps }: LaboratoryOptions,
): Laboratory {
  const laboratory = threads({ statementsFile: file, workers, signal });
  return storeFolder === undefined ? laboratory : remembering(laboratory, { folder: storeFolder, closure, keeps });
}
