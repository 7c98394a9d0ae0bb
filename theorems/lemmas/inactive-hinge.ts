import ln from "@stdlib/math-base-special-ln";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { entrywise, exact, lemma, property, stands, testedIf, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { datasetOf, tokensOfSample } from "../../src/transformer/data/dataset.ts";
import { arbitraryModelAndData, type ModelAndData } from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import type { Engine } from "../../src/transformer/model/engine.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { referenceEngine } from "../../src/transformer/model/reference.ts";
import { BOUNDED_ENGINES, gradientsOf, meanHingeOf } from "../../src/transformer/model/rounding/both-engines.ts";
import { roundedWeights } from "../../src/transformer/model/rounding/rounding-bounds.ts";
import { type Dataset, TRAINED_MATRICES } from "../../src/transformer/notation.ts";

const anyModel = arbitraryModelAndData();

/** Mostly with samples of both kinds, where there are two that have a score. */
const anyBatch = fc.record({
  model: arbitraryModelAndData({ batch: 8, m: 10 }),
  mixed: fc.constantFrom(true, true, true, false),
});

/**
 * Scores that lie exactly on the hinge's kink, or beside it: one neuron, one coordinate, one token or two equal ones. The
 * kernel sums over two tokens in an order that rounds.
 */
const scoresAtTheKink = ({ name }: Engine) =>
  fc.record({
    y: fc.constantFrom(1, -1),
    L: name === "reference" ? fc.constantFrom(1, 2) : fc.constant(1),
    // score·y = 1 + beside
    beside: fc.constantFrom(0, Number.EPSILON, -Number.EPSILON / 2, 1, -0.5),
    v: fc.integer({ min: -3, max: 3 }).map((exponent) => 2 ** exponent),
  });

export const inactiveHinge = lemma({
  id: "inactive-hinge",
  title: "Samples that are classified with margin 1 do not move the model",
  provenance: derived("the hinge is constant there"),
  statement:
    "Samples with y·score >= 1 give exactly zero gradient, the kink y·score = 1 included; in a mixed batch the gradient " +
    "is that of the other samples, in proportion to how many they are.",
  proof: "max(0, 1 − y·score) is 0 for y·score >= 1, and its derivative at the kink is taken as 0.",
  properties: BOUNDED_ENGINES.flatMap(({ engine, bounds }) => [
    property({
      // each of them has a score, and with it a gradient of the score
      title: `y·score >= 1 for every sample => loss = 0 and every gradient is exactly 0, ${engine.name}`,
      arbitrary: anyModel,
      check: (model) => {
        const { weights, data } = withInactiveHinges(model);
        const found = gradientsOf(engine, weights, data);
        return worstOf([
          { error: meanHingeOf(engine, weights, data), bound: 0 },
          ...TRAINED_MATRICES.map((which) => exact(found[which], Matrix.mul(found[which], 0))),
        ]);
      },
    }),
    property({
      title: `B·gradient(batch) = B'·gradient(its B' samples with y·score < 1), ${engine.name}`,
      arbitrary: anyBatch,
      check: ({ model, mixed }) => {
        const { weights, data } = mixed ? withMixedHinges(model) : model;
        const scores = engine.scores(weights, data);
        const active = everySample(data).filter((n) => data.labels[n]! * scores[n]! < 1);
        const found = gradientsOf(engine, weights, data);
        if (active.length === 0) {
          return testedIf(
            false,
            worstOf(TRAINED_MATRICES.map((which) => exact(found[which], Matrix.mul(found[which], 0)))),
          );
        }
        const ofActive = gradientsOf(engine, weights, data, active);
        const share = active.length / data.samples;
        // either side may be off by the rounding of the whole gradient
        const rounding = bounds(roundedWeights(weights), data).gradients;
        const margins = TRAINED_MATRICES.map((which) =>
          entrywise(found[which], Matrix.mul(ofActive[which], share), Matrix.mul(rounding[which].error, 2)),
        );
        const tested = share < 1 && TRAINED_MATRICES.some((which) => stands(found[which], rounding[which].error));
        return testedIf(tested, worstOf(margins));
      },
    }),
    property({
      title: `score·y = 1 => gradient 0; score·y just below 1 => gradient −y·∂score/∂W, ${engine.name}`,
      arbitrary: scoresAtTheKink(engine),
      check: ({ y, L, beside, v }) => {
        // one coordinate: x = 1, W_V = v, W_O = w with a·w·v = y·(1 + beside), every operation exact
        const one = (entry: number) => new Matrix([[entry]]);
        const weights = { WQ: one(1), WK: one(1), WV: one(v), WO: one((1 + beside) / v), a: one(y) };
        const data: Dataset = datasetOf([Matrix.ones(L, 1)], [y]);
        const active = beside < 0 ? 1 : 0;
        const found = gradientsOf(engine, weights, data);
        return worstOf([
          exact(new Matrix([Array.from(engine.scores(weights, data))]), one(y * (1 + beside))),
          { error: Math.abs(meanHingeOf(engine, weights, data) - Math.max(0, -beside)), bound: 0 },
          exact(found.WO, one(-active * v)),
          exact(found.WV, one((-active * (1 + beside)) / v)),
          exact(found.WQ, one(0)),
          exact(found.WK, one(0)),
        ]);
      },
    }),
  ]),
});

/** Every second sample that has a score is classified with margin 1, and the others are mistaken by as much. */
function withMixedHinges(model: ModelAndData): ModelAndData {
  const { weights, data } = withInactiveHinges(model);
  return { weights, data: { ...data, labels: data.labels.map((y, n) => (n % 2 === 0 ? y : -y)) } };
}

/** The samples whose score is not 0, with labels and a scale of W_O for which every y·score >= 1. */
function withInactiveHinges({ weights, data }: ModelAndData): ModelAndData {
  const scores = referenceEngine.scores(weights, data);
  const kept = Array.from(everySample(data)).filter((n) => scores[n] !== 0);
  fc.pre(kept.length > 0);
  const smallest = Math.min(...kept.map((n) => Math.abs(scores[n]!)));
  const scale = 2 ** Math.ceil(-ln(smallest) / Math.LN2 + 1); // a power of two, which scales the scores without rounding
  return {
    weights: { ...weights, WO: Matrix.mul(weights.WO, scale) },
    data: datasetOf(
      kept.map((n) => tokensOfSample(data, n)),
      kept.map((n) => Math.sign(scores[n]!)),
    ),
  };
}
