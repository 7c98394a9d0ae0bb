import type { Matrix } from "ml-matrix";
import { exponentOf, timesPowerOfTwo } from "../model/power-of-two.ts";

/**
 * The singular value decomposition A = 2^exponent Σ_i sigma_i u_i v_iᵀ of any finite matrix, in bounded time: Householder
 * reflections to a bidiagonal matrix, then QR sweeps with implicit shifts on that (Golub and Reinsch 1970; LINPACK's
 * dsvdc). Where ml-matrix's decomposition is right this gives the same bits.
 *
 * ml-matrix's has no cap on the sweeps. A block of the bidiagonal whose entries are subnormal stands still: rotations
 * round its off-diagonal to what it was, which is never small beside its neighbours. Scaling the matrix alone does not
 * rule such blocks out, as the reflections multiply small entries with one another. Therefore A is scaled, what lies
 * below 2^-500 of its largest entry is taken for 0, an off-diagonal below 2^-966 is negligible, and the sweeps are
 * counted. Each of these moves singular values by less than rounding does.
 */
export interface Decomposition {
  /** σ_1 >= σ_2 >= ... >= 0 without their factor 2^exponent, min(rows, columns) of them */
  readonly sigmas: readonly number[];
  readonly exponent: number;
  /** Row i is u_i; empty where no vectors are wanted. */
  readonly left: readonly Float64Array[];
  /** Row i is v_i; empty where no vectors are wanted. */
  readonly right: readonly Float64Array[];
}

const FLUSHED = 2 ** -500;

/** Off-diagonal entries below this are 0: far enough from the subnormal numbers that a sweep does not stand still. */
const NEGLIGIBLE = 2 ** -966;

/** Sweeps for one singular value: LINPACK gives up after 30, and none of 10⁵ odd matrices took more than 15. */
const MOST_SWEEPS = 60;

/**
 * Of a finite matrix with at least one entry. Cost: O(rows·columns·min(rows, columns)).
 *
 * @throws Error where a singular value takes more sweeps than that
 */
export function decompose(
  matrix: Matrix,
  { vectors, mostSweeps = MOST_SWEEPS }: { readonly vectors: boolean; readonly mostSweeps?: number },
): Decomposition {
  const wide = matrix.rows < matrix.columns;
  const exponent = exponentOf(Math.max(matrix.max(), -matrix.min()));
  const toScale = timesPowerOfTwo(-exponent);
  const scaled = (entry: number) => {
    const x = toScale(entry);
    return Math.abs(x) < FLUSHED ? 0 : x;
  };
  // the columns of A, or of Aᵀ where A is wide
  const [length, count] = wide ? [matrix.columns, matrix.rows] : [matrix.rows, matrix.columns];
  const columns = Array.from({ length: count }, (_, j) => {
    const column = new Float64Array(length);
    for (let i = 0; i < length; i++) column[i] = scaled(wide ? matrix.get(j, i) : matrix.get(i, j));
    return column;
  });
  const { diagonal, superdiagonal, left, right } = bidiagonal(columns, vectors);
  diagonalize(diagonal, superdiagonal, left, right, mostSweeps);
  return { sigmas: Array.from(diagonal), exponent, left: wide ? right : left, right: wide ? left : right };
}

/** A = U B Vᵀ: the two diagonals of B, and the columns of U and of V where they are wanted. */
interface Bidiagonal {
  readonly diagonal: Float64Array;
  /** entry k stands in row k, column k + 1; the last one is 0 and belongs to none */
  readonly superdiagonal: Float64Array;
  readonly left: Float64Array[];
  readonly right: Float64Array[];
}

/** Of A (m x n, m >= n), given by its n columns, which are overwritten. */
function bidiagonal(A: Float64Array[], vectors: boolean): Bidiagonal {
  const n = A.length;
  const m = A[0]!.length;
  const s = new Float64Array(n);
  const e = new Float64Array(n);
  const columns = (length: number) => Array.from({ length: vectors ? n : 0 }, () => new Float64Array(length));
  const left = columns(m);
  const right = columns(n);

  for (let k = 0; k < n; k++) {
    // from the left, to 0 below the diagonal of column k
    const reflects = k < m - 1;
    s[k] = reflects ? makeReflector(A[k]!, k) : A[k]![k]!;
    for (let j = k + 1; j < n; j++) {
      if (s[k] !== 0) reflect(A[j]!, A[k]!, k);
      e[j] = A[j]![k]!;
    }
    if (vectors && reflects) left[k]!.set(A[k]!.subarray(k), k);
    if (k === n - 2) e[k] = e[n - 1]!;
    if (k >= n - 2) continue;

    // from the right, to 0 behind the superdiagonal of row k
    e[k] = makeReflector(e, k + 1);
    if (e[k] !== 0) {
      const image = new Float64Array(m);
      for (let j = k + 1; j < n; j++) addMultiple(image, e[j]!, A[j]!, k + 1);
      for (let j = k + 1; j < n; j++) addMultiple(A[j]!, -e[j]! / e[k + 1]!, image, k + 1);
    }
    if (vectors) right[k]!.set(e.subarray(k + 1), k + 1);
  }
  e[n - 1] = 0;

  if (vectors) {
    for (let k = n - 1; k >= 0; k--) expandReflector(left, k, k, k < m - 1 && s[k] !== 0);
    for (let k = n - 1; k >= 0; k--) expandReflector(right, k, k + 1, k < n - 2 && e[k] !== 0);
  }
  return { diagonal: s, superdiagonal: e, left, right };
}

