import exp from "@stdlib/math-base-special-exp";
import { Matrix } from "ml-matrix";
import { labelOfSample, tokensOfSample } from "../../data/dataset.ts";
import { type Dataset, type PerMatrix, TRAINED_MATRICES, type Weights } from "../../notation.ts";
import { readoutAt, relu, softmaxOfRows } from "../forward.ts";
import { reluDerivative } from "../gradient.ts";
import { everySample, hinge, hingeDerivative } from "../loss.ts";
import {
  exactly,
  magnitude,
  product,
  type RoundedMatrix,
  type RoundedNumber,
  scaled,
  sum,
  transposed,
  UNDERFLOW,
} from "./rounded-matrix.ts";

/**
 * How far rounding can carry the scores, losses and gradients from exact arithmetic: the passes of `forward.ts` and
 * `gradient.ts` once more, each quantity with its error bound. Two computations of one quantity may differ by the sum of
 * their bounds and no more; every tolerance of the lemmas is made of these. Inputs may themselves be rounded.
 *
 * On a kink the bounds stay sound: where rounding leaves open on which side of 0 a preactivation lies, ReLU' may be 0 or
 * 1; where it leaves open whether y·score >= 1, the hinge's derivative may be 0 or −y.
 */
export interface RoundedWeights extends PerMatrix<RoundedMatrix> {
  /** exact */
  readonly a: Matrix;
}

export interface RoundedForward {
  readonly q: RoundedMatrix;
  readonly k: RoundedMatrix;
  readonly v: RoundedMatrix;
  readonly attention: RoundedMatrix;
  readonly z: RoundedMatrix;
  readonly preactivation: RoundedMatrix;
  readonly score: RoundedNumber;
}

export interface RoundedLossAndGradients {
  readonly scores: readonly RoundedNumber[];
  readonly loss: RoundedNumber;
  readonly gradients: PerMatrix<RoundedMatrix>;
  /** For each sample dv (L x ma): row s is ∂loss/∂(W_V x_s). */
  readonly dv: readonly RoundedMatrix[];
}

/** A library's exp errs by at most this, relatively: two units in the last place, where good ones stay below one. */
const EXP_ERROR = 2 * Number.EPSILON;

/**
 * Logits so far below the largest may get any attention up to that of −300: the kernel gives them that of −300, and a
 * library's exp flushes those below −708 or so to 0. As exp is continuous, logits near −300 do not have to be looked at.
 */
const NEGLIGIBLE_LOGIT = -299;

/** No less than exp(−300), which is 5.1e-131. */
const NEGLIGIBLE_ATTENTION = 2 ** -432;

export function roundedWeights(weights: Weights): RoundedWeights {
  return {
    WQ: exactly(weights.WQ),
    WK: exactly(weights.WK),
    WV: exactly(weights.WV),
    WO: exactly(weights.WO),
    a: weights.a,
  };
}

/** Every sample's tokens, exact: what the bounds below read unless the tokens were rounded before. */
export function roundedTokens(data: Dataset): RoundedMatrix[] {
  return Array.from(everySample(data), (n) => exactly(tokensOfSample(data, n)));
}

/** The bounds of one forward pass; see `forward` for the equations. */
export function roundedForward(weights: RoundedWeights, X: RoundedMatrix): RoundedForward {
  const q = product(X, transposed(weights.WQ));
  const k = product(X, transposed(weights.WK));
  const v = product(X, transposed(weights.WV));
  const attention = roundedSoftmax(product(q, transposed(k)));
  const z = product(attention, v);
  const preactivation = product(z, transposed(weights.WO));
  return { q, k, v, attention, z, preactivation, score: roundedScore(preactivation, weights.a) };
}

/** The bounds of the scores, the mean hinge and its gradients over all samples of the data. */
export function roundedLossAndGradients(
  weights: RoundedWeights,
  data: Dataset,
  tokens: readonly RoundedMatrix[] = roundedTokens(data),
): RoundedLossAndGradients {
  const B = data.samples;
  const scores: RoundedNumber[] = [];
  const dv: RoundedMatrix[] = [];
  let loss = 0;
  let lossError = 0;
  let gradients: PerMatrix<RoundedMatrix> = mapTrained((name) => exactly(Matrix.mul(weights[name].value, 0)));
  tokens.forEach((X, n) => {
    const y = labelOfSample(data, n);
    const pass = roundedForward(weights, X);
    const h = hinge(y, pass.score.value);
    scores.push(pass.score);
    loss += h / B;
    // 1 − y·score is rounded, h / B is rounded, and B of them are added
    lossError += (pass.score.error + (2 + B) * Number.EPSILON * (1 + Math.abs(pass.score.value))) / B;
    const ofSample = roundedBackward(weights, X, pass, roundedHingeDerivative(y, pass.score, B));
    dv.push(ofSample.dv);
    const before = gradients;
    gradients = mapTrained((name) => sum(before[name], ofSample.gradients[name]));
  });
  return { scores, loss: { value: loss, error: lossError }, gradients, dv };
}

