import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import golden from "../../golden/one-layer-transformer.json" with { type: "json" };
import {
  type Checked,
  entrywise,
  exact,
  lemma,
  type Margin,
  property,
  testedIf,
  worstOf,
} from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { tokensOfSample } from "../../src/transformer/data/dataset.ts";
import { checkCase } from "../../src/transformer/evaluate/check-evaluation.ts";
import { evaluateCase } from "../../src/transformer/evaluate/evaluate.ts";
import { parseCases } from "../../src/transformer/evaluate/evaluation-cases.ts";
import {
  arbitraryMatrix,
  arbitraryModelAndData,
  arbitrarySubset,
  type ModelAndData,
} from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { forward } from "../../src/transformer/model/forward.ts";
import { everySample } from "../../src/transformer/model/loss.ts";
import { referenceEngine } from "../../src/transformer/model/reference.ts";
import {
  BOUNDED_ENGINES,
  type BoundedEngine,
  gradientsOf,
  meanHingeOf,
} from "../../src/transformer/model/rounding/both-engines.ts";
import { curvatureAlong } from "../../src/transformer/model/rounding/curvature.ts";
import { roundedOnce } from "../../src/transformer/model/rounding/rounded-matrix.ts";
import { roundedWeights } from "../../src/transformer/model/rounding/rounding-bounds.ts";
import {
  TRAINED_MATRICES,
  type TrainedMatrix,
  UPDATED_MATRICES,
  type Weights,
} from "../../src/transformer/notation.ts";
import { compactNeurons, maskNeurons } from "../../src/transformer/prune/magnitude.ts";

const anyModel = arbitraryModelAndData();

/** A model, its data, and a direction in the space of one of the trained matrices, no entry above 1. */
const anyDirection = anyModel.chain((model) =>
  fc.constantFrom(...TRAINED_MATRICES).chain((which) => {
    const { rows, columns } = model.weights[which];
    return arbitraryMatrix(rows, columns, [1]).map((direction) => ({ ...model, which, direction }));
  }),
);

const modelAndNeurons = anyModel.chain((model) =>
  arbitrarySubset(model.weights.WO.rows).map((silenced) => ({ ...model, silenced })),
);

export const gradient = lemma({
  id: "gradient",
  title: "The analytic gradient is the derivative of the mean hinge loss",
  provenance: derived("chain rule on the definition of the model"),
  statement:
    "The gradients of the mean hinge loss in W_Q, W_K, W_V, W_O equal its central differences along any direction, and " +
    "the values that PyTorch's autograd found. On the kinks ReLU'(0) = 0.",
  proof:
    "Chain rule. Away from the kinks the loss is linear in W_V and in W_O, where central differences are exact; in W_Q " +
    "and W_K a token's score is a mean under the softmax, whose third derivative is a fourth joint cumulant.",
  properties: BOUNDED_ENGINES.flatMap((bounded) => {
    const { engine } = bounded;
    return [
      property({
        title: `scores, losses, gradients and SGD = PyTorch's, golden cases, ${engine.name}`,
        arbitrary: fc.constantFrom(...parseCases(golden)),
        enough: 40,
        check: (golden) =>
          worstOf(
            checkCase(evaluateCase(golden, engine), golden).map(({ error, tolerance }) => ({
              error,
              bound: tolerance,
            })),
          ),
      }),
      property({
        title: `<gradient, D> = (loss(W + hD) − loss(W − hD)) / 2h, for any direction D, ${engine.name}`,
        arbitrary: anyDirection,
        check: (instance) => centralDifference(bounded, instance),
      }),
      property({
        title: `ReLU'(0) = 0: neurons at w_i = 0 have gradient 0, and the others' is as if they were not there, ${engine.name}`,
        arbitrary: modelAndNeurons,
        check: (instance) => withoutSilenced(bounded, instance),
      }),
      property({
        title: `ReLU'(0) = 0: at W_O = 0 and at W_V = 0 every gradient is exactly 0, ${engine.name}`,
        arbitrary: fc.tuple(anyModel, fc.constantFrom("WO" as const, "WV" as const)),
        check: ([{ weights, data }, which]) => {
          const atKink = gradientsOf(engine, { ...weights, [which]: Matrix.mul(weights[which], 0) }, data);
          // with ReLU'(0) = 1 the gradient of this matrix would be made of the other one and the tokens
          const other = weights[which === "WO" ? "WV" : "WO"];
          const tested = other.norm("frobenius") > 0 && data.tokens.some((x) => x !== 0);
          return testedIf(tested, worstOf(TRAINED_MATRICES.map((name) => vanishes(atKink[name]))));
        },
      }),
    ];
  }),
});