/**
 * x from index `from` on becomes the vector v of the reflection 1 − v vᵀ/v[from] that takes it to a multiple of the first
 * unit vector. Returns that multiple; 0 where x is 0, and then there is no reflection.
 */
function makeReflector(x: Float64Array, from: number): number {
  let norm = 0;
  for (let i = from; i < x.length; i++) norm = hypotenuse(norm, x[i]!);
  if (norm === 0) return 0;
  if (x[from]! < 0) norm = -norm;
  for (let i = from; i < x.length; i++) x[i]! /= norm;
  x[from]! += 1;
  return -norm;
}

/** x −= v (v·x)/v[from], over the indices from `from` on */
function reflect(x: Float64Array, v: Float64Array, from: number): void {
  let product = 0;
  for (let i = from; i < x.length; i++) product += v[i]! * x[i]!;
  addMultiple(x, -product / v[from]!, v, from);
}

/** x += c y, over the indices from `from` on */
function addMultiple(x: Float64Array, c: number, y: Float64Array, from: number): void {
  for (let i = from; i < x.length; i++) x[i]! += c * y[i]!;
}

/** Column k, which holds a reflector, becomes its image of the k-th unit vector; those behind it are reflected too. */
function expandReflector(columns: Float64Array[], k: number, from: number, reflects: boolean): void {
  const v = columns[k]!;
  if (reflects) for (let j = k + 1; j < columns.length; j++) reflect(columns[j]!, v, from);
  if (reflects && from === k) {
    for (let i = k; i < v.length; i++) v[i] = -v[i]!;
    v[k]! += 1;
  } else {
    v.fill(0);
    v[k] = 1;
  }
}

/** QR sweeps until nothing is left beside the diagonal, which becomes σ_1 >= σ_2 >= ... >= 0. */
function diagonalize(
  s: Float64Array,
  e: Float64Array,
  left: Float64Array[],
  right: Float64Array[],
  mostSweeps: number,
): void {
  let sweeps = 0;
  for (let end = s.length; end > 0; ) {
    // the block from `start` to `end` has no entry of e that is 0
    let start = end - 1;
    for (; start > 0; start--) {
      // as in ml-matrix with the first one's sign, which can only make this stricter
      const neighbours = Math.abs(s[start - 1]! + Math.abs(s[start]!));
      if (Math.abs(e[start - 1]!) <= NEGLIGIBLE + Number.EPSILON * neighbours) {
        e[start - 1] = 0;
        break;
      }
    }
    if (start === end - 1) {
      settle(s, start, left, right);
      end--;
      sweeps = 0;
      continue;
    }
    const zero = lastZero(s, e, start, end);
    if (zero === end - 1) clearColumn(s, e, start, zero, right);
    else if (zero !== undefined) clearRow(s, e, zero, end, left);
    else {
      if (++sweeps > mostSweeps) {
        throw new Error(`singular values: one of ${s.length} needs more than ${mostSweeps} QR sweeps`);
      }
      sweep(s, e, start, end, left, right);
    }
  }
}

/** The last diagonal entry of a block that is negligible beside its neighbours; it becomes 0. */
function lastZero(s: Float64Array, e: Float64Array, start: number, end: number): number | undefined {
  for (let k = end - 1; k >= start; k--) {
    const neighbours = Math.abs(e[k]!) + (k === start ? 0 : Math.abs(e[k - 1]!));
    if (Math.abs(s[k]!) <= Number.EPSILON * neighbours) {
      s[k] = 0;
      return k;
    }
  }
  return undefined;
}

/** s[zero] = 0 at the end of a block: rotations of columns take the entry of e above it away. */
function clearColumn(s: Float64Array, e: Float64Array, start: number, zero: number, right: Float64Array[]): void {
  let f = e[zero - 1]!;
  e[zero - 1] = 0;
  for (let j = zero - 1; j >= start; j--) {
    const { length, cs, sn } = rotationOf(s[j]!, f);
    s[j] = length;
    if (j > start) {
      f = -sn * e[j - 1]!;
      e[j - 1]! *= cs;
    }
    rotate(right, j, zero, cs, sn);
  }
}

