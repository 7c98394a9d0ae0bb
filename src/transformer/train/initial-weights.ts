import { Matrix } from "ml-matrix";
import { stream } from "../../random/stream.ts";
import { randomOrthonormal } from "../data/sample.ts";
import type { Theta, Weights } from "../notation.ts";

/**
 * The weights before training: W_Q = W_K = δ·I (rectangular identity), W_V = σ·U with U orthonormal, entries of
 * W_O ~ N(0, ξ²), and a uniform on ±1/√m.
 */
export function initialWeights(theta: Theta, seed: number): Weights {
  const { d, L, m, ma, mb, delta, sigma, xi, readout } = theta;
  const outputStream = stream(seed, "initial W_O");
  const readoutStream = stream(seed, "readout");
  const WO = Matrix.zeros(m, ma);
  for (let i = 0; i < m; i++) for (let c = 0; c < ma; c++) WO.set(i, c, xi * outputStream.normal());
  const a = Matrix.zeros(readout === "shared" ? 1 : L, m);
  for (let l = 0; l < a.rows; l++) {
    for (let i = 0; i < m; i++) a.set(l, i, (readoutStream.integer(0, 1) === 0 ? -1 : 1) / Math.sqrt(m));
  }
  return {
    WQ: Matrix.eye(mb, d, delta),
    WK: Matrix.eye(mb, d, delta),
    WV: randomOrthonormal(ma, d, stream(seed, "initial W_V")).mul(sigma),
    WO,
    a,
  };
}