/** Below this step rounding of the loss would hide an error of the gradient; nearer to a kink nothing is compared. */
const SMALLEST_STEP = 2 ** -24;

/** Where the loss has no curvature a large step is as exact as a small one. */
const LARGEST_STEP = 2 ** -3;

/**
 * Compares the directional derivative with the central difference of step h. The bound is what rounding does to the two
 * losses and to the gradient, plus the truncation h²/6·|f'''|. Of the steps that reach no kink h is about the best.
 */
function centralDifference(
  { engine, bounds }: BoundedEngine,
  { weights, data, which, direction }: ModelAndData & { readonly which: TrainedMatrix; readonly direction: Matrix },
): Checked {
  const along = curvatureAlong(direction, which, weights, data);
  const atW = bounds(roundedWeights(weights), data);
  const balanced = exp(ln(atW.loss.error / along.thirdDerivative) / 3); // rounding/h = h²·f'''
  const h = Math.min(along.reach / 2, balanced, LARGEST_STEP);
  fc.pre(h >= SMALLEST_STEP);

  const shifted = (step: number): Weights => ({
    ...weights,
    [which]: Matrix.add(weights[which], Matrix.mul(direction, step)),
  });
  const lossError = (moved: Weights) =>
    bounds({ ...roundedWeights(moved), [which]: roundedOnce(moved[which]) }, data).loss.error;
  const ahead = shifted(h);
  const behind = shifted(-h);
  const difference = (meanHingeOf(engine, ahead, data) - meanHingeOf(engine, behind, data)) / (2 * h);

  const analytic = gradientsOf(engine, weights, data)[which];
  const derivative = Matrix.mul(analytic, direction).sum();
  const { value, error } = atW.gradients[which];
  const ofGradient = Matrix.add(error, Matrix.abs(value).mul(direction.size * Number.EPSILON));
  const ofLosses = (lossError(ahead) + lossError(behind)) / (2 * h);
  const bound = Matrix.mul(ofGradient, Matrix.abs(direction)).sum() + ofLosses + (h * h * along.thirdDerivative) / 6;
  return testedIf(Math.abs(derivative) > bound, { error: Math.abs(derivative - difference), bound });
}

/** The gradients with neurons at 0 against those without them: to the bit, where the order of sums is the same. */
function withoutSilenced(
  { engine, bounds }: BoundedEngine,
  { weights, data, silenced }: ModelAndData & { readonly silenced: readonly number[] },
): Checked {
  const atZero = maskNeurons(weights, silenced);
  const withThem = gradientsOf(engine, atZero, data);
  const withoutThem = gradientsOf(engine, compactNeurons(weights, silenced), data);
  const others = compactNeurons({ ...weights, WO: withThem.WO }, silenced).WO;
  const theirs = maskNeurons({ ...weights, WO: withThem.WO }, complement(silenced, weights.WO.rows)).WO;
  const rounding = bounds(roundedWeights(atZero), data).gradients;
  const kept = compactNeurons({ ...weights, WO: rounding.WO.error }, silenced).WO;
  const off = (error: Matrix) => Matrix.mul(error, engine === referenceEngine ? 0 : 2);
  const margins = [
    vanishes(theirs),
    entrywise(others, withoutThem.WO, off(kept)),
    ...UPDATED_MATRICES.map((name) => entrywise(withThem[name], withoutThem[name], off(rounding[name].error))),
  ];
  // with ReLU'(0) = 1 a silenced neuron of a sample whose hinge is active would have the gradient Σ_l z_l
  const tested = everySample(data).some((n) => {
    const { z, score } = forward(atZero, tokensOfSample(data, n));
    return data.labels[n]! * score < 1 && z.norm("frobenius") > 0;
  });
  return testedIf(silenced.length > 0 && tested, worstOf(margins));
}

function vanishes(found: Matrix): Margin {
  return exact(found, Matrix.zeros(found.rows, found.columns));
}

function complement(indices: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => !indices.includes(i));
}
