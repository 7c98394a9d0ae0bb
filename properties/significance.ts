import betainc from "@stdlib/math-base-special-betainc";

/**
 * Exact criteria for statements about chance: each is broken with probability at most `alpha` if the statement is true,
 * at every sample size, and no threshold is chosen after the numbers were seen. Seeds are fixed beforehand.
 */

/** The chance that one criterion here calls a true statement false. */
export const ALPHA = 1e-6;

/**
 * How far the empirical distribution function of n independent draws may be from the true one, anywhere.
 * Source: Massart (1990), P(sup|F_n − F| > ε) <= 2·exp(−2nε²), which is solved for ε.
 */
export function kolmogorovLimit(n: number, alpha = ALPHA): number {
  return Math.sqrt(Math.log(2 / alpha) / (2 * n));
}

/** sup|F_n − F| of a sample that should be uniform on [0, 1]. */
export function distanceFromUniform(sample: Iterable<number>): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  return sorted.reduce((most, x, i) => Math.max(most, x - i / n, (i + 1) / n - x), 0);
}

/** The chance of a binomial count at least this far out, on its own side: the smaller of P(X <= count), P(X >= count). */
export function binomialTail(count: number, n: number, p: number): number {
  const atMost = count === n ? 1 : betainc(1 - p, n - count, count + 1);
  const atLeast = count === 0 ? 1 : betainc(p, count, n - count + 1);
  return Math.min(atMost, atLeast);
}

/**
 * The smallest binomial tail of a table of counts, times the number of tests (two for each cell): below `ALPHA` in at
 * most ALPHA of all tables whose cells have these probabilities.
 *
 * @param probabilities one a cell, or one for all
 */
export function tableSignificance(counts: readonly number[], probabilities: number | readonly number[]): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const tails = counts.map((count, cell) =>
    binomialTail(count, n, typeof probabilities === "number" ? probabilities : (probabilities[cell] as number)),
  );
  return 2 * counts.length * Math.min(...tails);
}

/** How often each of the values 0..cells-1 occurs. */
export function countsOf(values: Iterable<number>, cells: number): number[] {
  const counts = new Array<number>(cells).fill(0);
  for (const value of values) counts[value] = (counts[value] as number) + 1;
  return counts;
}

/** Counts of pairs (x, y) in [0, 1)² over a grid: `side`² equally likely cells if x and y are uniform and independent. */
export function gridCounts(pairs: Iterable<readonly [number, number]>, side: number): number[] {
  const cell = (x: number) => Math.min(side - 1, Math.floor(side * x));
  return countsOf(
    Array.from(pairs, ([x, y]) => side * cell(x) + cell(y)),
    side * side,
  );
}

/** The standard normal distribution function, by its Taylor series about 0. Source: Marsaglia (2004). */
export function normalDistribution(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let [term, sum, before] = [x, x, Number.NaN];
  for (let k = 3; sum !== before; k += 2) {
    before = sum;
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-(x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
