import type { Laboratory } from "../experiment/laboratory.ts";
import type { Declarations } from "./fingerprint.ts";
import { processes } from "./process.ts";
import { threads } from "./threads.ts";

/** The laboratory of this machine: threads for a module's declarations, processes of its command for a suite's. */
export function thisMachine(
  { file, statements, command }: Declarations,
  { workers, signal }: { readonly workers?: number | undefined; readonly signal?: AbortSignal | undefined },
): Laboratory {
  return command === undefined
    ? threads({ statementsFile: file, workers, signal })
    : processes({ statements, ...command, workers, signal });
}
