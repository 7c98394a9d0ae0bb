import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import {
  mergedAttentionSpectrum,
  mergedNeuronsSpectrum,
  mergedRows,
  rowsOf,
} from "../../../src/transformer/measure/merged.ts";
import { Run, runModel } from "../../../src/transformer/measure/run.ts";
import { kernelEngine } from "../../../src/transformer/model/kernel/engine.ts";
import type { Weights } from "../../../src/transformer/notation.ts";
import { arbitraryTheta, SMALL_THETA } from "../data/arbitrary-theta.ts";

const RUNS = { numRuns: 25 };

const arbitraryRun = fc
  .record({ theta: arbitraryTheta(), seed: fc.nat() })
  .map(({ theta, seed }) => runModel(theta, seed, { engine: kernelEngine }));

/** Σ_k x_ik y_kj by loops, in the order that is not the library's. */
function timesByLoops(x: Matrix, y: Matrix): number[][] {
  return x.to2DArray().map((row) =>
    y
      .transpose()
      .to2DArray()
      .map((column) => row.reduceRight((sum, entry, k) => sum + entry * (column[k] as number), 0)),
  );
}

const difference = (x: number[][], y: number[][]) => x.map((row, i) => row.map((entry, j) => entry - y[i]![j]!));

const neuronsBy = ({ WO, WV }: Weights) => timesByLoops(WO, WV);
const attentionBy = ({ WK, WQ }: Weights) => timesByLoops(WK.transpose(), WQ);

/** A run of these weights, as if training had led from the first to the second. */
function runFrom(initial: Partial<Weights>, trained: Partial<Weights>): Run {
  const { model } = runModel(SMALL_THETA, 7, { engine: kernelEngine });
  return new Run(
    { ...model, initial: { ...model.initial, ...initial }, trained: { ...model.trained, ...trained } },
    kernelEngine,
  );
}

describe("the updates of merged matrices", () => {
  test("have the singular values that the eigenvalues of their Gram matrix say, entries multiplied out by loops", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const { trained, initial } = run.model;
        for (const [spectrum, merged] of [
          [mergedNeuronsSpectrum(run), neuronsBy],
          [mergedAttentionSpectrum(run), attentionBy],
        ] as const) {
          const update = new Matrix(difference(merged(trained), merged(initial)));
          const gram = update.transpose().mmul(update);
          const eigenvalues = new EigenvalueDecomposition(gram, { assumeSymmetric: true }).realEigenvalues
            .sort((x, y) => y - x)
            .slice(0, Math.min(update.rows, update.columns));
          expect(spectrum.length).toBe(eigenvalues.length);
          // products of entries below 10, each rounded, then two decompositions
          const size = Math.max(
            ...[merged(trained), merged(initial)].map((each) => new Matrix(each).norm("frobenius")),
          );
          const roundoff = 64 * (update.rows + update.columns) * Number.EPSILON * size ** 2;
          spectrum.forEach((sigma, i) => {
            expect(Math.abs(sigma ** 2 - (eigenvalues[i] as number))).toBeLessThanOrEqual(roundoff);
          });
        }
      }),
      RUNS,
    );
  });

  test("by hand: V from [[1, 0], [0, 1]] to [[4, 0], [0, 5]] and W from 0 to W_Kᵀ W_Q", () => {
    const run = runFrom(
      {
        WO: new Matrix([
          [1, 0],
          [0, 1],
        ]),
        WV: Matrix.eye(2),
        WQ: Matrix.zeros(1, 2),
        WK: new Matrix([[1, 1]]),
      },
      {
        WO: new Matrix([
          [2, 0],
          [0, 1],
        ]),
        WV: new Matrix([
          [2, 0],
          [0, 5],
        ]),
        WQ: new Matrix([[0, 3]]),
        WK: new Matrix([[4, 0]]),
      },
    );
    // ΔV = diag(3, 4); ΔW = (4, 0)ᵀ(0, 3), of rank 1
    expect(mergedNeuronsSpectrum(run).map((sigma) => Number(sigma.toFixed(12)))).toEqual([4, 3]);
    expect(mergedAttentionSpectrum(run).map((sigma) => Number(sigma.toFixed(12)))).toEqual([12, 0]);
  });

  test("a model that was not trained has none: every singular value is 0", () => {
    const run = runModel({ ...SMALL_THETA, Tmax: 0 }, 7, { engine: kernelEngine });
    expect([...mergedNeuronsSpectrum(run), ...mergedAttentionSpectrum(run)].every((sigma) => sigma === 0)).toBe(true);
  });
});

describe("rows of ΔV", () => {
  test("by hand: norms e, e², e⁵ and e⁶ are two of each sort, with 16/17 of the variance between", () => {
    // about their mean 3.5 the logarithms are −2.5, −1.5, 1.5, 2.5: squares 17 in all, 4·2² between
    const norms = Float64Array.from([6, 1, 5, 2], (exponent) => Math.E ** exponent);
    const { medianSmall, medianLarge, shareBetween } = rowsOf(norms);
    expect(medianSmall).toBeCloseTo((Math.E + Math.E ** 2) / 2, 10);
    expect(medianLarge).toBeCloseTo((Math.E ** 5 + Math.E ** 6) / 2, 10);
    expect(shareBetween).toBeCloseTo(16 / 17, 12);
  });

  test("have a share between of Σ n_c (mean_c − mean)² over Σ (x − mean)², and of 1 where each sort is of one norm", () => {
    const norms = fc.array(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(norms, (list) => {
        const { medianSmall, medianLarge, shareBetween } = rowsOf(Float64Array.from(list));
        expect(medianSmall).toBeLessThanOrEqual(medianLarge);
        const logs = list.map(Math.log).sort((x, y) => x - y);
        const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
        const total = logs.reduce((sum, x) => sum + (x - mean(logs)) ** 2, 0);
        fc.pre(total > 1e-6);
        // the best split of all, by trying each
        const between = logs.slice(1).map((_, i) => {
          const [low, high] = [logs.slice(0, i + 1), logs.slice(i + 1)];
          return low.length * (mean(low) - mean(logs)) ** 2 + high.length * (mean(high) - mean(logs)) ** 2;
        });
        expect(shareBetween).toBeCloseTo(Math.max(...between) / total, 6);
      }),
    );
    expect(rowsOf(Float64Array.from([1, 8, 1, 8, 8])).shareBetween).toBeCloseTo(1, 14);
    expect(rowsOf(Float64Array.from([2, 2])).shareBetween).toBeNaN();
    expect(rowsOf(Float64Array.from([2])).medianSmall).toBeNaN();
    expect(rowsOf(Float64Array.from([2, Number.NaN])).medianLarge).toBeNaN();
  });

  test("are those of W_O(T) W_V(T) − W_O(0) W_V(0)", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const { trained, initial } = run.model;
        const rows = difference(neuronsBy(trained), neuronsBy(initial)).map((row) => Math.hypot(...row));
        const expected = rowsOf(Float64Array.from(rows));
        const found = mergedRows(run);
        for (const key of ["medianSmall", "medianLarge"] as const) {
          if (Number.isNaN(expected[key])) expect(found[key]).toBeNaN();
          else expect(found[key]).toBeCloseTo(expected[key], 10);
        }
      }),
      RUNS,
    );
  });
});
