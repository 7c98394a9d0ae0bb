import exp from "@stdlib/math-base-special-exp";
import { Matrix } from "ml-matrix";
import type { Weights } from "../notation.ts";

/**
 * The one-layer Transformer, forward:
 *
 *   score(X) = (1/L) Σ_l Σ_i a[l,i]·ReLU(w_i·z_l),   z_l = Σ_s A[l,s] W_V x_s,
 *   A[l,:] = softmax_s( (W_K x_s)·(W_Q x_l) )
 *
 * A token is a row of X (L x d), so that "W x_l for every l" is X Wᵀ. Everything that the backward pass needs is kept.
 * Values that are not finite propagate to the score; nothing throws.
 */
export interface Forward {
  /** q (L x mb): row l is W_Q x_l */
  readonly q: Matrix;
  /** k (L x mb): row s is W_K x_s */
  readonly k: Matrix;
  /** v (L x ma): row s is W_V x_s */
  readonly v: Matrix;
  /** A (L x L): row l is where token l looks; rows sum to 1 */
  readonly attention: Matrix;
  /** z (L x ma): row l is the attended value of token l */
  readonly z: Matrix;
  /** (L x m): entry l,i is w_i·z_l, before the ReLU */
  readonly preactivation: Matrix;
  readonly score: number;
}

/** X (L x d). Cost: 2L·(d(2mb + ma) + L(mb + ma) + ma·m) flops. */
export function forward(weights: Weights, X: Matrix): Forward {
  const { WQ, WK, WV, WO, a } = weights;

  const q = X.mmul(WQ.transpose()); // q (L, mb) = X (L, d) x WQᵀ (d, mb)
  const k = X.mmul(WK.transpose()); // k (L, mb) = X (L, d) x WKᵀ (d, mb)
  const v = X.mmul(WV.transpose()); // v (L, ma) = X (L, d) x WVᵀ (d, ma)

  const logits = q.mmul(k.transpose()); // logits (L, L): [l,s] = (W_K x_s)·(W_Q x_l)
  const attention = softmaxOfRows(logits);
  const z = attention.mmul(v); // z (L, ma) = attention (L, L) x v (L, ma)

  const preactivation = z.mmul(WO.transpose()); // (L, m): [l,i] = w_i·z_l
  return { q, k, v, attention, z, preactivation, score: readOut(preactivation, a) };
}

/** score(X), the model's output for the tokens X (L x d). */
export function score(weights: Weights, X: Matrix): number {
  return forward(weights, X).score;
}

/**
 * Softmax of each row: exp(u_s) / Σ_t exp(u_t). The row's maximum is subtracted first, which changes nothing in exact
 * arithmetic (lemma symmetries) and keeps exp from overflowing. The exp is the same to the bit on every machine.
 */
export function softmaxOfRows(logits: Matrix): Matrix {
  const attention = new Matrix(logits.rows, logits.columns);
  for (let l = 0; l < logits.rows; l++) {
    const row = logits.getRow(l);
    const largest = Math.max(...row); // NaN if any entry is
    const exponentials = row.map((u) => exp(u - largest));
    const total = exponentials.reduce((sum, e) => sum + e, 0);
    attention.setRow(
      l,
      exponentials.map((e) => e / total),
    );
  }
  return attention;
}

/** max(0, x); NaN stays NaN. */
export function relu(x: number): number {
  return Math.max(0, x);
}

/** a[l,i], where a shared readout (a is 1 x m) is the same for every position l and a per-position one is L x m. */
export function readoutAt(a: Matrix, l: number, i: number): number {
  return a.rows === 1 ? a.get(0, i) : a.get(l, i);
}

/** (1/L) Σ_l Σ_i a[l,i]·ReLU(preactivation[l,i]) */
function readOut(preactivation: Matrix, a: Matrix): number {
  return neuronContributionsOf(preactivation, a).reduce((sum, contribution) => sum + contribution, 0);
}

/** For every neuron i its share of the score, (1/L) Σ_l a[l,i]·ReLU(preactivation[l,i]); m entries. */
export function neuronContributionsOf(preactivation: Matrix, a: Matrix): Float64Array {
  const { rows: L, columns: m } = preactivation;
  if (a.columns !== m || (a.rows !== 1 && a.rows !== L)) {
    throw new RangeError(`the readout a must be 1 x ${m} or ${L} x ${m}, got ${a.rows} x ${a.columns}`);
  }
  const contributions = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let sum = 0;
    for (let l = 0; l < L; l++) sum += readoutAt(a, l, i) * relu(preactivation.get(l, i));
    contributions[i] = sum / L;
  }
  return contributions;
}
