import { stream } from "../random/stream.ts";
import { decompose } from "../transformer/measure/decompose.ts";
import type { Entries } from "./entries.ts";
import { triangularFactor } from "./triangular.ts";

/**
 * The largest singular values of a matrix A that is too large for all of them: those of A on the block Krylov space of
 * AᵀA and a few random vectors from a fixed seed (Golub, Luk and Overton 1981; Musco and Musco 2015), with full
 * orthogonalisation. What comes out are lower bounds, σ_i(A V) ≤ σ_i(A), and the leading ones are exact up to rounding.
 */
export interface KrylovSpace {
  /** σ_i(A V), in descending order. */
  readonly sigmas: readonly number[];
  /** ‖Aᵀu_i − σ_i v_i‖: a singular value of A lies within it, and nearly always within about its square over a gap. */
  readonly residuals: readonly number[];
  /** V: orthonormal vectors. */
  readonly basis: readonly Float64Array[];
  /** How much of it there is: dimensions of the Krylov space of each first vector. */
  readonly steps: number;
}

/** Random vectors to begin with: what a pass over the matrix multiplies at a time. */
export const BLOCK = 4;

/** A vector that is this much shorter once it is orthogonal was in the space already. */
const DEPENDENT = 1e-12;

/** From one seed always: what is measured of a file is the same whenever it is. */
const SEED = 1;

export interface KrylovOptions {
  readonly steps: number;
  /** Ends it earlier. Asked from time to time. */
  readonly enough?: (space: KrylovSpace) => boolean;
  /** Orthonormal vectors that are left out: then these are singular values of A (1 − V₀V₀ᵀ). */
  readonly without?: readonly Float64Array[];
}

/** Steps between two looks at what was found. */
const LOOK_EVERY = 6;

export function krylovSpace(A: Entries, { steps, enough = () => false, without = [] }: KrylovOptions): KrylovSpace {
  const random = stream(SEED, `krylov ${without.length}`);
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  const returned: Float64Array[] = [];
  const fresh = () => Float64Array.from({ length: A.columns }, () => random.normal());
  let block: Float64Array[] = Array.from({ length: BLOCK }, fresh);
  const space = (taken: number) => ritz(basis, images, returned, taken);
  for (let step = 1; ; step++) {
    const added: Float64Array[] = [];
    for (const candidate of block) {
      // one that the space holds already is replaced by chance: an equal singular value may still be outside
      const vector = orthonormal(candidate, [without, basis]) ?? orthonormal(fresh(), [without, basis]);
      if (vector === undefined) continue;
      basis.push(vector);
      added.push(vector);
    }
    if (added.length === 0) return space(step - 1);
    const { forth, back } = product(A, added);
    images.push(...forth);
    returned.push(...back);
    block = back.map((vector) => vector.slice());
    if (step === steps || basis.length + without.length >= A.columns) return space(step);
    if (step % LOOK_EVERY === 0) {
      const found = space(step);
      if (enough(found)) return found;
    }
  }
}

/** x less its part in these spaces, of length 1; undefined where nothing is left. x is overwritten. */
function orthonormal(x: Float64Array, spaces: readonly (readonly Float64Array[])[]): Float64Array | undefined {
  const before = norm(x);
  // twice: once leaves what rounding of the first projection brings back
  for (let turn = 0; turn < 2; turn++) {
    for (const space of spaces) {
      for (const vector of space) {
        let part = 0;
        for (let i = 0; i < x.length; i++) part += (vector[i] as number) * (x[i] as number);
        for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) - part * (vector[i] as number);
      }
    }
  }
  const after = norm(x);
  if (!(after > DEPENDENT * before)) return undefined;
  return x.map((entry) => entry / after);
}

