import type { Theta } from "./notation.ts";
import { multiplyAdds } from "./prune/multiply-adds.ts";

/** A pass backwards costs two forwards. */
const PASSES_A_STEP = 3;

/** Passes over the test data for everything that is claimed: pruned, cut to a rank, attention before and after. */
const TEST_PASSES = 12;

/** A step's own cost beside its passes: reading gradients and weights. */
const STEP_OVERHEAD = 1e5;

/** JavaScript is slow beside the kernel: an SVD of an n x n matrix takes about as long as 100·n³ of its multiply-adds. */
const SINGULAR_VALUES = 100;

/** Decompositions of a trained model: its updates, their cuts to two ranks, the random rotations. */
const DECOMPOSITIONS = 12;

/** Decompositions of a step whose gradients are watched. */
const DECOMPOSITIONS_A_STEP = 3;

/** An upper bound on the multiply-adds of training a model to T_max and observing every claim of it. */
export function workOf(theta: Theta): number {
  const { B, N, Tmax, testSamples, d, ma, mb } = theta;
  const { forward } = multiplyAdds(theta);
  const inner = Math.min(d, Math.max(ma, mb));
  const decomposition = SINGULAR_VALUES * d * Math.max(ma, mb) * inner;
  const step = PASSES_A_STEP * B * forward + STEP_OVERHEAD + DECOMPOSITIONS_A_STEP * decomposition;
  const checks = (Tmax / 10 + 1) * N * forward;
  return Tmax * step + checks + TEST_PASSES * testSamples * forward + DECOMPOSITIONS * decomposition;
}
