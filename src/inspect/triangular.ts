import { Matrix } from "ml-matrix";
import { euclideanNorm } from "../transformer/model/power-of-two.ts";

/**
 * The factor R of A = Q R by Householder reflections, without Q: as many rows as A has, or columns where those are fewer.
 * R has the singular values of A, and ‖R x‖ = ‖A x‖. Backward stable. Cost: O(m n²) of m x n.
 *
 * @param columns those of A, of one length; they are overwritten
 */
export function triangularFactor(columns: readonly Float64Array[]): Matrix {
  const n = columns.length;
  const m = columns[0]?.length ?? 0;
  const R = Matrix.zeros(Math.min(m, n), n);
  for (let k = 0; k < Math.min(m, n); k++) {
    const v = columns[k] as Float64Array;
    const below = v.subarray(k);
    const norm = euclideanNorm(below);
    const first = below[0] as number;
    const diagonal = first > 0 ? -norm : norm;
    R.set(k, k, diagonal);
    if (norm === 0) {
      for (let j = k + 1; j < n; j++) R.set(k, j, (columns[j] as Float64Array)[k] as number);
      continue;
    }
    // v = x − diagonal·e_1, of which x ↦ x − v (v·x)/(norm (norm + |x_1|)) is the reflection
    below[0] = first - diagonal;
    const weight = norm * (norm + Math.abs(first));
    for (let j = k + 1; j < n; j++) {
      const x = (columns[j] as Float64Array).subarray(k);
      let product = 0;
      for (let i = 0; i < x.length; i++) product += (below[i] as number) * (x[i] as number);
      const factor = product / weight;
      for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) - factor * (below[i] as number);
      R.set(k, j, x[0] as number);
    }
  }
  return R;
}
