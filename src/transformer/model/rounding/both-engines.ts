import { Matrix } from "ml-matrix";
import type { Dataset, Gradients, PerMatrix, Weights } from "../../notation.ts";
import type { Engine } from "../engine.ts";
import { kernelEngine } from "../kernel/engine.ts";
import { everySample } from "../loss.ts";
import { referenceEngine } from "../reference.ts";
import { exactly, product, type RoundedMatrix, transposed } from "./rounded-matrix.ts";
import {
  type RoundedLossAndGradients,
  type RoundedWeights,
  roundedLossAndGradients,
  roundedTokens,
} from "./rounding-bounds.ts";

/** Of scores, the mean hinge and its gradients: what an engine may be off by. */
export type RoundingBounds = Omit<RoundedLossAndGradients, "dv">;

/** An engine, and how far its own rounding may carry it: what holds of any model must hold of what it computes. */
export interface BoundedEngine {
  readonly engine: Engine;
  readonly bounds: (weights: RoundedWeights, data: Dataset, tokens?: readonly RoundedMatrix[]) => RoundingBounds;
}

export const BOUNDED_ENGINES: readonly BoundedEngine[] = [
  { engine: referenceEngine, bounds: roundedLossAndGradients },
  { engine: kernelEngine, bounds: kernelBounds },
];

/** ∂(mean hinge over the batch)/∂W as the engine's own step finds it; all samples if `batch` is absent. */
export function gradientsOf(
  engine: Engine,
  weights: Weights,
  data: Dataset,
  batch: Iterable<number> = everySample(data),
): Gradients {
  const training = engine.startTraining(weights, data);
  training.step(Int32Array.from(batch), 0);
  return training.lastGradients();
}

/** Mean hinge over all of the data, as the engine's own training has it. */
export function meanHingeOf(engine: Engine, weights: Weights, data: Dataset): number {
  return engine.startTraining(weights, data).meanHinge();
}

/**
 * The weights of the reference that computes what the kernel computes: with P = W_Q^T W_K and V = W_O W_V it is the model
 * whose matrices are W_Q = P^T, W_K = 1, W_V = 1, W_O = V, and the chain rule leads back.
 */
export function kernelWeights({ WQ, WK, WV, WO, a }: RoundedWeights, L: number): RoundedWeights {
  const identity = exactly(Matrix.eye(WQ.value.columns));
  // The kernel takes Σ_s A[l,s] dA[l,s] from c_l, a sum of L products and a scale: so much more may each value be off.
  const values = { value: identity.value, error: Matrix.mul(identity.value, (L + 2) * Number.EPSILON) };
  const P = product(transposed(WQ), WK);
  return { WQ: transposed(P), WK: identity, WV: values, WO: product(WO, WV), a };
}

/** forward: P = WQ^T WK, V = WO WV  =>  dWQ = WK dP^T, dWK = WQ dP, dWO = dV WV^T, dWV = WO^T dV */
export function kernelBounds(
  weights: RoundedWeights,
  data: Dataset,
  tokens: readonly RoundedMatrix[] = roundedTokens(data),
): RoundingBounds {
  const { scores, loss, gradients } = roundedLossAndGradients(kernelWeights(weights, data.L), data, tokens);
  const { WQ: dPT, WO: dV } = gradients;
  const led: PerMatrix<RoundedMatrix> = {
    WQ: product(weights.WK, dPT),
    WK: product(weights.WQ, transposed(dPT)),
    WV: product(transposed(weights.WO), dV),
    WO: product(dV, transposed(weights.WV)),
  };
  return { scores, loss, gradients: led };
}
