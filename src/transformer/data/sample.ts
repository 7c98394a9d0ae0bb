import { Matrix, QrDecomposition } from "ml-matrix";
import { type Stream, stream } from "../../random/stream.ts";
import { type Dataset, type Theta, tokenCounts } from "../notation.ts";

/** Samples that know which pattern each of their tokens carries. */
export interface SampledDataset extends Dataset {
  /** samples x L: the index of the token's pattern, 0-based */
  readonly patternOf: Int16Array;
  /** samples x L: 1 where the token carries a pattern of the sample's own label ("label-relevant"), else 0 */
  readonly relevant: Uint8Array;
}

export type DatasetRole = "train" | "test";

/**
 * rows x columns with orthonormal rows (or columns, if there are fewer of those), uniform over all such matrices:
 * the QR decomposition of a Gaussian matrix with the signs of R's diagonal taken out (Mezzadri 2007).
 */
export function randomOrthonormal(rows: number, columns: number, random: Stream): Matrix {
  const long = Math.max(rows, columns);
  const short = Math.min(rows, columns);
  const gaussian = Matrix.zeros(long, short);
  for (let i = 0; i < long; i++) for (let j = 0; j < short; j++) gaussian.set(i, j, random.normal());
  const decomposition = new QrDecomposition(gaussian);
  const orthonormal = decomposition.orthogonalMatrix;
  const triangular = decomposition.upperTriangularMatrix;
  for (let j = 0; j < short; j++) if (triangular.get(j, j) < 0) orthonormal.mulColumn(j, -1);
  return rows >= columns ? orthonormal : orthonormal.transpose();
}

/** The patterns μ_1..μ_M, M x d with orthonormal rows; the first r are label-relevant. */
export function samplePatterns(theta: Theta, seed: number): Matrix {
  return randomOrthonormal(theta.M, theta.d, stream(seed, "patterns"));
}

/**
 * Training or test data of a model (test data are as many as θ's testSamples). Labels are drawn first, balanced and in
 * random order; then the patterns of each sample's tokens; then the noise, by `noisyTokens` or its twin in an engine.
 */
export function sampleDataset(
  theta: Theta,
  seed: number,
  patterns: Matrix,
  role: DatasetRole,
  tokensOf: (tokens: TokensToDraw) => Float64Array = noisyTokens,
): SampledDataset {
  const { L, d, M, r } = theta;
  const samples = role === "train" ? theta.N : theta.testSamples;
  const { nStar, nSharp } = tokenCounts(theta);
  const classes = balancedLabels(samples, stream(seed, `${role} labels`));
  const patternStream = stream(seed, `${role} tokens`);

  const patternOf = new Int16Array(samples * L);
  for (let n = 0; n < samples; n++) {
    // class +1 owns patterns 0..r/2-1, class -1 owns r/2..r-1
    const own = classes[n] === 1 ? 0 : r / 2;
    const other = r / 2 - own;
    const sample = patternOf.subarray(n * L, (n + 1) * L);
    for (let l = 0; l < L; l++) {
      if (l < nStar) sample[l] = own + patternStream.integer(0, r / 2 - 1);
      else if (l < nStar + nSharp) sample[l] = other + patternStream.integer(0, r / 2 - 1);
      else sample[l] = patternStream.integer(r, M - 1);
    }
    patternStream.shuffle(sample);
  }
  const tokens = tokensOf({ patterns, patternOf, tau: theta.tau, seed, stream: `${role} noise` });
  const labels = theta.labels === "random" ? balancedLabels(samples, stream(seed, `${role} random labels`)) : classes;
  const relevant = new Uint8Array(samples * L);
  for (let i = 0; i < relevant.length; i++) {
    const pattern = patternOf[i]!;
    const ownerOfPattern = pattern < r / 2 ? 1 : pattern < r ? -1 : 0;
    if (ownerOfPattern === labels[Math.floor(i / L)]) relevant[i] = 1;
  }
  return { samples, L, d, tokens, labels, patternOf, relevant };
}

/** As many +1 as -1, in random order. */
function balancedLabels(samples: number, random: Stream): Float64Array {
  return random.shuffle(Float64Array.from({ length: samples }, (_, n) => (n < samples / 2 ? 1 : -1)));
}

/** What tokens are drawn from. */
export interface TokensToDraw {
  /** M x d */
  readonly patterns: Matrix;
  /** A row of these for each token. */
  readonly patternOf: Int16Array;
  readonly tau: number;
  /** Seed and name of the stream that the noise is read from. */
  readonly seed: number;
  readonly stream: string;
}

/** tokens x d: each token's pattern with its noise. */
export function noisyTokens({ patterns, patternOf, tau, seed, stream: name }: TokensToDraw): Float64Array {
  const d = patterns.columns;
  const noiseStream = stream(seed, name);
  const tokens = new Float64Array(patternOf.length * d);
  const noise = new Float64Array(d);
  patternOf.forEach((pattern, i) => {
    fillNoise(noise, tau, noiseStream);
    for (let c = 0; c < d; c++) tokens[i * d + c] = patterns.get(pattern, c) + (noise[c] as number);
  });
  return tokens;
}

/** Noise of uniform direction and norm τ·U(0,1). Read from the stream even at τ = 0, so that τ changes nothing else. */
function fillNoise(noise: Float64Array, tau: number, random: Stream): void {
  let squaredNorm = 0;
  for (let c = 0; c < noise.length; c++) {
    const normal = random.normal();
    noise[c] = normal;
    squaredNorm += normal * normal;
  }
  const scale = (tau * random.uniform()) / Math.sqrt(squaredNorm);
  for (let c = 0; c < noise.length; c++) noise[c] = (noise[c] as number) * scale;
}