/** s[zero] = 0 within a block: rotations of rows take the entry of e beside it away. */
function clearRow(s: Float64Array, e: Float64Array, zero: number, end: number, left: Float64Array[]): void {
  let f = e[zero]!;
  e[zero] = 0;
  for (let j = zero + 1; j < end; j++) {
    const { length, cs, sn } = rotationOf(s[j]!, f);
    s[j] = length;
    f = -sn * e[j]!;
    e[j]! *= cs;
    rotate(left, j, zero, cs, sn);
  }
}

/** One QR step on a block of BᵀB, without forming it: a bulge is chased down the two diagonals. */
function sweep(
  s: Float64Array,
  e: Float64Array,
  start: number,
  end: number,
  left: Float64Array[],
  right: Float64Array[],
): void {
  const last = end - 1;
  let [f, g] = firstRotation(s, e, start, last);
  for (let j = start; j < last; j++) {
    const ofColumns = rotationOf(f, g);
    if (j > start) e[j - 1] = ofColumns.length;
    f = ofColumns.cs * s[j]! + ofColumns.sn * e[j]!;
    e[j] = ofColumns.cs * e[j]! - ofColumns.sn * s[j]!;
    g = ofColumns.sn * s[j + 1]!;
    s[j + 1]! *= ofColumns.cs;
    rotate(right, j, j + 1, ofColumns.cs, ofColumns.sn);

    const ofRows = rotationOf(f, g);
    s[j] = ofRows.length;
    f = ofRows.cs * e[j]! + ofRows.sn * s[j + 1]!;
    s[j + 1] = -ofRows.sn * e[j]! + ofRows.cs * s[j + 1]!;
    g = ofRows.sn * e[j + 1]!;
    e[j + 1]! *= ofRows.cs;
    rotate(left, j, j + 1, ofRows.cs, ofRows.sn);
  }
  e[last - 1] = f;
}

/** The first column of BᵀB less the shift, the eigenvalue of its last 2 x 2 block that is closer to its last entry. */
function firstRotation(s: Float64Array, e: Float64Array, start: number, last: number): [number, number] {
  const scale = Math.max(...[s[last]!, s[last - 1]!, e[last - 1]!, s[start]!, e[start]!].map(Math.abs));
  const sp = s[last]! / scale;
  const spm1 = s[last - 1]! / scale;
  const epm1 = e[last - 1]! / scale;
  const sk = s[start]! / scale;
  const ek = e[start]! / scale;
  const b = ((spm1 + sp) * (spm1 - sp) + epm1 * epm1) / 2;
  const c = sp * epm1 * (sp * epm1);
  const root = Math.sqrt(b * b + c);
  const shift = b === 0 && c === 0 ? 0 : c / (b + (b < 0 ? -root : root));
  return [(sk + sp) * (sk - sp) + shift, sk * ek];
}

/** The rotation that takes (x, y) to (length, 0): none where both are 0. */
function rotationOf(x: number, y: number): { length: number; cs: number; sn: number } {
  const length = hypotenuse(x, y);
  return length === 0 ? { length, cs: 1, sn: 0 } : { length, cs: x / length, sn: y / length };
}

/** Columns i and j, where vectors are wanted. */
function rotate(columns: Float64Array[], i: number, j: number, cs: number, sn: number): void {
  const x = columns[i];
  const y = columns[j];
  if (x === undefined || y === undefined) return;
  for (let k = 0; k < x.length; k++) {
    const rotated = cs * x[k]! + sn * y[k]!;
    y[k] = -sn * x[k]! + cs * y[k]!;
    x[k] = rotated;
  }
}

/** s[k] is final: it becomes positive, and goes to its place among those that are. */
function settle(s: Float64Array, k: number, left: Float64Array[], right: Float64Array[]): void {
  if (s[k]! <= 0) {
    s[k] = Math.abs(s[k]!);
    right[k]?.forEach((entry, i, v) => {
      v[i] = -entry;
    });
  }
  for (let i = k; i + 1 < s.length && s[i]! < s[i + 1]!; i++) {
    [s[i], s[i + 1]] = [s[i + 1]!, s[i]!];
    for (const columns of [left, right]) {
      if (columns.length > 0) [columns[i], columns[i + 1]] = [columns[i + 1]!, columns[i]!];
    }
  }
}

/** √(x² + y²), without squares that underflow or overflow */
function hypotenuse(x: number, y: number): number {
  const [small, large] = Math.abs(x) > Math.abs(y) ? [y, x] : [x, y];
  if (large === 0) return 0;
  const ratio = small / large;
  return Math.abs(large) * Math.sqrt(1 + ratio * ratio);
}
