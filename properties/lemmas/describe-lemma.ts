import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Lemma, NON_TRIVIAL_FLOOR } from "../../src/claim/lemma.ts";
import { holdsFor, LEMMA_RUNS, LEMMA_SEED, runOf } from "../../src/verdict/lemma.ts";

/** Milliseconds; a lemma that holds takes a few seconds at most, and a broken one is worth shrinking. */
const SHRINKING_TIMEOUT = 120_000;

/** One test for each property of the lemma, titled with the law, over the same instances as `theorycheck verify`. */
export function describeLemma(lemma: Lemma): void {
  describe(`${lemma.id}: ${lemma.title}`, () => {
    for (const property of lemma.properties) {
      test(property.title, { timeout: SHRINKING_TIMEOUT }, () => {
        const run = runOf(property, { seed: LEMMA_SEED, numRuns: LEMMA_RUNS });
        let nonTrivial = 0;
        fc.assert(
          holdsFor(property, ({ trivial }) => {
            if (trivial !== true) nonTrivial++;
          }),
          run,
        );
        expect(nonTrivial).toBeGreaterThanOrEqual(NON_TRIVIAL_FLOOR * run.numRuns);
      });
    }
  });
}
