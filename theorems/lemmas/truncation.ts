import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { lemma, type Margin, property, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import {
  energyOf,
  singularValueRoundoff,
  singularValues,
  tailEnergy,
  truncate,
} from "../../src/transformer/measure/singular-values.ts";
import { arbitraryEntries, arbitraryMatrix } from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { arbitraryRotation } from "../../src/transformer/model/arbitrary/arbitrary-rotation.ts";
import { errorNorm, exactly, product, transposed } from "../../src/transformer/model/rounding/rounded-matrix.ts";

const anyShape = fc.record({ rows: fc.integer({ min: 1, max: 7 }), columns: fc.integer({ min: 1, max: 7 }) });

/** Any matrix, a rank of 0 up to and beyond its own, and another matrix of its shape. */
const twoMatricesAndRank = anyShape.chain(({ rows, columns }) =>
  fc.record({
    matrix: arbitraryMatrix(rows, columns, [1, 1e-6, 1e6]),
    other: arbitraryMatrix(rows, columns, [1, 1e-3, 1e-6]),
    rank: fc.integer({ min: 0, max: Math.min(rows, columns) + 1 }),
  }),
);

/** U diag(sigmas) Vᵀ with rotations U and V, the sigmas descending and not all 0. */
const knownSingularValues = anyShape.chain(({ rows, columns }) => {
  const smallerSide = Math.min(rows, columns);
  return fc.record({
    sigmas: arbitraryEntries(smallerSide).map((entries) => entries.map(Math.abs).sort((one, other) => other - one)),
    U: arbitraryRotation(rows),
    V: arbitraryRotation(columns),
    rank: fc.integer({ min: 0, max: smallerSide + 1 }),
  });
});

export const truncation = lemma({
  id: "truncation",
  title: "The best rank-k part errs by the tail of the singular values",
  provenance: derived("Eckart and Young 1936; Weyl 1912"),
  statement:
    "Replacing ΔW by its best rank-k part errs by the root of the sum of squares of its tail singular values in Frobenius " +
    "norm and by σ_{k+1} in spectral norm, no matrix of rank k errs less (Eckart–Young), and |σ_i(A + E) − σ_i(A)| <= " +
    "‖E‖ (Weyl).",
  proof: "Horn and Johnson, Matrix Analysis, corollary 7.3.5 and section 7.4.2.",
  properties: [
    property({
      title: "singularValues(U diag(σ) Vᵀ) = σ, and their tail energy beyond k is Σ_{i>k} σ_i² / Σ σ_i²",
      arbitrary: knownSingularValues,
      check: ({ sigmas, U, V, rank }) => {
        const { columns } = V.value;
        const middle = Matrix.zeros(U.value.rows, columns);
        sigmas.forEach((sigma, i) => {
          middle.set(i, i, sigma);
        });
        const matrix = product(product(U, exactly(middle)), transposed(V));
        const bound = errorNorm(matrix) + singularValueRoundoff(matrix.value);
        const found = singularValues(matrix.value);
        const ofValues = found.map((value, i): Margin => ({ error: Math.abs(value - sigmas[i]!), bound }));

        const whole = sigmas.reduce((sum, sigma) => sum + sigma * sigma, 0);
        const tail = sigmas.slice(rank).reduce((sum, sigma) => sum + sigma * sigma, 0);
        fc.pre(whole > 0);
        // the root of the tail energy is the norm of the tail over that of the whole, each of which moves by at most
        // √(number of values) times as much as they do; squaring doubles it, as it is at most 1
        const ofTail = (4 * Math.sqrt(sigmas.length) * bound) / Math.sqrt(whole) + 4 * sigmas.length * Number.EPSILON;
        return worstOf([
          { error: Math.abs(found.length - sigmas.length), bound: 0 },
          ...ofValues,
          { error: Math.abs(tailEnergy(matrix.value, rank) - tail / whole), bound: ofTail },
        ]);
      },
    }),
    property({
      title: "‖W − truncate(W, k)‖ = √Σ_{i>k} σ_i² in Frobenius norm and σ_{k+1} in spectral norm",
      arbitrary: twoMatricesAndRank,
      check: ({ matrix, rank }) => {
        const rest = Matrix.sub(matrix, truncate(matrix, rank));
        const tail = singularValues(matrix).slice(rank);
        const bound = truncationRoundoff(matrix);
        return worstOf([
          { error: Math.abs(rest.norm("frobenius") - Math.sqrt(energyOf(tail))), bound },
          { error: Math.abs(singularValues(rest)[0]! - (tail[0] ?? 0)), bound },
        ]);
      },
    }),
    property({
      title: "rank truncate(W, k) <= k",
      arbitrary: twoMatricesAndRank,
      check: ({ matrix, rank }) => ({
        error: singularValues(truncate(matrix, rank))[rank] ?? 0,
        bound: truncationRoundoff(matrix),
      }),
    }),
    property({
      title: "‖W − B‖ >= ‖W − truncate(W, k)‖ in both norms for B of rank k, near truncate(W, k) or far",
      arbitrary: twoMatricesAndRank,
      check: ({ matrix, other, rank }) => {
        const best = truncate(matrix, rank);
        const B = truncate(Matrix.add(best, other), rank);
        const toBest = Matrix.sub(matrix, best);
        const toB = Matrix.sub(matrix, B);
        const bound = 2 * truncationRoundoff(matrix) + truncationRoundoff(other);
        return worstOf([
          { error: Math.max(0, toBest.norm("frobenius") - toB.norm("frobenius")), bound },
          { error: Math.max(0, singularValues(toBest)[0]! - singularValues(toB)[0]!), bound },
        ]);
      },
    }),
    property({
      title: "|σ_i(A + E) − σ_i(A)| <= ‖E‖ for every i (Weyl)",
      arbitrary: twoMatricesAndRank,
      check: ({ matrix, other }) => {
        const sum = Matrix.add(matrix, other);
        const before = singularValues(matrix);
        const moved = singularValues(sum).map((sigma, i) => Math.abs(sigma - before[i]!));
        const roundoff = singularValueRoundoff(matrix) + singularValueRoundoff(sum) + singularValueRoundoff(other);
        const ofSum = Number.EPSILON * sum.norm("frobenius");
        return worstOf(moved.map((error) => ({ error, bound: singularValues(other)[0]! + roundoff + ofSum })));
      },
    }),
  ],
});

/** Singular values and vectors err by about as much; a product of three, a sum of k, and a difference come to it. */
function truncationRoundoff(matrix: Matrix): number {
  return 4 * singularValueRoundoff(matrix);
}
