import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { stream } from "../../../src/random/stream.ts";
import {
  type DatasetRole,
  randomOrthonormal,
  type SampledDataset,
  sampleDataset,
  samplePatterns,
} from "../../../src/transformer/data/sample.ts";
import { type Theta, tokenCounts } from "../../../src/transformer/notation.ts";
import { parseTheta } from "../../../src/transformer/theta.ts";
import {
  ALPHA,
  countsOf,
  distanceFromUniform,
  gridCounts,
  kolmogorovLimit,
  tableSignificance,
} from "../../significance.ts";
import { arbitraryTheta, SMALL_THETA } from "./arbitrary-theta.ts";

const SEED = 2406_17167;
const ROLES: readonly DatasetRole[] = ["train", "test"];

/** θ, a seed, and the training or the test data that they give. */
const arbitraryDataset = fc
  .record({ theta: arbitraryTheta(), seed: fc.maxSafeNat(), role: fc.constantFrom(...ROLES) })
  .map(({ theta, seed, role }) => {
    const patterns = samplePatterns(theta, seed);
    return { theta, seed, role, patterns, data: sampleDataset(theta, seed, patterns, role) };
  });

/** Householder's QR errs by a small multiple of rows·columns rounding units (Higham 2002, theorem 19.4). */
const orthonormalRoundoff = ({ rows, columns }: Matrix) => 8 * rows * columns * Number.EPSILON;

/** The pattern indices of sample n. */
const patternsOf = ({ patternOf, L }: SampledDataset, n: number) => [...patternOf.subarray(n * L, (n + 1) * L)];

/** +1 or -1 for a pattern that this class owns, 0 for a label-irrelevant one. */
const ownerOf = (pattern: number, { r }: Theta) => (pattern < r / 2 ? 1 : pattern < r ? -1 : 0);

/** What noise was added to the i-th token. */
function noiseOf({ tokens, patternOf, d }: SampledDataset, patterns: Matrix, i: number): number[] {
  return patterns.getRow(patternOf[i] as number).map((entry, c) => (tokens[i * d + c] as number) - entry);
}

const norm = (x: readonly number[]) => Math.sqrt(x.reduce((squares, entry) => squares + entry * entry, 0));

describe("patterns", () => {
  test("are orthonormal, M rows of length d", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.maxSafeNat(), (theta, seed) => {
        const patterns = samplePatterns(theta, seed);
        expect([patterns.rows, patterns.columns]).toEqual([theta.M, theta.d]);
        const off = Matrix.sub(patterns.mmul(patterns.transpose()), Matrix.eye(theta.M));
        expect(off.abs().max()).toBeLessThanOrEqual(orthonormalRoundoff(patterns));
      }),
    );
  });

  test.each([
    [3, 5],
    [5, 3],
    [4, 4],
    [1, 3],
    [3, 1],
  ])(
    "a random orthonormal %d x %d matrix has orthonormal rows, or columns if there are fewer of those",
    (rows, columns) => {
      const U = randomOrthonormal(rows, columns, stream(SEED, "orthonormal"));
      expect([U.rows, U.columns]).toEqual([rows, columns]);
      const gram = rows <= columns ? U.mmul(U.transpose()) : U.transpose().mmul(U);
      expect(Matrix.sub(gram, Matrix.eye(gram.rows)).abs().max()).toBeLessThanOrEqual(orthonormalRoundoff(U));
    },
  );

  test("have no preferred direction: every entry in three dimensions is uniform on [-1, 1] (Archimedes)", () => {
    const theta = parseTheta({ ...SMALL_THETA, M: 3, d: 3 });
    const drawn = Array.from({ length: 3000 }, (_, seed) => samplePatterns(theta, seed));
    for (let j = 0; j < 3; j++) {
      for (let c = 0; c < 3; c++) {
        const units = drawn.map((patterns) => (patterns.get(j, c) + 1) / 2);
        expect(distanceFromUniform(units)).toBeLessThan(kolmogorovLimit(units.length, ALPHA / 9));
      }
    }
  });

  test("are those of the seed, whatever the rest of θ is", () => {
    const changed = { ...SMALL_THETA, N: 32, tau: 0, L: 10, sigma: 0.5 };
    expect(samplePatterns(changed, 7)).toEqual(samplePatterns(SMALL_THETA, 7));
    expect(samplePatterns(SMALL_THETA, 8)).not.toEqual(samplePatterns(SMALL_THETA, 7));
  });
});

