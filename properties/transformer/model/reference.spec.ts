import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { exact, holds } from "../../../src/claim/lemma.ts";
import { InvalidInput } from "../../../src/invalid-input.ts";
import { datasetOf, labelOfSample, tokensOfSample } from "../../../src/transformer/data/dataset.ts";
import { arbitraryModelAndData } from "../../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { ENGINE_NAMES, engineNamed } from "../../../src/transformer/model/engine-names.ts";
import { forward, relu, score } from "../../../src/transformer/model/forward.ts";
import { gradients, lossAndGradients, reluDerivative } from "../../../src/transformer/model/gradient.ts";
import { everySample, hinge, hingeDerivative, hingeLoss } from "../../../src/transformer/model/loss.ts";
import { referenceEngine } from "../../../src/transformer/model/reference.ts";
import { roundedLossAndGradients, roundedWeights } from "../../../src/transformer/model/rounding/rounding-bounds.ts";
import { TRAINED_MATRICES, type Weights } from "../../../src/transformer/notation.ts";
import { LEMMA_SEED } from "../../../src/verdict/lemma.ts";

/** One coordinate, one neuron: score = mean of ReLU(2·(attended token)). */
const scalar: Weights = {
  WQ: new Matrix([[1]]),
  WK: new Matrix([[1]]),
  WV: new Matrix([[2]]),
  WO: new Matrix([[1]]),
  a: new Matrix([[1]]),
};

const oneToken = datasetOf([new Matrix([[0.25]])], [1]);

const run = { seed: LEMMA_SEED, numRuns: 100 };

describe("the reference model by hand", () => {
  test("one token: score = a·ReLU(W_O W_V x), attention 1", () => {
    const pass = forward(scalar, new Matrix([[0.25]]));
    expect(pass.attention.to2DArray()).toEqual([[1]]);
    expect(pass.z.to2DArray()).toEqual([[0.5]]);
    expect(pass.score).toBe(0.5);
    expect(hingeLoss(scalar, oneToken)).toBe(0.5);
  });

  test("one token: ∂hinge/∂W_O = −y·z and ∂hinge/∂W_V = −y·W_O·x, and attention has nothing to learn", () => {
    const found = gradients(scalar, oneToken);
    expect(found.WO.to2DArray()).toEqual([[-0.5]]);
    expect(found.WV.to2DArray()).toEqual([[-0.25]]);
    expect(found.WQ.get(0, 0)).toBeCloseTo(0, 300);
    expect(found.WK.get(0, 0)).toBeCloseTo(0, 300);
  });

  test("two tokens: attention is the softmax of (W_K x_s)·(W_Q x_l)", () => {
    // logits[l,s] = x_l x_s = [[0, 0], [0, ln 3]]
    const x = Math.sqrt(Math.log(3));
    const { attention, score } = forward(scalar, new Matrix([[0], [x]]));
    expect(attention.get(0, 0)).toBe(0.5);
    expect(attention.get(0, 1)).toBe(0.5);
    expect(attention.get(1, 1)).toBeCloseTo(0.75, 14);
    // (1/2) Σ_l 2·A[l,1]·x
    expect(score).toBeCloseTo((0.5 + 0.75) * x, 14);
  });

  test("a per-position readout weighs each position by its own row of a", () => {
    const weights = { ...scalar, a: new Matrix([[1], [-3]]) };
    // every logit is the same, so that z = 2·0.25 at both positions
    expect(score(weights, new Matrix([[0.25], [0.25]]))).toBe((0.5 - 1.5) / 2);
  });

  test.each([
    [2, 2, 1],
    [0, 0, 0],
    [-1, 0, 0],
    [Number.NaN, Number.NaN, Number.NaN],
  ])("ReLU(%d) = %d, ReLU' = %d", (x, value, derivative) => {
    expect(relu(x)).toBe(value);
    expect(reluDerivative(x)).toBe(derivative);
  });

  test.each([
    [1, 0, 1, -1],
    [-1, 0, 1, 1],
    [1, 1, 0, 0],
    [-1, -1, 0, 0],
    [1, -1, 2, -1],
    [1, 1 - 2 ** -53, 2 ** -53, -1],
    [1, Number.NaN, Number.NaN, Number.NaN],
  ])("hinge(y = %d, score = %d) = %d, derivative %d", (y, ofSample, value, derivative) => {
    expect(hinge(y, ofSample)).toBe(value);
    expect(hingeDerivative(y, ofSample)).toBe(derivative);
  });
});

