import { Matrix } from "ml-matrix";
import { singularValues } from "../transformer/measure/singular-values.ts";
import { euclideanNorm } from "../transformer/model/power-of-two.ts";
import { type Entries, transposed } from "./entries.ts";
import { completeSpectrum, type Spectrum } from "./spectrum.ts";
import { triangularFactor } from "./triangular.ts";

/**
 * ΔW = scale·B·A by its factors, B out x r and A r x in, without forming it: with B = Q R and Aᵀ = Q' R' it has the singular
 * values of scale·R·R'ᵀ, which is r x r, and those that are 0 by its rank. Exact up to rounding. Cost: O((out + in) r²).
 */
export interface Factored {
  /** Undefined where it is 0. */
  readonly spectrum: Spectrum | undefined;
  /** ‖·‖ of each row of ΔW. */
  readonly norms: Float64Array;
}

/** @param turned ΔW is the transpose of that */
export function factored(B: Entries, A: Entries, scale: number, turned: boolean): Factored {
  const [left, right] = turned ? [transposed(A), transposed(B)] : [B, A];
  const ofLeft = triangularFactor(rowsOf(transposed(left)));
  const ofRight = triangularFactor(rowsOf(right));
  const core = ofLeft.mmul(ofRight.transpose()).mul(scale);
  const sigmas = singularValues(core);
  const zeros = Math.min(left.rows, right.columns) - sigmas.length;
  return {
    spectrum:
      sigmas[0] === 0 ? undefined : completeSpectrum([...sigmas, ...new Array<number>(Math.max(zeros, 0)).fill(0)]),
    // row i is b_i A, and ‖b_i A‖ = ‖R' b_iᵀ‖
    norms: Float64Array.from(rowsOf(left), (row) =>
      euclideanNorm(ofRight.mmul(Matrix.columnVector(row)).mul(scale).to1DArray()),
    ),
  };
}

function rowsOf({ rows, columns, values }: Entries): Float64Array[] {
  return Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns));
}
