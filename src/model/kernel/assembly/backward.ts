/**
 * The gradients, in the order of `forward` turned round. Per sample only ∂loss/∂P and ∂loss/∂V are added up; those of
 * the four matrices follow from them once a step.
 */
import { doubts, gatherDoubtful, saturating } from "./forward";
import {
  active,
  b,
  CT,
  d,
  dBytes,
  dE,
  doubtful,
  doubtfulV,
  doubtfulVT,
  dP,
  dDoubtfulVT,
  dSum,
  dVT,
  dWK,
  dWOT,
  dWQ,
  dWV,
  E,
  HT,
  L,
  LBytes,
  m,
  ma,
  maBytes,
  mb,
  mbBytes,
  mBytes,
  P,
  paddedBytes,
  perPosition,
  r,
  scale,
  sum,
  transpose,
  u,
  V,
  VT,
  WAITING,
  WK,
  WOT,
  WQ,
  WQT,
  WV,
  WVT,
  waitingActive,
  waitingSums,
  weightedX,
  X,
  XT,
} from "./memory";
import { addRowTimes, addTimesTransposed, addTransposedTimes, rowTimes, timesTransposed, transposedTimes } from "./products";

let waiting: i32 = 0;

/** Where `forward` of the next sample is to put its `activeOfAll`. */
export function nextActive(): usize {
  return waitingActive + <usize>waiting * mBytes;
}

export function clearGradients(): void {
  memory.fill(dP, 0, <usize>d * dBytes);
  memory.fill(dVT, 0, <usize>d * mBytes);
  waiting = 0;
}

/** Adds g ∂score/∂P and g ∂score/∂V of the sample that `forward` was at. */
export function backward(sample: i32, g: f64): void {
  const x = X + ((<usize>sample * L * d) << 3);
  const xT = XT + <usize>(sample * d) * LBytes;
  if (doubts > 0) doubtfulNeurons(g);
  if (!perPosition) unanimousNeurons(g, xT);

  // forward: c_l = Σ_s A[l,s] x_s, A[l,:] = softmax(S[l,:])
  //   =>  dA[l,s] = dc_l·x_s,  dS[l,s] = A[l,s] (dA[l,s] - r_l),  r_l = Σ_s A[l,s] dA[l,s]
  // forward: S[l,s] = x_l^T P x_s  =>  dP += Σ_l x_l h_l^T,  h_l = Σ_s dS[l,s] x_s
  if (doubts == 0 && !saturating) meanOfUnanimous(g, x);
  else meanOfAll(g, x, xT);
  addTimesTransposed(dP, dBytes, xT, d, HT, d, LBytes);
}

/** dV of unanimous neurons; dSum, b and their part of r */
function unanimousNeurons(g: f64, xT: usize): void {
  // forward: score += active_i v_i·Σ_l c_l  =>  dv_i += g active_i Σ_l c_l,  dc_l = Σ_i active_i v_i for every l
  const a = nextActive();
  rowTimes(dSum, a, V, dBytes, m);
  const gSum = waitingSums + <usize>waiting * dBytes;
  for (let k: usize = 0; k < <usize>d << 3; k += 8) f64.store(gSum + k, g * f64.load(sum + k));
  if (++waiting == WAITING) addWaiting();
  // dA[l,s] = dc·x_s is the same for every l
  rowTimes(b, dSum, xT, LBytes, d);
  if (doubts == 0) rowTimes(r, dSum, CT, LBytes, d);
  else addRowTimes(r, dSum, CT, LBytes, d);
}

function addWaiting(): void {
  if (waiting > 0) addTransposedTimes(dVT, waitingSums, dBytes, d, waitingActive, mBytes, waiting);
  waiting = 0;
}

/** dV of the neurons in doubt */
function doubtfulNeurons(g: f64): void {
  // forward: score += active[i,l] v_i·c_l  =>  dv_i += g Σ_l active[i,l] c_l
  const rowBytes = perPosition ? mBytes : paddedBytes(doubts);
  timesTransposed(dDoubtfulVT, rowBytes, CT, d, active, doubts, LBytes);
  for (let k: usize = 0; k < <usize>d; k++) {
    const from = dDoubtfulVT + k * rowBytes;
    const to = dVT + k * mBytes;
    for (let q: usize = 0; q < <usize>doubts; q++) {
      const at = to + ((perPosition ? q : <usize>i32.load(doubtful + (q << 2))) << 3);
      f64.store(at, f64.load(at) + g * f64.load(from + (q << 3)));
    }
  }
}

/** HT where dc_l, so dA[l,:], is the same for every l: h_l = Σ_s A[l,s] b_s x_s - r_l c_l */
function meanOfUnanimous(g: f64, x: usize): void {
  const columns = <usize>d << 3;
  for (let s: usize = 0, from = x, to = weightedX, end = b + (<usize>L << 3); b + s < end; s += 8) {
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

/** HT in general: h_l = Σ_s dS[l,s] x_s */
function meanOfAll(g: f64, x: usize, xT: usize): void {
  // dc_l = dSum + Σ_q active[q,l] v_q over the neurons in doubt; either their v_q·x_s first or that sum first
  if (doubts == 0) {
    memory.fill(dE, 0, <usize>L * LBytes);
  } else if (doubts < d && !perPosition) {
    gatherDoubtful();
    transposedTimes(u, doubtfulVT, paddedBytes(doubts), doubts, xT, LBytes, d);
    transposedTimes(dE, u, LBytes, L, active, LBytes, doubts);
  } else {
    let v = V;
    if (!perPosition) {
      v = doubtfulV;
      for (let q: usize = 0; q < <usize>doubts; q++) {
        const from = V + <usize>i32.load(doubtful + (q << 2)) * dBytes;
        for (let k: usize = 0; k < dBytes; k += 16) v128.store(v + q * dBytes + k, v128.load(from + k));
      }
    }
    transposedTimes(u, v, dBytes, d, active, LBytes, doubts);
    transposedTimes(dE, xT, LBytes, L, u, LBytes, d);
  }
  if (saturating) exactR();
  softmaxBackward(E, dE, dE + <usize>L * LBytes, b, r, LBytes);
  transposedTimes(HT, x, <usize>d << 3, d, dE, LBytes, L);
  scaleColumns(HT, <usize>d * LBytes, scale, LBytes, g);
}

/** dE = E (dA - r), dA = dE + b, (L, L), a row for each s */
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

/** The gradients of the four matrices, from those of P and V. */
export function collectGradients(): void {
  addWaiting();
  // forward: V = WO WV  =>  dWO = dV WV^T,  dWV = WO^T dV
  transpose(WVT, maBytes, WV, dBytes, ma, d);
  transposedTimes(dWOT, WVT, maBytes, ma, dVT, mBytes, d);
  timesTransposed(dWV, dBytes, WOT, ma, dVT, d, mBytes);
  // forward: P = WQ^T WK  =>  dWQ = WK dP^T,  dWK = WQ dP
  timesTransposed(dWQ, dBytes, WK, mb, dP, d, dBytes);
  transpose(WQT, mbBytes, WQ, dBytes, mb, d);
  transposedTimes(dWK, WQT, mbBytes, mb, dP, dBytes, d);
}
