import fc from "fast-check";
import type { Relation } from "../../src/claim/relation.ts";

const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true });

/** A relation of any kind. */
export const arbitraryRelation: fc.Arbitrary<Relation> = fc.oneof(
  fc.record({ kind: fc.constantFrom("at most", "at least", "above"), bound }),
  fc
    .tuple(bound, fc.double({ min: 0, max: 1e6, noNaN: true }))
    .map(([low, width]) => ({ kind: "within" as const, low, high: low + width })),
);

/** A relation with an observation anywhere, or on one of its ends. */
export const arbitraryCase = arbitraryRelation.chain((relation) => {
  const ends = relation.kind === "within" ? [relation.low, relation.high] : [relation.bound];
  return fc.record({ relation: fc.constant(relation), observed: fc.oneof(bound, fc.constantFrom(...ends)) });
});