/** A x and AᵀA x of a few vectors, in one pass over A. */
function product(A: Entries, vectors: readonly Float64Array[]): { forth: Float64Array[]; back: Float64Array[] } {
  const { rows, columns, values } = A;
  // side by side, so that an entry of A meets neighbours; those that are not there are 0
  const x = new Float64Array(BLOCK * columns);
  vectors.forEach((vector, k) => {
    for (let j = 0; j < columns; j++) x[BLOCK * j + k] = vector[j] as number;
  });
  const y = new Float64Array(BLOCK * rows);
  const z = new Float64Array(BLOCK * columns);
  // two rows at a time, so that z is read and written half as often
  for (let i = 0; i < rows; i += 2) {
    const here = i * columns;
    const isLast = i + 1 === rows;
    // the last of an odd number of rows is paired with itself, and counted once
    const next = isLast ? here : here + columns;
    let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let j = 0, k = 0; j < columns; j++, k += BLOCK) {
      const a = values[here + j]!;
      const b = values[next + j]!;
      s0 += a * x[k]!;
      s1 += a * x[k + 1]!;
      s2 += a * x[k + 2]!;
      s3 += a * x[k + 3]!;
      t0 += b * x[k]!;
      t1 += b * x[k + 1]!;
      t2 += b * x[k + 2]!;
      t3 += b * x[k + 3]!;
    }
    y.set([s0, s1, s2, s3], BLOCK * i);
    if (isLast) [t0, t1, t2, t3] = [0, 0, 0, 0];
    else y.set([t0, t1, t2, t3], BLOCK * (i + 1));
    for (let j = 0, k = 0; j < columns; j++, k += BLOCK) {
      const a = values[here + j]!;
      const b = values[next + j]!;
      z[k] = z[k]! + (a * s0 + b * t0);
      z[k + 1] = z[k + 1]! + (a * s1 + b * t1);
      z[k + 2] = z[k + 2]! + (a * s2 + b * t2);
      z[k + 3] = z[k + 3]! + (a * s3 + b * t3);
    }
  }
  const parted = (together: Float64Array) =>
    vectors.map((_, k) => Float64Array.from({ length: together.length / BLOCK }, (_, i) => together[BLOCK * i + k]!));
  return { forth: parted(y), back: parted(z) };
}

/** Singular values of A V = W, from W = Q R; and how far the vectors are from those of A, from AᵀA V = Z. */
function ritz(
  basis: readonly Float64Array[],
  W: readonly Float64Array[],
  Z: readonly Float64Array[],
  steps: number,
): KrylovSpace {
  const R = triangularFactor(W.map((column) => column.slice()));
  const { sigmas, exponent, right } = decompose(R, { vectors: true });
  const scale = 2 ** exponent;
  const values = sigmas.map((sigma) => sigma * scale);
  const residuals = values.map((sigma, i) => {
    if (sigma === 0) return 0;
    const x = right[i] as Float64Array;
    const length = (basis[0] as Float64Array).length;
    const difference = new Float64Array(length);
    x.forEach((weight, k) => {
      const [v, z] = [basis[k] as Float64Array, Z[k] as Float64Array];
      for (let j = 0; j < length; j++) {
        difference[j] = (difference[j] as number) + weight * ((z[j] as number) / sigma - sigma * (v[j] as number));
      }
    });
    return norm(difference);
  });
  return { sigmas: values, residuals, basis, steps };
}

function norm(x: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] as number) ** 2;
  return Math.sqrt(squares);
}

/**
 * The most that ‖A‖² is, as a multiple of the largest square that was found: by Theorem 4.2 of Kuczyński and Woźniakowski
 * (1992) one random vector finds less than (1 − ε)‖A‖² in k steps with probability at most 1.648 √n exp(−√ε (2k − 1)), and
 * four independent ones all do so with that to the fourth. Exceeded with probability at most 1e-10 over the first vectors.
 */
export function mostOverFound(columns: number, steps: number): number {
  const missed = MISSED ** (1 / BLOCK);
  const root = Math.log((1.648 * Math.sqrt(columns)) / missed) / (2 * steps - 1);
  return root >= 1 ? Number.POSITIVE_INFINITY : 1 / (1 - root * root);
}

/** The probability with which the bounds may be wrong. */
export const MISSED = 1e-10;
