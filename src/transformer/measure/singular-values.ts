import { Matrix } from "ml-matrix";
import { euclideanNorm, timesPowerOfTwo } from "../model/power-of-two.ts";
import { decompose } from "./decompose.ts";

/**
 * Singular values and what follows from them, of any finite matrix: those of subnormal numbers too. "Energy" is the sum
 * of squared singular values, which is the squared Frobenius norm. Singular values are accurate to about 1e-14·σ₁, and
 * infinite where they exceed the largest double. A matrix that is not finite has singular values NaN throughout; an
 * empty one is an error.
 */

/** σ_1 >= σ_2 >= ... of a matrix, min(rows, columns) of them. Cost: O(rows·columns·min(rows, columns)). */
export function singularValues(matrix: Matrix): readonly number[] {
  requireEntries("singularValues", matrix);
  if (!allFinite(matrix)) return new Array<number>(Math.min(matrix.rows, matrix.columns)).fill(Number.NaN);
  const { sigmas, exponent } = decompose(matrix, { vectors: false });
  return sigmas.map(timesPowerOfTwo(exponent));
}

/** Σ_i σ_i²: the energy that these singular values hold. */
export function energyOf(sigmas: readonly number[]): number {
  return sigmas.reduce((total, sigma) => total + sigma ** 2, 0);
}

/**
 * The fraction of the energy beyond the first `rank` of these singular values, which are in descending order; in [0, 1].
 * Where there is no energy at all the fraction is NaN, which violates every claim about it.
 */
export function tailEnergyOf(sigmas: readonly number[], rank: number): number {
  requireRank("tailEnergyOf", rank);
  const relative = sigmas.map((sigma) => sigma / sigmas[0]!); // so that no square underflows or overflows
  return energyOf(relative.slice(rank)) / energyOf(relative);
}

/** The fraction of a matrix's energy beyond its first `rank` singular values; NaN for the zero matrix. */
export function tailEnergy(matrix: Matrix, rank: number): number {
  return tailEnergyOf(singularValues(matrix), rank);
}

/**
 * The best approximation of rank `rank` or less: Σ_{i <= rank} σ_i u_i v_iᵀ. It errs by σ_{rank+1} in spectral norm and
 * by the root of the tail's energy in Frobenius norm, and no matrix of that rank errs less (Eckart and Young 1936).
 */
export function truncate(matrix: Matrix, rank: number): Matrix {
  requireEntries("truncate", matrix);
  requireRank("truncate", rank);
  if (!allFinite(matrix)) return Matrix.zeros(matrix.rows, matrix.columns).fill(Number.NaN);
  const { sigmas, exponent, left, right } = decompose(matrix, { vectors: true });
  const truncated = Matrix.zeros(matrix.rows, matrix.columns);
  sigmas.slice(0, rank).forEach((sigma, i) => {
    const u = Matrix.columnVector(left[i]!);
    truncated.add(u.mmul(Matrix.rowVector(right[i]!)).mul(sigma));
  });
  const entries = truncated.to1DArray().map(timesPowerOfTwo(exponent));
  return Matrix.from1DArray(matrix.rows, matrix.columns, entries);
}

/**
 * How far computed singular values may be from the exact ones: the SVD is backward stable, so by a modest multiple of
 * the rounding unit times the norm of the matrix (Golub and Van Loan, section 8.6), and a unit of the subnormal numbers.
 */
export function singularValueRoundoff(matrix: Matrix): number {
  const norm = euclideanNorm(matrix.to1DArray());
  return 4 * (matrix.rows + matrix.columns) * Number.EPSILON * norm + Number.MIN_VALUE;
}

function allFinite(matrix: Matrix): boolean {
  return matrix.to1DArray().every(Number.isFinite);
}

function requireEntries(name: string, matrix: Matrix): void {
  if (matrix.rows === 0 || matrix.columns === 0) {
    throw new RangeError(`${name} requires at least one row and one column, got ${matrix.rows} x ${matrix.columns}`);
  }
}

function requireRank(name: string, rank: number): void {
  if (!Number.isInteger(rank) || rank < 0) {
    throw new RangeError(`${name} requires a rank that is an integer of at least 0, got ${rank}`);
  }
}
