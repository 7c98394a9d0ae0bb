/**
 * Singular values of small matrices by one-sided Jacobi rotations: pairs of rows are turned until all are orthogonal, and
 * then their lengths are the singular values (Hestenes 1958). The rows are those of R in A = Q R, the longest column
 * first: few of them are far from orthogonal, and only as many are not 0 as A has rank (Drmač and Veselić 2008).
 *
 * Bounded, and safe from numbers that overflow or vanish when squared: as in `measure/decompose.ts` the matrix is scaled
 * by a power of two, entries below 2^-500 of its largest count as 0, and sweeps are counted. What is shorter than 2^-55 of
 * the longest counts as 0 too: that is within the rounding of the largest singular value.
 */
import { paddedBytes, turned } from "./memory";

export const FOUND: i32 = 0;
export const NOT_FINITE: i32 = 1;
export const TOO_MANY_SWEEPS: i32 = 2;

/** 2 to 6 are what matrices take; after so many one is given up. */
const MOST_SWEEPS: i32 = 30;
const FLUSHED: f64 = 3.054936363499605e-151; // 2^-500
const NEGLIGIBLE: f64 = 7.703719777548943e-34; // 2^-110
/** After a sweep of no larger angles the vectors are orthogonal: what it leaves is of their squares. */
const LAST_TANGENT: f64 = 3.725290298461914e-9; // 2^-28

/** How many singular values there are, and how many of them are not 0. */
let count: i32 = 0;
let rank: i32 = 0;

// columns (count, length): those of A, or its rows if these are fewer; they become what Q leaves of them
let columnsOfA: usize = 0;
let columnBytes: usize = 0;
// rows (rank, count): those of R
let vectors: usize = 0;
let rowBytes: usize = 0;
/** squares (count): of the lengths, first of the columns, then of the rows */
let squares: usize = 0;

/** The matrix is 2^exponent times the one whose singular values are found; these are two factors that undo it. */
let factor: f64 = 1;
let subnormalFactor: f64 = 1;

/**
 * The squares of the singular values of from (rows, columns), relative and in descending order, kept for the
 * functions below. Returns FOUND, NOT_FINITE where an entry is not, TOO_MANY_SWEEPS where those were not enough.
 */
export function orthogonalize(from: usize, fromBytes: usize, rows: i32, columns: i32): i32 {
  count = min(rows, columns);
  columnBytes = paddedBytes(max(rows, columns));
  rowBytes = paddedBytes(count);
  columnsOfA = turned;
  vectors = columnsOfA + <usize>count * columnBytes;
  squares = vectors + <usize>count * rowBytes;
  if (!scale(from, fromBytes, rows, columns)) return NOT_FINITE;
  take(from, fromBytes, rows, columns);
  triangular();
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (turnAll() > LAST_TANGENT) continue;
    for (let p = 0; p < rank; p++) longestFirst(p);
    return FOUND;
  }
  return TOO_MANY_SWEEPS;
}

/** Σ of the squares from the rank-th on, over that of all; NaN where all are 0. */
export function tailOfSquares(rank: i32): f64 {
  let tail: f64 = 0;
  let all: f64 = 0;
  for (let i = count - 1; i >= 0; i--) {
    all += f64.load(squares + ((<usize>i) << 3));
    if (i == rank) tail = all;
  }
  return tail / all;
}

/** to (count): the singular values, infinite where they are beyond the largest double */
export function storeSingularValues(to: usize): void {
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) {
    f64.store(to + i, Math.sqrt(f64.load(squares + i)) / factor / subnormalFactor);
  }
}

/** factor, subnormalFactor: of the largest entry; false where an entry is not finite */
function scale(from: usize, fromBytes: usize, rows: i32, columns: i32): bool {
  let largest: f64 = 0;
  let finite = true;
  for (let row = 0; row < rows; row++, from += fromBytes) {
    for (let k: usize = 0; k < (<usize>columns) << 3; k += 8) {
      const entry = abs(f64.load(from + k));
      finite = finite && entry <= f64.MAX_VALUE;
      largest = max(largest, entry);
    }
  }
  // a subnormal number has no exponent of its own
  subnormalFactor = largest < f64.MIN_NORMAL_VALUE ? 1.6069380442589903e60 /* 2^200 */ : 1;
  const exponent = reinterpret<i64>(largest * subnormalFactor) >> 52;
  // largest 2^(1023 - exponent) is in [1, 2), or in [1, 4) where that power would be subnormal
  factor = largest == 0 ? 1 : reinterpret<f64>(max<i64>(2046 - exponent, 1) << 52);
  return finite;
}

/** columnsOfA = the rows of from, scaled, or its columns if these are fewer */
function take(from: usize, fromBytes: usize, rows: i32, columns: i32): void {
  const wide = rows <= columns;
  memory.fill(columnsOfA, 0, <usize>count * columnBytes);
  for (let row: usize = 0; row < <usize>rows; row++, from += fromBytes) {
    let to = columnsOfA + (wide ? row * columnBytes : row << 3);
    const toNext: usize = wide ? 8 : columnBytes;
    for (let k: usize = 0; k < (<usize>columns) << 3; k += 8, to += toNext) {
      const entry = f64.load(from + k) * subnormalFactor * factor;
      f64.store(to, abs(entry) < FLUSHED ? 0 : entry);
    }
  }
}

/**
 * vectors = the rows of R, rank: each column of A, the longest that is left first, is a row's direction, and what the
 * others have of it is taken out of them. Entry j of a row belongs to column j, wherever that came in turn.
 */