/** W − η·gradient with its bounds. */
export function roundedSgdStep(
  weights: RoundedWeights,
  gradients: PerMatrix<RoundedMatrix>,
  eta: number,
): RoundedWeights {
  return { ...mapTrained((name) => sum(weights[name], scaled(gradients[name], -eta))), a: weights.a };
}

/**
 * Softmax A of each row of the logits u: exp(u_s) / Σ_t exp(u_t). As ∂A_s/∂u_s = A_s(1 − A_s) and ∂A_s/∂u_t = −A_s A_t,
 * logits that are off by at most ρ_t move A_s by at most A_s Σ_{t≠s} A_t (ρ_s + ρ_t), where A and its factors may be
 * those of logits in between: each exp(2 max ρ) times larger at most.
 */
export function roundedSoftmax(logits: RoundedMatrix): RoundedMatrix {
  const value = softmaxOfRows(logits.value);
  const { rows, columns: L } = value;
  const error = new Matrix(rows, L);
  for (let l = 0; l < rows; l++) {
    const A = value.getRow(l);
    const u = logits.value.getRow(l);
    const largest = Math.max(...u);
    // the error of the logit, of its difference from the largest, and of exp, which is as good as one of its argument
    // (the error of `largest` is the same for all of the row, which changes nothing)
    const below = u.map((us) => us - largest);
    const rho = below.map((us, s) => logits.error.get(l, s) - Number.EPSILON * us + EXP_ERROR);
    const inBetween = exp(4 * Math.max(...rho));
    // where logits may be off by much, or by anything, the factors say little or nothing
    const far = inBetween < 2 ? undefined : furthestAttention(A, below, rho);
    const negligible = below.map((us) => (us < NEGLIGIBLE_LOGIT ? NEGLIGIBLE_ATTENTION : 0));
    for (let s = 0; s < L; s++) {
      let others = 0;
      for (let t = 0; t < L; t++) if (t !== s) others += (A[t]! + negligible[t]!) * (rho[s]! + rho[t]!);
      // the sum of L terms and the division by it
      const moved = A[s]! * (inBetween * others + (L + 1) * Number.EPSILON);
      error.set(l, s, Math.min(1, (far?.[s] ?? moved) + negligible[s]!));
    }
  }
  return { value, error };
}

/**
 * How far from the attention A the softmax of logits within ρ of these may be, however large ρ is: a logit that leads by
 * more than it and the others may be off has all attention for certain.
 */
function furthestAttention(A: readonly number[], logits: readonly number[], rho: readonly number[]): number[] {
  // the two ends of each logit and their differences are rounded
  const off = logits.map((u, s) => rho[s]! + 2 * Number.EPSILON * (Math.abs(u) + rho[s]!));
  const lowest = logits.map((u, s) => u - off[s]!);
  const highest = logits.map((u, s) => u + off[s]!);
  // exp(u_s) / Σ_t exp(u_t) of one end of u_s and the other of all others
  const share = (own: readonly number[], others: readonly number[], s: number) =>
    1 / others.reduce((sum, u, t) => (t === s ? sum : sum + exp(u - own[s]!)), 1);
  const roundoff = (logits.length + 2) * Number.EPSILON;
  return A.map((as, s) => {
    const least = share(lowest, highest, s) * (1 - roundoff);
    const most = share(highest, lowest, s) * (1 + roundoff);
    return Math.max(as - least, most - as);
  });
}

/** (1/L) Σ_l Σ_i a[l,i]·ReLU(p[l,i]), summed in any order. ReLU does not enlarge an error. */
function roundedScore(p: RoundedMatrix, a: Matrix): RoundedNumber {
  const { rows: L, columns: m } = p.value;
  let value = 0;
  let error = 0;
  let magnitudes = 0;
  for (let l = 0; l < L; l++) {
    for (let i = 0; i < m; i++) {
      const readout = readoutAt(a, l, i);
      value += (readout * relu(p.value.get(l, i))) / L;
      error += (Math.abs(readout) * p.error.get(l, i)) / L;
      magnitudes += (Math.abs(readout) * (relu(p.value.get(l, i)) + p.error.get(l, i))) / L;
      // two products, by a[l,i] and by 1/L
      error += readout === 0 || p.value.get(l, i) + p.error.get(l, i) <= 0 ? 0 : 2 * UNDERFLOW;
    }
  }
  return { value, error: error + (L * m + 2) * Number.EPSILON * magnitudes };
}

