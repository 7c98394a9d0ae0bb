import { describe, expect, test } from "vitest";
import { baseLaw } from "../../src/law/laws.ts";
import { whyOutside } from "../../src/law/range.ts";
import { stream } from "../../src/random/stream.ts";
import type { Measurements } from "../../src/transformer/measure/summary.ts";
import { THETA_FIELDS } from "../../src/transformer/theta.ts";
import { fitSlope, LADDER_THETA, LADDERS, ladderMeasurements } from "../../src/verdict/slopes.ts";

const rungs = [0.1, 0.2, 0.4, 0.8];
const powerLaw = (kappa: number, factors: readonly number[]) =>
  rungs.map((x) => factors.map((factor) => factor * x ** kappa));

describe("fitSlope", () => {
  test.each([-1, -0.5, 0, 1])("finds y = c·x^%d exactly, with no width to its interval", (kappa) => {
    const fit = fitSlope(rungs, powerLaw(kappa, [1, 2, 5]), 7);
    for (const slope of [
      fit.slope,
      fit.interval.lower,
      fit.interval.upper,
      fit.leaveOneRungOut.lower,
      fit.leaveOneRungOut.upper,
    ]) {
      expect(slope).toBeCloseTo(kappa, 12);
    }
    // the line is the geometric mean of the seeds, and its band reaches from the least to the largest of them
    fit.line.forEach((y, i) => {
      expect(y).toBeCloseTo(10 ** (1 / 3) * (rungs[i] as number) ** kappa, 10);
    });
  });

  test("the interval holds the slope, and is the same for the same seed only", () => {
    const noise = stream(3, "noise");
    const values = powerLaw(-1, [1, 1, 1, 1, 1, 1, 1, 1]).map((rung) =>
      rung.map((y) => y * (1 + 0.2 * noise.uniform())),
    );
    const fit = fitSlope(rungs, values, 7);
    expect(fit.interval.lower).toBeLessThan(fit.slope);
    expect(fit.interval.upper).toBeGreaterThan(fit.slope);
    expect(fitSlope(rungs, values, 7)).toEqual(fit);
    expect(fitSlope(rungs, values, 8).interval).not.toEqual(fit.interval);
  });

  test("one rung that is off shows in the range without one rung", () => {
    const values = powerLaw(1, [1, 1]);
    values[3] = [2, 2];
    const { slope, leaveOneRungOut } = fitSlope(rungs, values, 7);
    expect(leaveOneRungOut.lower).toBeCloseTo(1, 12);
    expect(slope).toBeGreaterThan(1.2);
  });

  test.each(["exhausted", "diverged"] as const)("a model that is %s took no steps to convergence", (outcome) => {
    const measurements = { steps: 4000, medianSmallNorm: 0.1 } as Measurements;
    expect(ladderMeasurements({ outcome: "converged", measurements })).toEqual(measurements);
    expect(ladderMeasurements({ outcome, measurements })).toEqual({ ...measurements, steps: Number.NaN });
  });

  test("a model that diverged makes it NaN, not an exception", () => {
    expect(fitSlope(rungs, [[1], [Number.NaN], [1], [1]], 7).slope).toBeNaN();
  });
});

test("every model of the ladders lies in the base law", () => {
  for (const { field, rungs } of LADDERS) {
    for (const x of rungs) {
      const theta = { ...LADDER_THETA, [field]: x };
      expect(THETA_FIELDS.map((each) => whyOutside(baseLaw.ranges[each], each, theta))).toEqual(
        THETA_FIELDS.map(() => undefined),
      );
    }
  }
});
