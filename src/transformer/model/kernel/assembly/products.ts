/**
 * The two products that all is made of, for small row-major matrices in flat memory. Up to four rows and four pairs of
 * columns of the result are summed in registers at once. Every sum runs over the depth in rising order, so that the
 * blocking changes no bit of the result. `...Bytes` is the length of a row; rows of `right` and `out` are padded to an
 * even number of float64.
 */

/** Multiply-adds of all products so far: what a budget counts, where time would be noise. */
export let multiplyAdds: f64 = 0;

/** out (rows, columns) = left^T right, left (depth, rows), right (depth, columns) */
export function transposedTimes(
  out: usize,
  left: usize,
  leftBytes: usize,
  rows: i32,
  right: usize,
  rightBytes: usize,
  depth: i32,
): void {
  count(rows, rightBytes, depth);
  eachBlock(false, out, left, leftBytes, rows, right, rightBytes, depth);
}

/** out (rows, columns) += left^T right */
export function addTransposedTimes(
  out: usize,
  left: usize,
  leftBytes: usize,
  rows: i32,
  right: usize,
  rightBytes: usize,
  depth: i32,
): void {
  count(rows, rightBytes, depth);
  eachBlock(true, out, left, leftBytes, rows, right, rightBytes, depth);
}

/** out (columns) = left^T right, left (depth), right (depth, columns) */
export function rowTimes(out: usize, left: usize, right: usize, rightBytes: usize, depth: i32): void {
  count(1, rightBytes, depth);
  eachRowBlock(false, out, left, right, rightBytes, depth);
}

/** out (columns) += left^T right */
export function addRowTimes(out: usize, left: usize, right: usize, rightBytes: usize, depth: i32): void {
  count(1, rightBytes, depth);
  eachRowBlock(true, out, left, right, rightBytes, depth);
}

/** out (rows, columns) = left right^T, left (rows, depth), right (columns, depth), both padded with zeros */
export function timesTransposed(
  out: usize,
  outBytes: usize,
  left: usize,
  rows: i32,
  right: usize,
  columns: i32,
  depthBytes: usize,
): void {
  count(rows, depthBytes, columns);
  eachDotBlock(false, out, outBytes, left, rows, right, columns, depthBytes);
}

/** out (rows, columns) += left right^T */
export function addTimesTransposed(
  out: usize,
  outBytes: usize,
  left: usize,
  rows: i32,
  right: usize,
  columns: i32,
  depthBytes: usize,
): void {
  count(rows, depthBytes, columns);
  eachDotBlock(true, out, outBytes, left, rows, right, columns, depthBytes);
}

// @ts-ignore: decorator
@inline
function count(rows: i32, rowBytes: usize, others: i32): void {
  multiplyAdds += <f64>(rows * <i32>(rowBytes >>> 3) * others);
}

// In what follows `add`, `rows`, `pairs` and `columns` of a block are constants wherever it is called: what they rule
// out is compiled away. Blocks have six or more sums if they can: fewer would wait for one another.

// @ts-ignore: decorator
@inline
function eachBlock(
  add: bool,
  out: usize,
  left: usize,
  leftBytes: usize,
  rows: i32,
  right: usize,
  rightBytes: usize,
  depth: i32,
): void {
  const leftEnd = left + <usize>depth * leftBytes;
  const rightEnd = right + rightBytes;
  while (right < rightEnd) {
    const pairsLeft = <i32>((rightEnd - right) >>> 4);
    let row = 0;
    let o = out;
    let l = left;
    let taken: usize = 16;
    if (pairsLeft == 4 || pairsLeft == 7 || pairsLeft == 8 || pairsLeft > 9) {
      for (; row + 2 <= rows; row += 2, o += 2 * rightBytes, l += 16)
        block(add, 2, 4, o, l, leftBytes, leftEnd, right, rightBytes);
      if (row < rows) block(add, 1, 4, o, l, leftBytes, leftEnd, right, rightBytes);
      taken = 64;
    } else if (pairsLeft > 2) {
      for (; row + 3 <= rows && row + 4 != rows; row += 3, o += 3 * rightBytes, l += 24)
        block(add, 3, 3, o, l, leftBytes, leftEnd, right, rightBytes);
      for (; row + 2 <= rows; row += 2, o += 2 * rightBytes, l += 16)
        block(add, 2, 3, o, l, leftBytes, leftEnd, right, rightBytes);
      if (row < rows) block(add, 1, 3, o, l, leftBytes, leftEnd, right, rightBytes);
      taken = 48;
    } else if (pairsLeft == 2) {
      for (; row + 4 <= rows; row += 4, o += 4 * rightBytes, l += 32)
        block(add, 4, 2, o, l, leftBytes, leftEnd, right, rightBytes);
      for (; row + 2 <= rows; row += 2, o += 2 * rightBytes, l += 16)
        block(add, 2, 2, o, l, leftBytes, leftEnd, right, rightBytes);
      if (row < rows) block(add, 1, 2, o, l, leftBytes, leftEnd, right, rightBytes);
      taken = 32;
    } else {
      for (; row + 4 <= rows; row += 4, o += 4 * rightBytes, l += 32)
        block(add, 4, 1, o, l, leftBytes, leftEnd, right, rightBytes);
      for (; row < rows; row++, o += rightBytes, l += 8) block(add, 1, 1, o, l, leftBytes, leftEnd, right, rightBytes);
    }
    right += taken;
    out += taken;
  }
}

