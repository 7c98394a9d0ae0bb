import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import golden from "../../golden/one-layer-transformer.json" with { type: "json" };
import { entrywise, type LemmaProperty, type Margin, property, worstOf } from "../../src/claim/lemma.ts";
import { datasetOf, tokensOfSample } from "../../src/transformer/data/dataset.ts";
import { sampleDataset, samplePatterns } from "../../src/transformer/data/sample.ts";
import { checkCase } from "../../src/transformer/evaluate/check-evaluation.ts";
import { evaluateCase } from "../../src/transformer/evaluate/evaluate.ts";
import { parseCases } from "../../src/transformer/evaluate/evaluation-cases.ts";
import {
  arbitraryData,
  arbitraryMatrix,
  arbitraryModelAndData,
  arbitraryReadout,
  arbitraryShape,
  type ModelAndData,
} from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { type Evaluation, evaluationOn } from "../../src/transformer/model/engine.ts";
import { forward, readoutAt, relu } from "../../src/transformer/model/forward.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { referenceEngine } from "../../src/transformer/model/reference.ts";
import { kernelBounds, kernelWeights } from "../../src/transformer/model/rounding/both-engines.ts";
import type { RoundedMatrix } from "../../src/transformer/model/rounding/rounded-matrix.ts";
import {
  type RoundedForward,
  roundedForward,
  roundedLossAndGradients,
  roundedSgdStep,
  roundedTokens,
  roundedWeights,
} from "../../src/transformer/model/rounding/rounding-bounds.ts";
import { type Dataset, type PerMatrix, TRAINED_MATRICES, type Weights } from "../../src/transformer/notation.ts";
import { parseTheta } from "../../src/transformer/theta.ts";
import { initialWeights } from "../../src/transformer/train/initial-weights.ts";
import { holdsFor, LEMMA_RUNS, LEMMA_SEED, runOf } from "../../src/verdict/lemma.ts";
import { SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";

/**
 * The kernel and the reference, two computations of one quantity, may differ by the sum of their rounding bounds.
 */

// Shapes that meet every block of the products and every rest: 1 to 7 pairs of tokens, up to 11 pairs of neurons; and
// one or two coordinates, where Cauchy–Schwarz is nearly an equality. Where W_Q and W_K are small, attention is nearly
// uniform and most neurons are unanimous; where they are large, few are, and the softmax saturates. Squares of 1e-170
// vanish, but not what depends on its sign.
const anyShape = fc.oneof(
  arbitraryShape({ d: 9, L: 14, m: 22, ma: 6, mb: 6, batch: 3 }),
  arbitraryShape({ d: 2, L: 4, m: 22, ma: 6, mb: 6, batch: 3, readout: "shared" }),
);

const anyModel = anyShape.chain((shape) =>
  fc.record({
    weights: fc.record({
      WQ: arbitraryMatrix(shape.mb, shape.d, [0.03, 0.3, 1, 10]),
      WK: arbitraryMatrix(shape.mb, shape.d, [0.03, 0.3, 1, 10]),
      WV: arbitraryMatrix(shape.ma, shape.d, [0.1, 1, 3, 3, 1e-170]),
      WO: arbitraryMatrix(shape.m, shape.ma, [1, 0.1, 10]),
      a: arbitraryReadout(shape),
    }),
    data: arbitraryData(shape),
  }),
);

// Products that are subnormal or vanish, logits of millions, and P = W_Q^T W_K whose very squares vanish.
const modelAtTheEdges = anyShape.chain((shape) =>
  fc.record({
    weights: fc.record({
      WQ: arbitraryMatrix(shape.mb, shape.d, [1, 1e-100, 1e-155, 1e-310]),
      WK: arbitraryMatrix(shape.mb, shape.d, [1, 1e-100, 1e-155]),
      WV: arbitraryMatrix(shape.ma, shape.d, [1, 1e-160, 1e-310]),
      WO: arbitraryMatrix(shape.m, shape.ma, [1, 1e-150, 1e-310]),
      a: arbitraryReadout(shape),
    }),
    data: arbitraryData(shape, [1, 1e3, 1e-3, 1e100]),
  }),
);

/** Short trainings: step sizes that move the weights, and a batch for each step. */
const anyTraining = trainingsOf(anyModel);

function trainingsOf(models: fc.Arbitrary<ModelAndData>) {
  return models.chain((model) =>
    fc.record({
      model: fc.constant(model),
      eta: fc.constantFrom(0.01, 0.1, 1),
      batches: fc.array(fc.array(fc.nat({ max: model.data.samples - 1 }), { minLength: 1, maxLength: 12 }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  );
}

const properties: LemmaProperty[] = [
  property({
    title: "scores, losses, gradients and SGD = PyTorch's, golden cases",
    arbitrary: fc.constantFrom(...parseCases(golden)),
    enough: 40,
    check: (one) =>
      worstOf(
        checkCase(evaluateCase(one, kernelEngine), one).map(({ error, tolerance }) => ({ error, bound: tolerance })),
      ),
  }),
  property({
    title: "scores: |kernel − reference| <= the rounding of both",
    arbitrary: anyModel,
    check: ({ weights, data }) =>
      compare(kernelEngine.scores(weights, data), referenceEngine.scores(weights, data), ({ score }) => [score.error], {
        weights,
        data,
      }),
  }),
  property({
    title: "each neuron's contribution to each score: |kernel − reference| <= the rounding of both",
    arbitrary: anyModel,
    check: ({ weights, data }) =>
      compare(
        kernelEngine.neuronContributions(weights, data),
        referenceEngine.neuronContributions(weights, data),
        ({ preactivation }) => contributionErrors(preactivation, weights.a),
        { weights, data },
      ),
  }),
  property({
    title: "attention received: |kernel − reference| <= the rounding of both",
    arbitrary: anyModel,
    check: ({ weights, data }) =>
      compare(
        kernelEngine.attentionReceived(weights, data),
        referenceEngine.attentionReceived(weights, data),
        ({ attention }) => meanErrors(attention),
        { weights, data },
      ),
  }),
  property({
    title: "a short training, its losses and gradients: |kernel − reference| <= the rounding of both",
    arbitrary: anyTraining,
    check: shortTraining,
  }),
  property({
    title: "subnormal and huge numbers, a step and its gradients: |kernel − reference| <= the rounding of both",
    arbitrary: trainingsOf(modelAtTheEdges).map(({ model, eta, batches }) => ({
      model,
      eta,
      batches: batches.slice(0, 1),
    })),
    check: shortTraining,
  }),
];

describe("kernel-equals-reference: the WebAssembly kernel computes the reference model", () => {
  for (const one of properties) {
    test(one.title, { timeout: 120_000 }, () => {
      fc.assert(holdsFor(one), runOf(one, { seed: LEMMA_SEED, numRuns: LEMMA_RUNS }));
    });
  }

  test("the instances have neurons that are unanimous and neurons that are not, and hinges of both kinds", () => {
    const met = { alwaysActive: 0, neverActive: 0, mixed: 0, hingeActive: 0, hingeInactive: 0 };
    for (const { weights, data } of fc.sample(anyModel, { seed: LEMMA_SEED, numRuns: LEMMA_RUNS })) {
      for (const n of everySample(data)) {
        const { preactivation, score } = forward(weights, tokensOfSample(data, n));
        for (let i = 0; i < preactivation.columns; i++) {
          const active = preactivation.getColumn(i).filter((h) => h > 0).length;
          met[active === 0 ? "neverActive" : active === data.L ? "alwaysActive" : "mixed"]++;
        }
        met[data.labels[n]! * score < 1 ? "hingeActive" : "hingeInactive"]++;
      }
    }
    for (const count of Object.values(met)) expect(count).toBeGreaterThan(LEMMA_RUNS / 10);
  });
});

describe("the kernel's memory", () => {
  test("the same input gives the same bits, whatever was computed before", () => {
    fc.assert(
      fc.property(anyTraining, anyModel, ({ model, eta, batches }, other) => {
        const once = everything(model, eta, batches);
        everything(other, eta, [[0]]);
        expect(everything(model, eta, batches)).toEqual(once);
      }),
      { seed: LEMMA_SEED, numRuns: 50 },
    );
  });

  test("scores asked for in the middle of a training leave it alone", () => {
    fc.assert(
      fc.property(anyTraining, anyModel, ({ model, eta, batches }, other) => {
        const undisturbed = everything(model, eta, batches);
        const disturbed = everything(model, eta, batches, () => kernelEngine.scores(other.weights, other.data));
        expect(disturbed).toEqual(undisturbed);
      }),
      { seed: LEMMA_SEED, numRuns: 50 },
    );
  });
});

describe("the kernel at the edges", () => {
  const [{ weights, data }] = fc.sample(anyModel, { seed: LEMMA_SEED, numRuns: 1 }) as [ModelAndData];

  test("samples with y·score >= 1 give exactly zero gradient, and no loss", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const scores = kernelEngine.scores(model.weights, model.data);
        fc.pre(scores.every((score) => Math.abs(score) > 1e-6));
        const certain = { ...model.weights, a: Matrix.mul(model.weights.a, 2e6) };
        const training = kernelEngine.startTraining(certain, { ...model.data, labels: scores.map(Math.sign) });
        expect(training.step(Int32Array.from(everySample(model.data)), 1)).toBe(0);
        const gradients = training.lastGradients();
        for (const name of TRAINED_MATRICES) expect(gradients[name].norm("frobenius")).toBe(0);
        expect(training.weights()).toEqual(certain);
      }),
      { seed: LEMMA_SEED, numRuns: 100 },
    );
  });

  test.each([
    [0.5, 0],
    [0.5 - 2 ** -54, -1],
  ])("the hinge's derivative is 0 at y·score = 1 and −1 just below: one token %d, score 2x", (x, derivative) => {
    const scalar = (value: number) => new Matrix([[value]]);
    const one = { WQ: scalar(1), WK: scalar(1), WV: scalar(1), WO: scalar(2), a: scalar(1) };
    const training = kernelEngine.startTraining(one, datasetOf([scalar(x)], [1]));
    expect(training.step(Int32Array.of(0), 0.1)).toBe(1 - 2 * x);
    expect(training.lastGradients().WO.get(0, 0)).toBe(derivative * x);
  });

  test("one token has all attention: the gradients of W_Q and W_K are exactly zero", () => {
    fc.assert(
      fc.property(arbitraryModelAndData({ L: 1, m: 12 }), (model) => {
        const training = kernelEngine.startTraining(model.weights, model.data);
        training.step(Int32Array.from(everySample(model.data)), 1);
        const { WQ, WK } = training.lastGradients();
        expect(WQ.norm("frobenius") + WK.norm("frobenius")).toBe(0);
      }),
      { seed: LEMMA_SEED, numRuns: 100 },
    );
  });

  test.each(["shared", "per-position"] as const)(
    "attention that is saturated leaves no subnormal numbers in the gradients, %s readout",
    (readout) => {
      for (const delta of [3, 8, 20, 30, 100, 1e4]) {
        const theta = parseTheta({ ...SMALL_THETA, delta, readout });
        const saturated = sampleDataset(theta, LEMMA_SEED, samplePatterns(theta, LEMMA_SEED), "train");
        const training = kernelEngine.startTraining(initialWeights(theta, LEMMA_SEED), saturated);
        for (let step = 0; step < 20; step++) {
          training.step(Int32Array.from(everySample(saturated)), 0.5);
          const gradients = training.lastGradients();
          const entries = TRAINED_MATRICES.flatMap((name) => gradients[name].to1DArray());
          expect(entries.some((x) => x !== 0)).toBe(true);
          expect(entries.filter((x) => x !== 0 && Math.abs(x) < 2 ** -1022)).toEqual([]);
        }
      }
    },
  );

  test("ReLU'(0) = 0: at W_O = 0 every gradient is exactly zero", () => {
    const training = kernelEngine.startTraining({ ...weights, WO: Matrix.mul(weights.WO, 0) }, data);
    expect(training.step(Int32Array.from(everySample(data)), 1)).toBe(1);
    const gradients = training.lastGradients();
    for (const name of TRAINED_MATRICES) expect(gradients[name].norm("frobenius")).toBe(0);
  });

  test.each([1, 3])("ReLU'(0) = 0 for one token of three, with a readout of %d rows", (rows) => {
    // the first token attends to all alike, so that (0, 1) and (0, −1) cancel exactly; the neuron sees 0, + and −
    const X = new Matrix([
      [1, 0],
      [0, 1],
      [0, -1],
    ]);
    const [W, WO] = [Matrix.diag([0, 1]), new Matrix([[0, 1]])];
    const own = { WQ: W, WK: W, WV: Matrix.eye(2, 2), WO, a: Matrix.ones(rows, 1) };
    const [kernel, reference] = [kernelEngine, referenceEngine].map((engine) => {
      const training = engine.startTraining(own, datasetOf([X], [1]));
      training.step(Int32Array.of(0), 0.1);
      return training.lastGradients().WO;
    });
    const second = 1 / (1 + Math.exp(1) + Math.exp(-1));
    expect(reference!.get(0, 0)).toBeCloseTo(-second / 3, 14);
    expect(kernel!.get(0, 0)).toBeCloseTo(-second / 3, 14);
  });

  test.each(TRAINED_MATRICES)("NaN in %s: scores and losses are NaN, without an exception", (name) => {
    const broken = { ...weights, [name]: Matrix.mul(weights[name], Number.NaN) };
    for (const score of kernelEngine.scores(broken, data)) expect(score).toBeNaN();
    const training = kernelEngine.startTraining(broken, data);
    expect(training.step(Int32Array.of(0), 0.1)).toBeNaN();
    expect(training.meanHinge()).toBeNaN();
  });

  test("infinite weights are no exception", () => {
    for (const name of TRAINED_MATRICES) {
      const broken = { ...weights, [name]: Matrix.mul(weights[name], Number.POSITIVE_INFINITY) };
      const training = kernelEngine.startTraining(broken, data);
      expect(() => training.step(Int32Array.of(0), 0.1)).not.toThrow();
    }
  });

  test("meanHinge stops early only where the whole mean exceeds the limit", () => {
    fc.assert(
      fc.property(anyModel, fc.double({ min: 0, max: 3, noNaN: true }), (model, limit) => {
        const training = kernelEngine.startTraining(model.weights, model.data);
        const whole = training.meanHinge();
        const stopped = training.meanHinge(limit);
        if (whole <= limit) expect(stopped).toBe(whole);
        else expect(stopped).toBeGreaterThan(limit);
      }),
      { seed: LEMMA_SEED, numRuns: 100 },
    );
  });

  test("wrong batches are refused, and so is a training that another has followed", () => {
    const training = kernelEngine.startTraining(weights, data);
    expect(() => training.lastGradients()).toThrow(/requires a step before it/);
    expect(() => training.step(Int32Array.of(), 0.1)).toThrow(/at least one sample/);
    expect(() => training.step(Int32Array.of(data.samples), 0.1)).toThrow(/got \d+/);
    expect(() => training.step(Int32Array.of(-1), 0.1)).toThrow(/got -1/);
    kernelEngine.startTraining(weights, data);
    expect(() => training.weights()).toThrow(/earlier one/);
  });
});

function compare(
  kernel: Float64Array,
  reference: Float64Array,
  errors: (pass: RoundedForward) => number[],
  { weights, data }: ModelAndData,
): Margin {
  const own = roundedWeights(weights);
  const tokens = roundedTokens(data);
  const bounds = [own, kernelWeights(own, data.L)].map((which) =>
    tokens.flatMap((X) => errors(roundedForward(which, X))),
  );
  expect(kernel.length).toBe(reference.length);
  return worstOf(
    Array.from(kernel, (value, i) => ({
      error: Math.abs(value - reference[i]!),
      bound: bounds[0]![i]! + bounds[1]![i]!,
    })),
  );
}

/** of (1/L) Σ_l a[l,i]·ReLU(p[l,i]) for each i; ReLU does not enlarge an error */
function contributionErrors(p: RoundedMatrix, a: Matrix): number[] {
  const { rows: L, columns: m } = p.value;
  return Array.from({ length: m }, (_, i) => {
    let error = 0;
    let magnitudes = 0;
    for (let l = 0; l < L; l++) {
      error += (Math.abs(readoutAt(a, l, i)) * p.error.get(l, i)) / L;
      magnitudes += (Math.abs(readoutAt(a, l, i)) * (relu(p.value.get(l, i)) + p.error.get(l, i))) / L;
    }
    return error + (L + 2) * Number.EPSILON * magnitudes;
  });
}

/** of (1/L) Σ_l A[l,s] for each s */
function meanErrors(A: RoundedMatrix): number[] {
  const roundoff = (A.value.rows + 2) * Number.EPSILON;
  return Matrix.add(A.error, Matrix.add(A.value, A.error).mul(roundoff)).mean("column");
}

/** The bounds of both travel with the weights from step to step. */
function shortTraining({
  model: { weights, data },
  eta,
  batches,
}: {
  readonly model: ModelAndData;
  readonly eta: number;
  readonly batches: readonly number[][];
}): Margin {
  const trainings = [kernelEngine, referenceEngine].map((engine) => engine.startTraining(weights, data));
  let ofKernel = roundedWeights(weights);
  let ofReference = roundedWeights(weights);
  const margins: Margin[] = [];
  const compareMatrices = (found: PerMatrix<Matrix>[], one: PerMatrix<RoundedMatrix>, other: typeof one) => {
    for (const name of TRAINED_MATRICES) {
      margins.push(entrywise(found[0]![name], found[1]![name], Matrix.add(one[name].error, other[name].error)));
    }
  };
  for (const indices of batches) {
    const batch = samplesOf(data, indices);
    const kernel = kernelBounds(ofKernel, batch);
    const reference = roundedLossAndGradients(ofReference, batch);
    const losses = trainings.map((training) => training.step(Int32Array.from(indices), eta));
    margins.push({ error: Math.abs(losses[0]! - losses[1]!), bound: kernel.loss.error + reference.loss.error });
    compareMatrices(
      trainings.map((training) => training.lastGradients()),
      kernel.gradients,
      reference.gradients,
    );
    ofKernel = roundedSgdStep(ofKernel, kernel.gradients, eta);
    ofReference = roundedSgdStep(ofReference, reference.gradients, eta);
    compareMatrices(
      trainings.map((training) => training.weights()),
      ofKernel,
      ofReference,
    );
  }
  return worstOf(margins);
}

function samplesOf({ L, d, tokens, labels }: Dataset, indices: readonly number[]): Dataset {
  const chosen = new Float64Array(indices.length * L * d);
  indices.forEach((n, k) => {
    chosen.set(tokens.subarray(n * L * d, (n + 1) * L * d), k * L * d);
  });
  return { samples: indices.length, L, d, tokens: chosen, labels: Float64Array.from(indices, (n) => labels[n]!) };
}

/** All that the kernel says of a model and a training of it. */
function everything(
  { weights, data }: ModelAndData,
  eta: number,
  batches: readonly number[][],
  betweenSteps: () => void = () => {},
) {
  const training = kernelEngine.startTraining(weights, data);
  const steps = batches.map((indices) => {
    const loss = training.step(Int32Array.from(indices), eta);
    betweenSteps();
    return { loss, gradients: training.lastGradients(), weights: training.weights(), mean: training.meanHinge() };
  });
  return {
    scores: kernelEngine.scores(weights, data),
    contributions: kernelEngine.neuronContributions(weights, data),
    attention: kernelEngine.attentionReceived(weights, data),
    steps,
  };
}

test("an evaluation of weights after weights says what each says by itself, whatever came between", () => {
  fc.assert(
    fc.property(anyModel, anyModel, ({ weights, data }, other) => {
      const doubled = { ...weights, WO: Matrix.mul(weights.WO, 2), WQ: Matrix.mul(weights.WQ, -1) };
      const compact = { ...weights, WO: weights.WO.subMatrix(0, 0, 0, weights.WO.columns - 1) };
      const models = [weights, doubled, { ...compact, a: weights.a.subMatrixColumn([0]) }, weights];
      const say = (evaluation: Evaluation, each: Weights) => [
        evaluation.scores(each),
        evaluation.neuronContributions(each),
        evaluation.attentionReceived(each),
      ];
      const [one, another] = [evaluationOn(kernelEngine, data), evaluationOn(kernelEngine, other.data)];
      for (const each of models) {
        const alone = say(evaluationOn({ ...kernelEngine, evaluationOn: undefined }, data), each);
        expect(say(one, each)).toEqual(alone);
        another.scores(other.weights);
        expect(say(one, each)).toEqual(alone);
      }
    }),
    { seed: LEMMA_SEED, numRuns: 100 },
  );
});
