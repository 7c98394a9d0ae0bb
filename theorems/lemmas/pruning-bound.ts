import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { lemma, property, testedIf, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { datasetOf, tokensOfSample } from "../../src/transformer/data/dataset.ts";
import {
  arbitraryLabels,
  arbitraryMatrix,
  arbitraryModelAndPruned,
  arbitraryShape,
  arbitrarySubset,
  arbitraryWeights,
} from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { forward } from "../../src/transformer/model/forward.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { BOUNDED_ENGINES, meanHingeOf } from "../../src/transformer/model/rounding/both-engines.ts";
import { roundedWeights } from "../../src/transformer/model/rounding/rounding-bounds.ts";
import type { Dataset, Weights } from "../../src/transformer/notation.ts";
import { maskNeurons } from "../../src/transformer/prune/magnitude.ts";
import { pruningBound } from "../../src/transformer/prune/pruning-bound.ts";

const modelAndPruned = arbitraryModelAndPruned();

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
  properties: BOUNDED_ENGINES.flatMap(({ engine, bounds }) => [
    property({
      title: `|score − score without S| <= Σ_{i∈S} max_l|a_{l,i}|·‖w_i‖·max_l‖z_l‖, ${engine.name}`,
      arbitrary: modelAndPruned,
      check: ({ weights, data, pruned }) => {
        const full = engine.scores(weights, data);
        const masked = engine.scores(maskNeurons(weights, pruned), data);
        const { scores } = bounds(roundedWeights(weights), data);
        const moved = Array.from(full, (score, n) => Math.abs(score - masked[n]!));
        const margins = boundsOfSamples(weights, data, pruned).map((bound, n) => ({
          error: moved[n]!,
          bound: bound + 2 * scores[n]!.error,
        }));
        return testedIf(
          moved.some((by, n) => by > 2 * scores[n]!.error),
          worstOf(margins),
        );
      },
    }),
    property({
      title: `|hinge loss − hinge loss without S| <= the mean of these bounds, ${engine.name}`,
      arbitrary: modelAndPruned,
      check: ({ weights, data, pruned }) => {
        const moved = Math.abs(
          meanHingeOf(engine, maskNeurons(weights, pruned), data) - meanHingeOf(engine, weights, data),
        );
        const { loss } = bounds(roundedWeights(weights), data);
        const mean = boundsOfSamples(weights, data, pruned).reduce((total, bound) => total + bound / data.samples, 0);
        return testedIf(moved > 2 * loss.error, { error: moved, bound: mean + 2 * loss.error });
      },
    }),
    property({
      title: `score − score without S = ±Σ_{i∈S} |a_i|·‖w_i‖·‖z‖ for one token and neurons along z, ${engine.name}`,
      arbitrary: alignedNeurons,
      check: ({ weights, X, labels, sizes, pruned }) => {
        const { z } = forward(weights, X);
        const alongZ = Matrix.columnVector(sizes).mul(0.001).mmul(z);
        const aligned: Weights = { ...weights, WO: alongZ, a: Matrix.abs(weights.a) };
        const data = datasetOf([X], labels);
        const moved = engine.scores(aligned, data)[0]! - engine.scores(maskNeurons(aligned, pruned), data)[0]!;
        const [bound] = boundsOfSamples(aligned, data, pruned);
        const { scores } = bounds(roundedWeights(aligned), data);
        const rounding = 2 * scores[0]!.error + boundRoundoff(aligned) * bound!;
        return testedIf(bound! > rounding, { error: Math.abs(moved - bound!), bound: rounding });
      },
    }),
  ]),
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
