import { readFileSync } from "node:fs";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import type { Entries } from "../../src/inspect/entries.ts";
import { factored } from "../../src/inspect/factored.ts";
import { krylovSpace } from "../../src/inspect/krylov.ts";
import { type Bounded, boundedSpectrum, SHARES, spectrumOf } from "../../src/inspect/spectrum.ts";
import { triangularFactor } from "../../src/inspect/triangular.ts";
import { stream } from "../../src/random/stream.ts";
import { singularValues } from "../../src/transformer/measure/singular-values.ts";

interface Golden {
  readonly pairs: readonly { rows: number; columns: number; rank: number; seed: number; singularValues: number[] }[];
  readonly lora: { size: number; rank: number; alpha: number; seed: number; singularValues: number[] };
}

/** By NumPy: golden/singular-values.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../golden/singular-values.json", import.meta.url), "utf8"),
) as Golden;

/** As golden/singular-values.py makes them. */
function fractions(rows: number, columns: number, seed: number): Entries {
  let x = seed;
  const values = Float64Array.from({ length: rows * columns }, () => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return (x >>> 20) / 4096 - 0.5;
  });
  return { rows, columns, values };
}

const matrixOf = ({ rows, columns, values }: Entries) => Matrix.from1DArray(rows, columns, values);
const entriesOf = (matrix: Matrix): Entries => ({
  ...{ rows: matrix.rows, columns: matrix.columns },
  values: Float64Array.from(matrix.to1DArray()),
});

/** Relative to each value; to the largest where rank ends, since both programs give rounding there. */
function expectNear(found: readonly number[], expected: readonly number[]) {
  expect(found).toHaveLength(expected.length);
  const largest = expected[0] as number;
  found.forEach((sigma, i) => {
    const value = expected[i] as number;
    const scale = value > 1e-12 * largest ? value : largest;
    expect([i, Math.abs(sigma - value) / scale < 1e-10]).toEqual([i, true]);
  });
}

const normal = (rows: number, columns: number, name: string): Matrix => {
  const random = stream(5, name);
  return Matrix.from1DArray(
    rows,
    columns,
    Array.from({ length: rows * columns }, () => random.normal()),
  );
};

describe("agrees with NumPy to 1e-10", () => {
  test.each(golden.pairs)("on $rows x $columns, changed by rank $rank", ({ rows, columns, rank, seed, ...its }) => {
    const before = matrixOf(fractions(rows, columns, seed));
    const after =
      rank === 0
        ? matrixOf(fractions(rows, columns, seed + 1))
        : Matrix.add(
            before,
            matrixOf(fractions(rows, rank, seed + 2)).mmul(matrixOf(fractions(rank, columns, seed + 3))),
          );
    const { singularValues, complete } = spectrumOf(entriesOf(Matrix.sub(after, before)), false);
    expect(complete).toBe(true);
    expectNear(singularValues, its.singularValues);
  });

  test("on the LoRA of a 4096-square matrix, whose product is never formed", () => {
    const { size, rank, alpha, seed } = golden.lora;
    const [B, A] = [fractions(size, rank, seed), fractions(rank, size, seed + 1)];
    for (const turned of [false, true]) {
      const { spectrum, norms } = factored(B, A, alpha / rank, turned);
      expectNear(spectrum!.singularValues.slice(0, rank), golden.lora.singularValues);
      expect(spectrum!.singularValues).toHaveLength(size);
      expect(new Set(spectrum!.singularValues.slice(rank))).toEqual(new Set([0]));
      expect(norms).toHaveLength(size);
    }
  });
});

describe("of an update by its factors", () => {
  test("the norms of rows are those of the product", () => {
    const [B, A] = [normal(9, 2, "B"), normal(2, 5, "A")];
    const product = B.mmul(A).mul(-3);
    const turned = product.transpose();
    for (const [whole, isTurned] of [
      [product, false],
      [turned, true],
    ] as const) {
      const { norms } = factored(entriesOf(B), entriesOf(A), -3, isTurned);
      const expected = whole.to2DArray().map((row) => Math.hypot(...row));
      expect(norms).toHaveLength(expected.length);
      norms.forEach((norm, i) => {
        expect(norm).toBeCloseTo(expected[i]!, 12);
      });
    }
  });

  test("factors with more columns than rows are no more than the product", () => {
    const [B, A] = [normal(3, 6, "B"), normal(6, 4, "A")];
    const { spectrum } = factored(entriesOf(B), entriesOf(A), 1, false);
    expectNear(spectrum!.singularValues, singularValues(B.mmul(A)));
  });

  test("nothing comes of a factor that is 0", () => {
    const zero = entriesOf(Matrix.zeros(4, 2));
    expect(factored(zero, entriesOf(normal(2, 3, "A")), 1, false).spectrum).toBeUndefined();
  });
});

