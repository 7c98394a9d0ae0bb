/** What the kernel exports; `engine.ts` in the folder above is its only caller. */
import { attentionBackward, attentionForward, received } from "./attention";
import { expGeneral, expNearZero, expReduced } from "./exp";
import {
  batch,
  copyRows,
  d,
  dBytes,
  dP,
  dWK,
  dWOT,
  dWQ,
  dWV,
  L,
  LBytes,
  labels,
  largestNorm,
  m,
  ma,
  matrixIo,
  mBytes,
  mb,
  perPosition,
  readout,
  results,
  samples,
  tokensOf,
  tokensTOf,
  transpose,
  WK,
  WOT,
  WQ,
  WV,
  X,
} from "./memory";
import { addWaiting, clearGradientOfV, contributions, neuronsBackward, neuronsForward } from "./neurons";
import {
  clearPerPosition,
  collectPerPosition,
  perPositionBackward,
  perPositionContributions,
  perPositionForward,
} from "./per-position";
import { FOUND, NOT_FINITE, orthogonalize, storeSingularValues, tailOfSquares } from "./singular-values";
import { collectGradients, prepare, SQUARES_VANISH } from "./sums";

export { layout, layoutMatrix, layoutTokens, reserveBatch } from "./memory";
export { sampleTokens } from "./noise";
export { multiplyAdds } from "./products";

export function addressOfMatrix(): usize {
  return matrixIo;
}

export function addressOfTokens(): usize {
  return X;
}

export function addressOfLabels(): usize {
  return labels;
}

export function addressOfResults(): usize {
  return results;
}

export function addressOfBatch(): usize {
  return batch;
}

/** Takes over the matrix in `matrixIo`: 0 WQ, 1 WK, 2 WV, 3 WO, 4 a. */
export function loadMatrix(index: i32): void {
  const unpadded = (<usize>d) << 3;
  if (index == 0) copyRows(WQ, dBytes, matrixIo, unpadded, mb, d);
  else if (index == 1) copyRows(WK, dBytes, matrixIo, unpadded, mb, d);
  else if (index == 2) copyRows(WV, dBytes, matrixIo, unpadded, ma, d);
  else if (index == 3) transpose(WOT, mBytes, matrixIo, (<usize>ma) << 3, m, ma);
  else if (perPosition) transpose(readout, LBytes, matrixIo, (<usize>m) << 3, L, m, 1 / <f64>L);
  else transpose(readout, 8, matrixIo, 8, m, 1, 1 / <f64>L);
}

/** Puts matrix 0 WQ, 1 WK, 2 WV or 3 WO into `matrixIo`. */
export function storeMatrix(index: i32): void {
  putMatrix(index, WQ, WK, WV, WOT);
}

/** Puts the gradient of matrix 0 WQ, 1 WK, 2 WV or 3 WO into `matrixIo`. */
export function storeGradient(index: i32): void {
  putMatrix(index, dWQ, dWK, dWV, dWOT);
}

function putMatrix(index: i32, Q: usize, K: usize, V: usize, OT: usize): void {
  const unpadded = (<usize>d) << 3;
  if (index == 0) copyRows(matrixIo, unpadded, Q, dBytes, mb, d);
  else if (index == 1) copyRows(matrixIo, unpadded, K, dBytes, mb, d);
  else if (index == 2) copyRows(matrixIo, unpadded, V, dBytes, ma, d);
  else transpose(matrixIo, (<usize>ma) << 3, OT, mBytes, ma, m);
}

/**
 * The fraction of the energy of gradient 0 WQ, 1 WK or 2 WV beyond a rank. NaN where that is 0 or not finite; -1 where it
 * was not found.
 */
export function gradientTail(index: i32, rank: i32): f64 {
  const found = orthogonalize(index == 0 ? dWQ : index == 1 ? dWK : dWV, dBytes, index == 2 ? ma : mb, d);
  return found == FOUND ? tailOfSquares(rank) : found == NOT_FINITE ? NaN : -1;
}

/** results (min(rows, columns)) = the singular values of matrixIo (rows, columns). Returns what `orthogonalize` does. */
export function singularValues(rows: i32, columns: i32): i32 {
  const found = orthogonalize(matrixIo, (<usize>columns) << 3, rows, columns);
  if (found == FOUND) storeSingularValues(results);
  return found;
}

/** No entry of the four matrices is NaN or infinite. */
export function weightsAreFinite(): bool {
  return (
    areFinite(WQ, <usize>mb * dBytes) &&
    areFinite(WK, <usize>mb * dBytes) &&
    areFinite(WV, <usize>ma * dBytes) &&
    areFinite(WOT, <usize>ma * mBytes)
  );
}

