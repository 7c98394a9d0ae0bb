import ln from "@stdlib/math-base-special-ln";
import { Matrix } from "ml-matrix";
import { median } from "../../evidence/median.ts";
import { euclideanNorm } from "../model/power-of-two.ts";
import type { Weights } from "../notation.ts";
import { splitByLogNorm } from "./clusters.ts";
import { perRun } from "./per-run.ts";
import type { Run } from "./run.ts";
import { singularValues } from "./singular-values.ts";

/**
 * The updates of merged matrices, as works with two merged layers state their theorems: W = W_Kᵀ W_Q (d x d), the bilinear
 * form of attention, and V = W_O W_V (m x d), from token to neuron. Row u_i of ΔV is what training did to neuron i.
 */

type Merged = (weights: Weights) => Matrix;

const attention: Merged = ({ WK, WQ }) => WK.transpose().mmul(WQ);
const neurons: Merged = ({ WO, WV }) => WO.mmul(WV);

function updateOf(merged: Merged, { model: { trained, initial } }: Run): Matrix {
  return Matrix.sub(merged(trained), merged(initial));
}

/** Singular values of ΔW = Δ(W_Kᵀ W_Q), in descending order; d of them. */
export const mergedAttentionSpectrum = perRun((run) => singularValues(updateOf(attention, run)));

const neuronsUpdate = perRun((run) => updateOf(neurons, run));

/** Singular values of ΔV = Δ(W_O W_V), in descending order; min(m, d) of them. */
export const mergedNeuronsSpectrum = perRun((run) => singularValues(neuronsUpdate(run)));

/** Two sorts of rows u_i of ΔV, split in two by log‖u_i‖. */
export interface MergedRows {
  readonly medianSmall: number;
  readonly medianLarge: number;
  /** The share of the variance of log‖u_i‖ that lies between the two sorts, in [0, 1]: how far apart they are. */
  readonly shareBetween: number;
}

export const mergedRows = perRun((run): MergedRows => {
  const norms = Float64Array.from(neuronsUpdate(run).to2DArray(), (row) => euclideanNorm(row));
  return rowsOf(norms);
});

/** The same of any norms, one a row. NaN where one of the sorts is empty, or no norm differs. */
export function rowsOf(norms: Float64Array): MergedRows {
  const { small, large } = splitByLogNorm(norms);
  const normsOf = (rows: readonly number[]) => rows.map((i) => norms[i] as number);
  // a norm of zero counts as the smallest positive double, as in the split
  const logsOf = (rows: readonly number[]) => normsOf(rows).map((norm) => ln(Math.max(norm, Number.MIN_VALUE)));
  const [logsOfSmall, logsOfLarge] = [logsOf(small), logsOf(large)];
  const whole = [...logsOfSmall, ...logsOfLarge];
  const within = squaresAboutMean(logsOfSmall) + squaresAboutMean(logsOfLarge);
  return {
    medianSmall: median(normsOf(small)),
    medianLarge: median(normsOf(large)),
    shareBetween: 1 - within / squaresAboutMean(whole),
  };
}

function squaresAboutMean(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
