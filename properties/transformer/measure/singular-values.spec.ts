import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import {
  energyOf,
  singularValueRoundoff,
  singularValues,
  tailEnergy,
  tailEnergyOf,
  truncate,
} from "../../../src/transformer/measure/singular-values.ts";

/** Singular values 5, 3, 1: a diagonal, so that every SVD is exact. */
const diagonal = Matrix.diag([3, -5, 1]);

describe("singular values", () => {
  test("are in descending order, as many as the smaller side, of tall and wide matrices alike", () => {
    expect(singularValues(diagonal)).toEqual([5, 3, 1]);
    const tall = new Matrix([
      [3, 0],
      [0, 4],
      [0, 0],
    ]);
    expect(singularValues(tall)).toEqual([4, 3]);
    expect(singularValues(tall.transpose())).toEqual([4, 3]);
    expect(singularValues(new Matrix([[3, 4]]))).toEqual([5]);
  });

  test("hold the energy Σσ²", () => {
    expect(energyOf([5, 3, 1])).toBe(35);
    expect(energyOf([])).toBe(0);
  });

  test.each([
    [0, 1],
    [1, 10 / 35],
    [2, 1 / 35],
    [3, 0],
    [4, 0],
  ])("tail energy beyond rank %d is %d of the whole", (rank, tail) => {
    expect(tailEnergyOf([5, 3, 1], rank)).toBeCloseTo(tail, 15);
    expect(tailEnergy(diagonal, rank)).toBeCloseTo(tail, 15);
  });

  test("tail energy is a ratio: the same at scales whose squares underflow or overflow", () => {
    for (const scale of [1e-200, 1e200]) {
      expect(tailEnergy(Matrix.mul(diagonal, scale), 1)).toBeCloseTo(10 / 35, 14);
    }
  });

  test("the zero matrix has no energy to divide: NaN", () => {
    expect(singularValues(Matrix.zeros(2, 3))).toEqual([0, 0]);
    expect(tailEnergy(Matrix.zeros(2, 3), 1)).toBeNaN();
    expect(tailEnergyOf([], 1)).toBeNaN();
  });

  test("truncate keeps the largest", () => {
    expect(truncate(diagonal, 0).to2DArray()).toEqual(Matrix.zeros(3, 3).to2DArray());
    expect(Matrix.sub(truncate(diagonal, 1), Matrix.diag([0, -5, 0])).norm("frobenius")).toBeLessThan(1e-14);
    expect(Matrix.sub(truncate(diagonal, 2), Matrix.diag([3, -5, 0])).norm("frobenius")).toBeLessThan(1e-14);
    expect(Matrix.sub(truncate(diagonal, 9), diagonal).norm("frobenius")).toBeLessThan(1e-14);
  });

  test("NaN and infinities make NaN of everything, and nothing throws or hangs", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const matrix = diagonal.clone().set(0, 1, bad);
      expect(singularValues(matrix)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
      expect(tailEnergy(matrix, 1)).toBeNaN();
      expect(truncate(matrix, 1).to1DArray()).toEqual(new Array(9).fill(Number.NaN));
      const wide = Matrix.ones(2, 3).set(1, 2, bad);
      expect(singularValues(wide)).toEqual([Number.NaN, Number.NaN]);
      expect(truncate(wide, 1).to2DArray()).toHaveLength(2);
    }
  });

  test("what a caller got wrong is named", () => {
    for (const [name, call] of [
      ["singularValues", () => singularValues(new Matrix(0, 3))],
      ["truncate", () => truncate(new Matrix(0, 3), 1)],
    ] as const) {
      expect(call).toThrow(new RangeError(`${name} requires at least one row and one column, got 0 x 3`));
    }
    expect(() => singularValues(new Matrix(3, 0))).toThrow("got 3 x 0");
    for (const rank of [-1, 0.5, Number.NaN]) {
      const rule = `requires a rank that is an integer of at least 0, got ${rank}`;
      expect(() => tailEnergy(diagonal, rank)).toThrow(`tailEnergyOf ${rule}`);
      expect(() => truncate(diagonal, rank)).toThrow(`truncate ${rule}`);
    }
  });

  test("the roundoff is a modest multiple of the rounding unit times the Frobenius norm", () => {
    expect(singularValueRoundoff(new Matrix([[3, 4]]))).toBe(4 * 3 * Number.EPSILON * 5);
  });
});
