/**
 * Numbers whose squares underflow or overflow: scaled by a power of two, which rounds nothing, they are ordinary ones.
 */

/** Sums of squares from here on have lost nothing that counts to underflow: 2^24 entries lose less than 2^-1050. */
const SQUARES_KEPT = 2 ** -960;

/** The k for which 2^k <= |x| < 2^(k+1); 0 for x = 0, NaN and the infinities. */
export function exponentOf(x: number): number {
  let rest = Math.abs(x);
  let k = 0;
  if (rest === 0 || !Number.isFinite(rest)) return 0;
  for (; rest >= 2; k++) rest /= 2;
  for (; rest < 1; k--) rest *= 2;
  return k;
}

/** x ↦ x·2^k for |k| <= 2046, rounded once: to a subnormal number or to infinity where it must be. */
export function timesPowerOfTwo(k: number): (x: number) => number {
  // 2^k itself may be no double, and of two factors on one side of 1 only the second can round
  const half = Math.trunc(k / 2);
  const [first, second] = [2 ** half, 2 ** (k - half)];
  return (x) => x * first * second;
}

/** √Σ x², also where the squares underflow or overflow. NaN and infinity propagate; 0 of nothing. */
export function euclideanNorm(values: ArrayLike<number>): number {
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    squares += x * x;
    largest = Math.max(largest, Math.abs(x));
  }
  if (
    (squares >= SQUARES_KEPT && squares < Number.POSITIVE_INFINITY) ||
    !(largest > 0 && largest < Number.POSITIVE_INFINITY)
  ) {
    return Math.sqrt(squares);
  }
  const k = exponentOf(largest);
  const scaled = timesPowerOfTwo(-k);
  squares = 0;
  for (let i = 0; i < values.length; i++) squares += scaled(values[i] as number) ** 2;
  return timesPowerOfTwo(k)(Math.sqrt(squares));
}
