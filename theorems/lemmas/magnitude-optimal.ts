import fc from "fast-check";
import { lemma, property, testedIf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { arbitraryShape, arbitraryWeights } from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import type { Weights } from "../../src/transformer/notation.ts";
import { largestNeurons, smallestNeurons } from "../../src/transformer/prune/magnitude.ts";
import { pruningBound } from "../../src/transformer/prune/pruning-bound.ts";

/** Few neurons, and any number of them; mostly more than one, and neither none nor all of them. */
const modelAndCount = arbitraryShape({ m: 8, L: 2, d: 2, mb: 2 }).chain((shape) => {
  const some = fc.integer({ min: 1, max: Math.max(1, shape.m - 1) });
  const any = fc.integer({ min: 0, max: shape.m });
  const k = fc.oneof({ arbitrary: some, weight: 3 }, { arbitrary: any, weight: 1 });
  return fc.record({ weights: arbitraryWeights(shape), k });
});

export const magnitudeOptimal = lemma({
  id: "magnitude-optimal",
  title: "Pruning the smallest norms has the smallest bound",
  provenance: derived("lemma pruning-bound"),
  statement:
    "Where all |a_i| are equal, the k neurons of smallest norm make the bound of lemma pruning-bound smallest among all " +
    "sets of k neurons, and the k of largest norm make it largest.",
  proof: "The bound is then the sum of the norms in the set, times what does not depend on the set.",
  properties: [
    property({
      title: "bound(k smallest norms) = min over all sets of k neurons",
      arbitrary: modelAndCount,
      check: ({ weights, k }) => {
        const { least, most } = boundsOfSets(weights, k);
        const error = Math.abs(pruningBound(weights, smallestNeurons(weights, k), 1) - least);
        return testedIf(most > least, { error, bound: k * Number.EPSILON * least });
      },
    }),
    property({
      title: "bound(k largest norms) = max over all sets of k neurons",
      arbitrary: modelAndCount,
      check: ({ weights, k }) => {
        const { least, most } = boundsOfSets(weights, k);
        const error = Math.abs(pruningBound(weights, largestNeurons(weights, k), 1) - most);
        return testedIf(most > least, { error, bound: k * Number.EPSILON * most });
      },
    }),
  ],
});

/** The least and the largest bound among all sets of k neurons: where they are one, any set will do. */
function boundsOfSets(weights: Weights, k: number) {
  const bounds = setsOf(k, weights.WO.rows).map((set) => pruningBound(weights, set, 1));
  return { least: Math.min(...bounds), most: Math.max(...bounds) };
}

/** All sets of k out of 0..m-1. */
function setsOf(k: number, m: number): number[][] {
  if (k === 0) return [[]];
  if (k > m) return [];
  const withLast = setsOf(k - 1, m - 1).map((set) => [...set, m - 1]);
  return [...setsOf(k, m - 1), ...withLast];
}
