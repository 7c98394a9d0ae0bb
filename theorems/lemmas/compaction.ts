import { Matrix } from "ml-matrix";
import { entrywise, exact, lemma, property, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { tokensOfSample } from "../../src/transformer/data/dataset.ts";
import { arbitraryModelAndData, arbitrarySubset } from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { forward } from "../../src/transformer/model/forward.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { referenceEngine } from "../../src/transformer/model/reference.ts";
import { roundedLossAndGradients, roundedWeights } from "../../src/transformer/model/rounding/rounding-bounds.ts";
import { compactNeurons, maskNeurons } from "../../src/transformer/prune/magnitude.ts";
import { multiplyAdds, savingByPruning } from "../../src/transformer/prune/multiply-adds.ts";

const anyModel = arbitraryModelAndData();

const modelAndPruned = anyModel.chain((model) =>
  arbitrarySubset(model.weights.WO.rows).map((pruned) => ({ ...model, pruned })),
);

export const compaction = lemma({
  id: "compaction",
  title: "The physically smaller model is the masked one, and saves in proportion",
  provenance: derived("a zeroed neuron adds 0 to every sum"),
  statement:
    "The model without the pruned rows of W_O, whose a keeps its 1/√m of the full model, gives the masked model's scores " +
    "up to rounding. The neuron layer's multiply-adds fall in proportion to the neurons pruned. With all neurons pruned " +
    "the score is 0.",
  proof: "ReLU(0) = 0, so a zeroed neuron's term is 0 and may be left out. The neuron layer costs L·(ma + 1) a neuron.",
  properties: [
    property({
      title: "score(compacted) = score(masked)",
      arbitrary: modelAndPruned,
      check: ({ weights, data, pruned }) => {
        const masked = maskNeurons(weights, pruned);
        const { scores } = roundedLossAndGradients(roundedWeights(masked), data);
        return entrywise(
          Matrix.rowVector(referenceEngine.scores(compactNeurons(weights, pruned), data)),
          Matrix.rowVector(referenceEngine.scores(masked, data)),
          Matrix.rowVector(scores.map((score) => 2 * score.error)),
        );
      },
    }),
    property({
      title: "sum of the kept neurons' contributions = score(masked)",
      arbitrary: modelAndPruned,
      check: ({ weights, data, pruned }) => {
        const masked = maskNeurons(weights, pruned);
        const m = weights.WO.rows;
        const contributions = referenceEngine.neuronContributions(weights, data);
        const kept = Array.from(everySample(data), (n) =>
          contributions
            .slice(n * m, (n + 1) * m)
            .reduce((total, contribution, i) => (pruned.includes(i) ? total : total + contribution), 0),
        );
        const { scores } = roundedLossAndGradients(roundedWeights(masked), data);
        return entrywise(
          Matrix.rowVector(kept),
          Matrix.rowVector(referenceEngine.scores(masked, data)),
          Matrix.rowVector(scores.map((score) => 2 * score.error)),
        );
      },
    }),
    property({
      title: "all neurons pruned => score = 0, exactly, compacted and masked",
      arbitrary: anyModel,
      check: ({ weights, data }) => {
        const everyNeuron = Array.from({ length: weights.WO.rows }, (_, i) => i);
        const zeros = Matrix.zeros(1, data.samples);
        return worstOf(
          [compactNeurons, maskNeurons].map((prune) =>
            exact(Matrix.rowVector(referenceEngine.scores(prune(weights, everyNeuron), data)), zeros),
          ),
        );
      },
    }),
    property({
      title: "multiply-adds of the forward pass = Σ over its products of rows × inner × columns, compacted or not",
      arbitrary: modelAndPruned,
      check: ({ weights, data, pruned }) => {
        const smaller = compactNeurons(weights, pruned);
        const { L, d } = data;
        const shape = { L, d, m: smaller.WO.rows, ma: smaller.WV.rows, mb: smaller.WQ.rows };
        const { q, k, v, attention, z, preactivation } = forward(smaller, tokensOfSample(data, 0));
        const counted =
          q.size * d +
          k.size * d +
          v.size * d +
          attention.size * q.columns +
          z.size * L +
          preactivation.size * z.columns;
        const readOut = preactivation.size;
        return { error: Math.abs(multiplyAdds(shape).forward - counted - readOut), bound: 0 };
      },
    }),
    property({
      title: "saving of the neuron layer = pruned/m; of the whole = its share of the whole times that",
      arbitrary: modelAndPruned,
      check: ({ weights, data, pruned }) => {
        const { WQ, WV, WO } = weights;
        const shape = { L: data.L, d: data.d, m: WO.rows, ma: WV.rows, mb: WQ.rows };
        const fraction = pruned.length / WO.rows;
        const { neuronLayer, forward: whole } = multiplyAdds(shape);
        const saving = savingByPruning(shape, pruned.length);
        // counts are exact; a quotient, a difference from 1, and a product round
        const bound = 4 * Number.EPSILON;
        return worstOf([
          { error: Math.abs(saving.ofNeuronLayer - fraction), bound },
          { error: Math.abs(saving.ofForward - (neuronLayer / whole) * fraction), bound },
        ]);
      },
    }),
  ],
});