describe("a sample", () => {
  test("has n* tokens of its class's patterns, n# of the other class's, and label-irrelevant ones for the rest", () => {
    fc.assert(
      fc.property(arbitraryDataset, ({ theta, data }) => {
        fc.pre(theta.labels !== "random");
        const { nStar, nSharp } = tokenCounts(theta);
        for (let n = 0; n < data.samples; n++) {
          const label = data.labels[n] as number;
          const owners = patternsOf(data, n).map((pattern) => label * ownerOf(pattern, theta));
          const count = (owner: number) => owners.filter((each) => each === owner).length;
          expect([count(1), count(-1)]).toEqual([nStar, nSharp]);
          expect(owners.length).toBe(theta.L);
          expect(patternsOf(data, n).every((pattern) => pattern >= 0 && pattern < theta.M)).toBe(true);
        }
      }),
    );
  });

  test("has its label by majority vote of its label-relevant tokens", () => {
    fc.assert(
      fc.property(arbitraryDataset, ({ theta, data }) => {
        fc.pre(theta.labels === "majority");
        for (let n = 0; n < data.samples; n++) {
          const votes = patternsOf(data, n).reduce((sum, pattern) => sum + ownerOf(pattern, theta), 0);
          expect(Math.sign(votes)).toBe(data.labels[n]);
        }
      }),
    );
  });

  test("counts as label-relevant exactly its tokens with a pattern of its own label", () => {
    fc.assert(
      fc.property(arbitraryDataset, ({ theta, data }) => {
        data.relevant.forEach((mask, i) => {
          const label = data.labels[Math.floor(i / theta.L)];
          expect(mask).toBe(ownerOf(data.patternOf[i] as number, theta) === label ? 1 : 0);
        });
      }),
    );
  });

  test("is a pattern plus noise of norm at most τ at every token", () => {
    fc.assert(
      fc.property(arbitraryDataset, ({ theta, patterns, data }) => {
        // the scaling of d normal variates, and the rounding of the sum that the token is
        const roundoff = 4 * theta.d * Number.EPSILON * (1 + theta.tau);
        for (let i = 0; i < data.samples * theta.L; i++) {
          expect(norm(noiseOf(data, patterns, i))).toBeLessThanOrEqual(theta.tau + roundoff);
        }
      }),
    );
  });

  test("is exactly its patterns where τ = 0, and τ changes nothing but the noise", () => {
    fc.assert(
      fc.property(arbitraryDataset, ({ theta, seed, role, patterns, data }) => {
        const noiseless = sampleDataset({ ...theta, tau: 0 }, seed, patterns, role);
        expect(noiseless.patternOf).toEqual(data.patternOf);
        expect(noiseless.labels).toEqual(data.labels);
        noiseless.patternOf.forEach((pattern, i) => {
          const token = noiseless.tokens.subarray(i * theta.d, (i + 1) * theta.d);
          expect([...token]).toEqual(patterns.getRow(pattern));
        });
        const doubled = sampleDataset({ ...theta, tau: 2 * theta.tau }, seed, patterns, role);
        const roundoff = 8 * theta.d * Number.EPSILON * (1 + 2 * theta.tau);
        for (let i = 0; i < data.samples * theta.L; i++) {
          const difference = norm(noiseOf(doubled, patterns, i)) - 2 * norm(noiseOf(data, patterns, i));
          expect(Math.abs(difference)).toBeLessThanOrEqual(roundoff);
        }
      }),
    );
  });
});

describe("a dataset", () => {
  test("has N training and testSamples test samples, in flat memory, as many of label +1 as of −1", () => {
    fc.assert(
      fc.property(arbitraryDataset, ({ theta, role, data }) => {
        const samples = role === "train" ? theta.N : theta.testSamples;
        expect([data.samples, data.L, data.d]).toEqual([samples, theta.L, theta.d]);
        expect(data.tokens.length).toBe(samples * theta.L * theta.d);
        expect(data.labels.length).toBe(samples);
        expect(data.labels.filter((label) => label === 1).length).toBe(samples / 2);
        expect(data.labels.filter((label) => label === -1).length).toBe(samples / 2);
      }),
    );
  });

  test("is the same for the same θ and seed", () => {
    fc.assert(
      fc.property(arbitraryDataset, ({ theta, seed, role, patterns, data }) => {
        expect(sampleDataset(theta, seed, patterns, role)).toEqual(data);
      }),
      { numRuns: 20 },
    );
  });

  test("for testing shares no token with the one for training, and is not changed by how much is trained on", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.maxSafeNat(), (theta, seed) => {
        fc.pre(theta.tau > 0);
        const patterns = samplePatterns(theta, seed);
        const train = sampleDataset(theta, seed, patterns, "train");
        const tested = sampleDataset(theta, seed, patterns, "test");
        const trainedOn = new Set(train.tokens);
        expect(tested.tokens.some((entry) => trainedOn.has(entry))).toBe(false);
        expect(sampleDataset({ ...theta, N: 2 * theta.N }, seed, patterns, "test")).toEqual(tested);
      }),
    );
  });

  test("for testing has other labels and other patterns than the one for training, even without noise", () => {
    const theta = parseTheta({ ...SMALL_THETA, tau: 0, N: 200, testSamples: 200, B: 4 });
    const patterns = samplePatterns(theta, SEED);
    const [train, tested] = ROLES.map((role) => sampleDataset(theta, SEED, patterns, role)) as [
      SampledDataset,
      SampledDataset,
    ];
    const pairs = Array.from(
      train.labels,
      (label, n) => [(1 + label) / 4, (1 + (tested.labels[n] as number)) / 4] as const,
    );
    expect(tableSignificance(gridCounts(pairs, 2), 1 / 4)).toBeGreaterThan(ALPHA);
    expect(train.patternOf).not.toEqual(tested.patternOf);
  });
});

