import fc from "fast-check";
import { Matrix, QrDecomposition } from "ml-matrix";
import { type Checked, entrywise, lemma, property, stands, testedIf, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { datasetOf, labelOfSample, tokensOfSample } from "../../src/transformer/data/dataset.ts";
import {
  arbitraryData,
  arbitraryLabels,
  arbitraryMatrix,
  arbitraryShape,
  arbitraryWeights,
} from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { arbitraryRotation } from "../../src/transformer/model/arbitrary/arbitrary-rotation.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { BOUNDED_ENGINES, type BoundedEngine, gradientsOf } from "../../src/transformer/model/rounding/both-engines.ts";
import {
  exactly,
  product,
  type RoundedMatrix,
  rowsOf,
  transposed,
} from "../../src/transformer/model/rounding/rounded-matrix.ts";
import { roundedWeights } from "../../src/transformer/model/rounding/rounding-bounds.ts";
import { type Dataset, UPDATED_MATRICES, type Weights } from "../../src/transformer/notation.ts";

/** A batch of fewer tokens than dimensions, B·L < d, and one sample more that is not in the batch. */
const fewTokens = arbitraryShape({ batch: 2, L: 3 })
  .chain((shape) => fc.integer({ min: 1, max: 3 }).map((more) => ({ ...shape, d: shape.batch * shape.L + more })))
  .chain((shape) =>
    fc.record({ weights: arbitraryWeights(shape), data: arbitraryData({ ...shape, batch: shape.batch + 1 }) }),
  );

/** Any number of tokens, all in the span of the first k rows of a rotation, k < d. */
const tokensInSubspace = arbitraryShape({ d: 5 }).chain((atLeastOne) => {
  const shape = { ...atLeastOne, d: atLeastOne.d + 1 };
  const { batch, L, d } = shape;
  return fc.integer({ min: 1, max: d - 1 }).chain((k) =>
    fc.record({
      weights: arbitraryWeights(shape),
      labels: arbitraryLabels(batch),
      rotation: arbitraryRotation(d),
      coordinates: fc.array(arbitraryMatrix(L, k), { minLength: batch, maxLength: batch }),
    }),
  );
});

export const tokenSpan = lemma({
  id: "token-span",
  title: "The gradients of W_Q, W_K, W_V see no direction that no token of the batch has",
  provenance: derived("chain rule"),
  statement:
    "The row space of ∇W_Q, ∇W_K and ∇W_V lies in the span of the batch's tokens: ∇W·u = 0 for every u orthogonal to them.",
  proof: "Each is a sum over tokens of (∂loss/∂(W x)) xᵀ, because W_Q, W_K and W_V act on the tokens only.",
  properties: BOUNDED_ENGINES.flatMap((bounded) => [
    property({
      title: `∇W·u = 0 for u orthogonal to the batch's tokens, B·L < d, whatever samples are not in the batch, ${bounded.engine.name}`,
      arbitrary: fewTokens,
      check: ({ weights, data }) => {
        const batch = indices(0, data.samples - 1);
        const { tokens, complement } = orthogonalComplement(batch.map((n) => tokensOfSample(data, n)));
        return vanishesOn(bounded, complement, { weights, data, batch }, tokens);
      },
    }),
    property({
      title: `∇W·u = 0 for u orthogonal to a subspace that holds all tokens, any B·L, ${bounded.engine.name}`,
      arbitrary: tokensInSubspace,
      check: ({ weights, labels, rotation, coordinates }) => {
        const { columns: d } = rotation.value;
        const { columns: k } = coordinates[0]!;
        const inside = rowsOf(rotation, indices(0, k));
        const outside = transposed(rowsOf(rotation, indices(k, d)));
        const tokens = coordinates.map((C) => product(exactly(C), inside));
        const data = datasetOf(
          tokens.map((X) => X.value),
          labels,
        );
        return vanishesOn(bounded, outside, { weights, data, batch: everySample(data) }, tokens);
      },
    }),
  ]),
});

interface Batch {
  readonly weights: Weights;
  readonly data: Dataset;
  readonly batch: Iterable<number>;
}

/** ∇W·u for every column u, against what rounding of the gradient, of the batch's tokens and of u can make of 0. */
function vanishesOn(
  { engine, bounds }: BoundedEngine,
  u: RoundedMatrix,
  { weights, data, batch }: Batch,
  tokens: readonly RoundedMatrix[],
): Checked {
  const found = gradientsOf(engine, weights, data, batch);
  const ofBatch = datasetOf(
    tokens.map((X) => X.value),
    Array.from(batch, (n) => labelOfSample(data, n)),
  );
  const rounding = bounds(roundedWeights(weights), ofBatch, tokens).gradients;
  const margins = UPDATED_MATRICES.map((which) => {
    const { value, error } = product({ value: found[which], error: rounding[which].error }, u);
    return entrywise(value, Matrix.mul(value, 0), error);
  });
  // there is a gradient that could have such a part
  const tested = UPDATED_MATRICES.some((which) => stands(found[which], rounding[which].error));
  return testedIf(tested, worstOf(margins));
}

/**
 * An orthonormal basis (columns) of what is orthogonal to all tokens of a batch with B·L < d, by Householder QR of the
 * tokens as columns. QR is backward stable: the basis is within the error of one that is orthonormal and orthogonal to
 * tokens that are themselves within the error of the given ones (Higham, theorem 19.4, constant 10).
 */
function orthogonalComplement(samples: readonly Matrix[]) {
  const rows = samples.flatMap((X) => X.to2DArray());
  const d = rows[0]!.length;
  const columns = Matrix.zeros(d, d);
  rows.forEach((token, t) => {
    columns.setColumn(t, token);
  });
  const basis = new QrDecomposition(columns).orthogonalMatrix.subMatrix(0, d - 1, rows.length, d - 1);
  const roundoff = 10 * d * d * Number.EPSILON;
  const complement = { value: basis, error: Matrix.ones(basis.rows, basis.columns).mul(roundoff) };
  const tokens = samples.map((value): RoundedMatrix => {
    const error = value
      .to2DArray()
      .map((token) => token.map(() => roundoff * Matrix.rowVector(token).norm("frobenius")));
    return { value, error: new Matrix(error) };
  });
  return { complement, tokens };
}

function indices(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