// @ts-ignore: decorator
@inline
function block(
  add: bool,
  rows: i32,
  pairs: i32,
  out: usize,
  left: usize,
  leftBytes: usize,
  leftEnd: usize,
  right: usize,
  rightBytes: usize,
): void {
  const o0 = out;
  const o1 = o0 + rightBytes;
  const o2 = o1 + rightBytes;
  const o3 = o2 + rightBytes;
  let c00 = start(add, o0);
  let c01 = start(add && pairs > 1, o0, 16);
  let c02 = start(add && pairs > 2, o0, 32);
  let c03 = start(add && pairs > 3, o0, 48);
  let c10 = start(add && rows > 1, o1);
  let c11 = start(add && rows > 1 && pairs > 1, o1, 16);
  let c12 = start(add && rows > 1 && pairs > 2, o1, 32);
  let c13 = start(add && rows > 1 && pairs > 3, o1, 48);
  let c20 = start(add && rows > 2, o2);
  let c21 = start(add && rows > 2 && pairs > 1, o2, 16);
  let c22 = start(add && rows > 2 && pairs > 2, o2, 32);
  let c30 = start(add && rows > 3, o3);
  let c31 = start(add && rows > 3 && pairs > 1, o3, 16);
  do {
    const r0 = v128.load(right);
    const r1 = pairs > 1 ? v128.load(right, 16) : r0;
    const r2 = pairs > 2 ? v128.load(right, 32) : r0;
    const r3 = pairs > 3 ? v128.load(right, 48) : r0;
    const l0 = v128.load64_splat(left);
    c00 = f64x2.add(c00, f64x2.mul(l0, r0));
    if (pairs > 1) c01 = f64x2.add(c01, f64x2.mul(l0, r1));
    if (pairs > 2) c02 = f64x2.add(c02, f64x2.mul(l0, r2));
    if (pairs > 3) c03 = f64x2.add(c03, f64x2.mul(l0, r3));
    if (rows > 1) {
      const l1 = v128.load64_splat(left, 8);
      c10 = f64x2.add(c10, f64x2.mul(l1, r0));
      if (pairs > 1) c11 = f64x2.add(c11, f64x2.mul(l1, r1));
      if (pairs > 2) c12 = f64x2.add(c12, f64x2.mul(l1, r2));
      if (pairs > 3) c13 = f64x2.add(c13, f64x2.mul(l1, r3));
    }
    if (rows > 2) {
      const l2 = v128.load64_splat(left, 16);
      c20 = f64x2.add(c20, f64x2.mul(l2, r0));
      if (pairs > 1) c21 = f64x2.add(c21, f64x2.mul(l2, r1));
      if (pairs > 2) c22 = f64x2.add(c22, f64x2.mul(l2, r2));
    }
    if (rows > 3) {
      const l3 = v128.load64_splat(left, 24);
      c30 = f64x2.add(c30, f64x2.mul(l3, r0));
      if (pairs > 1) c31 = f64x2.add(c31, f64x2.mul(l3, r1));
    }
    left += leftBytes;
    right += rightBytes;
  } while (left < leftEnd);
  v128.store(o0, c00);
  if (pairs > 1) v128.store(o0, c01, 16);
  if (pairs > 2) v128.store(o0, c02, 32);
  if (pairs > 3) v128.store(o0, c03, 48);
  if (rows > 1) {
    v128.store(o1, c10);
    if (pairs > 1) v128.store(o1, c11, 16);
    if (pairs > 2) v128.store(o1, c12, 32);
    if (pairs > 3) v128.store(o1, c13, 48);
  }
  if (rows > 2) {
    v128.store(o2, c20);
    if (pairs > 1) v128.store(o2, c21, 16);
    if (pairs > 2) v128.store(o2, c22, 32);
  }
  if (rows > 3) {
    v128.store(o3, c30);
    if (pairs > 1) v128.store(o3, c31, 16);
  }
}

