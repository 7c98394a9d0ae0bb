/**
 * What the samples of a step share: P = WQ^T WK and V = WO WV, which stand for the four matrices in all that is done per
 * sample. Samples add up ∂loss/∂P and ∂loss/∂V; once a step the chain rule leads from these to the four.
 */
import {
  d,
  dBytes,
  dP,
  dVT,
  dWK,
  dWOT,
  dWQ,
  dWV,
  m,
  ma,
  maBytes,
  mBytes,
  mb,
  mbBytes,
  norms,
  P,
  transpose,
  V,
  VT,
  WK,
  WOT,
  WQ,
  WQT,
  WV,
  WVT,
} from "./memory";
import { timesTransposed, transposedTimes } from "./products";

/** Added to sums of squares that bound something: more than squares lose when they vanish, nothing beside others. */
export const SQUARES_VANISH: f64 = 1e-300;

/** Frobenius norm of P */
export let normOfP: f64 = 0;

/** P, V and norms of the present weights */
export function prepare(): void {
  transposedTimes(P, WQ, dBytes, d, WK, dBytes, mb);
  let squaresOfP = SQUARES_VANISH;
  for (let i: usize = 0; i < <usize>d * dBytes; i += 8) squaresOfP += f64.load(P + i) * f64.load(P + i);
  normOfP = Math.sqrt(squaresOfP);

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

/** The gradients of the four matrices, from dP and dV */
export function collectGradients(): void {
  // forward: V = WO WV  =>  dWO = dV WV^T,  dWV = WO^T dV
  transpose(WVT, maBytes, WV, dBytes, ma, d);
  transposedTimes(dWOT, WVT, maBytes, ma, dVT, mBytes, d);
  timesTransposed(dWV, dBytes, WOT, ma, dVT, d, mBytes);
  // forward: P = WQ^T WK  =>  dWQ = WK dP^T,  dWK = WQ dP
  timesTransposed(dWQ, dBytes, WK, mb, dP, d, dBytes);
  transpose(WQT, mbBytes, WQ, dBytes, mb, d);
  transposedTimes(dWK, WQT, mbBytes, mb, dP, dBytes, d);
}
