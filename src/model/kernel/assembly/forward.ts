/**
 * The score of a sample, with
 *   P = WQ^T WK,      so that S[l,s] = (WK x_s)·(WQ x_l) = x_l^T P x_s needs one projection of the tokens, not two;
 *   c_l = Σ_s A[l,s] x_s,  V = WO WV,  so that w_i·z_l = v_i·c_l needs none.
 * P and V cost little, as all samples of a step share them.
 *
 * Unanimous neurons. While attention is nearly uniform, the c_l of a sample are close to their mean c̄, and most neurons
 * are active for all tokens or for none. Where |v_i·c̄| > |v_i| max_l |c_l - c̄| that is certain (Cauchy-Schwarz), and
 * Σ_l ReLU(v_i·c_l) is v_i·Σ_l c_l or 0. Only neurons in doubt are computed token by token.
 */
import { expGeneral, expNearZero, expReduced, NEAR_ZERO, REDUCED } from "./exp";
import {
  active,
  CT,
  d,
  dBytes,
  doubtful,
  doubtfulSums,
  doubtfulVT,
  E,
  L,
  LBytes,
  largestNorm,
  m,
  ma,
  mb,
  mBytes,
  mean,
  norms,
  P,
  paddedBytes,
  perPosition,
  pulledT,
  r,
  readout,
  scale,
  sum,
  t,
  transpose,
  V,
  VT,
  WK,
  WOT,
  WQ,
  WV,
  X,
  XT,
} from "./memory";
import { rowTimes, transposedTimes } from "./products";

/** How many neurons of the sample are in doubt; with a per-position readout all of them go that way. */
export let doubts: i32 = 0;

/** Attention may lie on one token: logits are taken from the largest, and the softmax derivative in its exact form. */
export let saturating: bool = false;

/** Added to sums of squares that bound something: more than squares lose when they vanish, nothing beside others. */
export const SQUARES_VANISH: f64 = 1e-300;

let normOfP: f64 = 0;

/** What depends on the weights only. */
export function prepare(): void {
  transposedTimes(P, WQ, dBytes, d, WK, dBytes, mb);
  let squares: f64 = 0;
  for (let i: usize = 0; i < <usize>d * dBytes; i += 8) squares += f64.load(P + i) * f64.load(P + i);
  normOfP = Math.sqrt(squares);

  transposedTimes(VT, WV, dBytes, d, WOT, mBytes, ma);
  transpose(V, dBytes, VT, mBytes, d, m);
  for (let i: usize = 0; i < mBytes; i += 16) {
    let squares = f64x2.splat(SQUARES_VANISH);
    let largest = f64x2.splat(0);
    for (let k = 0, v = VT + i; k < d; k++, v += mBytes) {
      const vk = v128.load(v);
      squares = f64x2.add(squares, f64x2.mul(vk, vk));
      largest = f64x2.pmax(largest, f64x2.abs(vk));
    }
    // neurons at 0, as those of the padding, are never in doubt
    const isZero = f64x2.eq(largest, f64x2.splat(0));
    v128.store(norms + i, v128.bitselect(f64x2.splat(-1), f64x2.sqrt(squares), isZero));
  }
}

/** Fills `activeOfAll` (m) with a_i / L for neurons active at all tokens; keeps for `backward` what it needs. */
export function forward(sample: i32, activeOfAll: usize): f64 {
  attend(sample);
  if (perPosition) return allNeuronsPerPosition();
  const score = unanimousNeurons(sample, activeOfAll);
  return doubts == 0 ? score : score + doubtfulNeurons(activeOfAll);
}

