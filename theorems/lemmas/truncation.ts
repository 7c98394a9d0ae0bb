import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { lemma, type Margin, property, testedIf, worstOf } from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import {
  energyOf,
  singularValues as referenceSingularValues,
  singularValueRoundoff,
  tailEnergyOf,
  truncate,
} from "../../src/transformer/measure/singular-values.ts";
import { arbitraryEntries, arbitraryMatrix } from "../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { arbitraryRotation } from "../../src/transformer/model/arbitrary/arbitrary-rotation.ts";
import { kernelSingularValues } from "../../src/transformer/model/kernel/singular-values.ts";
import { errorNorm, exactly, product, transposed } from "../../src/transformer/model/rounding/rounded-matrix.ts";

const anyShape = fc.record({ rows: fc.integer({ min: 1, max: 7 }), columns: fc.integer({ min: 1, max: 7 }) });

/** A rank of 0 up to and beyond that of a matrix; mostly one that cuts something off. */
function rankFor(smallerSide: number): fc.Arbitrary<number> {
  const cutting = fc.integer({ min: 0, max: smallerSide - 1 });
  const any = fc.integer({ min: 0, max: smallerSide + 1 });
  return fc.oneof({ arbitrary: cutting, weight: 2 }, { arbitrary: any, weight: 1 });
}

/** Any matrix, a rank, and another matrix of its shape. */
const twoMatricesAndRank = anyShape.chain(({ rows, columns }) =>
  fc.record({
    matrix: arbitraryMatrix(rows, columns, [1, 1e-6, 1e6]),
    other: arbitraryMatrix(rows, columns, [1, 1e-3, 1e-6]),
    rank: rankFor(Math.min(rows, columns)),
  }),
);

/** U diag(sigmas) Vᵀ with rotations U and V, the sigmas descending and not all 0. */
const knownSingularValues = anyShape.chain(({ rows, columns }) => {
  const smallerSide = Math.min(rows, columns);
  return fc.record({
    sigmas: arbitraryEntries(smallerSide).map((entries) => entries.map(Math.abs).sort((one, other) => other - one)),
    U: arbitraryRotation(rows),
    V: arbitraryRotation(columns),
    rank: rankFor(smallerSide),
  });
});

const METHODS = [
  { name: "reference", singularValues: referenceSingularValues },
  { name: "kernel", singularValues: (matrix: Matrix): readonly number[] => Array.from(kernelSingularValues(matrix)) },
];

export const truncation = lemma({
  id: "truncation",
  title: "The best rank-k part errs by the tail of the singular values",
  provenance: derived("Eckart and Young 1936; Weyl 1912"),
  statement:
    "Replacing ΔW by its best rank-k part errs by the root of the sum of squares of its tail singular values in Frobenius " +
    "norm and by σ_{k+1} in spectral norm, no matrix of rank k errs less (Eckart–Young), and |σ_i(A + E) − σ_i(A)| <= " +
    "‖E‖ (Weyl).",
  proof: "Horn and Johnson, Matrix Analysis, corollary 7.3.5 and section 7.4.2.",
  properties: METHODS.flatMap(({ name, singularValues }) => [
    property({
      title: `singularValues(U diag(σ) Vᵀ) = σ, and their tail energy beyond k is Σ_{i>k} σ_i² / Σ σ_i², ${name}`,
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
        const margins = [
          { error: Math.abs(found.length - sigmas.length), bound: 0 },
          ...ofValues,
          { error: Math.abs(tailEnergyOf(found, rank) - tail / whole), bound: ofTail },
        ];
        return testedIf(tail / whole > ofTail, worstOf(margins));
      },
    }),
    property({
      title: `‖W − truncate(W, k)‖ = √Σ_{i>k} σ_i² in Frobenius norm and σ_{k+1} in spectral norm, ${name}`,
      arbitrary: twoMatricesAndRank,
      check: ({ matrix, rank }) => {
        const rest = Matrix.sub(matrix, truncate(matrix, rank));
        const tail = singularValues(matrix).slice(rank);
        const bound = truncationRoundoff(matrix);
        const margins = [
          { error: Math.abs(rest.norm("frobenius") - Math.sqrt(energyOf(tail))), bound },
          { error: Math.abs(singularValues(rest)[0]! - (tail[0] ?? 0)), bound },
        ];
        return testedIf((tail[0] ?? 0) > bound, worstOf(margins));
      },
    }),
    property({
      title: `rank truncate(W, k) <= k, ${name}`,
      arbitrary: twoMatricesAndRank,
      check: ({ matrix, rank }) => {
        const bound = truncationRoundoff(matrix);
        const error = singularValues(truncate(matrix, rank))[rank] ?? 0;
        return testedIf((singularValues(matrix)[rank] ?? 0) > bound, { error, bound });
      },
    }),
    property({
      title: `‖W − B‖ >= ‖W − truncate(W, k)‖ in both norms for B of rank k, near truncate(W, k) or far, ${name}`,
      arbitrary: twoMatricesAndRank,
      check: ({ matrix, other, rank }) => {
        const best = truncate(matrix, rank);
        const B = truncate(Matrix.add(best, other), rank);
        const toBest = Matrix.sub(matrix, best);
        const toB = Matrix.sub(matrix, B);
        const bound = 2 * truncationRoundoff(matrix) + truncationRoundoff(other);
        const [ofBest, ofB] = [toBest.norm("frobenius"), toB.norm("frobenius")];
        const margins = [
          { error: Math.max(0, ofBest - ofB), bound },
          { error: Math.max(0, singularValues(toBest)[0]! - singularValues(toB)[0]!), bound },
        ];
        const another = Matrix.sub(B, best).norm("frobenius") > bound;
        return testedIf(another, worstOf(margins));
      },
    }),
    property({
      title: `|σ_i(A + E) − σ_i(A)| <= ‖E‖ for every i (Weyl), ${name}`,
      arbitrary: twoMatricesAndRank,
      check: ({ matrix, other }) => {
        const sum = Matrix.add(matrix, other);
        const before = singularValues(matrix);
        const moved = singularValues(sum).map((sigma, i) => Math.abs(sigma - before[i]!));
        const roundoff = singularValueRoundoff(matrix) + singularValueRoundoff(sum) + singularValueRoundoff(other);
        const ofSum = Number.EPSILON * sum.norm("frobenius");
        const bound = singularValues(other)[0]! + roundoff + ofSum;
        return testedIf(
          moved.some((by) => by > roundoff + ofSum),
          worstOf(moved.map((error) => ({ error, bound }))),
        );
      },
    }),
  ]),
});

/** Singular values and vectors err by about as much; a product of three, a sum of k, and a difference come to it. */
function truncationRoundoff(matrix: Matrix): number {
  return 4 * singularValueRoundoff(matrix);
}
