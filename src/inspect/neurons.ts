import ln from "@stdlib/math-base-special-ln";
import { splitByLogNorm } from "../transformer/measure/clusters.ts";
import { euclideanNorm } from "../transformer/model/power-of-two.ts";
import { ascendingByNorm } from "../transformer/prune/magnitude.ts";
import type { Entries } from "./entries.ts";

/** The rows of a matrix as neurons: one for each output, as PyTorch and the paper lay weights out. */
export interface Neurons {
  /** ‖w_i‖ of each. */
  readonly norms: Float64Array;
  /** How many neurons the two clusters of log‖w_i‖ have. */
  readonly small: number;
  readonly large: number;
  /** Largest norm of the small cluster, smallest of the large one. */
  readonly gap: readonly [number, number];
  /** The share of the variance of log‖w_i‖ that lies between the two clusters; NaN where all norms are one. */
  readonly betweenShare: number;
  readonly sorts: Sorts;
  /** Neurons, smallest first, that together hold at most `FREE` of Σ‖w_i‖, as a share of all. */
  readonly freeShare: number;
  /** Σ‖w_i‖ over the small cluster, and as a fraction of that over all. */
  readonly pruningBound: number;
  readonly pruningFraction: number;
}

export type Sorts = "two sorts" | "one sort" | "unclear" | "too few" | "zeros";

/** A split of normal norms explains 2/π = 0.64 of their variance, of evenly spread ones 3/4, of the models here above 0.97. */
export const ONE_SORT = 0.8;
export const TWO_SORTS = 0.9;

/** The split of a few neurons explains nearly all of their variance, whatever they are. */
const FEW = 16;

/** What of Σ‖w_i‖ the free neurons hold at most. */
export const FREE = 0.01;

/** ‖w_i‖ of each row. */
export function rowNorms({ rows, columns, values }: Entries): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => euclideanNorm(values.subarray(i * columns, (i + 1) * columns)));
}

/** Of two neurons or more. */
export function neuronsOf(norms: Float64Array): Neurons {
  const { small, large } = splitByLogNorm(norms);
  const normsAt = (indices: readonly number[]) => indices.map((i) => norms[i] as number);
  const largest = norms.reduce((most, norm) => Math.max(most, norm), 0);
  // sums of ratios, which cannot overflow
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value / largest, 0);
  const [ofSmall, ofAll] = [sum(normsAt(small)), sum(Array.from(norms))];
  const betweenShare = betweenShareOf(norms, small, large);
  return {
    norms,
    ...{ small: small.length, large: large.length, betweenShare },
    gap: [Math.max(...normsAt(small).slice(-1)), Math.min(...normsAt(large).slice(0, 1))],
    sorts: small.every((i) => norms[i] === 0) ? "zeros" : sortsOf(betweenShare, norms.length),
    freeShare: freeOf(norms, largest, FREE * ofAll) / norms.length,
    pruningBound: ofSmall * largest,
    pruningFraction: ofSmall / ofAll,
  };
}

function sortsOf(betweenShare: number, neurons: number): Sorts {
  if (neurons < FEW) return "too few";
  if (betweenShare >= TWO_SORTS) return "two sorts";
  // norms that are all the same are of one sort, whatever their variance is a share of
  return betweenShare >= ONE_SORT ? "unclear" : "one sort";
}

/** Σ between clusters over Σ in all, of squared distances of log‖w_i‖ to the means. */
function betweenShareOf(norms: Float64Array, small: readonly number[], large: readonly number[]): number {
  // as the split has it
  const logs = Array.from(norms, (norm) => ln(Math.max(norm, Number.MIN_VALUE)));
  const meanOf = (indices: readonly number[]) =>
    indices.reduce((sum, i) => sum + (logs[i] as number), 0) / indices.length;
  const mean = meanOf(logs.map((_, i) => i));
  const total = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  const between = [small, large].reduce((sum, each) => sum + each.length * (meanOf(each) - mean) ** 2, 0);
  const roundoff = logs.length * (8 * Number.EPSILON * Math.max(1, Math.abs(mean))) ** 2;
  return total <= roundoff ? Number.NaN : Math.min(between / total, 1);
}

function freeOf(norms: Float64Array, largest: number, most: number): number {
  let held = 0;
  let count = 0;
  for (const i of ascendingByNorm(norms)) {
    held += (norms[i] as number) / largest;
    if (held > most) break;
    count++;
  }
  return count;
}
