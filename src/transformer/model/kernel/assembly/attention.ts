/**
 * Attention: from the tokens of a sample to c_l = Σ_s A[l,s] x_s, and from ∂score/∂A back to P.
 *
 * S[l,s] = (WK x_s)·(WQ x_l) = x_l^T P x_s takes one projection of the tokens, where W_Q and W_K apart would take two,
 * and V makes do with the c_l, so that W_V projects none. A is not normalised: A[l,s] = E[s,l] scale[l].
 */
import { expGeneral, expNearZero, expReduced, NEAR_ZERO, REDUCED } from "./exp";
import {
  b,
  CT,
  d,
  dBytes,
  dE,
  dP,
  E,
  HT,
  L,
  LBytes,
  largestNorm,
  mean,
  P,
  perPosition,
  pulledT,
  r,
  scale,
  sum,
  tokensOf,
  tokensTOf,
  weightedX,
} from "./memory";
import { doubtfulDA, doubts } from "./neurons";
import { perPositionDA } from "./per-position";
import { addTimesTransposed, transposedTimes } from "./products";
import { normOfP } from "./sums";

/** One token may have nearly all attention: then logits are taken relative to the largest, and r from the very dA. */
export let saturating: bool = false;

/** E, scale, CT, sum, mean of a sample */
export function attentionForward(sample: i32): void {
  const x = tokensOf(sample);
  const xT = tokensTOf(sample);
  // S[l,s] = x_l^T P x_s
  transposedTimes(pulledT, P, dBytes, d, xT, LBytes, d);
  transposedTimes(E, xT, LBytes, L, pulledT, LBytes, d);
  // no logit exceeds |P| max |x|²
  const norm = f64.load(largestNorm + ((<usize>sample) << 3));
  const largestLogit = 1.0001 * normOfP * norm * norm;
  const allBytes = <usize>L * LBytes;
  const end = E + allBytes;
  saturating = L == 1 || !(largestLogit <= 4);
  if (saturating) subtractLargest(E, LBytes, allBytes);
  if (largestLogit <= NEAR_ZERO) expNearZero(E, end);
  else if (largestLogit <= REDUCED) expReduced(E, end);
  else expGeneral(E, end);
  invertSums(scale, E, LBytes, allBytes);
  if (L & 1) f64.store(scale + LBytes - 8, 0);

  // c_l = Σ_s A[l,s] x_s, A[l,s] = E[s,l] scale[l]
  transposedTimes(CT, x, (<usize>d) << 3, d, E, LBytes, L);
  scaleAndSum(CT, CT + <usize>d * LBytes, scale, LBytes, 1 / <f64>L);
}

/** c (d, L) scaled per column; sum and mean of its rows */
function scaleAndSum(c: usize, end: usize, scale: usize, rowBytes: usize, oneOverL: f64): void {
  for (let to = sum, toMean = mean; c < end; to += 8, toMean += 8) {
    let total = f64x2.splat(0);
    for (let i: usize = 0; i < rowBytes; i += 16, c += 16) {
      const scaled = f64x2.mul(v128.load(c), v128.load(scale + i));
      v128.store(c, scaled);
      total = f64x2.add(total, scaled);
    }
    const sumK = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
    f64.store(to, sumK);
    f64.store(toMean, sumK * oneOverL);
  }
}

/** e (L, L) less the largest of each column */
function subtractLargest(e: usize, rowBytes: usize, allBytes: usize): void {
  for (const columnsEnd = e + rowBytes; e < columnsEnd; e += 16) {
    const end = e + allBytes;
    let largest = v128.load(e);
    for (let row = e + rowBytes; row < end; row += rowBytes) largest = f64x2.pmax(largest, v128.load(row));
    for (let row = e; row < end; row += rowBytes) v128.store(row, f64x2.sub(v128.load(row), largest));
  }
}

/** scale = 1 / the sum of each column of e (L, L) */
function invertSums(scale: usize, e: usize, rowBytes: usize, allBytes: usize): void {
  for (const columnsEnd = e + rowBytes; e < columnsEnd; e += 16, scale += 16) {
    const end = e + allBytes;
    let total = v128.load(e);
    for (let row = e + rowBytes; row < end; row += rowBytes) total = f64x2.add(total, v128.load(row));
    v128.store(scale, f64x2.div(f64x2.splat(1), total));
  }
}

