/**
 * exp of an array of float64, from additions and multiplications only: the same bits on every machine. The polynomials
 * are minimax in the relative error (9.4e-18 and less). Four numbers go side by side, so that each constant is fetched
 * once for all of them. The array's length is rounded up to four: what lies behind it must be free to be overwritten.
 */

/** `expNearZero` is for arguments up to this in magnitude. */
export const NEAR_ZERO: f64 = 0.09375;
/** `expReduced` is for arguments up to this in magnitude, ln 2 / 2. */
export const REDUCED: f64 = 0.34657359;

// exp(x) = 1 + x + x² (c0 + c1 x + ... )
const DEGREE_8 = memory.data<f64>([
  0.5000000000000012, 0.16666666666713478, 0.041666666665773185, 8.33333305541816e-3, 1.388889055249202e-3,
  1.9846234029469607e-4, 2.47946883984145e-5,
]);
const DEGREE_11 = memory.data<f64>([
  0.500000000000001, 0.16666666666666674, 0.041666666666522106, 8.333333333322215e-3, 1.388888894778586e-3,
  1.9841269886564062e-4, 2.4801487365644137e-5, 2.7557242367156263e-6, 2.7632640819274376e-7, 2.511003840733968e-8,
]);
const REDUCTION = memory.data<f64>([
  -300.0, // the smallest argument
  1.4426950408889634, // 1 / ln 2
  6755399441056767.0, // 1.5·2^52 + 1023: to add it rounds to an integer and leaves k + 1023 in the lowest bits
  0.6931471803691238, // ln 2 in two parts; the first ends in 21 zero bits, so that k times it is exact
  1.9082149292705877e-10,
]);

/** x = exp(x), |x| <= NEAR_ZERO */
export function expNearZero(x: usize, end: usize): void {
  const one = f64x2.splat(1);
  for (; x < end; x += 32) {
    const y = v128.load(x);
    const z = v128.load(x, 16);
    const y2 = f64x2.mul(y, y);
    const z2 = f64x2.mul(z, z);
    // Estrin's scheme: (c0 + c1 y) + y² (c2 + c3 y) + y⁴ ((c4 + c5 y) + y² c6) waits less than Horner's
    const c1 = v128.load64_splat(DEGREE_8, 8);
    const c0 = v128.load64_splat(DEGREE_8);
    let p = f64x2.add(c0, f64x2.mul(c1, y));
    let q = f64x2.add(c0, f64x2.mul(c1, z));
    const c3 = v128.load64_splat(DEGREE_8, 24);
    const c2 = v128.load64_splat(DEGREE_8, 16);
    p = f64x2.add(p, f64x2.mul(y2, f64x2.add(c2, f64x2.mul(c3, y))));
    q = f64x2.add(q, f64x2.mul(z2, f64x2.add(c2, f64x2.mul(c3, z))));
    const c5 = v128.load64_splat(DEGREE_8, 40);
    const c4 = v128.load64_splat(DEGREE_8, 32);
    const c6 = v128.load64_splat(DEGREE_8, 48);
    const pHigh = f64x2.add(f64x2.add(c4, f64x2.mul(c5, y)), f64x2.mul(y2, c6));
    const qHigh = f64x2.add(f64x2.add(c4, f64x2.mul(c5, z)), f64x2.mul(z2, c6));
    p = f64x2.add(p, f64x2.mul(f64x2.mul(y2, y2), pHigh));
    q = f64x2.add(q, f64x2.mul(f64x2.mul(z2, z2), qHigh));
    v128.store(x, f64x2.add(one, f64x2.add(y, f64x2.mul(y2, p))));
    v128.store(x, f64x2.add(one, f64x2.add(z, f64x2.mul(z2, q))), 16);
  }
}

/** x = exp(x), |x| <= REDUCED */
export function expReduced(x: usize, end: usize): void {
  eachReduced(false, x, end);
}

/**
 * x = exp(x), -300 <= x <= 709; below that it gives exp(-300) = 5e-131, which a sum that contains exp(0) does not see.
 * Smaller numbers, their squares and products would be subnormal, and those are slow. NaN stays NaN.
 * exp(x) = 2^k · exp(r), k = round(x / ln 2), |r| <= ln 2 / 2.
 */
