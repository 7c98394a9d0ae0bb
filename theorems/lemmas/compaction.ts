import { Matrix } from "ml-matrix";
import { type Checked, entrywise, exact, lemma, property, stands, testedIf, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { tokensOfSample } from "../../src/transformer/data/dataset.ts";
import {
  arbitraryModelAndData,
  arbitraryModelAndPruned,
  type ModelAndData,
} from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { forward } from "../../src/transformer/model/forward.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { BOUNDED_ENGINES, type BoundedEngine } from "../../src/transformer/model/rounding/both-engines.ts";
import { roundedWeights } from "../../src/transformer/model/rounding/rounding-bounds.ts";
import type { Weights } from "../../src/transformer/notation.ts";
import { compactNeurons, maskNeurons } from "../../src/transformer/prune/magnitude.ts";
import { multiplyAdds, savingByPruning } from "../../src/transformer/prune/multiply-adds.ts";

const anyModel = arbitraryModelAndData();

const modelAndPruned = arbitraryModelAndPruned();

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
    ...BOUNDED_ENGINES.flatMap((bounded) => [
      property({
        title: `score(compacted) = score(masked), ${bounded.engine.name}`,
        arbitrary: modelAndPruned,
        check: ({ weights, data, pruned }) =>
          againstMasked(
            bounded,
            { weights, data, pruned },
            bounded.engine.scores(compactNeurons(weights, pruned), data),
          ),
      }),
      property({
        title: `sum of the kept neurons' contributions = score(masked), ${bounded.engine.name}`,
        arbitrary: modelAndPruned,
        check: ({ weights, data, pruned }) => {
          const m = weights.WO.rows;
          const contributions = bounded.engine.neuronContributions(weights, data);
          const kept = Array.from(everySample(data), (n) =>
            contributions
              .slice(n * m, (n + 1) * m)
              .reduce((total, contribution, i) => (pruned.includes(i) ? total : total + contribution), 0),
          );
          return againstMasked(bounded, { weights, data, pruned }, kept);
        },
      }),
      property({
        title: `all neurons pruned => score = 0, exactly, compacted and masked, ${bounded.engine.name}`,
        arbitrary: anyModel,
        check: ({ weights, data }) => {
          const scoresOf = (each: Weights) => Matrix.rowVector(bounded.engine.scores(each, data));
          const everyNeuron = Array.from({ length: weights.WO.rows }, (_, i) => i);
          const zeros = Matrix.zeros(1, data.samples);
          const margins = [compactNeurons, maskNeurons].map((prune) =>
            exact(scoresOf(prune(weights, everyNeuron)), zeros),
          );
          return testedIf(stands(scoresOf(weights), zeros), worstOf(margins));
        },
      }),
    ]),
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
        const margins = [
          { error: Math.abs(saving.ofNeuronLayer - fraction), bound },
          { error: Math.abs(saving.ofForward - (neuronLayer / whole) * fraction), bound },
        ];
        return testedIf(pruned.length > 0, worstOf(margins));
      },
    }),
  ],
});

/** Scores without some neurons against the masked model's: both may be off by the rounding of the masked one's. */
function againstMasked(
  { engine, bounds }: BoundedEngine,
  { weights, data, pruned }: ModelAndData & { readonly pruned: readonly number[] },
  found: ArrayLike<number>,
): Checked {
  const masked = maskNeurons(weights, pruned);
  const { scores } = bounds(roundedWeights(masked), data);
  const expected = Matrix.rowVector(engine.scores(masked, data));
  const off = Matrix.rowVector(scores.map((score) => 2 * score.error));
  // something is pruned, and what is left says something
  return testedIf(pruned.length > 0 && stands(expected, off), entrywise(Matrix.rowVector(found), expected, off));
}
