import fc from "fast-check";
import { lemma, type Margin, property, stands, testedIf, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { singularValueRoundoff, singularValues } from "../../src/transformer/measure/singular-values.ts";
import { arbitraryModelAndFewPatterns } from "../../src/transformer/model/arbitrary/arbitrary-patterns.ts";
import { BOUNDED_ENGINES, gradientsOf } from "../../src/transformer/model/rounding/both-engines.ts";
import { errorNorm } from "../../src/transformer/model/rounding/rounded-matrix.ts";
import { roundedWeights } from "../../src/transformer/model/rounding/rounding-bounds.ts";
import { UPDATED_MATRICES } from "../../src/transformer/notation.ts";

export const exactRank = lemma({
  id: "exact-rank",
  title: "Without noise the gradients' rank is at most the number of patterns in the batch",
  provenance: derived("lemma token-span"),
  statement:
    "With τ = 0 the rank of ∇W_Q, ∇W_K and ∇W_V is at most the number of patterns that are present in the batch.",
  proof: "By token-span their row spaces lie in the span of the tokens, which are then the patterns themselves.",
  properties: BOUNDED_ENGINES.map(({ engine, bounds }) =>
    property({
      title: `rank ∇W_Q, ∇W_K, ∇W_V <= number of patterns present, τ = 0, ${engine.name}`,
      arbitrary: arbitraryModelAndFewPatterns({ tau: fc.constant(0) }),
      check: ({ weights, data, carried }) => {
        const present = new Set(carried).size;
        const found = gradientsOf(engine, weights, data);
        const { gradients } = bounds(roundedWeights(weights), data);
        const margins = UPDATED_MATRICES.map((which): Margin => {
          // the first singular value that must vanish; there is none where the matrix is too small for more
          const vanishing = singularValues(found[which])[present] ?? 0;
          // a singular value moves by no more than the matrix does (Weyl)
          return { error: vanishing, bound: errorNorm(gradients[which]) + singularValueRoundoff(found[which]) };
        });
        // a larger rank would have been possible, of a gradient that is there
        const tested = UPDATED_MATRICES.some((which) => {
          const { rows, columns } = found[which];
          return present < Math.min(rows, columns) && stands(found[which], gradients[which].error);
        });
        return testedIf(tested, worstOf(margins));
      },
    }),
  ),
});