// @ts-ignore: decorator
@inline
function start(add: bool, out: usize, offset: usize = 0): v128 {
  return add ? v128.load(out + offset) : f64x2.splat(0);
}

// @ts-ignore: decorator
@inline
function eachRowBlock(add: bool, out: usize, left: usize, right: usize, rightBytes: usize, depth: i32): void {
  const leftEnd = left + ((<usize>depth) << 3);
  let pairs = <i32>(rightBytes >>> 4);
  while (pairs > 0) {
    // the last two blocks alike
    let taken = pairs > 15 ? 8 : pairs > 8 ? (pairs + 1) >> 1 : pairs;
    switch (taken) {
      case 8: {
        rowBlock(add, 8, out, left, leftEnd, right, rightBytes);
        break;
      }
      case 7: {
        rowBlock(add, 7, out, left, leftEnd, right, rightBytes);
        break;
      }
      case 6: {
        rowBlock(add, 6, out, left, leftEnd, right, rightBytes);
        break;
      }
      case 5: {
        rowBlock(add, 5, out, left, leftEnd, right, rightBytes);
        break;
      }
      case 4: {
        rowBlock(add, 4, out, left, leftEnd, right, rightBytes);
        break;
      }
      case 3: {
        rowBlock(add, 3, out, left, leftEnd, right, rightBytes);
        break;
      }
      case 2: {
        rowBlock(add, 2, out, left, leftEnd, right, rightBytes);
        break;
      }
      default: {
        rowBlock(add, 1, out, left, leftEnd, right, rightBytes);
        taken = 1;
      }
    }
    pairs -= taken;
    right += (<usize>taken) << 4;
    out += (<usize>taken) << 4;
  }
}

// @ts-ignore: decorator
@inline
function rowBlock(
  add: bool,
  pairs: i32,
  out: usize,
  left: usize,
  leftEnd: usize,
  right: usize,
  rightBytes: usize,
): void {
  let c0 = start(add, out);
  let c1 = start(add && pairs > 1, out, 16);
  let c2 = start(add && pairs > 2, out, 32);
  let c3 = start(add && pairs > 3, out, 48);
  let c4 = start(add && pairs > 4, out, 64);
  let c5 = start(add && pairs > 5, out, 80);
  let c6 = start(add && pairs > 6, out, 96);
  let c7 = start(add && pairs > 7, out, 112);
  do {
    const l = v128.load64_splat(left);
    c0 = f64x2.add(c0, f64x2.mul(l, v128.load(right)));
    if (pairs > 1) c1 = f64x2.add(c1, f64x2.mul(l, v128.load(right, 16)));
    if (pairs > 2) c2 = f64x2.add(c2, f64x2.mul(l, v128.load(right, 32)));
    if (pairs > 3) c3 = f64x2.add(c3, f64x2.mul(l, v128.load(right, 48)));
    if (pairs > 4) c4 = f64x2.add(c4, f64x2.mul(l, v128.load(right, 64)));
    if (pairs > 5) c5 = f64x2.add(c5, f64x2.mul(l, v128.load(right, 80)));
    if (pairs > 6) c6 = f64x2.add(c6, f64x2.mul(l, v128.load(right, 96)));
    if (pairs > 7) c7 = f64x2.add(c7, f64x2.mul(l, v128.load(right, 112)));
    left += 8;
    right += rightBytes;
  } while (left < leftEnd);
  v128.store(out, c0);
  if (pairs > 1) v128.store(out, c1, 16);
  if (pairs > 2) v128.store(out, c2, 32);
  if (pairs > 3) v128.store(out, c3, 48);
  if (pairs > 4) v128.store(out, c4, 64);
  if (pairs > 5) v128.store(out, c5, 80);
  if (pairs > 6) v128.store(out, c6, 96);
  if (pairs > 7) v128.store(out, c7, 112);
}

