import fc from "fast-check";
import type { Theta } from "../../../src/transformer/notation.ts";
import { parseTheta } from "../../../src/transformer/theta.ts";

/** A small θ that keeps every rule, from which specs leave one field at a time. */
export const SMALL_THETA: Theta = parseTheta({
  M: 4,
  r: 2,
  d: 5,
  L: 6,
  m: 8,
  ma: 4,
  mb: 3,
  alphaStar: 0.5,
  alphaSharp: 0.2,
  tau: 0.1,
  delta: 0.1,
  sigma: 0.2,
  xi: 0.02,
  eta: 0.5,
  N: 16,
  B: 4,
  Tmax: 30,
  testSamples: 12,
  readout: "shared",
  labels: "majority",
});

/**
 * Any valid θ of small size: every even r up to 6, M = r where all tokens are label-relevant, both readouts, all three
 * label rules, no noise at all, batches that do not divide the samples.
 */
export function arbitraryTheta(): fc.Arbitrary<Theta> {
  return fc
    .record({
      classPatterns: fc.integer({ min: 1, max: 3 }),
      irrelevantPatterns: fc.integer({ min: 0, max: 3 }),
      spareDimensions: fc.integer({ min: 0, max: 3 }),
      nStar: fc.integer({ min: 1, max: 4 }),
      nSharp: fc.integer({ min: 0, max: 4 }),
      irrelevantTokens: fc.integer({ min: 0, max: 4 }),
      m: fc.integer({ min: 1, max: 6 }),
      ma: fc.integer({ min: 1, max: 6 }),
      mb: fc.integer({ min: 1, max: 6 }),
      tau: fc.constantFrom(0, 0.1, 0.25, 2),
      halfOfN: fc.integer({ min: 1, max: 8 }),
      batchShare: fc.integer({ min: 0, max: 15 }),
      halfOfTest: fc.integer({ min: 1, max: 6 }),
      readout: fc.constantFrom("shared" as const, "per-position" as const),
      labels: fc.constantFrom("majority" as const, "drawn" as const, "random" as const),
    })
    .map((drawn) => {
      const r = 2 * drawn.classPatterns;
      const nStar = drawn.labels === "majority" ? drawn.nSharp + drawn.nStar : drawn.nStar;
      const irrelevantTokens = drawn.irrelevantPatterns === 0 ? 0 : drawn.irrelevantTokens;
      const L = nStar + drawn.nSharp + irrelevantTokens;
      const M = r + drawn.irrelevantPatterns;
      const N = 2 * drawn.halfOfN;
      return parseTheta({
        ...SMALL_THETA,
        r,
        M,
        d: M + drawn.spareDimensions,
        L,
        m: drawn.m,
        ma: drawn.ma,
        mb: drawn.mb,
        alphaStar: nStar / L,
        alphaSharp: drawn.nSharp / L,
        tau: drawn.tau,
        N,
        B: 1 + (drawn.batchShare % N),
        testSamples: 2 * drawn.halfOfTest,
        readout: drawn.readout,
        labels: drawn.labels,
      });
    });
}