/** E, scale, CT, sum, mean of a sample */
function attend(sample: i32): void {
  const x = X + ((<usize>sample * L * d) << 3);
  const xT = XT + <usize>(sample * d) * LBytes;
  // S[l,s] = x_l^T P x_s, and no logit exceeds |P| max |x|²
  transposedTimes(pulledT, P, dBytes, d, xT, LBytes, d);
  transposedTimes(E, xT, LBytes, L, pulledT, LBytes, d);
  const norm = f64.load(largestNorm + (<usize>sample << 3));
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
  transposedTimes(CT, x, <usize>d << 3, d, E, LBytes, L);
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

/** max_l |c_l - c̄| */
function largestDeviation(): f64 {
  const rowBytes = LBytes;
  const columnsEnd = CT + rowBytes;
  const padded = L & 1;
  const meanEnd = mean + (<usize>d << 3);
  let largest = f64x2.splat(0);
  for (let column = CT; column < columnsEnd; column += 16) {
    let squares = f64x2.splat(0);
    for (let c = column, toMean = mean; toMean < meanEnd; toMean += 8, c += rowBytes) {
      const deviation = f64x2.sub(v128.load(c), v128.load64_splat(toMean));
      squares = f64x2.add(squares, f64x2.mul(deviation, deviation));
    }
    // the padding is no token
    if (padded && column + 16 == columnsEnd) squares = v128.shuffle<f64>(squares, squares, 0, 0);
    largest = f64x2.pmax(largest, squares);
  }
  return Math.sqrt(max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1)) + SQUARES_VANISH);
}

function unanimousNeurons(sample: i32, activeOfAll: usize): f64 {
  // |v_i·Σ_l c_l| > |v_i| L max_l |c_l - c̄|, with room for the rounding of both sides: each is a sum of d or L products
  // of numbers no larger than |v_i| and max |x|.
  const rounding = 4 * <f64>(d + L + 8) * f64.EPSILON;
  const bound = <f64>L * ((1 + rounding) * largestDeviation() + rounding * f64.load(largestNorm + (<usize>sample << 3)));
  rowTimes(t, sum, VT, mBytes, d);
  const factor = f64x2.splat(bound);
  const zero = f64x2.splat(0);
  let score = zero;
  doubts = 0;
  const sums = t;
  const a0 = readout;
  const n0 = norms;
  const end = mBytes;
  for (let i: usize = 0; i < end; i += 32) {
    const t0 = v128.load(sums + i);
    const t1 = v128.load(sums + i, 16);
    const certain0 = f64x2.gt(f64x2.abs(t0), f64x2.mul(v128.load(n0 + i), factor));
    const certain1 = f64x2.gt(f64x2.abs(t1), f64x2.mul(v128.load(n0 + i, 16), factor));
    const active0 = v128.and(v128.and(certain0, f64x2.gt(t0, zero)), v128.load(a0 + i));
    const active1 = v128.and(v128.and(certain1, f64x2.gt(t1, zero)), v128.load(a0 + i, 16));
    v128.store(activeOfAll + i, active0);
    v128.store(activeOfAll + i, active1, 16);
    score = f64x2.add(score, f64x2.add(f64x2.mul(active0, t0), f64x2.mul(active1, t1)));
    if (i64x2.bitmask(v128.and(certain0, certain1)) != 3) {
      const neuron = <i32>(i >>> 3);
      const certain = i64x2.bitmask(certain0) | (i64x2.bitmask(certain1) << 2);
      for (let k = 0; k < 4; k++) if (!(certain & (1 << k)) && neuron + k < m) doubt(neuron + k);
    }
  }
  return f64x2.extract_lane(score, 0) + f64x2.extract_lane(score, 1);
}

function doubt(neuron: i32): void {
  i32.store(doubtful + (<usize>doubts << 2), neuron);
  doubts += 1;
}

/**
 * The part of the neurons in doubt in the score; active, r, doubtfulSums. Those that prove unanimous after all leave
 * the list.
 */
function doubtfulNeurons(activeOfAll: usize): f64 {
  gatherDoubtful();
  transposedTimes(active, doubtfulVT, paddedBytes(doubts), doubts, CT, LBytes, d);
  const rowBytes = LBytes;
  const padding = <i32>(rowBytes >>> 3) - L;
  for (let l: usize = 0; l < rowBytes; l += 16) v128.store(r + l, f64x2.splat(0));
  let score: f64 = 0;
  let kept: usize = 0;
  let to = active;
  for (let q: usize = 0, row = active; q < <usize>doubts; q++, row += rowBytes) {
    const neuron = i32.load(doubtful + (q << 2));
    const at = <usize>neuron << 3;
    const inactive = countInactive(row, rowBytes) - padding;
    if (inactive == 0) {
      const a = f64.load(readout + at);
      f64.store(activeOfAll + at, a);
      score += a * f64.load(t + at);
    } else if (inactive < L) {
      const a = v128.load64_splat(readout + at);
      let total = f64x2.splat(0);
      for (let l: usize = 0; l < rowBytes; l += 16) total = f64x2.add(total, activate(to + l, row + l, a, r + l));
      const contribution = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
      score += contribution;
      f64.store(doubtfulSums + (kept << 3), contribution);
      i32.store(doubtful + (kept << 2), neuron);
      kept++;
      to += rowBytes;
    }
  }
  doubts = <i32>kept;
  return score;
}