export function expGeneral(x: usize, end: usize): void {
  eachReduced(true, x, end);
}

// @ts-ignore: decorator
@inline
function eachReduced(reduce: bool, x: usize, end: usize): void {
  const one = f64x2.splat(1);
  for (; x < end; x += 32) {
    let y = v128.load(x);
    let z = v128.load(x, 16);
    let twoToTheK = one;
    let twoToTheJ = one;
    if (reduce) {
      // pmax returns its first argument where that is NaN
      const smallest = v128.load64_splat(REDUCTION);
      y = f64x2.pmax(y, smallest);
      z = f64x2.pmax(z, smallest);
      const perLn2 = v128.load64_splat(REDUCTION, 8);
      const toInteger = v128.load64_splat(REDUCTION, 16);
      let k = f64x2.add(f64x2.mul(y, perLn2), toInteger);
      let j = f64x2.add(f64x2.mul(z, perLn2), toInteger);
      // k + 1023 in the exponent field is 2^k
      twoToTheK = i64x2.shl(k, 52);
      twoToTheJ = i64x2.shl(j, 52);
      k = f64x2.sub(k, toInteger);
      j = f64x2.sub(j, toInteger);
      const ln2High = v128.load64_splat(REDUCTION, 24);
      const ln2Low = v128.load64_splat(REDUCTION, 32);
      y = f64x2.sub(f64x2.sub(y, f64x2.mul(k, ln2High)), f64x2.mul(k, ln2Low));
      z = f64x2.sub(f64x2.sub(z, f64x2.mul(j, ln2High)), f64x2.mul(j, ln2Low));
    }
    const y2 = f64x2.mul(y, y);
    const z2 = f64x2.mul(z, z);
    // ((c0 + c1 y) + y² (c2 + c3 y)) + y⁴ (((c4 + c5 y) + y² (c6 + c7 y)) + y⁴ (c8 + c9 y))
    const c9 = v128.load64_splat(DEGREE_11, 72);
    const c8 = v128.load64_splat(DEGREE_11, 64);
    let p = f64x2.add(c8, f64x2.mul(c9, y));
    let q = f64x2.add(c8, f64x2.mul(c9, z));
    const c7 = v128.load64_splat(DEGREE_11, 56);
    const c6 = v128.load64_splat(DEGREE_11, 48);
    const p6 = f64x2.mul(y2, f64x2.add(c6, f64x2.mul(c7, y)));
    const q6 = f64x2.mul(z2, f64x2.add(c6, f64x2.mul(c7, z)));
    const c5 = v128.load64_splat(DEGREE_11, 40);
    const c4 = v128.load64_splat(DEGREE_11, 32);
    const p4 = f64x2.add(f64x2.add(c4, f64x2.mul(c5, y)), p6);
    const q4 = f64x2.add(f64x2.add(c4, f64x2.mul(c5, z)), q6);
    const y4 = f64x2.mul(y2, y2);
    const z4 = f64x2.mul(z2, z2);
    p = f64x2.mul(y4, f64x2.add(p4, f64x2.mul(y4, p)));
    q = f64x2.mul(z4, f64x2.add(q4, f64x2.mul(z4, q)));
    const c3 = v128.load64_splat(DEGREE_11, 24);
    const c2 = v128.load64_splat(DEGREE_11, 16);
    const p2 = f64x2.mul(y2, f64x2.add(c2, f64x2.mul(c3, y)));
    const q2 = f64x2.mul(z2, f64x2.add(c2, f64x2.mul(c3, z)));
    const c1 = v128.load64_splat(DEGREE_11, 8);
    const c0 = v128.load64_splat(DEGREE_11);
    p = f64x2.add(f64x2.add(f64x2.add(c0, f64x2.mul(c1, y)), p2), p);
    q = f64x2.add(f64x2.add(f64x2.add(c0, f64x2.mul(c1, z)), q2), q);
    p = f64x2.add(one, f64x2.add(y, f64x2.mul(y2, p)));
    q = f64x2.add(one, f64x2.add(z, f64x2.mul(z2, q)));
    v128.store(x, reduce ? f64x2.mul(p, twoToTheK) : p);
    v128.store(x, reduce ? f64x2.mul(q, twoToTheJ) : q, 16);
  }
}
