import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { lemma, property, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { datasetOf, tokensOfSample } from "../../src/transformer/data/dataset.ts";
import {
  arbitraryLabels,
  arbitraryMatrix,
  arbitraryModelAndData,
  arbitraryShape,
  arbitrarySubset,
  arbitraryWeights,
} from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { forward } from "../../src/transformer/model/forward.ts";
import { everySample, hingeLoss } from "../../src/transformer/model/loss.ts";
import { referenceEngine } from "../../src/transformer/model/reference.ts";
import { roundedLossAndGradients, roundedWeights } from "../../src/transformer/model/rounding/rounding-bounds.ts";
import type { Dataset, Weights } from "../../src/transformer/notation.ts";
import { maskNeurons } from "../../src/transformer/prune/magnitude.ts";
import { pruningBound } from "../../src/transformer/prune/pruning-bound.ts";

const modelAndPruned = arbitraryModelAndData().chain((model) =>
  arbitrarySubset(model.weights.WO.rows).map((pruned) => ({ ...model, pruned })),
);

/** One token, a readout of one sign, and neurons w_i = c_i·z with c_i >= 0: there nothing is lost in the bound. */
const alignedNeurons = arbitraryShape({ L: 1, batch: 1, readout: "shared" }).chain((shape) =>
  fc.record({
    weights: arbitraryWeights(shape),
    X: arbitraryMatrix(1, shape.d),
    labels: arbitraryLabels(1),
    sizes: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: shape.m, maxLength: shape.m }),
    pruned: arbitrarySubset(shape.m),
  }),
);

export const pruningBoundLemma = lemma({
  id: "pruning-bound",
  title: "What pruning can do to a score is bounded by the norms of the pruned neurons",
  provenance: derived("Cauchy–Schwarz"),
  statement:
    "Zeroing the neurons of a set S moves any score by at most Σ_{i∈S} max_l|a_{l,i}|·‖w_i‖·max_l‖z_l‖ (|a_i| with a " +
    "shared readout), and the hinge loss by no more.",
  proof:
    "The score loses (1/L) Σ_l Σ_{i∈S} a_{l,i} ReLU(w_i·z_l), and 0 <= ReLU(w_i·z_l) <= ‖w_i‖‖z_l‖. The hinge has slope " +
    "at most 1.",
  properties: [
    property({
      title: "|score − score without S| <= Σ_{i∈S} max_l|a_{l,i}|·‖w_i‖·max_l‖z_l‖",
      arbitrary: modelAndPruned,
      check: ({ weights, data, pruned }) => {
        const full = referenceEngine.scores(weights, data);
        const masked = referenceEngine.scores(maskNeurons(weights, pruned), data);
        const { scores } = roundedLossAndGradients(roundedWeights(weights), data);
        return worstOf(
          boundsOfSamples(weights, data, pruned).map((bound, n) => ({
            error: Math.abs(full[n]! - masked[n]!),
            bound: bound + 2 * scores[n]!.error,
          })),
        );
      },
    }),
    property({
      title: "|hinge loss − hinge loss without S| <= the mean of these bounds",
      arbitrary: modelAndPruned,
      check: ({ weights, data, pruned }) => {
        const moved = hingeLoss(maskNeurons(weights, pruned), data) - hingeLoss(weights, data);
        const bounds = boundsOfSamples(weights, data, pruned);
        const { loss } = roundedLossAndGradients(roundedWeights(weights), data);
        return {
          error: Math.abs(moved),
          bound: bounds.reduce((total, bound) => total + bound / data.samples, 0) + 2 * loss.error,
        };
      },
    }),
    property({
      title: "score − score without S = ±Σ_{i∈S} |a_i|·‖w_i‖·‖z‖ for one token and neurons along z",
      arbitrary: alignedNeurons,
      check: ({ weights, X, labels, sizes, pruned }) => {
        const { z } = forward(weights, X);
        const alongZ = Matrix.columnVector(sizes).mul(0.001).mmul(z);
        const aligned: Weights = { ...weights, WO: alongZ, a: Matrix.abs(weights.a) };
        const data = datasetOf([X], labels);
        const moved =
          referenceEngine.scores(aligned, data)[0]! - referenceEngine.scores(maskNeurons(aligned, pruned), data)[0]!;
        const [bound] = boundsOfSamples(aligned, data, pruned);
        const { scores } = roundedLossAndGradients(roundedWeights(aligned), data);
        return { error: Math.abs(moved - bound!), bound: 2 * scores[0]!.error + boundRoundoff(aligned) * bound! };
      },
    }),
  ],
});

/** The bound of the score of every sample, with the rounding of the bound itself. */
function boundsOfSamples(weights: Weights, data: Dataset, pruned: readonly number[]): number[] {
  return Array.from(everySample(data), (n) => {
    const { z } = forward(weights, tokensOfSample(data, n));
    const largestZ = Math.max(...z.to2DArray().map((row) => new Matrix([row]).norm("frobenius")));
    return pruningBound(weights, pruned, largestZ) * (1 + boundRoundoff(weights));
  });
}

/** Relative: the squares under two roots, the products, and the sum over neurons; each along w_i of c·z rounds once. */
function boundRoundoff({ WO }: Weights): number {
  return (2 * WO.columns + WO.rows + 4) * Number.EPSILON;
}