/** doubtfulVT (d, doubts): the v_i of the neurons in doubt */
export function gatherDoubtful(): void {
  const rowBytes = paddedBytes(doubts);
  const columns = <usize>d << 3;
  for (let q: usize = 0; q < <usize>doubts; q++) {
    let to = doubtfulVT + (q << 3);
    for (let v = V + <usize>i32.load(doubtful + (q << 2)) * dBytes, end = v + columns; v < end; v += 8) {
      f64.store(to, f64.load(v));
      to += rowBytes;
    }
  }
}

/** How many of a row are not positive; written so that NaN counts as positive, here as in `activate`. */
function countInactive(row: usize, rowBytes: usize): i32 {
  let count = i64x2.splat(0);
  for (const end = row + rowBytes; row < end; row += 16) {
    count = i64x2.sub(count, f64x2.le(v128.load(row), f64x2.splat(0)));
  }
  return <i32>(i64x2.extract_lane(count, 0) + i64x2.extract_lane(count, 1));
}

function allNeuronsPerPosition(): f64 {
  doubts = m;
  transposedTimes(active, VT, mBytes, m, CT, LBytes, d);
  const rowBytes = LBytes;
  for (let l: usize = 0; l < rowBytes; l += 16) v128.store(r + l, f64x2.splat(0));
  let score: f64 = 0;
  for (let i = 0, row = active, a = readout; i < m; i++, row += rowBytes, a += rowBytes) {
    let total = f64x2.splat(0);
    for (let l: usize = 0; l < rowBytes; l += 16) {
      total = f64x2.add(total, activate(row + l, row + l, v128.load(a + l), r + l));
    }
    const contribution = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
    score += contribution;
    f64.store(doubtfulSums + (<usize>i << 3), contribution);
  }
  return score;
}

/** a ReLU(h), added to r too; `to` gets a where h is positive, 0 elsewhere */
// @ts-ignore: decorator
@inline
function activate(to: usize, h: usize, a: v128, r: usize): v128 {
  const value = v128.load(h);
  const inactive = f64x2.le(value, f64x2.splat(0));
  const contribution = v128.andnot(f64x2.mul(a, value), inactive);
  v128.store(to, v128.andnot(a, inactive));
  v128.store(r, f64x2.add(v128.load(r), contribution));
  return contribution;
}

/** contributions (m): (1/L) Σ_l a[l,i] ReLU(v_i·c_l) of the sample that `forward` was at */
export function contributions(to: usize, activeOfAll: usize): void {
  if (perPosition) {
    memory.copy(to, doubtfulSums, <usize>m << 3);
    return;
  }
  for (let i: usize = 0; i < <usize>m << 3; i += 8) f64.store(to + i, f64.load(activeOfAll + i) * f64.load(t + i));
  for (let q: usize = 0; q < <usize>doubts; q++) {
    const neuron = <usize>i32.load(doubtful + (q << 2));
    f64.store(to + (neuron << 3), f64.load(doubtfulSums + (q << 3)));
  }
}

/** received (L): (1/L) Σ_l A[l,s] of the sample that `forward` was at */
export function attention(received: usize): void {
  for (let s: usize = 0; s < <usize>L; s++) {
    let total: f64 = 0;
    for (let l: usize = 0; l < <usize>L << 3; l += 8) total += f64.load(E + s * LBytes + l) * f64.load(scale + l);
    f64.store(received + (s << 3), total / <f64>L);
  }
}