function areFinite(from: usize, bytes: usize): bool {
  let sum = f64x2.splat(0);
  // 0 times what is not finite is NaN, and stays
  for (let i: usize = 0; i < bytes; i += 16) sum = f64x2.add(sum, f64x2.mul(f64x2.splat(0), v128.load(from + i)));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) == 0;
}

/** Takes over the tokens in X. */
export function loadTokens(): void {
  const rowBytes = (<usize>d) << 3;
  for (let n = 0; n < samples; n++) {
    const x = tokensOf(n);
    const xT = tokensTOf(n);
    let largest = f64x2.splat(0);
    for (let l = 0; l < L; l += 2) {
      const token = x + <usize>l * rowBytes;
      let to = xT + ((<usize>l) << 3);
      let squares = f64x2.splat(0);
      for (let k: usize = 0; k < rowBytes; k += 8, to += LBytes) {
        let pair = v128.load64_zero(token + k);
        if (l + 1 < L) pair = v128.load64_lane(token + rowBytes + k, pair, 1);
        v128.store(to, pair);
        squares = f64x2.add(squares, f64x2.mul(pair, pair));
      }
      largest = f64x2.max(largest, squares);
    }
    const squares = max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
    f64.store(largestNorm + ((<usize>n) << 3), Math.sqrt(squares + SQUARES_VANISH));
  }
}

function forward(sample: i32): f64 {
  attentionForward(sample);
  return perPosition ? perPositionForward(sample) : neuronsForward(sample);
}

/** One step of SGD on the samples in `batch`; their mean hinge loss before it. */
export function step(count: i32, eta: f64): f64 {
  prepare();
  if (perPosition) clearPerPosition();
  else clearGradientOfV();
  memory.fill(dP, 0, <usize>d * dBytes);
  let hinge: f64 = 0;
  for (let n = 0; n < count; n++) {
    const sample = i32.load(batch + ((<usize>n) << 2));
    const y = f64.load(labels + ((<usize>sample) << 3));
    const margin = y * forward(sample);
    // so written that NaN is active
    if (!(margin >= 1)) {
      hinge += 1 - margin;
      const g = -y / <f64>count;
      if (perPosition) perPositionBackward(g);
      else neuronsBackward(sample, g);
      attentionBackward(sample, g);
    }
  }
  if (perPosition) collectPerPosition();
  else addWaiting();
  collectGradients();
  descend(WQ, dWQ, eta, <usize>mb * dBytes);
  descend(WK, dWK, eta, <usize>mb * dBytes);
  descend(WV, dWV, eta, <usize>ma * dBytes);
  descend(WOT, dWOT, eta, <usize>ma * mBytes);
  return hinge / <f64>count;
}

/** W -= eta dW */
function descend(W: usize, dW: usize, eta: f64, bytes: usize): void {
  const factor = f64x2.splat(eta);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(W + i, f64x2.sub(v128.load(W + i), f64x2.mul(factor, v128.load(dW + i))));
  }
}

/** Mean hinge loss of all samples; or, as soon as it is sure to exceed `stopAbove`, a number above that. */
export function meanHinge(stopAbove: f64): f64 {
  prepare();
  let hinge: f64 = 0;
  for (let n = 0; n < samples; n++) {
    const margin = f64.load(labels + ((<usize>n) << 3)) * forward(n);
    if (!(margin >= 1)) {
      hinge += 1 - margin;
      // no term is negative, and rounding is monotonic: the whole mean is no smaller
      if (hinge / <f64>samples > stopAbove) break;
    }
  }
  return hinge / <f64>samples;
}

/** results (samples) */
export function scores(): void {
  prepare();
  for (let n = 0; n < samples; n++) f64.store(results + ((<usize>n) << 3), forward(n));
}

/** results (samples, m) */
export function neuronContributions(): void {
  prepare();
  for (let n = 0; n < samples; n++) {
    forward(n);
    const to = results + ((<usize>(n * m)) << 3);
    if (perPosition) perPositionContributions(to);
    else contributions(to);
  }
}

/** results (samples, L) */
export function attentionReceived(): void {
  prepare();
  for (let n = 0; n < samples; n++) {
    attentionForward(n);
    received(results + ((<usize>(n * L)) << 3));
  }
}

/** results (count) = exp of them, for its test: 0 near zero, 1 without reduction, 2 in general */
export function expOfResults(count: i32, range: i32): void {
  const end = results + ((<usize>count) << 3);
  if (range == 0) expNearZero(results, end);
  else if (range == 1) expReduced(results, end);
  else expGeneral(results, end);
}