describe("chance in a dataset", () => {
  const theta = parseTheta({
    ...SMALL_THETA,
    ...{ r: 4, M: 7, d: 7, L: 10, alphaStar: 0.4, alphaSharp: 0.2, N: 2000, tau: 0.25 },
  });
  const patterns = samplePatterns(theta, SEED);
  const data = sampleDataset(theta, SEED, patterns, "train");

  test("every position is as likely to carry a token of the sample's own class", () => {
    const positions = [...data.relevant].flatMap((mask, i) => (mask === 1 ? [i % theta.L] : []));
    expect(positions.length).toBe(4 * theta.N);
    expect(tableSignificance(countsOf(positions, theta.L), 1 / theta.L)).toBeGreaterThan(ALPHA);
  });

  test("every pattern of its group is as likely", () => {
    const counts = countsOf(data.patternOf, theta.M);
    expect(tableSignificance(counts.slice(0, 4), 1 / 4)).toBeGreaterThan(ALPHA);
    expect(tableSignificance(counts.slice(4), 1 / 3)).toBeGreaterThan(ALPHA);
  });

  test("the patterns of two tokens of a sample are independent within their groups", () => {
    const pairs = Array.from({ length: theta.N }, (_, n) => {
      const irrelevant = patternsOf(data, n).filter((pattern) => pattern >= theta.r);
      return 3 * ((irrelevant[0] as number) - theta.r) + ((irrelevant[1] as number) - theta.r);
    });
    expect(tableSignificance(countsOf(pairs, 9), 1 / 9)).toBeGreaterThan(ALPHA);
  });

  test("labels follow no order: the first half of the samples has as many of each as chance has it", () => {
    const halves = Array.from(data.labels, (label, n) => [(1 + label) / 4, n / theta.N] as const);
    expect(tableSignificance(gridCounts(halves, 2), 1 / 4)).toBeGreaterThan(ALPHA);
  });

  test("the norm of the noise is uniform on [0, τ]", () => {
    const norms = Array.from({ length: theta.N * theta.L }, (_, i) => norm(noiseOf(data, patterns, i)) / theta.tau);
    expect(distanceFromUniform(norms)).toBeLessThan(kolmogorovLimit(norms.length));
  });

  test("the noise has no preferred direction: every entry in three dimensions is uniform (Archimedes)", () => {
    const flat = parseTheta({ ...SMALL_THETA, M: 3, d: 3, N: 1000, tau: 1 });
    const axes = samplePatterns(flat, SEED);
    const noisy = sampleDataset(flat, SEED, axes, "train");
    const directions = Array.from({ length: flat.N * flat.L }, (_, i) => {
      const noise = noiseOf(noisy, axes, i);
      return noise.map((entry) => entry / norm(noise));
    });
    for (let c = 0; c < 3; c++) {
      const units = directions.map((direction) => ((direction[c] as number) + 1) / 2);
      expect(distanceFromUniform(units)).toBeLessThan(kolmogorovLimit(units.length, ALPHA / 3));
    }
  });

  test("random labels have nothing to do with the tokens: their own class's tokens are as often the few as the many", () => {
    const random = sampleDataset({ ...theta, labels: "random" }, SEED, patterns, "train");
    expect(Buffer.from(random.tokens.buffer).equals(Buffer.from(data.tokens.buffer))).toBe(true);
    const agreement = Array.from(random.labels, (label, n) => (label === data.labels[n] ? 1 : 0));
    expect(tableSignificance(countsOf(agreement, 2), 1 / 2)).toBeGreaterThan(ALPHA);
  });
});
