import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { lemma, property, testedIf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { datasetOf } from "../../src/transformer/data/dataset.ts";
import {
  arbitraryLabels,
  arbitraryShape,
  arbitraryWeights,
} from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { arbitraryModelAndFewPatterns } from "../../src/transformer/model/arbitrary/arbitrary-patterns.ts";
import { arbitraryRotation } from "../../src/transformer/model/arbitrary/arbitrary-rotation.ts";
import { BOUNDED_ENGINES, type BoundedEngine, gradientsOf } from "../../src/transformer/model/rounding/both-engines.ts";
import {
  errorNorm,
  negated,
  product,
  type RoundedMatrix,
  rowsOf,
  scaled,
  sum,
  transposed,
} from "../../src/transformer/model/rounding/rounded-matrix.ts";
import {
  roundedLossAndGradients,
  roundedTokens,
  roundedWeights,
} from "../../src/transformer/model/rounding/rounding-bounds.ts";
import type { Dataset, Weights } from "../../src/transformer/notation.ts";

const noiseLevel = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);

/** One token, μ_1 + τ·(a unit vector orthogonal to the pattern μ_1), which is all the batch. */
const oneNoisyToken = arbitraryShape({ L: 1, batch: 1 }).chain((shape) => {
  const d = shape.d + 1;
  return fc.record({
    weights: arbitraryWeights({ ...shape, d }),
    labels: arbitraryLabels(1),
    rotation: arbitraryRotation(d),
    tau: noiseLevel,
  });
});

export const noiseLeak = lemma({
  id: "noise-leak",
  title: "Token noise leaks into ∇W_V in proportion to τ, and no further",
  provenance: derived("triangle inequality"),
  statement:
    "The part of ∇W_V outside the pattern span has Frobenius norm at most τ·Σ‖∂loss/∂(W_V x)‖, the sum over all tokens " +
    "of the batch.",
  proof:
    "∇W_V = Σ (∂loss/∂(W_V x)) xᵀ and x = μ + noise. Outside the pattern span the patterns are gone, and each term left " +
    "has norm ‖∂loss/∂(W_V x)‖ times that of the noise outside, at most τ.",
  properties: BOUNDED_ENGINES.flatMap((bounded) => [
    property({
      title: `‖∇W_V outside the pattern span‖ <= τ·Σ‖∂loss/∂(W_V x)‖, ${bounded.engine.name}`,
      arbitrary: arbitraryModelAndFewPatterns({ tau: noiseLevel }),
      check: ({ weights, data, patterns, tau, rounding }) => {
        const { outside, valueNorms } = leak(bounded, weights, data, patterns);
        const noise = valueNorms.map((norm, t) => norm * (tau + rounding.getRowVector(t).norm("frobenius")));
        const bound = noise.reduce((total, term) => total + term, 0);
        const norm = outside.value.norm("frobenius");
        return testedIf(norm > errorNorm(outside), {
          error: norm,
          bound: bound * (1 + (data.d + noise.length) * Number.EPSILON) + errorNorm(outside),
        });
      },
    }),
    property({
      title: `‖∇W_V outside the pattern span‖ = τ·‖∂loss/∂(W_V x)‖ for one token with noise orthogonal to the pattern, ${bounded.engine.name}`,
      arbitrary: oneNoisyToken,
      check: ({ weights, labels, rotation, tau }) => {
        const pattern = rowsOf(rotation, [0]);
        const token = sum(pattern, scaled(rowsOf(rotation, [1]), tau));
        const data = datasetOf([token.value], labels);
        const { outside, valueNorms, valueErrors } = leak(bounded, weights, data, pattern, [token]);
        const attained = tau * valueNorms[0]!;
        const bound = errorNorm(outside) + tau * valueErrors[0]! + 2 * data.d * Number.EPSILON * attained;
        const error = Math.abs(outside.value.norm("frobenius") - attained);
        return testedIf(attained > bound, { error, bound });
      },
    }),
  ]),
});

/** ∇W_V − (∇W_V Pᵀ)P for patterns P (M x d, orthonormal rows), and ‖∂loss/∂(W_V x)‖ for every token of the batch. */
function leak(
  { engine, bounds }: BoundedEngine,
  weights: Weights,
  data: Dataset,
  patterns: RoundedMatrix,
  tokens: readonly RoundedMatrix[] = roundedTokens(data),
) {
  const { error } = bounds(roundedWeights(weights), data, tokens).gradients.WV;
  const found: RoundedMatrix = { value: gradientsOf(engine, weights, data).WV, error };
  const within = product(product(found, transposed(patterns)), patterns);
  const outside = sum(found, negated(within));
  const rowNorms = (A: Matrix) => A.to2DArray().map((row) => new Matrix([row]).norm("frobenius"));
  const { dv: ofValues } = roundedLossAndGradients(roundedWeights(weights), data, tokens);
  const valueErrors = ofValues.flatMap((dv) => rowNorms(dv.error));
  const valueNorms = ofValues.flatMap((dv) => rowNorms(dv.value)).map((norm, t) => norm + valueErrors[t]!);
  return { outside, valueNorms, valueErrors: valueErrors.map((error) => 2 * error) };
}