/**
 * Adds g ∂score/∂P of the sample that `attentionForward` was at.
 *
 * forward: c_l = Σ_s A[l,s] x_s  =>  dA[l,s] = dc_l·x_s = b[s] + what the neurons in doubt add;
 * with a per-position readout b stays 0
 * forward: A[l,:] = softmax(S[l,:])  =>  dS[l,s] = A[l,s] (dA[l,s] - r[l]),  r[l] = Σ_s A[l,s] dA[l,s]
 * forward: S[l,s] = x_l^T P x_s  =>  dP += Σ_l x_l h_l^T,  h_l = Σ_s dS[l,s] x_s
 */
export function attentionBackward(sample: i32, g: f64): void {
  const x = tokensOf(sample);
  const xT = tokensTOf(sample);
  if (perPosition) {
    perPositionDA(xT);
    generalH(g, x);
  } else if (doubts == 0 && !saturating) {
    unanimousH(g, x);
  } else {
    doubtfulDA(xT);
    generalH(g, x);
  }
  addTimesTransposed(dP, dBytes, xT, d, HT, d, LBytes);
}

/** HT (d, L) where dA[l,s] = b[s] for every l: h_l = Σ_s A[l,s] b[s] x_s - r[l] c_l */
function unanimousH(g: f64, x: usize): void {
  const columns = (<usize>d) << 3;
  for (let s: usize = 0, from = x, to = weightedX, end = b + ((<usize>L) << 3); b + s < end; s += 8) {
    const bs = f64.load(b + s);
    for (let k: usize = 0; k < columns; k += 8) f64.store(to + k, bs * f64.load(from + k));
    from += columns;
    to += columns;
  }
  transposedTimes(HT, weightedX, columns, d, E, LBytes, L);
  const rowBytes = LBytes;
  const allBytes = <usize>d * rowBytes;
  const factor = f64x2.splat(g);
  for (let l: usize = 0; l < rowBytes; l += 16) {
    const gScale = f64x2.mul(factor, v128.load(scale + l));
    const gr = f64x2.mul(factor, v128.load(r + l));
    for (let h = HT + l, c = CT + l, end = h + allBytes; h < end; h += rowBytes, c += rowBytes) {
      v128.store(h, f64x2.sub(f64x2.mul(gScale, v128.load(h)), f64x2.mul(gr, v128.load(c))));
    }
  }
}

/** HT (d, L) in general, from dE = dA - b */
function generalH(g: f64, x: usize): void {
  if (saturating) exactR();
  softmaxBackward(E, dE, dE + <usize>L * LBytes, b, r, LBytes);
  transposedTimes(HT, x, (<usize>d) << 3, d, dE, LBytes, L);
  scaleColumns(HT, <usize>d * LBytes, scale, LBytes, g);
}

/** dE = E (dA - r), dA = dE + b, (L, L): row s, column l */
function softmaxBackward(E: usize, dE: usize, end: usize, b: usize, r: usize, rowBytes: usize): void {
  for (; dE < end; b += 8) {
    const bs = v128.load64_splat(b);
    for (let l: usize = 0; l < rowBytes; l += 16, E += 16, dE += 16) {
      const dA = f64x2.add(v128.load(dE), bs);
      v128.store(dE, f64x2.mul(v128.load(E), f64x2.sub(dA, v128.load(r + l))));
    }
  }
}

/** r_l = Σ_s A[l,s] dA[l,s] from the very dA: where one A is 1, dA - r is 0 and not what rounding leaves of it */
function exactR(): void {
  for (let l: usize = 0; l < LBytes; l += 16) {
    let total = f64x2.splat(0);
    for (let s: usize = 0; s < <usize>L; s++) {
      const dA = f64x2.add(v128.load(dE + s * LBytes + l), v128.load64_splat(b + (s << 3)));
      total = f64x2.add(total, f64x2.mul(v128.load(E + s * LBytes + l), dA));
    }
    v128.store(r + l, f64x2.mul(v128.load(scale + l), total));
  }
}

/** x (.., L) times g scale */
function scaleColumns(x: usize, allBytes: usize, scale: usize, rowBytes: usize, g: f64): void {
  const factor = f64x2.splat(g);
  for (let l: usize = 0; l < rowBytes; l += 16) {
    const gScale = f64x2.mul(factor, v128.load(scale + l));
    for (let h = x + l, end = h + allBytes; h < end; h += rowBytes) v128.store(h, f64x2.mul(gScale, v128.load(h)));
  }
}

/** to (L): (1/L) Σ_l A[l,s] of the sample that `attentionForward` was at */
export function received(to: usize): void {
  for (let s: usize = 0; s < <usize>L; s++) {
    let total: f64 = 0;
    for (let l: usize = 0; l < (<usize>L) << 3; l += 8) total += f64.load(E + s * LBytes + l) * f64.load(scale + l);
    f64.store(to + (s << 3), total / <f64>L);
  }
}
