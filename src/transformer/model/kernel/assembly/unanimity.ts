/**
 * Which neurons are active for all tokens of a sample, or for none. While attention is nearly uniform, the c_l are close
 * to their mean c̄, and most neurons are. Where |v_i·c̄| > |v_i| max_l |c_l - c̄| that is certain (Cauchy-Schwarz).
 */
import { CT, d, dBytes, L, LBytes, largestNorm, mean, paddedBytes, V } from "./memory";
import { SQUARES_VANISH } from "./sums";

/**
 * A neuron is unanimous for certain where |v_i·Σ_l c_l| exceeds this times |v_i|.
 *
 * No test can show that the allowance for rounding is needed. A token on the other side of the kink has
 * L|v_i||c_l − c̄| >= |v_i·Σ c_l| + L|v_i·c_l|, so that rounding alone can hide it only where v_i·c_l itself is within that
 * rounding of 0. There both values of ReLU are the same up to rounding, and those of ReLU' are both left open by every
 * comparison, since no engine can tell them apart. Exact values, with which a kink is tested, would have to make c_l − c̄
 * parallel to v_i (equality in Cauchy-Schwarz) at a token with v_i·c_l = 0, while attention differs between tokens.
 */
export function certainFrom(sample: i32): f64 {
  // L max_l |c_l - c̄|, with room for the rounding of both sides: each is a sum of d or L products of numbers no larger
  // than |v_i| and max |x|
  const rounding = 4 * <f64>(d + L + 8) * f64.EPSILON;
  const norm = f64.load(largestNorm + ((<usize>sample) << 3));
  return <f64>L * ((1 + rounding) * largestDeviation() + rounding * norm);
}

/** max_l |c_l - c̄| */
function largestDeviation(): f64 {
  const rowBytes = LBytes;
  const columnsEnd = CT + rowBytes;
  const padded = L & 1;
  const meanEnd = mean + ((<usize>d) << 3);
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

/** to (d, count): the v_i of `neurons` (count), int32; its rows are padded */
export function gatherTransposed(to: usize, neurons: usize, count: i32): void {
  const rowBytes = paddedBytes(count);
  const columns = (<usize>d) << 3;
  for (let q: usize = 0; q < <usize>count; q++) {
    let out = to + (q << 3);
    for (let v = V + <usize>i32.load(neurons + (q << 2)) * dBytes, end = v + columns; v < end; v += 8) {
      f64.store(out, f64.load(v));
      out += rowBytes;
    }
  }
}

/** to (count, d): the v_i of `neurons` (count), int32 */
export function gather(to: usize, neurons: usize, count: i32): void {
  for (let q: usize = 0; q < <usize>count; q++) {
    const from = V + <usize>i32.load(neurons + (q << 2)) * dBytes;
    for (let k: usize = 0; k < dBytes; k += 16) v128.store(to + k, v128.load(from + k));
    to += dBytes;
  }
}
