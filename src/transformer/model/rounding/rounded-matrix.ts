import { Matrix } from "ml-matrix";
import { euclideanNorm } from "../power-of-two.ts";

/**
 * A matrix as computed in double precision, with a bound on how far each entry is from exact arithmetic.
 *
 * Running error analysis (Wilkinson; Higham, Accuracy and Stability of Numerical Algorithms, sections 3.1 and 3.3): each
 * operation carries the errors of what it reads and adds its own rounding. A sum of n terms errs by at most n·u times
 * the sum of their magnitudes, in whatever order it is taken, with u = Number.EPSILON/2. Number.EPSILON stands for u
 * below: the factor two pays for the terms of second order and for the rounding of the bounds themselves.
 *
 * A product may underflow, and then it is off by up to half of the smallest number, as is each product of the bounds.
 */
export interface RoundedMatrix {
  readonly value: Matrix;
  /** entrywise: |value − exact| <= error */
  readonly error: Matrix;
}

/** What underflow adds to the error of a product and of its bound; a product with an exact 0 is exact. */
export const UNDERFLOW = 2 * Number.MIN_VALUE;

/** A scalar in the same arithmetic. */
export interface RoundedNumber {
  readonly value: number;
  readonly error: number;
}

/** A matrix that is exactly what it says: an input. */
export function exactly(value: Matrix): RoundedMatrix {
  return { value, error: Matrix.zeros(value.rows, value.columns) };
}

/** A matrix whose entries were each rounded once. */
export function roundedOnce(value: Matrix): RoundedMatrix {
  return { value, error: Matrix.abs(value).mul(Number.EPSILON) };
}

/** A (p x n) times B (n x q). Cost: 4 products of that size. */
export function product(A: RoundedMatrix, B: RoundedMatrix): RoundedMatrix {
  const n = A.value.columns;
  const largestB = magnitude(B);
  const largestA = magnitude(A);
  // |ÂB̂ − AB| <= |A| δB + δA (|B| + δB), and the rounding of the n products and their sum
  const error = Matrix.abs(A.value).mmul(B.error).add(A.error.mmul(largestB));
  error.add(largestA.mmul(largestB).mul(n * Number.EPSILON));
  error.add(support(largestA).mmul(support(largestB)).mul(UNDERFLOW));
  return { value: A.value.mmul(B.value), error };
}

export function transposed(A: RoundedMatrix): RoundedMatrix {
  return { value: A.value.transpose(), error: A.error.transpose() };
}

export function negated(A: RoundedMatrix): RoundedMatrix {
  return { value: Matrix.mul(A.value, -1), error: A.error };
}

/** A + B, of one shape. */
export function sum(A: RoundedMatrix, B: RoundedMatrix): RoundedMatrix {
  const value = Matrix.add(A.value, B.value);
  const error = Matrix.add(A.error, B.error);
  return { value, error: error.add(Matrix.abs(value).add(error).mul(Number.EPSILON)) };
}

/** c·A for a number c that is exact. */
export function scaled(A: RoundedMatrix, c: number): RoundedMatrix {
  const value = Matrix.mul(A.value, c);
  const error = Matrix.mul(A.error, Math.abs(c));
  error.add(Matrix.abs(value).add(error).mul(Number.EPSILON));
  return { value, error: error.add(support(magnitude(A)).mul(c === 0 ? 0 : UNDERFLOW)) };
}

/** The rows with these indices, in this order. */
export function rowsOf(A: RoundedMatrix, rows: readonly number[]): RoundedMatrix {
  const columns = Array.from({ length: A.value.columns }, (_, j) => j);
  return { value: A.value.selection([...rows], columns), error: A.error.selection([...rows], columns) };
}

/** An upper bound on the magnitude of each exact entry. */
export function magnitude(A: RoundedMatrix): Matrix {
  return Matrix.abs(A.value).add(A.error);
}

/** Frobenius norm of the error matrix: how far, in every norm that it bounds, the whole may be from the exact one. */
export function errorNorm(A: RoundedMatrix): number {
  return euclideanNorm(A.error.to1DArray());
}

/** 1 where an entry is not 0. */
function support(A: Matrix): Matrix {
  return Matrix.sign(A).abs();
}
