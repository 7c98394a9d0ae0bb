import { describe, expect, test } from "vitest";
import { stream } from "../src/random/stream.ts";
import {
  ALPHA,
  binomialTail,
  distanceFromUniform,
  gridCounts,
  kolmogorovLimit,
  normalDistribution,
  tableSignificance,
} from "./significance.ts";

/** P(X = k) for X ~ Binomial(n, p), summed: what `binomialTail` must agree with. */
function binomialSum(n: number, p: number, from: number, to: number): number {
  let total = 0;
  for (let k = from; k <= to; k++) {
    let term = 1;
    for (let i = 1; i <= k; i++) term *= ((n - k + i) / i) * p;
    total += term * (1 - p) ** (n - k);
  }
  return total;
}

describe("the criteria by which chance is judged", () => {
  test("the binomial tail is the smaller of P(X <= k) and P(X >= k), summed term by term", () => {
    for (const p of [0.05, 0.5, 0.9]) {
      for (let k = 0; k <= 12; k++) {
        const expected = Math.min(binomialSum(12, p, 0, k), binomialSum(12, p, k, 12));
        expect(Math.abs(binomialTail(k, 12, p) / expected - 1)).toBeLessThan(1e-12);
      }
    }
  });

  test("the distance from uniform is the largest gap on either side of a step", () => {
    expect(distanceFromUniform([0.5])).toBe(0.5);
    expect(distanceFromUniform([0.75, 0.25])).toBe(0.25);
    expect(distanceFromUniform([0.1, 0.2, 0.3])).toBeCloseTo(0.7, 12);
  });

  test("a limit shrinks as 1/√n, and a smaller alpha widens it", () => {
    expect(kolmogorovLimit(400) / kolmogorovLimit(100)).toBeCloseTo(0.5, 12);
    expect(kolmogorovLimit(100, 1e-9)).toBeGreaterThan(kolmogorovLimit(100));
  });

  test("Φ(0) = 1/2, Φ(−x) = 1 − Φ(x), and Φ(1.959963984540054) = 0.975", () => {
    expect(normalDistribution(0)).toBe(0.5);
    expect(normalDistribution(1.959963984540054)).toBeCloseTo(0.975, 12);
    for (const x of [0.1, 1, 3, 6, 9]) expect(normalDistribution(-x) + normalDistribution(x)).toBeCloseTo(1, 12);
  });

  test("they see what they are for: a bias of 2 %, a correlation of 0.1, a cell that is 10 % too full", () => {
    const random = stream(2406_17167, "criteria");
    const uniform = Array.from({ length: 100_000 }, () => random.uniform());
    expect(distanceFromUniform(uniform)).toBeLessThan(kolmogorovLimit(uniform.length));
    expect(distanceFromUniform(uniform.map((x) => x ** 1.05))).toBeGreaterThan(kolmogorovLimit(uniform.length));
    const pairs = uniform.map((x, i) => [x, uniform[i ^ 1] as number] as const);
    expect(tableSignificance(gridCounts(pairs, 4), 1 / 16)).toBeGreaterThan(ALPHA);
    const leaning = pairs.map(([x, y]) => [x, y < 0.1 ? x : y] as const);
    expect(tableSignificance(gridCounts(leaning, 4), 1 / 16)).toBeLessThan(ALPHA);
    expect(tableSignificance([1000, 1000, 1000, 1000], 0.25)).toBeGreaterThan(ALPHA);
    expect(tableSignificance([11_000, 10_000, 10_000, 10_000], 0.25)).toBeLessThan(ALPHA);
  });
});
