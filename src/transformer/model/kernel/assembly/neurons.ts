/**
 * The neurons with a shared readout: from the c_l of a sample to its score, and back. w_i·z_l = v_i·c_l.
 *
 * Where a neuron is active for all tokens or for none, Σ_l ReLU(v_i·c_l) is v_i·Σ_l c_l or 0. Neurons in doubt are
 * computed token by token.
 */
import {
  active,
  b,
  CT,
  d,
  dBytes,
  dDoubtfulVT,
  dE,
  doubtful,
  doubtfulSums,
  doubtfulV,
  doubtfulVT,
  dSum,
  dVT,
  L,
  LBytes,
  m,
  mBytes,
  norms,
  paddedBytes,
  r,
  readout,
  sum,
  t,
  tokensTOf,
  u,
  V,
  VT,
  WAITING,
  waitingActive,
  waitingSums,
} from "./memory";
import { addRowTimes, addTransposedTimes, rowTimes, timesTransposed, transposedTimes } from "./products";
import { certainFrom, gather, gatherTransposed } from "./unanimity";

/** How many neurons of the sample are in doubt. */
export let doubts: i32 = 0;

/** How many samples wait for `addWaiting`. */
let waiting: i32 = 0;

/** The score of the sample that `attentionForward` was at. */
export function neuronsForward(sample: i32): f64 {
  const ofUnanimous = unanimousNeurons(sample);
  return doubts == 0 ? ofUnanimous : ofUnanimous + doubtfulNeurons();
}

/** a_i / L of the present sample where neuron i is active for all tokens, 0 elsewhere: (m), a row of those that wait */
function unanimous(): usize {
  return waitingActive + <usize>waiting * mBytes;
}

function unanimousNeurons(sample: i32): f64 {
  rowTimes(t, sum, VT, mBytes, d);
  const factor = f64x2.splat(certainFrom(sample));
  const zero = f64x2.splat(0);
  let score = zero;
  doubts = 0;
  const activeOfAll = unanimous();
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
  i32.store(doubtful + ((<usize>doubts) << 2), neuron);
  doubts += 1;
}

/**
 * The part of the neurons in doubt in the score; active, r, doubtfulSums. Those that prove unanimous after all leave
 * the list.
 */
function doubtfulNeurons(): f64 {
  gatherTransposed(doubtfulVT, doubtful, doubts);
  transposedTimes(active, doubtfulVT, paddedBytes(doubts), doubts, CT, LBytes, d);
  const rowBytes = LBytes;
  const activeOfAll = unanimous();
  const padding = <i32>(rowBytes >>> 3) - L;
  for (let l: usize = 0; l < rowBytes; l += 16) v128.store(r + l, f64x2.splat(0));
  let score: f64 = 0;
  let kept: usize = 0;
  let to = active;
  for (let q: usize = 0, row = active; q < <usize>doubts; q++, row += rowBytes) {
    const neuron = i32.load(doubtful + (q << 2));
    const at = (<usize>neuron) << 3;
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

/** How many of a row are not positive; written so that NaN counts as positive, here as in `activate`. */
function countInactive(row: usize, rowBytes: usize): i32 {
  let count = i64x2.splat(0);
  for (const end = row + rowBytes; row < end; row += 16) {
    count = i64x2.sub(count, f64x2.le(v128.load(row), f64x2.splat(0)));
  }
  return <i32>(i64x2.extract_lane(count, 0) + i64x2.extract_lane(count, 1));
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

/** Forgets the gradients of V, and of the samples that wait. */
export function clearGradientOfV(): void {
  memory.fill(dVT, 0, <usize>d * mBytes);
  waiting = 0;
}

/** Adds g ∂score/∂V of the sample that `neuronsForward` was at; b, r and, with `doubtfulDA`, ∂score/∂A. */
export function neuronsBackward(sample: i32, g: f64): void {
  if (doubts > 0) doubtfulBackward(g);
  unanimousBackward(g, tokensTOf(sample));
}

function unanimousBackward(g: f64, xT: usize): void {
  // forward: score += active_i v_i·Σ_l c_l  =>  dv_i += g active_i Σ_l c_l,  dc_l = Σ_i active_i v_i for every l
  rowTimes(dSum, unanimous(), V, dBytes, m);
  const gSum = waitingSums + <usize>waiting * dBytes;
  for (let k: usize = 0; k < (<usize>d) << 3; k += 8) f64.store(gSum + k, g * f64.load(sum + k));
  if (++waiting == WAITING) addWaiting();
  // b and r of these dc_l
  rowTimes(b, dSum, xT, LBytes, d);
  if (doubts == 0) rowTimes(r, dSum, CT, LBytes, d);
  else addRowTimes(r, dSum, CT, LBytes, d);
}

/** dV of the unanimous neurons of the samples that wait */
export function addWaiting(): void {
  if (waiting > 0) addTransposedTimes(dVT, waitingSums, dBytes, d, waitingActive, mBytes, waiting);
  waiting = 0;
}

function doubtfulBackward(g: f64): void {
  // forward: score += active[i,l] v_i·c_l  =>  dv_i += g Σ_l active[i,l] c_l
  const rowBytes = paddedBytes(doubts);
  timesTransposed(dDoubtfulVT, rowBytes, CT, d, active, doubts, LBytes);
  for (let k: usize = 0; k < <usize>d; k++) {
    const from = dDoubtfulVT + k * rowBytes;
    const to = dVT + k * mBytes;
    for (let q: usize = 0; q < <usize>doubts; q++) {
      const at = to + ((<usize>i32.load(doubtful + (q << 2))) << 3);
      f64.store(at, f64.load(at) + g * f64.load(from + (q << 3)));
    }
  }
}

/** dE (L, L) = ∂score/∂A of the neurons in doubt: row s, column l */
export function doubtfulDA(xT: usize): void {
  // dc_l = Σ_q active[q,l] v_q,  dA[l,s] = dc_l·x_s: either the v_q·x_s come first or the dc_l
  if (doubts == 0) {
    memory.fill(dE, 0, <usize>L * LBytes);
  } else if (doubts < d) {
    gatherTransposed(doubtfulVT, doubtful, doubts);
    transposedTimes(u, doubtfulVT, paddedBytes(doubts), doubts, xT, LBytes, d);
    transposedTimes(dE, u, LBytes, L, active, LBytes, doubts);
  } else {
    gather(doubtfulV, doubtful, doubts);
    transposedTimes(u, doubtfulV, dBytes, d, active, LBytes, doubts);
    transposedTimes(dE, xT, LBytes, L, u, LBytes, d);
  }
}

/** to (m): (1/L) Σ_l a[l,i] ReLU(v_i·c_l) of the sample that `neuronsForward` was at */
export function contributions(to: usize): void {
  const activeOfAll = unanimous();
  for (let i: usize = 0; i < (<usize>m) << 3; i += 8) f64.store(to + i, f64.load(activeOfAll + i) * f64.load(t + i));
  for (let q: usize = 0; q < <usize>doubts; q++) {
    const neuron = <usize>i32.load(doubtful + (q << 2));
    f64.store(to + (neuron << 3), f64.load(doubtfulSums + (q << 3)));
  }
}
