import { describe, expect, test } from "vitest";
import type { Laboratory } from "../../src/experiment/laboratory.ts";
import type { Order, RunRecord, TrialRecord } from "../../src/experiment/trial.ts";
import { whyOutside } from "../../src/law/range.ts";
import { stream, subSeed } from "../../src/random/stream.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { fitSlope, measureSlopes, SEEDS_PER_RUNG } from "../../src/verdict/slopes.ts";
import { scaling, scalingLadders } from "../../theorems/scaling.ts";

const { theta: LADDER_THETA, ladders: LADDERS } = scalingLadders;

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
    const measurements = { medianLargeNorm: 0.7, medianSmallNorm: 0.1 };
    const readFrom = (outcome: string) =>
      LADDERS.map(({ read }) => read({ outcome, digest: "d", steps: 4000, measurements }));
    expect(readFrom("converged")).toEqual([4000, 0.7, 0.1]);
    expect(readFrom(outcome)).toEqual([Number.NaN, 0.7, 0.1]);
  });

  test("a model that diverged makes it NaN, not an exception", () => {
    expect(fitSlope(rungs, [[1], [Number.NaN], [1], [1]], 7).slope).toBeNaN();
  });
});

describe("the ladders of theorem scaling", () => {
  const SEED = 2406_17167;

  /** A laboratory whose models keep the claimed exponents exactly, a factor a seed. */
  function obeying(): { laboratory: Laboratory; orders: Order[] } {
    const orders: Order[] = [];
    const run = async (order: Order): Promise<TrialRecord> => {
      orders.push(order);
      const [{ theta, seed }] = order.models;
      const factor = 1 + (seed % 5);
      const y = (field: string, kappa: number) => factor * (theta[field] as number) ** kappa;
      const model: RunRecord = {
        theta,
        seed,
        outcome: "converged",
        digest: "d",
        steps: y("eta", -1),
        measurements: { medianLargeNorm: y("m", -0.5), medianSmallNorm: y("xi", 1) },
      };
      return { seed, models: [model], observed: {} };
    };
    return { laboratory: { places: 2, run, close: async () => {} }, orders };
  }

  test("lie in the base law with every model", () => {
    const fields = baseLaw.parameters.names;
    for (const { field, rungs } of LADDERS) {
      for (const x of rungs) {
        const theta = { ...LADDER_THETA, [field]: x };
        expect(
          fields.map((each) => whyOutside(baseLaw.ranges[each as keyof typeof baseLaw.ranges], each, theta)),
        ).toEqual(fields.map(() => undefined));
      }
    }
  });

  test("are about the fields that the theorem doubles", () => {
    expect(LADDERS.map(({ field }) => field)).toEqual(scaling.laws.map(({ doubles }) => doubles));
  });

  test("are orders for one model each, of which nothing is claimed, and fit what was measured", async () => {
    const { laboratory, orders } = obeying();
    const ladders = await measureSlopes(scalingLadders, laboratory, SEED);
    expect(ladders.length).toBe(LADDERS.length);
    const expected = LADDERS.flatMap(({ field, rungs }) =>
      rungs.flatMap((x) =>
        Array.from({ length: SEEDS_PER_RUNG }, (_, i) => ({
          experiment: "transformer",
          models: [{ theta: { ...LADDER_THETA, [field]: x }, seed: subSeed(SEED, "ladder", field, i) }],
          wanted: [],
          detail: "none",
        })),
      ),
    );
    expect(orders).toEqual(expected);
    ladders.forEach((ladder, which) => {
      const { field, rungs, expected, values, seeds } = ladder;
      expect(ladder).toMatchObject(LADDERS[which]!);
      expect(seeds).toEqual(Array.from({ length: SEEDS_PER_RUNG }, (_, i) => subSeed(SEED, "ladder", field, i)));
      expect(values).toEqual(rungs.map((x) => seeds.map((seed) => (1 + (seed % 5)) * x ** expected)));
      expect(ladder).toMatchObject(fitSlope(rungs, values, subSeed(SEED, "bootstrap", field)));
      expect(ladder.slope).toBeCloseTo(expected, 12);
    });
  });

  test("end with what the laboratory throws", async () => {
    const laboratory: Laboratory = { ...obeying().laboratory, run: () => Promise.reject(new Error("enough")) };
    await expect(measureSlopes(scalingLadders, laboratory, SEED)).rejects.toThrow("enough");
  });
});
