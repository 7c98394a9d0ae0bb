import fc from "fast-check";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { type Stream, stream } from "../../../src/random/stream.ts";
import { decompose } from "../../../src/transformer/measure/decompose.ts";
import { singularValues, truncate } from "../../../src/transformer/measure/singular-values.ts";
import { euclideanNorm, exponentOf, timesPowerOfTwo } from "../../../src/transformer/model/power-of-two.ts";

/** Ten kinds of matrices, so many of each: 10⁵ in all. */
const EACH = 10_000;

const matrix = (rows: number, columns: number, at: (i: number, j: number) => number) =>
  new Matrix(Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j))));

/** What the entries of a random matrix are made of. */
class Entries {
  readonly #stream: Stream;

  constructor(seed: number) {
    this.#stream = stream(seed, "odd matrix");
  }

  /** in [-1, 1) */
  uniform = () => 2 * this.#stream.uniform() - 1;
  /** 0..most */
  upTo = (most: number) => this.#stream.integer(0, most);
  /** 0 once in four times, else 1 */
  oftenOne = () => Math.min(1, this.upTo(3));
  powers = (count: number, most: number) => Array.from({ length: count }, () => 2 ** -this.upTo(most));
}

const kinds: Readonly<Record<string, (rows: number, columns: number, entries: Entries) => Matrix>> = {
  ordinary: (rows, columns, { uniform }) => matrix(rows, columns, uniform),
  "of integers": (rows, columns, { upTo }) => matrix(rows, columns, () => Math.max(0, upTo(4) - 2) * (1 - upTo(2))),
  "rank-deficient": (rows, columns, { uniform, upTo }) => {
    const rank = 1 + upTo(Math.min(rows, columns) - 1);
    return matrix(rows, rank, uniform).mmul(matrix(rank, columns, uniform));
  },
  subnormal: (rows, columns, { uniform, upTo, oftenOne }) =>
    matrix(rows, columns, () => uniform() * 2 ** -(1000 + upTo(74)) * oftenOne()),
  "of 1e300 and less": (rows, columns, { uniform }) => matrix(rows, columns, () => uniform() * 1e300),
  "of 1e-300 and less": (rows, columns, { uniform }) => matrix(rows, columns, () => uniform() * 1e-300),
  "of every exponent": (rows, columns, { uniform, upTo, oftenOne }) =>
    matrix(rows, columns, () => uniform() * 2 ** (upTo(2000) - 1000) * oftenOne()),
  // singular values fall by a factor from one to the next: 1, 1e-40, 1e-80, ... 1e-300 at the steepest
  graded: (rows, columns, { uniform, upTo }) => {
    const factor = 10 ** -upTo(40);
    return matrix(rows, columns, (i, j) => uniform() * Math.max(factor ** Math.max(i, j), 1e-300));
  },
  "graded in any order": (rows, columns, { uniform, powers }) => {
    const [ofRows, ofColumns] = [powers(rows, 300), powers(columns, 300)];
    return matrix(rows, columns, (i, j) => uniform() * ofRows[i]! * ofColumns[j]!);
  },
  // reflections leave the product of the first row and column, which is of rank 1 and vanishes but for its rounding
  "whose products vanish": (rows, columns, { uniform, upTo }) => {
    const small = 2 ** -(450 + upTo(48));
    const beside = (i: number, j: number) => (i > 0 && j > 0 ? 0 : uniform() * (i === 0 ? small : 2 ** -498));
    return matrix(rows, columns, (i, j) => (i === 0 && j === 0 ? 1 : beside(i, j)));
  },
};

/** Holds a check against so many matrices of a kind, 1 to 16 rows and columns. */
function eachMatrix(kind: string, count: number, check: (A: Matrix, seed: number) => void): void {
  const size = fc.integer({ min: 1, max: 16 });
  fc.assert(
    fc.property(size, size, fc.maxSafeNat(), (rows, columns, seed) => {
      check(kinds[kind]!(rows, columns, new Entries(seed)), seed);
    }),
    // the bits of a seed have no order by which it could shrink
    { numRuns: count, unbiased: true, endOnFailure: true },
  );
}

/** Singular values by rotating pairs of columns until all are orthogonal (one-sided Jacobi): another method altogether. */
function jacobiSingularValues(A: Matrix): number[] {
  const exponent = exponentOf(Math.max(A.max(), -A.min()));
  const scaled = A.to2DArray().map((row) => Float64Array.from(row, timesPowerOfTwo(-exponent)));
  const vectors =
    A.rows < A.columns
      ? scaled
      : Array.from({ length: A.columns }, (_, j) => Float64Array.from(scaled, (row) => row[j]!));
  const dot = (x: Float64Array, y: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
    return sum;
  };
  for (let sweep = 0, rotated = true; rotated; sweep++) {
    if (sweep === 40) throw new Error("Jacobi's rotations do not end");
    rotated = false;
    for (let p = 0; p < vectors.length; p++) {
      for (let q = p + 1; q < vectors.length; q++) {
        const [x, y] = [vectors[p]!, vectors[q]!];
        const [xx, yy, xy] = [dot(x, x), dot(y, y), dot(x, y)];
        if (Math.abs(xy) <= 1e-15 * Math.sqrt(xx * yy) || Math.abs(xy) < 1e-40) continue;
        rotated = true;
        const zeta = (yy - xx) / (2 * xy);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + t * t);
        for (let i = 0; i < x.length; i++) {
          const xi = x[i]!;
          x[i] = c * (xi - t * y[i]!);
          y[i] = c * (t * xi + y[i]!);
        }
      }
    }
  }
  return vectors
    .map(euclideanNorm)
    .sort((one, other) => other - one)
    .map(timesPowerOfTwo(exponent));
}

