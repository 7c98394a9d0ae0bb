import fc from "fast-check";
import { expect, test } from "vitest";
import { noisyTokens, sampleDataset, samplePatterns, type TokensToDraw } from "../../src/transformer/data/sample.ts";
import { kernelNoisyTokens } from "../../src/transformer/model/kernel/noisy-tokens.ts";
import { LEMMA_SEED } from "../../src/verdict/lemma.ts";
import { arbitraryTheta, SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";

test("the kernel draws the tokens of the streams, to the bit", () => {
  fc.assert(
    fc.property(
      arbitraryTheta(),
      fc.maxSafeNat(),
      fc.constantFrom("train" as const, "test" as const),
      (theta, seed, role) => {
        const patterns = samplePatterns(theta, seed);
        const [reference, kernel] = [noisyTokens, kernelNoisyTokens].map((by) =>
          sampleDataset(theta, seed, patterns, role, by),
        );
        expect(kernel).toEqual(reference);
      },
    ),
    { seed: LEMMA_SEED, numRuns: 50 },
  );
});

test("also where the ziggurat's tail is reached, and where there is no noise or no token", () => {
  const draw = (tau: number, tokens: number): TokensToDraw => ({
    patterns: samplePatterns(SMALL_THETA, LEMMA_SEED),
    patternOf: new Int16Array(tokens).fill(1),
    tau,
    seed: LEMMA_SEED,
    stream: "test noise",
  });
  // one normal variate of 3,700 is beyond 3.44 on either side: so many tokens have 60 of them
  const many = draw(0.25, 40_000);
  expect(Buffer.from(kernelNoisyTokens(many).buffer).equals(Buffer.from(noisyTokens(many).buffer))).toBe(true);
  expect(kernelNoisyTokens(draw(0, 30))).toEqual(noisyTokens(draw(0, 30)));
  expect(kernelNoisyTokens(draw(0.25, 0))).toEqual(new Float64Array());
});
