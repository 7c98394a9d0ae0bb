/**
 * Products of small matrices, blocked for registers: up to four rows and four pairs of columns of the result are summed
 * in registers at once. Sums run over the depth in rising order, whatever the block, so that blocking changes no bit.
 * Rows of `right` and `out` are padded to an even length; `bytes` is always the length of a row.
 */

/** out (rows, columns) = left^T right, left (depth, rows), right (depth, columns) */
export function transposedTimes(
  out: usize,
  outBytes: usize,
  left: usize,
  leftBytes: usize,
  right: usize,
  rightBytes: usize,
  depth: i32,
  rows: i32,
): void {
  const end = left + <usize>depth * leftBytes;
  const columnsEnd = right + rightBytes;
  while (right < columnsEnd) {
    const pairs = <i32>((columnsEnd - right) >> 4);
    let row = 0;
    let o = out;
    let p = left;
    if (pairs == 4 || pairs == 7 || pairs == 8 || pairs > 9) {
      for (; row + 2 <= rows; row += 2, o += 2 * outBytes, p += 16) block(2, 4, o, outBytes, p, leftBytes, right, rightBytes, end);
      if (row < rows) block(1, 4, o, outBytes, p, leftBytes, right, rightBytes, end);
      right += 64;
      out += 64;
    } else if (pairs > 2) {
      for (; row + 3 <= rows && row + 4 != rows; row += 3, o += 3 * outBytes, p += 24) block(3, 3, o, outBytes, p, leftBytes, right, rightBytes, end);
      for (; row + 2 <= rows; row += 2, o += 2 * outBytes, p += 16) block(2, 3, o, outBytes, p, leftBytes, right, rightBytes, end);
      if (row < rows) block(1, 3, o, outBytes, p, leftBytes, right, rightBytes, end);
      right += 48;
      out += 48;
    } else if (pairs == 2) {
      for (; row + 4 <= rows; row += 4, o += 4 * outBytes, p += 32) block(4, 2, o, outBytes, p, leftBytes, right, rightBytes, end);
      for (; row + 2 <= rows; row += 2, o += 2 * outBytes, p += 16) block(2, 2, o, outBytes, p, leftBytes, right, rightBytes, end);
      if (row < rows) block(1, 2, o, outBytes, p, leftBytes, right, rightBytes, end);
      right += 32;
      out += 32;
    } else {
      for (; row + 4 <= rows; row += 4, o += 4 * outBytes, p += 32) block(4, 1, o, outBytes, p, leftBytes, right, rightBytes, end);
      for (; row < rows; row++, o += outBytes, p += 8) block(1, 1, o, outBytes, p, leftBytes, right, rightBytes, end);
      right += 16;
      out += 16;
    }
  }
}

// One block of the result; `rows` and `pairs` are constants at every call, so that what they rule out is compiled away.
// @ts-ignore: decorator
@inline
function block(
  rows: i32,
  pairs: i32,
  out: usize,
  outBytes: usize,
  left: usize,
  leftBytes: usize,
  right: usize,
  rightBytes: usize,
  end: usize,
): void {
  let c00 = f64x2.splat(0), c01 = c00, c02 = c00, c03 = c00;
  let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  let c20 = c00, c21 = c00, c22 = c00, c23 = c00;
  let c30 = c00, c31 = c00, c32 = c00, c33 = c00;
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
      if (pairs > 3) c23 = f64x2.add(c23, f64x2.mul(l2, r3));
    }
    if (rows > 3) {
      const l3 = v128.load64_splat(left, 24);
      c30 = f64x2.add(c30, f64x2.mul(l3, r0));
      if (pairs > 1) c31 = f64x2.add(c31, f64x2.mul(l3, r1));
      if (pairs > 2) c32 = f64x2.add(c32, f64x2.mul(l3, r2));
      if (pairs > 3) c33 = f64x2.add(c33, f64x2.mul(l3, r3));
    }
    left += leftBytes;
    right += rightBytes;
  } while (left < end);
  storeRow(pairs, out, c00, c01, c02, c03);
  if (rows > 1) storeRow(pairs, out + outBytes, c10, c11, c12, c13);
  if (rows > 2) storeRow(pairs, out + 2 * outBytes, c20, c21, c22, c23);
  if (rows > 3) storeRow(pairs, out + 3 * outBytes, c30, c31, c32, c33);
}

// @ts-ignore: decorator
@inline
function storeRow(pairs: i32, out: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  v128.store(out, c0);
  if (pairs > 1) v128.store(out, c1, 16);
  if (pairs > 2) v128.store(out, c2, 32);
  if (pairs > 3) v128.store(out, c3, 48);
}
