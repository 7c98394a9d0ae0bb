import fc from "fast-check";
import { holdsFor, LEMMA_RUNS, LEMMA_SEED, runOf } from "../../../src/verdict/lemma.ts";
import { lemmas } from "../../../theorems/lemmas/index.ts";

/**
 * Run in a copy of the project: examines every lemma on the instances of `theorycheck verify`, each until the first
 * that breaks it, and prints those that are broken as JSON.
 */
export interface BrokenLemma {
  readonly id: string;
  /** Instances of the broken property, the one that broke it included. */
  readonly examples: number;
}

const broken: BrokenLemma[] = [];
for (const { id, properties } of lemmas) {
  for (const property of properties) {
    const run = runOf(property, { seed: LEMMA_SEED, numRuns: LEMMA_RUNS });
    const details = fc.check(holdsFor(property), { ...run, endOnFailure: true });
    if (!details.failed && !details.interrupted) continue;
    broken.push({ id, examples: details.numRuns });
    break;
  }
}
process.stdout.write(JSON.stringify(broken));
