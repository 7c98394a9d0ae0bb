import type { Matrix } from "ml-matrix";
import { KernelInstance } from "./instance.ts";

/** Apart from those that train and evaluate: a matrix is laid out where their models stand. */
let instance: KernelInstance | undefined;

/** What `orthogonalize` of the kernel returns. */
const NOT_FINITE = 1;
const TOO_MANY_SWEEPS = 2;

/**
 * `singularValues` of measure/ by Jacobi rotations in WebAssembly: σ_1 >= σ_2 >= ..., min(rows, columns) of them, to the
 * same accuracy. Cost: O(rows·columns·min(rows, columns)), a few microseconds where that is 10 x 10.
 *
 * @throws RangeError for an empty matrix; Error where 30 sweeps are not enough, which no matrix is known to take
 */
export function kernelSingularValues(matrix: Matrix): Float64Array {
  const { rows, columns } = matrix;
  if (rows === 0 || columns === 0) {
    throw new RangeError(`kernelSingularValues requires at least one row and one column, got ${rows} x ${columns}`);
  }
  instance ??= new KernelInstance();
  const { kernel } = instance;
  kernel.layoutMatrix(rows, columns);
  instance.matrix(matrix).set(matrix.to1DArray());
  const found = kernel.singularValues(rows, columns);
  if (found === NOT_FINITE) return new Float64Array(Math.min(rows, columns)).fill(Number.NaN);
  if (found === TOO_MANY_SWEEPS) throw new Error("kernelSingularValues found none in its sweeps");
  return instance.results(Math.min(rows, columns));
}