describe.each(Object.keys(kinds))("matrices %s", (kind) => {
  test("have singular values that descend, hold the energy, and are Jacobi's to 1e-14·σ₁", () => {
    eachMatrix(kind, EACH, (A) => {
      const sigmas = singularValues(A);
      const largest = sigmas[0]!;
      const norm = euclideanNorm(A.to1DArray());
      const errors = [
        ...jacobiSingularValues(A).map((sigma, i) => Math.abs(sigma - sigmas[i]!)),
        Math.abs(euclideanNorm(sigmas) - norm),
        Math.max(A.max(), -A.min(), norm / Math.sqrt(sigmas.length)) - largest,
      ];
      // and a unit of the subnormal numbers for each singular value
      const roundoff = 1e-14 * largest + sigmas.length * Number.MIN_VALUE;
      expect(Math.max(...errors)).toBeLessThanOrEqual(roundoff);
      const inOrder = sigmas.every((sigma, i) => sigma >= (sigmas[i + 1] ?? 0));
      expect([sigmas.length, inOrder]).toEqual([Math.min(A.rows, A.columns), true]);
    });
  });

  test("are put together again by truncate, which errs by the energy that it cuts", () => {
    eachMatrix(kind, EACH / 10, (A, seed) => {
      const sigmas = singularValues(A);
      for (const rank of [1, seed % 16, 16]) {
        const rest = Matrix.sub(A, truncate(A, rank)).to1DArray();
        // each entry of the truncated matrix and each singular value may be off by a unit of the subnormal numbers
        const roundoff = 2e-14 * sigmas[0]! + (rest.length + sigmas.length) * Number.MIN_VALUE;
        expect(Math.abs(euclideanNorm(rest) - euclideanNorm(sigmas.slice(rank)))).toBeLessThanOrEqual(roundoff);
      }
    });
  });

  test("take few sweeps, half of the cap at most", () => {
    eachMatrix(kind, EACH / 10, (A) => {
      decompose(A, { vectors: false, mostSweeps: 30 });
    });
  });
});

describe.each(["ordinary", "of integers", "rank-deficient", "graded in any order"])("matrices %s", (kind) => {
  test("scaled by a power of two have singular values scaled by it, to the bit", () => {
    eachMatrix(kind, EACH / 10, (A, seed) => {
      const scaled = timesPowerOfTwo((seed % 400) - 200);
      const scaledA = matrix(A.rows, A.columns, (i, j) => scaled(A.get(i, j)));
      expect(singularValues(scaledA)).toEqual(singularValues(A).map(scaled));
    });
  });
});

describe.each(["ordinary", "of integers", "rank-deficient"])("matrices %s", (kind) => {
  test("have ml-matrix's decomposition, to the bit", () => {
    // + 0: of a zero the sign may differ
    const rows = (vectors: readonly Float64Array[]) => vectors.map((vector) => Array.from(vector, (x) => x + 0));
    const columns = (vectors: Matrix) =>
      rows(
        vectors
          .transpose()
          .to2DArray()
          .map((vector) => Float64Array.from(vector)),
      );
    eachMatrix(kind, EACH / 10, (A) => {
      const { diagonal, leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(A, {
        autoTranspose: true,
      });
      const { left, right } = decompose(A, { vectors: true });
      expect(singularValues(A)).toEqual(diagonal);
      expect(rows(left)).toEqual(columns(leftSingularVectors));
      expect(rows(right)).toEqual(columns(rightSingularVectors));
    });
  });
});

describe("at the edges", () => {
  test("the smallest numbers: ml-matrix's decomposition does not return", () => {
    const [first, second] = singularValues(
      new Matrix([
        [-5e-324, 1e-308],
        [0, 2.2250738585072014e-308],
      ]),
    );
    expect(first! / 1e-308).toBeCloseTo(2.43945766, 8);
    expect([0, Number.MIN_VALUE]).toContain(second);
    expect(singularValues(Matrix.diag([-5e-324, 0, 1e-323]))).toEqual([1e-323, 5e-324, 0]);
  });

  test("entries of 2^-499 and more beside 1, whose reflections leave subnormal numbers: nor does it here", () => {
    const [row, column] = [[-0.6, -0.8, -0.5].map((x) => x * 2 ** -487), [0.9, -0.7, -0.5].map((x) => x * 2 ** -498)];
    const A = matrix(4, 4, (i, j) => (i === 0 ? (j === 0 ? 1 : row[j - 1]!) : j === 0 ? column[i - 1]! : 0));
    const sigmas = singularValues(A);
    expect(sigmas[0]).toBe(1);
    expect(sigmas[1]! / (euclideanNorm(row) * euclideanNorm(column))).toBeCloseTo(1, 12);
    expect(Math.max(...sigmas.slice(2))).toBeLessThan(1e-300);
  });

  test("the largest numbers: singular values beyond them are infinite", () => {
    expect(singularValues(Matrix.diag([1e308, Number.MAX_VALUE]))).toEqual([Number.MAX_VALUE, 1e308]);
    expect(singularValues(Matrix.ones(2, 2).mul(Number.MAX_VALUE))[0]).toBe(Number.POSITIVE_INFINITY);
    expect(truncate(Matrix.diag([1e308, Number.MAX_VALUE]), 2)).toEqual(Matrix.diag([1e308, Number.MAX_VALUE]));
  });

  test("what takes more sweeps than the cap is an error, not a wait", () => {
    expect(() => decompose(Matrix.ones(3, 2).set(0, 1, 2), { vectors: false, mostSweeps: 0 })).toThrow(
      new Error("singular values: one of 2 needs more than 0 QR sweeps"),
    );
    expect(decompose(Matrix.diag([1, 2]), { vectors: false, mostSweeps: 0 }).sigmas).toEqual([1, 0.5]);
  });
});
