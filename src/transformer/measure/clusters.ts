import ln from "@stdlib/math-base-special-ln";
import { ascendingByNorm } from "../prune/magnitude.ts";

/** Indices of the two clusters, each in ascending order of norm. Either is empty only where there is one neuron. */
export interface NormClusters {
  readonly small: readonly number[];
  readonly large: readonly number[];
}

/**
 * The exact two-cluster split of log‖w_i‖: of all splits of the sorted values into a lower and an upper part, the one
 * with the least sum of squared distances to the two means (k-means with k = 2, solved exactly in one dimension).
 * Of splits that are equal up to rounding the one with the smallest lower part is taken. Cost O(m log m).
 *
 * A norm of zero counts as the smallest positive double, so that its logarithm is finite.
 */
export function splitByLogNorm(norms: Float64Array): NormClusters {
  const ascending = ascendingByNorm(norms);
  if (norms.some((norm) => !Number.isFinite(norm))) return { small: [], large: [] };
  const m = ascending.length;
  const logs = ascending.map((i) => ln(Math.max(norms[i] as number, Number.MIN_VALUE)));
  // above the smallest, so that those of equal norms are 0 and sums of them are exact
  const above = logs.map((value) => value - (logs[0] as number));
  const total = above.reduce((sum, value) => sum + value, 0);

  // least within-cluster squares <=> largest between-cluster squares, k·mean² + (m−k)·mean'², about the common mean
  const mean = total / m;
  // each logarithm is rounded, and so are the differences and their sum
  const roundoff = 4 * m * Number.EPSILON * logs.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  let sumOfSmall = 0;
  let best = { squares: Number.NEGATIVE_INFINITY, size: 0 };
  let bestRoundoff = 0;
  for (let k = 1; k < m; k++) {
    sumOfSmall += (above[k - 1] as number) - mean;
    const squares = (sumOfSmall * sumOfSmall) / k + (sumOfSmall * sumOfSmall) / (m - k);
    const ofSquares = (2 * Math.abs(sumOfSmall) + roundoff) * roundoff * (1 / k + 1 / (m - k));
    if (squares - ofSquares > best.squares + bestRoundoff) {
      best = { squares, size: k };
      bestRoundoff = ofSquares;
    }
  }
  return { small: ascending.slice(0, best.size), large: ascending.slice(best.size) };
}
