import fc from "fast-check";
import { describe, test } from "vitest";
import type { Lemma } from "../../src/claim/lemma.ts";
import { holdsFor, LEMMA_RUNS, LEMMA_SEED } from "../../src/verdict/lemma.ts";

/** One test for each property of the lemma, titled with the law, over the same instances as `theorycheck verify`. */
export function describeLemma(lemma: Lemma): void {
  describe(`${lemma.id}: ${lemma.title}`, () => {
    for (const property of lemma.properties) {
      test(property.title, () => {
        fc.assert(holdsFor(property), { seed: LEMMA_SEED, numRuns: LEMMA_RUNS });
      });
    }
  });
}