describe("the reference engine", () => {
  test("a neuron's contributions sum to the score", () => {
    fc.assert(
      fc.property(arbitraryModelAndData(), ({ weights, data }) => {
        const m = weights.WO.rows;
        const contributions = referenceEngine.neuronContributions(weights, data);
        const { scores } = roundedLossAndGradients(roundedWeights(weights), data);
        referenceEngine.scores(weights, data).forEach((ofSample, n) => {
          const total = contributions.slice(n * m, (n + 1) * m).reduce((sum, part) => sum + part, 0);
          expect(Math.abs(total - ofSample)).toBeLessThanOrEqual(2 * scores[n]!.error);
        });
      }),
      run,
    );
  });

  test("the attention that tokens receive is the mean of the attention's columns, and sums to 1", () => {
    fc.assert(
      fc.property(arbitraryModelAndData(), ({ weights, data }) => {
        const { L } = data;
        const received = referenceEngine.attentionReceived(weights, data);
        for (const n of everySample(data)) {
          const ofSample = received.slice(n * L, (n + 1) * L);
          const { attention } = forward(weights, tokensOfSample(data, n));
          const roundoff = 2 * L * Number.EPSILON;
          ofSample.forEach((share, s) => {
            const mean = attention.getColumn(s).reduce((sum, entry) => sum + entry / L, 0);
            expect(Math.abs(share - mean)).toBeLessThanOrEqual(roundoff);
          });
          expect(Math.abs(ofSample.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThanOrEqual(roundoff);
        }
      }),
      run,
    );
  });

  test("a step of size 0 changes nothing; a step changes a copy, against the gradient, and never a", () => {
    fc.assert(
      fc.property(arbitraryModelAndData(), ({ weights, data }) => {
        const before = { ...weights, WQ: weights.WQ.clone(), WO: weights.WO.clone() };
        const training = referenceEngine.startTraining(weights, data);
        const batch = everySample(data);
        expect(training.step(batch, 0)).toBe(lossAndGradients(weights, data).loss);
        for (const which of TRAINED_MATRICES)
          expect(holds(exact(training.weights()[which], weights[which]))).toBe(true);
        training.step(batch, 0.5);
        const expected = gradients(weights, data);
        for (const which of TRAINED_MATRICES) {
          const stepped = Matrix.sub(weights[which], Matrix.mul(expected[which], 0.5));
          expect(holds(exact(training.lastGradients()[which], expected[which]))).toBe(true);
          expect(holds(exact(training.weights()[which], stepped))).toBe(true);
        }
        expect(training.weights().a).toEqual(weights.a);
        expect(training.meanHinge()).toBe(hingeLoss(training.weights(), data));
        expect(weights).toEqual(before);
      }),
      run,
    );
  });

  test("what a training hands out is a copy", () => {
    const training = referenceEngine.startTraining(scalar, oneToken);
    training.step(Int32Array.of(0), 0.1);
    training.weights().WO.set(0, 0, 99);
    training.weights().a.set(0, 0, 99);
    training.lastGradients().WO.set(0, 0, 99);
    expect(training.weights().WO.get(0, 0)).toBe(1.05);
    expect(training.weights().a.get(0, 0)).toBe(1);
    expect(training.lastGradients().WO.get(0, 0)).toBe(-0.5);
  });

  test("a step reads the samples of its batch and no others", () => {
    const data = datasetOf([new Matrix([[0.25]]), new Matrix([[-7]])], [1, 1]);
    const training = referenceEngine.startTraining(scalar, data);
    expect(training.step(Int32Array.of(0), 0.1)).toBe(0.5);
    expect(training.lastGradients().WO.get(0, 0)).toBe(-0.5);
  });

  test("lastGradients asks for a step first", () => {
    expect(() => referenceEngine.startTraining(scalar, oneToken).lastGradients()).toThrow(
      "lastGradients requires a step before it, got none",
    );
  });

  test("there is an engine of each name, and no other", () => {
    expect(ENGINE_NAMES).toEqual(["reference", "kernel"]);
    for (const name of ENGINE_NAMES) expect(engineNamed(name).name).toBe(name);
    expect(() => engineNamed("abacus")).toThrow(new InvalidInput("engine: must be reference or kernel, got abacus"));
  });
});

describe("weights that are not finite", () => {
  test.each(TRAINED_MATRICES)("NaN in %s reaches scores, loss and gradients, and nothing throws", (which) => {
    const anywhere = arbitraryModelAndData().chain((model) =>
      fc
        .tuple(fc.nat({ max: model.weights[which].rows - 1 }), fc.nat({ max: model.weights[which].columns - 1 }))
        .map(([i, j]) => ({ ...model, i, j })),
    );
    fc.assert(
      fc.property(anywhere, ({ weights, data, i, j }) => {
        const broken = { ...weights, [which]: weights[which].clone().set(i, j, Number.NaN) };
        expect(referenceEngine.scores(broken, data).every(Number.isNaN)).toBe(true);
        expect(hingeLoss(broken, data)).toBeNaN();
        const found = gradients(broken, data);
        expect(found.WO.to1DArray().some(Number.isNaN)).toBe(true);
        const training = referenceEngine.startTraining(broken, data);
        expect(training.step(everySample(data), 0.1)).toBeNaN();
      }),
      run,
    );
  });

  test("infinite weights give a score that is not finite, or attention that is decided", () => {
    const infinite = { ...scalar, WO: new Matrix([[Number.POSITIVE_INFINITY]]) };
    expect(score(infinite, new Matrix([[1]]))).toBe(Number.POSITIVE_INFINITY);
    expect(score({ ...scalar, WQ: new Matrix([[Number.POSITIVE_INFINITY]]) }, new Matrix([[1], [2]]))).toBeNaN();
  });
});

describe("what a caller got wrong", () => {
  test("a readout of another size", () => {
    expect(() => score({ ...scalar, a: new Matrix([[1, 1]]) }, new Matrix([[1]]))).toThrow(
      "the readout a must be 1 x 1 or 1 x 1, got 1 x 2",
    );
    expect(() => score({ ...scalar, a: Matrix.ones(3, 1) }, Matrix.ones(2, 1))).toThrow(
      "the readout a must be 1 x 1 or 2 x 1, got 3 x 1",
    );
  });

  test("an empty batch", () => {
    expect(() => hingeLoss(scalar, oneToken, [])).toThrow("hingeLoss requires at least one sample, got an empty batch");
    expect(() => gradients(scalar, oneToken, [])).toThrow(
      "lossAndGradients requires at least one sample, got an empty batch",
    );
  });

  test("a sample that is not there", () => {
    for (const n of [-1, 1]) {
      expect(() => tokensOfSample(oneToken, n)).toThrow(`tokensOfSample requires 0 <= n < 1 samples, got ${n}`);
      expect(() => labelOfSample(oneToken, n)).toThrow(`labelOfSample requires 0 <= n < 1 samples, got ${n}`);
    }
  });

  test("samples of different shapes, or not as many as labels", () => {
    expect(() => datasetOf([Matrix.ones(2, 3), Matrix.ones(2, 2)], [1, 1])).toThrow(
      "datasetOf requires every sample to be 2 x 3, got 2 x 2 at 1",
    );
    expect(() => datasetOf([Matrix.ones(2, 3)], [1, 1])).toThrow(
      "datasetOf requires as many labels as samples, at least one, got 2 and 1",
    );
    expect(() => datasetOf([], [])).toThrow("datasetOf requires as many labels as samples, at least one, got 0 and 0");
  });
});

describe("samples in flat memory", () => {
  test("tokensOfSample(datasetOf(samples)) = samples", () => {
    const samples = [
      new Matrix([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      new Matrix([
        [7, 8, 9],
        [10, 11, 12],
      ]),
    ];
    const data = datasetOf(samples, [1, -1]);
    expect(Array.from(data.tokens)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([data.samples, data.L, data.d]).toEqual([2, 2, 3]);
    samples.forEach((X, n) => {
      expect(tokensOfSample(data, n)).toEqual(X);
    });
    expect([labelOfSample(data, 0), labelOfSample(data, 1)]).toEqual([1, -1]);
  });
});