function triangular(): void {
  memory.fill(vectors, 0, <usize>count * rowBytes + paddedBytes(count));
  for (let j = 0; j < count; j++) f64.store(squareAt(j), product(columnAt(j), columnAt(j), columnBytes));
  let least: f64 = 0;
  for (rank = 0; rank < count; rank++) {
    const longest = longestOf(0);
    const square = f64.load(squareAt(longest));
    if (rank == 0) least = NEGLIGIBLE * square;
    if (square <= least) break;
    takeOut(columnAt(longest), Math.sqrt(square), vectorAt(rank));
    f64.store(vectorAt(rank) + ((<usize>longest) << 3), Math.sqrt(square));
    // its turn is over
    f64.store(squareAt(longest), -1);
  }
  for (let j = 0; j < count; j++) f64.store(squareAt(j), 0);
}

/** row = what the columns whose turn is still to come have of this one's direction, which they lose */
function takeOut(column: usize, length: f64, row: usize): void {
  const inverse = 1 / length;
  for (let j = 0; j < count; j++) {
    const other = columnAt(j);
    if (other == column || f64.load(squareAt(j)) < 0) continue;
    const part = product(column, other, columnBytes) * inverse;
    f64.store(row + ((<usize>j) << 3), part);
    const factor = f64x2.splat(part * inverse);
    let total = f64x2.splat(0);
    for (let k: usize = 0; k < columnBytes; k += 16) {
      const left = f64x2.sub(v128.load(other + k), f64x2.mul(factor, v128.load(column + k)));
      v128.store(other + k, left);
      total = f64x2.add(total, f64x2.mul(left, left));
    }
    f64.store(squareAt(j), f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1));
  }
}

/** One sweep; the largest tangent of an angle by which a pair was turned. */
function turnAll(): f64 {
  let largest: f64 = 0;
  for (let i = 0; i < rank; i++) f64.store(squareAt(i), product(vectorAt(i), vectorAt(i), rowBytes));
  // a rounding, 1.1e-16, for each term of a product
  const cosine = 1.1102230246251565e-16 * <f64>count;
  const negligible = cosine * cosine;
  for (let p = 0; p < rank; p++) {
    longestFirst(p);
    const x = vectorAt(p);
    for (let q = p + 1; q < rank; q++) {
      const y = vectorAt(q);
      const gamma = product(x, y, rowBytes);
      const alpha = f64.load(squareAt(p));
      const beta = f64.load(squareAt(q));
      if (gamma * gamma <= negligible * alpha * beta || beta <= NEGLIGIBLE * f64.load(squares)) continue;
      largest = max(largest, turn(x, y, p, q, alpha, beta, gamma));
    }
  }
  return largest;
}

/** The longest from this place on. */
function longestOf(first: i32): i32 {
  let longest = first;
  for (let i = first + 1; i < count; i++) if (f64.load(squareAt(i)) > f64.load(squareAt(longest))) longest = i;
  return longest;
}

/** Brings the longest of the rows from p on to the place p. */
function longestFirst(p: i32): void {
  const longest = longestOf(p);
  if (longest == p) return;
  const square = f64.load(squareAt(p));
  f64.store(squareAt(p), f64.load(squareAt(longest)));
  f64.store(squareAt(longest), square);
  const x = vectorAt(p);
  const y = vectorAt(longest);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const old = v128.load(x + k);
    v128.store(x + k, v128.load(y + k));
    v128.store(y + k, old);
  }
}

/** Turns x and y until they are orthogonal: x·x = alpha, y·y = beta, x·y = gamma. Returns the angle's |tan|. */
function turn(x: usize, y: usize, p: i32, q: i32, alpha: f64, beta: f64, gamma: f64): f64 {
  // tan of the smaller of the two angles; cot of twice the angle may be infinite, and then the tangent is 0
  const cot2 = (beta - alpha) / (2 * gamma);
  const tan = (cot2 < 0 ? -1 : 1) / (abs(cot2) + Math.sqrt(1 + cot2 * cot2));
  const cos = 1 / Math.sqrt(1 + tan * tan);
  const c = f64x2.splat(cos);
  const s = f64x2.splat(cos * tan);
  let ofX = f64x2.splat(0);
  let ofY = f64x2.splat(0);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const xk = v128.load(x + k);
    const yk = v128.load(y + k);
    const turnedX = f64x2.sub(f64x2.mul(c, xk), f64x2.mul(s, yk));
    const turnedY = f64x2.add(f64x2.mul(s, xk), f64x2.mul(c, yk));
    v128.store(x + k, turnedX);
    v128.store(y + k, turnedY);
    ofX = f64x2.add(ofX, f64x2.mul(turnedX, turnedX));
    ofY = f64x2.add(ofY, f64x2.mul(turnedY, turnedY));
  }
  f64.store(squareAt(p), f64x2.extract_lane(ofX, 0) + f64x2.extract_lane(ofX, 1));
  f64.store(squareAt(q), f64x2.extract_lane(ofY, 0) + f64x2.extract_lane(ofY, 1));
  return abs(tan);
}

function columnAt(j: i32): usize {
  return columnsOfA + <usize>j * columnBytes;
}

function vectorAt(i: i32): usize {
  return vectors + <usize>i * rowBytes;
}

function squareAt(i: i32): usize {
  return squares + ((<usize>i) << 3);
}

function product(x: usize, y: usize, bytes: usize): f64 {
  let total = f64x2.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) total = f64x2.add(total, f64x2.mul(v128.load(x + k), v128.load(y + k)));
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}
