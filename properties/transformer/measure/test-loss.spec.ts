import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { performanceOf } from "../../../src/transformer/measure/test-loss.ts";

const of = (scores: number[], labels: number[]) => performanceOf(Float64Array.from(scores), Float64Array.from(labels));

describe("test performance", () => {
  test.each([
    [[2, -3], [1, -1], 0, 0],
    [[0.25, -0.5], [1, -1], 0.625, 0],
    [[-1, 2], [1, 1], 1, 0.5],
    [[1, -1], [-1, 1], 2, 1],
  ])("scores %o for labels %o: hinge %d, 0-1 error %d", (scores, labels, hinge, error) => {
    expect(of(scores, labels)).toEqual({ hinge, error });
  });

  test("counts a score of 0 as an error, of either sign, whatever the label", () => {
    expect(of([0, -0, 0, -0], [1, 1, -1, -1])).toEqual({ hinge: 1, error: 1 });
  });

  test("counts a score that is NaN as an error, and has no hinge then", () => {
    const { hinge, error } = of([Number.NaN, 2, 2, 2], [1, 1, 1, 1]);
    expect(hinge).toBeNaN();
    expect(error).toBe(0.25);
  });

  test("the hinge is mean max(0, 1 − y·score), the error the share of y·score <= 0, and the error never exceeds the hinge", () => {
    const samples = fc.array(
      fc.tuple(fc.integer({ min: -40, max: 40 }), fc.constantFrom(1, -1)).map(([k, y]) => [k / 16, y] as const),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(samples, (drawn) => {
        const { hinge, error } = of(
          drawn.map(([score]) => score),
          drawn.map(([, y]) => y),
        );
        const margins = drawn.map(([score, y]) => y * score);
        // sixteenths add up exactly
        const total = margins.reduce((sum, margin) => sum + Math.max(0, 1 - margin), 0);
        expect(hinge).toBe(total / drawn.length);
        expect(error).toBe(margins.filter((margin) => margin <= 0).length / drawn.length);
        expect(error).toBeLessThanOrEqual(hinge);
      }),
    );
  });
});
