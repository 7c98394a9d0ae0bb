import { Matrix } from "ml-matrix";
import { labelOfSample, tokensOfSample } from "../../data/dataset.ts";
import type { Dataset, TrainedMatrix, Weights } from "../../notation.ts";
import { readoutAt } from "../forward.ts";
import { everySample } from "../loss.ts";
import { exactly } from "./rounded-matrix.ts";
import { type RoundedForward, roundedForward, roundedWeights } from "./rounding-bounds.ts";

/** How the mean hinge loss f behaves along W + tD. */
export interface Curvature {
  /** How far t can go, either way, before a preactivation or a hinge may cross its kink. */
  readonly reach: number;
  /** A bound on |f'''| within that reach. */
  readonly thirdDerivative: number;
}

/**
 * While no kink is crossed a token's part of the score is Σ_s A_s(t) β_s with β fixed, where the logits move by t·c_s in
 * W_Q or W_K. Its derivatives are joint cumulants under A: the first Cov(β, c), at most R(β)R(c)/4 in magnitude (Grüss),
 * the third κ(β, c, c, c) = E[β'c'³] − 3 E[β'c'] E[c'²], at most 4·R(β)R(c)³, where R is the range over s.
 */
export function curvatureAlong(D: Matrix, which: TrainedMatrix, weights: Weights, data: Dataset): Curvature {
  const { a, WO } = weights;
  const { L, samples } = data;
  let reach = Number.POSITIVE_INFINITY;
  let thirdDerivative = 0;
  for (const n of everySample(data)) {
    const X = tokensOfSample(data, n);
    const pass = roundedForward(roundedWeights(weights), exactly(X));
    const { preactivation, score } = pass;
    const logitSpeed = logitSpeedAlong(which, D, X, pass);
    const neuronOfValue = pass.v.value.mmul(WO.transpose()); // [s,i] = w_i·v_s
    const straight = linearSpeedAlong(which, D, X, pass, WO); // [l,i] = d preactivation/dt in W_V or W_O
    let scoreSpeed = 0;
    for (let l = 0; l < L; l++) {
      const speedRange = range(logitSpeed.getRow(l));
      const beta = new Array<number>(L).fill(0);
      for (let i = 0; i < WO.rows; i++) {
        const ofNeuron = neuronOfValue.getColumn(i);
        const speed = (range(ofNeuron) * speedRange) / 4 + Math.abs(straight.get(l, i));
        const distance = Math.abs(preactivation.value.get(l, i)) - preactivation.error.get(l, i);
        if (speed > 0) reach = Math.min(reach, Math.max(0, distance) / speed);
        const readout = readoutAt(a, l, i) / L;
        scoreSpeed += Math.abs(readout) * speed;
        if (preactivation.value.get(l, i) > 0) for (let s = 0; s < L; s++) beta[s]! += readout * ofNeuron[s]!;
      }
      thirdDerivative += (4 * range(beta) * speedRange * speedRange * speedRange) / samples;
    }
    const toHinge = Math.abs(1 - labelOfSample(data, n) * score.value) - score.error;
    if (scoreSpeed > 0) reach = Math.min(reach, Math.max(0, toHinge) / scoreSpeed);
  }
  return { reach, thirdDerivative };
}

/** c (L x L): how fast logit l,s moves along D; 0 in W_V and W_O, of which the logits do not depend. */
function logitSpeedAlong(which: TrainedMatrix, D: Matrix, X: Matrix, { q, k }: RoundedForward): Matrix {
  if (which === "WQ") return X.mmul(D.transpose()).mmul(k.value.transpose());
  if (which === "WK") return q.value.mmul(X.mmul(D.transpose()).transpose());
  return Matrix.zeros(X.rows, X.rows);
}

/** (L x m): how fast w_i·z_l moves along D in W_V or W_O, in which it is linear; 0 in W_Q and W_K. */
function linearSpeedAlong(
  which: TrainedMatrix,
  D: Matrix,
  X: Matrix,
  { attention, z }: RoundedForward,
  WO: Matrix,
): Matrix {
  if (which === "WV") return attention.value.mmul(X).mmul(D.transpose()).mmul(WO.transpose());
  if (which === "WO") return z.value.mmul(D.transpose());
  return Matrix.zeros(X.rows, WO.rows);
}

function range(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
