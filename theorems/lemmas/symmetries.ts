import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { entrywise, exact, lemma, type Margin, property, stands, testedIf, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { datasetOf, tokensOfSample } from "../../src/transformer/data/dataset.ts";
import {
  arbitraryEntries,
  arbitraryMatrix,
  arbitraryModelAndData,
  arbitraryOrder,
} from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { arbitraryRotation } from "../../src/transformer/model/arbitrary/arbitrary-rotation.ts";
import { softmaxOfRows } from "../../src/transformer/model/forward.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { BOUNDED_ENGINES, type BoundedEngine, gradientsOf } from "../../src/transformer/model/rounding/both-engines.ts";
import {
  exactly,
  product,
  type RoundedMatrix,
  rowsOf,
  scaled,
  sum,
  transposed,
} from "../../src/transformer/model/rounding/rounded-matrix.ts";
import {
  type RoundedWeights,
  roundedSoftmax,
  roundedTokens,
  roundedWeights,
} from "../../src/transformer/model/rounding/rounding-bounds.ts";
import { type PerMatrix, TRAINED_MATRICES } from "../../src/transformer/notation.ts";

const anyModel = arbitraryModelAndData();

/** Any model, and an order of the tokens for each of its samples. */
const sharedReadoutAndOrders = arbitraryModelAndData({ readout: "shared" }).chain((model) =>
  fc
    .array(arbitraryOrder(model.data.L), { minLength: model.data.samples, maxLength: model.data.samples })
    .map((orders) => ({ ...model, orders })),
);

const perPositionReadoutAndOrder = arbitraryModelAndData({ readout: "per-position" }).chain((model) =>
  arbitraryOrder(model.data.L).map((order) => ({ ...model, order })),
);

const modelAndRotation = anyModel.chain((model) =>
  arbitraryRotation(model.data.d).map((rotation) => ({ ...model, rotation })),
);

const modelAndNeuronOrder = anyModel.chain((model) =>
  arbitraryOrder(model.weights.WO.rows).map((order) => ({ ...model, order })),
);

/** Any model, and a direction of W_K's output. */
const modelAndKeyShift = anyModel.chain((model) =>
  arbitraryEntries(model.weights.WK.rows).map((shift) => ({ ...model, shift })),
);

const factor = fc.integer({ min: 1, max: 5000 }).map((thousandths) => thousandths / 1000);

const logitsAndShift = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rows, columns]) =>
    fc.record({
      logits: arbitraryMatrix(rows, columns, [1, 30.3, 999.9]),
      shift: arbitraryMatrix(rows, 1, [0.7, 999.9]),
    }),
  );