test("R of A = Q R has the singular values of A, for columns that are 0 too", () => {
  const A = normal(7, 4, "R");
  A.setColumn(1, new Array<number>(7).fill(0));
  const R = triangularFactor(
    A.transpose()
      .to2DArray()
      .map((column) => Float64Array.from(column)),
  );
  expectNear(singularValues(R), singularValues(A));
});

/** Matrices whose largest singular values are easy to find, and those whose are not. */
const SPECTRA: Readonly<Record<string, (n: number) => Matrix>> = {
  "low rank with noise": (n) =>
    normal(n + 30, 5, "left")
      .mmul(normal(5, n, "right"))
      .add(normal(n + 30, n, "noise").mul(0.02)),
  "exactly low rank, wide": (n) => normal(n, 3, "left").mmul(normal(3, 2 * n, "right")),
  noise: (n) => normal(n, n, "noise"),
  "one value many times": (n) => Matrix.eye(n, n),
  "a value that decays": (n) => Matrix.diag(Array.from({ length: n }, (_, i) => 1 / (i + 1))),
  "tiny numbers": (n) =>
    normal(n, 2, "left")
      .mmul(normal(2, n, "right"))
      .mul(1e-200),
};

describe("where not all singular values are computed", () => {
  test.each(Object.entries(SPECTRA))("ranks lie within the bounds: %s", (_, make) => {
    const matrix = make(260);
    const entries = entriesOf(matrix);
    const [all, some] = [spectrumOf(entries, true), boundedSpectrum(entries)];
    expect([all.complete, some.complete]).toEqual([true, false]);
    expect(all.singularValues).toHaveLength(Math.min(matrix.rows, matrix.columns));
    const within = ({ atLeast, atMost }: Bounded, value: number) => atLeast <= value && value <= atMost;
    for (const share of SHARES) {
      expect([share, within(some.ranks[share] as Bounded, all.ranks[share] as number)]).toEqual([share, true]);
    }
    for (const rank of [0, 1, 4, 30, 259, 260]) {
      const { atLeast, atMost } = some.beyond(rank) as Bounded;
      const value = all.beyond(rank) as number;
      expect([rank, atLeast <= value + 1e-11, value <= atMost + 1e-11]).toEqual([rank, true, true]);
    }
    expectNear(some.singularValues.slice(0, 1), all.singularValues.slice(0, 1));
    expect(some.stableRank / all.stableRank).toBeCloseTo(1, 8);
  });

  test("the bounds say something: both sides are one where the rank is low", () => {
    const entries = entriesOf(SPECTRA["low rank with noise"]!(260));
    const { ranks, singularValues: found } = boundedSpectrum(entries);
    expect(ranks["0.9"]).toEqual({ atLeast: spectrumOf(entries, true).ranks["0.9"], atMost: expect.any(Number) });
    expectNear(found.slice(0, 5), spectrumOf(entries, true).singularValues.slice(0, 5));
  });

  test("what is shown of them is right to 1e-9", () => {
    for (const make of Object.values(SPECTRA)) {
      const entries = entriesOf(make(200));
      const [all, some] = [spectrumOf(entries, true), boundedSpectrum(entries)];
      const largest = all.singularValues[0]!;
      some.singularValues.forEach((sigma, i) => {
        expect([i, Math.abs(sigma - all.singularValues[i]!) < 1e-9 * largest]).toEqual([i, true]);
      });
    }
  });

  test("it is the same every time", () => {
    const entries = entriesOf(SPECTRA.noise!(120));
    expect(boundedSpectrum(entries).singularValues).toEqual(boundedSpectrum(entries).singularValues);
  });

  test("a space without some vectors has what they leave", () => {
    const A = entriesOf(Matrix.diag([5, 4, 3, 2, 1, 0.5]));
    const without = [Float64Array.from([1, 0, 0, 0, 0, 0])];
    expectNear(krylovSpace(A, { steps: 9, without }).sigmas.slice(0, 4), [4, 3, 2, 1]);
  });
});