// @ts-ignore: decorator
@inline
function eachDotBlock(
  add: bool,
  out: usize,
  outBytes: usize,
  left: usize,
  rows: i32,
  right: usize,
  columns: i32,
  depthBytes: usize,
): void {
  let row = 0;
  for (; row + 2 <= rows; row += 2, left += 2 * depthBytes, out += 2 * outBytes) {
    let column = 0;
    let o = out;
    let r = right;
    for (; column + 4 <= columns; column += 4, o += 32, r += 4 * depthBytes)
      dotBlock(add, 2, 4, o, outBytes, left, r, depthBytes);
    for (; column + 2 <= columns; column += 2, o += 16, r += 2 * depthBytes)
      dotBlock(add, 2, 2, o, outBytes, left, r, depthBytes);
    if (column < columns) dotBlock(add, 2, 1, o, outBytes, left, r, depthBytes);
  }
  if (row < rows) {
    let column = 0;
    for (; column + 4 <= columns; column += 4, out += 32, right += 4 * depthBytes)
      dotBlock(add, 1, 4, out, outBytes, left, right, depthBytes);
    for (; column + 2 <= columns; column += 2, out += 16, right += 2 * depthBytes)
      dotBlock(add, 1, 2, out, outBytes, left, right, depthBytes);
    if (column < columns) dotBlock(add, 1, 1, out, outBytes, left, right, depthBytes);
  }
}

// @ts-ignore: decorator
@inline
function dotBlock(
  add: bool,
  rows: i32,
  columns: i32,
  out: usize,
  outBytes: usize,
  left: usize,
  right: usize,
  depthBytes: usize,
): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c02 = c00;
  let c03 = c00;
  let c10 = c00;
  let c11 = c00;
  let c12 = c00;
  let c13 = c00;
  const left1 = left + depthBytes;
  const right1 = right + depthBytes;
  const right2 = right1 + depthBytes;
  const right3 = right2 + depthBytes;
  let i: usize = 0;
  do {
    const l0 = v128.load(left + i);
    const l1 = rows > 1 ? v128.load(left1 + i) : l0;
    const r0 = v128.load(right + i);
    c00 = f64x2.add(c00, f64x2.mul(l0, r0));
    if (rows > 1) c10 = f64x2.add(c10, f64x2.mul(l1, r0));
    if (columns > 1) {
      const r1 = v128.load(right1 + i);
      c01 = f64x2.add(c01, f64x2.mul(l0, r1));
      if (rows > 1) c11 = f64x2.add(c11, f64x2.mul(l1, r1));
    }
    if (columns > 2) {
      const r2 = v128.load(right2 + i);
      c02 = f64x2.add(c02, f64x2.mul(l0, r2));
      if (rows > 1) c12 = f64x2.add(c12, f64x2.mul(l1, r2));
      const r3 = v128.load(right3 + i);
      c03 = f64x2.add(c03, f64x2.mul(l0, r3));
      if (rows > 1) c13 = f64x2.add(c13, f64x2.mul(l1, r3));
    }
    i += 16;
  } while (i < depthBytes);
  storeSums(add, out, c00, c01);
  if (columns > 2) storeSums(add, out + 16, c02, c03);
  if (rows > 1) {
    storeSums(add, out + outBytes, c10, c11);
    if (columns > 2) storeSums(add, out + outBytes + 16, c12, c13);
  }
}

/** out (2) = the sum of each vector's lanes */
// @ts-ignore: decorator
@inline
function storeSums(add: bool, out: usize, x: v128, y: v128): void {
  const sums = f64x2.add(v128.shuffle<f64>(x, y, 0, 2), v128.shuffle<f64>(x, y, 1, 3));
  v128.store(out, add ? f64x2.add(v128.load(out), sums) : sums);
}