function roundedHingeDerivative(y: number, score: RoundedNumber, B: number): RoundedNumber {
  const value = hingeDerivative(y, score.value) / B;
  const lowest = y * score.value - score.error;
  const highest = y * score.value + score.error;
  const undecided = lowest < 1 && highest >= 1;
  return { value, error: (undecided ? 1 : Number.EPSILON * Math.abs(hingeDerivative(y, score.value))) / B };
}

/** The bounds of one backward pass; see `backward` for the equations. */
function roundedBackward(weights: RoundedWeights, X: RoundedMatrix, pass: RoundedForward, dScore: RoundedNumber) {
  const { q, k, v, attention, z, preactivation } = pass;

  const dPreactivation = roundedReadoutBackward(preactivation, weights.a, dScore);
  const dWO = product(transposed(dPreactivation), z);
  const dz = product(dPreactivation, weights.WO);

  const dAttention = product(dz, transposed(v));
  const dv = product(transposed(attention), dz);

  const dLogits = roundedSoftmaxBackward(attention, dAttention);
  const dq = product(dLogits, k);
  const dk = product(transposed(dLogits), q);

  const dWQ = product(transposed(dq), X);
  const dWK = product(transposed(dk), X);
  const dWV = product(transposed(dv), X);
  return { dv, gradients: { WQ: dWQ, WK: dWK, WV: dWV, WO: dWO } };
}

/** dp[l,i] = dscore/L · a[l,i] · ReLU'(p[l,i]) */
function roundedReadoutBackward(p: RoundedMatrix, a: Matrix, dScore: RoundedNumber): RoundedMatrix {
  const { rows: L, columns: m } = p.value;
  const value = new Matrix(L, m);
  const error = new Matrix(L, m);
  for (let l = 0; l < L; l++) {
    for (let i = 0; i < m; i++) {
      const readout = readoutAt(a, l, i);
      const active = reluDerivative(p.value.get(l, i));
      const lowest = p.value.get(l, i) - p.error.get(l, i);
      const highest = p.value.get(l, i) + p.error.get(l, i);
      const undecided = lowest <= 0 && highest > 0;
      value.set(l, i, (dScore.value / L) * readout * active);
      const largest = ((Math.abs(dScore.value) + dScore.error) * Math.abs(readout)) / L;
      const ofDerivative = (dScore.error * Math.abs(readout) * active) / L + 2 * Number.EPSILON * largest * active;
      const underflow = largest === 0 || (active === 0 && !undecided) ? 0 : 2 * UNDERFLOW;
      error.set(l, i, (undecided ? largest + ofDerivative : ofDerivative) + underflow);
    }
  }
  return { value, error };
}

/**
 * du[l,s] = A[l,s] (dA[l,s] − Σ_t A[l,t] dA[l,t]). As a row of A sums to 1, the difference is Σ_{t≠s} A_t (dA_s − dA_t):
 * an error of dA_s counts in so far as token s does not have all the attention.
 */
function roundedSoftmaxBackward(A: RoundedMatrix, dA: RoundedMatrix): RoundedMatrix {
  const { rows, columns: L } = A.value;
  const value = new Matrix(rows, L);
  const error = new Matrix(rows, L);
  const largestA = magnitude(A);
  for (let l = 0; l < rows; l++) {
    const attention = A.value.getRow(l);
    const derivative = dA.value.getRow(l);
    const mean = attention.reduce((sum, entry, t) => sum + entry * derivative[t]!, 0);
    const magnitudes = attention.reduce((sum, entry, t) => sum + entry * Math.abs(derivative[t]!), 0);
    for (let s = 0; s < L; s++) {
      const difference = derivative[s]! - mean;
      // the mean's L products and their sum, the difference, and the computed A, which sums to 1 but for its rounding
      let differenceError =
        Number.EPSILON * (L * magnitudes + Math.abs(difference) + (L + 2) * Math.abs(derivative[s]!));
      for (let t = 0; t < L; t++) {
        if (t === s) continue;
        const ofBoth = dA.error.get(l, s) + dA.error.get(l, t);
        differenceError += attention[t]! * ofBoth;
        differenceError += A.error.get(l, t) * (Math.abs(derivative[s]! - derivative[t]!) + ofBoth);
      }
      if (differenceError > 0 || magnitudes > 0) differenceError += L * UNDERFLOW;
      const largest = Math.abs(difference) + differenceError;
      value.set(l, s, attention[s]! * difference);
      const ofFactors = attention[s]! * differenceError + A.error.get(l, s) * largest;
      const underflow = largest === 0 ? 0 : UNDERFLOW;
      error.set(l, s, ofFactors + Number.EPSILON * largestA.get(l, s) * largest + underflow);
    }
  }
  return { value, error };
}

function mapTrained<T>(of: (name: (typeof TRAINED_MATRICES)[number]) => T): PerMatrix<T> {
  const [WQ, WK, WV, WO] = TRAINED_MATRICES;
  return { WQ: of(WQ), WK: of(WK), WV: of(WV), WO: of(WO) };
}
