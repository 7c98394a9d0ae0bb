/**
 * The neurons with a per-position readout, where tokens count differently: score = Σ_i v_i·u_i with
 * u_i = Σ_l active[i,l] c_l, active[i,l] = a[l,i] / L where v_i·c_l > 0, 0 elsewhere.
 *
 * A neuron that is inactive for all tokens costs no more than the test that shows it, and one that is active for all of
 * them needs no v_i·c_l: its `active` is its readout. The gradient of v_i is u_i, which the score has computed.
 */
import {
  active,
  activeC,
  activeNeurons,
  activeSums,
  activeV,
  CT,
  d,
  dBytes,
  dE,
  dV,
  dVT,
  doubtful,
  doubtfulVT,
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
  transpose,
  u,
  VT,
} from "./memory";
import { rowTimes, timesTransposed, transposedTimes } from "./products";
import { certainFrom, gather, gatherTransposed } from "./unanimity";

/** How many neurons of the sample are active for some token. */
let count: i32 = 0;

/** The score of the sample that `attentionForward` was at. */
export function perPositionForward(sample: i32): f64 {
  findActive(sample);
  gather(activeV, activeNeurons, count);
  timesTransposed(activeC, dBytes, active, count, CT, d, LBytes);
  let score: f64 = 0;
  for (let q = 0, row: usize = 0; q < count; q++, row += dBytes) {
    let total = f64x2.splat(0);
    for (let k = row, end = row + dBytes; k < end; k += 16) {
      total = f64x2.add(total, f64x2.mul(v128.load(activeV + k), v128.load(activeC + k)));
    }
    const contribution = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
    f64.store(activeSums + ((<usize>q) << 3), contribution);
    score += contribution;
  }
  return score;
}

/** activeNeurons, active */
function findActive(sample: i32): void {
  rowTimes(t, sum, VT, mBytes, d);
  const from = certainFrom(sample);
  let doubts = 0;
  count = 0;
  const factor = f64x2.splat(from);
  for (let i = 0; i < m; i += 2) {
    const at = (<usize>i) << 3;
    const ti = v128.load(t + at);
    const certain = f64x2.gt(f64x2.abs(ti), f64x2.mul(v128.load(norms + at), factor));
    const inDoubt = i64x2.bitmask(v128.not(certain));
    const isActive = i64x2.bitmask(v128.and(certain, f64x2.gt(ti, f64x2.splat(0))));
    // always stored, and kept where the count goes up: no branch to be guessed wrong
    i32.store(doubtful + ((<usize>doubts) << 2), i);
    i32.store(activeNeurons + ((<usize>count) << 2), i);
    doubts += inDoubt & 1;
    count += isActive & 1;
    if (i + 1 == m) break;
    i32.store(doubtful + ((<usize>doubts) << 2), i + 1);
    i32.store(activeNeurons + ((<usize>count) << 2), i + 1);
    doubts += inDoubt >> 1;
    count += isActive >> 1;
  }
  for (let q = 0, to = active; q < count; q++) {
    let a = rowOf(readout, neuronAt(activeNeurons, q));
    for (const end = to + LBytes; to < end; to += 16, a += 16) v128.store(to, v128.load(a));
  }
  if (doubts > 0) findActiveAmong(doubts);
}

/** Adds those of the neurons in doubt that are active for some token. */
function findActiveAmong(doubts: i32): void {
  gatherTransposed(doubtfulVT, doubtful, doubts);
  const first = count;
  transposedTimes(rowOf(active, first), doubtfulVT, paddedBytes(doubts), doubts, CT, LBytes, d);
  for (let q = 0; q < doubts; q++) {
    const neuron = neuronAt(doubtful, q);
    if (!activate(rowOf(active, count), rowOf(active, first + q), rowOf(readout, neuron))) continue;
    i32.store(activeNeurons + ((<usize>count) << 2), neuron);
    count++;
  }
}

/** to (L) = a where h is positive, 0 elsewhere; whether h is positive anywhere. So written that NaN counts as positive. */
function activate(to: usize, h: usize, a: usize): bool {
  let anywhere = f64x2.splat(0);
  for (const end = h + LBytes; h < end; h += 16, a += 16, to += 16) {
    const inactive = f64x2.le(v128.load(h), f64x2.splat(0));
    anywhere = v128.or(anywhere, v128.not(inactive));
    v128.store(to, v128.andnot(v128.load(a), inactive));
  }
  return v128.any_true(anywhere);
}

function rowOf(matrix: usize, row: i32): usize {
  return matrix + <usize>row * LBytes;
}

function neuronAt(list: usize, index: i32): i32 {
  return i32.load(list + ((<usize>index) << 2));
}

/** Adds g ∂score/∂V of the sample that `perPositionForward` was at. */
export function perPositionBackward(g: f64): void {
  const factor = f64x2.splat(g);
  for (let q = 0, from = activeC; q < count; q++) {
    let to = dV + <usize>neuronAt(activeNeurons, q) * dBytes;
    for (const end = from + dBytes; from < end; from += 16, to += 16) {
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(factor, v128.load(from))));
    }
  }
}

/** dE (L, L) = ∂score/∂A: row s, column l; r */
export function perPositionDA(xT: usize): void {
  // dc_l = Σ_i active[i,l] v_i,  dA[l,s] = dc_l·x_s,  Σ_s A[l,s] dA[l,s] = dc_l·c_l
  if (count > 0) transposedTimes(u, activeV, dBytes, d, active, LBytes, count);
  else memory.fill(u, 0, <usize>d * LBytes);
  transposedTimes(dE, xT, LBytes, L, u, LBytes, d);
  const allBytes = <usize>d * LBytes;
  for (let l: usize = 0; l < LBytes; l += 16) {
    let total = f64x2.splat(0);
    for (let k = l; k < allBytes; k += LBytes) {
      total = f64x2.add(total, f64x2.mul(v128.load(u + k), v128.load(CT + k)));
    }
    v128.store(r + l, total);
  }
}

/** Forgets the gradients of V. */
export function clearPerPosition(): void {
  memory.fill(dV, 0, <usize>m * dBytes);
}

/** dVT of the samples since `clearPerPosition` */
export function collectPerPosition(): void {
  transpose(dVT, mBytes, dV, dBytes, m, d);
}

/** to (m): (1/L) Σ_l a[l,i] ReLU(v_i·c_l) of the sample that `perPositionForward` was at */
export function perPositionContributions(to: usize): void {
  memory.fill(to, 0, (<usize>m) << 3);
  for (let q = 0; q < count; q++) {
    f64.store(to + ((<usize>neuronAt(activeNeurons, q)) << 3), f64.load(activeSums + ((<usize>q) << 3)));
  }
}
