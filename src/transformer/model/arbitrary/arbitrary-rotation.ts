import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { exactly, product, type RoundedMatrix } from "../rounding/rounded-matrix.ts";
import { arbitraryEntries } from "./arbitrary-model.ts";

/**
 * Any orthogonal d x d matrix, made of reflections I − 2vvᵀ/(vᵀv); it shrinks towards the identity. The value is what
 * floating point made of it; within the error of it lies a matrix that is orthogonal exactly.
 */
export function arbitraryRotation(d: number): fc.Arbitrary<RoundedMatrix> {
  return fc
    .array(arbitraryEntries(d), { maxLength: Math.min(d, 3) })
    .map((mirrors) => mirrors.map(reflection).reduce(product, exactly(Matrix.eye(d))));
}

/** I − 2vvᵀ/(vᵀv), or I where v is 0. */
function reflection(v: readonly number[]): RoundedMatrix {
  const d = v.length;
  const squares = v.reduce((sum, entry) => sum + entry * entry, 0);
  if (squares === 0) return exactly(Matrix.eye(d));
  const value = Matrix.eye(d);
  const error = Matrix.zeros(d, d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const part = (2 * v[i]! * v[j]!) / squares;
      value.set(i, j, value.get(i, j) - part);
      // the d products and their sum in vᵀv, the product v_i v_j, the division, and the subtraction
      error.set(i, j, (d + 3) * Number.EPSILON * Math.abs(part) + Number.EPSILON * Math.abs(value.get(i, j)));
    }
  }
  return { value, error };
}