export const symmetries = lemma({
  id: "symmetries",
  title: "Scores and gradients have the model's symmetries",
  provenance: derived("the definition of the model"),
  statement:
    "Scores and gradients follow the order of tokens (shared readout), a rotation of token space, an exchange of neurons, " +
    "a flip of the labels with a → −a, and an equal shift of attention logits; the score follows W_O → c·W_O for c > 0.",
  proof: "Each transformation leaves every term of the definition as it was, or multiplies it by the same factor.",
  properties: [
    ...BOUNDED_ENGINES.flatMap((bounded) => {
      const { engine } = bounded;
      const observe = observedBy(bounded);
      return [
        property({
          title: `score(permute(tokens)) = score(tokens), shared readout, and so for the gradients, ${engine.name}`,
          arbitrary: sharedReadoutAndOrders,
          check: ({ weights, data, orders }) => {
            const permuted = roundedTokens(data).map((X, n) => rowsOf(X, orders[n]!));
            const before = observe(roundedWeights(weights), roundedTokens(data), data.labels);
            const after = observe(roundedWeights(weights), permuted, data.labels);
            return testedIf(orders.some(moves) && shows(before), allAgree(after, before));
          },
        }),
        property({
          title: `score(permute(tokens), permute(a)) = score(tokens, a), per-position readout, and so for the gradients, ${engine.name}`,
          arbitrary: perPositionReadoutAndOrder,
          check: ({ weights, data, order }) => {
            const permuted = roundedTokens(data).map((X) => rowsOf(X, order));
            // the readout of one position alone is shared: 1 x m
            const a = rowsOf(exactly(weights.a), order).value;
            const before = observe(roundedWeights(weights), roundedTokens(data), data.labels);
            const after = observe({ ...roundedWeights(weights), a }, permuted, data.labels);
            return testedIf(moves(order) && shows(before), allAgree(after, before));
          },
        }),
        property({
          title: `score(X R, W R) = score(X, W) and gradient(X R, W R) = gradient(X, W) R, R a rotation of token space, ${engine.name}`,
          arbitrary: modelAndRotation,
          check: ({ weights, data, rotation }) => {
            const W = roundedWeights(weights);
            const turned = (A: RoundedMatrix) => product(A, rotation);
            const after = observe(
              { ...W, WQ: turned(W.WQ), WK: turned(W.WK), WV: turned(W.WV) },
              roundedTokens(data).map(turned),
              data.labels,
            );
            const before = observe(W, roundedTokens(data), data.labels);
            const { WQ, WK, WV, WO } = before.gradients;
            const identity = Matrix.eye(data.d).sub(rotation.value).norm("frobenius") === 0;
            return testedIf(
              !identity && shows(before),
              allAgree(after, { ...before, gradients: { WQ: turned(WQ), WK: turned(WK), WV: turned(WV), WO } }),
            );
          },
        }),
        property({
          title: `exchanging neurons (rows of W_O with columns of a) exchanges the rows of ∇W_O and changes nothing else, ${engine.name}`,
          arbitrary: modelAndNeuronOrder,
          check: ({ weights, data, order }) => {
            const W = roundedWeights(weights);
            const a = transposed(rowsOf(transposed(exactly(weights.a)), order)).value;
            const after = observe({ ...W, WO: rowsOf(W.WO, order), a }, roundedTokens(data), data.labels);
            const before = observe(W, roundedTokens(data), data.labels);
            const exchanged = { ...before.gradients, WO: rowsOf(before.gradients.WO, order) };
            return testedIf(moves(order) && shows(before), allAgree(after, { ...before, gradients: exchanged }));
          },
        }),
        property({
          title: `y → −y with a → −a: scores are negated and the gradients are the same, exactly, ${engine.name}`,
          arbitrary: anyModel,
          check: ({ weights, data }) => {
            const flipped = { ...weights, a: Matrix.mul(weights.a, -1) };
            const flippedData = { ...data, labels: data.labels.map((y) => -y) };
            const scores = Matrix.rowVector(engine.scores(weights, data));
            const negated = Matrix.rowVector(engine.scores(flipped, flippedData)).mul(-1);
            const before = gradientsOf(engine, weights, data);
            const after = gradientsOf(engine, flipped, flippedData);
            const margins = [
              exact(negated, scores),
              ...TRAINED_MATRICES.map((which) => exact(after[which], before[which])),
            ];
            return testedIf(scores.norm("frobenius") > 0, worstOf(margins));
          },
        }),
        property({
          title: `score(c·W_O) = c·score(W_O), c > 0, ${engine.name}`,
          arbitrary: fc.tuple(anyModel, factor),
          check: ([{ weights, data }, c]) => {
            const W = roundedWeights(weights);
            const after = observe({ ...W, WO: scaled(W.WO, c) }, roundedTokens(data), data.labels);
            const { scores } = observe(W, roundedTokens(data), data.labels);
            return testedIf(c !== 1 && stands(scores.value, scores.error), agree(after.scores, scaled(scores, c)));
          },
        }),
        property({
          title: `tokens with a coordinate 1, W_K + u in its column: logits shift alike, scores and gradients are the same, ${engine.name}`,
          arbitrary: modelAndKeyShift,
          check: ({ weights, data, shift }) => {
            // k_s becomes k_s + u for every token s, so that the logits of token l all move by u·(W_Q x_l)
            const W = roundedWeights(weights);
            const u = Matrix.zeros(W.WK.value.rows, data.d).setColumn(0, shift);
            const tokens = Array.from(everySample(data), (n) =>
              exactly(tokensOfSample(data, n).setColumn(0, new Array<number>(data.L).fill(1))),
            );
            const before = observe(W, tokens, data.labels);
            const after = observe({ ...W, WK: sum(W.WK, exactly(u)) }, tokens, data.labels);
            return testedIf(shift.some((by) => by !== 0) && shows(before), allAgree(after, before));
          },
        }),
      ];
    }),
    property({
      title: "softmax(logits + c) = softmax(logits), c the same for all of a row",
      arbitrary: logitsAndShift,
      check: ({ logits, shift }) => {
        const sameForAll = exactly(shift.mmul(Matrix.ones(1, logits.columns)));
        const shifted = sum(exactly(logits), sameForAll);
        const after = { value: softmaxOfRows(shifted.value), error: roundedSoftmax(shifted).error };
        const before = { value: softmaxOfRows(logits), error: roundedSoftmax(exactly(logits)).error };
        // of a single logit the softmax is 1, whatever it is
        return testedIf(logits.columns > 1 && shift.norm("frobenius") > 0, agree(after, before));
      },
    }),
  ],
});

/** Scores (1 x samples) and gradients as the model computes them, with how far rounding may have carried them. */
interface Observed {
  readonly scores: RoundedMatrix;
  readonly gradients: PerMatrix<RoundedMatrix>;
}

function observedBy({ engine, bounds }: BoundedEngine) {
  return (rounded: RoundedWeights, tokens: readonly RoundedMatrix[], labels: Float64Array): Observed => {
    const data = datasetOf(
      tokens.map((X) => X.value),
      Array.from(labels),
    );
    const { WQ, WK, WV, WO, a } = rounded;
    const weights = { WQ: WQ.value, WK: WK.value, WV: WV.value, WO: WO.value, a };
    const rounding = bounds(rounded, data, tokens);
    const found = gradientsOf(engine, weights, data);
    const withError = (which: keyof typeof found) => ({ value: found[which], error: rounding.gradients[which].error });
    return {
      scores: {
        value: Matrix.rowVector(engine.scores(weights, data)),
        error: Matrix.rowVector(rounding.scores.map((score) => score.error)),
      },
      gradients: { WQ: withError("WQ"), WK: withError("WK"), WV: withError("WV"), WO: withError("WO") },
    };
  };
}

/** Whether there is a score: of a model whose scores are all 0 every transformation gives 0. */
function shows({ scores }: Observed): boolean {
  return stands(scores.value, scores.error);
}

/** Whether an order is another than that of 0, 1, 2, … */
function moves(order: readonly number[]): boolean {
  return order.some((from, to) => from !== to);
}

function allAgree(one: Observed, other: Observed): Margin {
  const ofGradients = TRAINED_MATRICES.map((which) => agree(one.gradients[which], other.gradients[which]));
  return worstOf([agree(one.scores, other.scores), ...ofGradients]);
}

/** Two computations of one exact matrix: they may differ by the sum of their errors. */
function agree(one: RoundedMatrix, other: RoundedMatrix): Margin {
  return entrywise(one.value, other.value, Matrix.add(one.error, other.error));
}
