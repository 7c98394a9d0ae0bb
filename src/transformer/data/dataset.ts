import { Matrix } from "ml-matrix";
import type { Dataset } from "../notation.ts";

/** The tokens X (L x d, a row a token) of sample n, as a matrix of their own. */
export function tokensOfSample(data: Dataset, n: number): Matrix {
  if (!(n >= 0 && n < data.samples)) {
    throw new RangeError(`tokensOfSample requires 0 <= n < ${data.samples} samples, got ${n}`);
  }
  const { L, d } = data;
  const X = new Matrix(L, d);
  for (let l = 0; l < L; l++) {
    for (let j = 0; j < d; j++) X.set(l, j, data.tokens[(n * L + l) * d + j]!);
  }
  return X;
}

/** The label (+1 or -1) of sample n. */
export function labelOfSample(data: Dataset, n: number): number {
  if (!(n >= 0 && n < data.samples)) {
    throw new RangeError(`labelOfSample requires 0 <= n < ${data.samples} samples, got ${n}`);
  }
  return data.labels[n]!;
}

/** Samples given as matrices (each L x d) and labels, in the flat memory that both engines read. */
export function datasetOf(samples: readonly Matrix[], labels: readonly number[]): Dataset {
  const first = samples[0];
  if (first === undefined || samples.length !== labels.length) {
    throw new RangeError(
      `datasetOf requires as many labels as samples, at least one, got ${labels.length} and ${samples.length}`,
    );
  }
  const { rows: L, columns: d } = first;
  const tokens = new Float64Array(samples.length * L * d);
  samples.forEach((X, n) => {
    if (X.rows !== L || X.columns !== d) {
      throw new RangeError(`datasetOf requires every sample to be ${L} x ${d}, got ${X.rows} x ${X.columns} at ${n}`);
    }
    for (let l = 0; l < L; l++) tokens.set(X.getRow(l), (n * L + l) * d);
  });
  return { samples: samples.length, L, d, tokens, labels: Float64Array.from(labels) };
}
