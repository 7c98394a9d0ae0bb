import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import type { Ended, Experiment } from "../experiment/experiment.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { Draws } from "../law/law.ts";
import type { Theta } from "../law/parameters.ts";
import { stream, subSeed } from "../random/stream.ts";

/**
 * Slopes beside a doubling test: y ∝ x^κ at one θ in the middle of a law, with x on a geometric ladder. A description,
 * not a verdict: the doubling test speaks about the law, this about one place in it.
 */
export interface Ladder {
  /** x, a field of θ. */
  readonly field: string;
  /** y, a measurement. */
  readonly measured: string;
  /** y of a run; NaN where it has none. */
  readonly read: (run: Ended) => number;
  /** The claimed exponent κ. */
  readonly expected: number;
  /** Ascending, about a constant factor apart. */
  readonly rungs: readonly number[];
}

/** Ladders that stand at one θ. */
export interface Ladders {
  readonly experiment: Pick<Experiment, "id">;
  readonly theta: Theta;
  readonly ladders: readonly Ladder[];
}

/** Model seeds of a ladder, the same on every rung. */
export const SEEDS_PER_RUNG = 8;

/** Resampled sets of seeds: the ends of a 95 % interval are then the 50th from either side. */
export const BOOTSTRAP_SAMPLES = 2000;

/** log y = intercept + slope·log x by least squares, with how sure that is. */
export interface FittedSlope {
  readonly slope: number;
  readonly intercept: number;
  /** 95 %, bootstrap over seeds (percentiles). */
  readonly interval: { readonly lower: number; readonly upper: number };
  /** Least and largest slope where one rung is left out. */
  readonly leaveOneRungOut: { readonly lower: number; readonly upper: number };
  /** The fitted line and the 95 % limits of its height, a number a rung. */
  readonly line: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** A ladder with what was measured on it. */
export interface MeasuredLadder extends Ladder, FittedSlope {
  readonly seeds: readonly number[];
  /** A list a rung: the measured y of each seed. */
  readonly values: readonly (readonly number[])[];
}

/** How many models they take. */
export function runsOn({ ladders }: Pick<Ladders, "ladders">): number {
  return ladders.reduce((sum, { rungs }) => sum + rungs.length * SEEDS_PER_RUNG, 0);
}

/** Runs the models of ladders, and fits the slopes. */
export async function measureSlopes(
  { experiment, theta, ladders }: Ladders,
  laboratory: Laboratory,
  seed: number,
): Promise<readonly MeasuredLadder[]> {
  return Promise.all(
    ladders.map(async (ladder) => {
      const { field, rungs, read } = ladder;
      const seeds = Array.from({ length: SEEDS_PER_RUNG }, (_, i) => subSeed(seed, "ladder", field, i));
      const measure = async (x: number, runSeed: number) => {
        const models: Draws = [{ theta: { ...theta, [field]: x }, seed: runSeed }];
        const record = await laboratory.run({ experiment: experiment.id, models, wanted: [], detail: "none" });
        return read(record!.models[0] as Ended);
      };
      const values = await Promise.all(rungs.map((x) => Promise.all(seeds.map((each) => measure(x, each)))));
      return { ...ladder, seeds, values, ...fitSlope(rungs, values, subSeed(seed, "bootstrap", field)) };
    }),
  );
}

/**
 * Least squares through (log x, log y), all seeds of all rungs. The bootstrap draws seeds, each with its value on every
 * rung, since the models of one seed share their data.
 *
 * @param values a list a rung, an entry a seed; not finite where a model did not converge, and then so is the slope
 */
export function fitSlope(
  rungs: readonly number[],
  values: readonly (readonly number[])[],
  bootstrapSeed: number,
): FittedSlope {
  const logX = rungs.map(ln);
  const logY = values.map((rung) => rung.map(ln));
  const seeds = logY[0]?.length ?? 0;
  const meanOver = (chosen: readonly number[]) =>
    logY.map((rung) => chosen.reduce((sum, i) => sum + (rung[i] as number), 0) / chosen.length);
  const everySeed = Array.from({ length: seeds }, (_, i) => i);
  const means = meanOver(everySeed);
  const fit = leastSquares(logX, means);

  const random = stream(bootstrapSeed, "seeds");
  const resampled = Array.from({ length: BOOTSTRAP_SAMPLES }, () =>
    leastSquares(logX, meanOver(everySeed.map(() => random.integer(0, seeds - 1)))),
  );
  const heights = logX.map((x) => limits95(resampled.map(({ intercept, slope }) => intercept + slope * x)));
  const without = logX.map((_, left) => {
    const keep = (_value: number, rung: number) => rung !== left;
    return leastSquares(logX.filter(keep), means.filter(keep)).slope;
  });
  return {
    slope: fit.slope,
    intercept: fit.intercept,
    interval: limits95(resampled.map(({ slope }) => slope)),
    leaveOneRungOut: { lower: Math.min(...without), upper: Math.max(...without) },
    line: logX.map((x) => exp(fit.intercept + fit.slope * x)),
    lower: heights.map(({ lower }) => exp(lower)),
    upper: heights.map(({ upper }) => exp(upper)),
  };
}

/** As many seeds on every rung, so that the line through the rungs' means is the line through all points. */
function leastSquares(x: readonly number[], y: readonly number[]): { slope: number; intercept: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [products, squares] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const deviation = (x[i] as number) - meanX;
    products += deviation * ((y[i] as number) - meanY);
    squares += deviation * deviation;
  }
  const slope = products / squares;
  return { slope, intercept: meanY - slope * meanX };
}

/** The values that 2.5 % lie below, and above; NaN where any is not finite, since such have no order. */
function limits95(values: readonly number[]): { lower: number; upper: number } {
  if (!values.every(Number.isFinite)) return { lower: Number.NaN, upper: Number.NaN };
  const ascending = [...values].sort((x, y) => x - y);
  const outside = Math.floor(0.025 * ascending.length);
  return {
    lower: ascending[outside] as number,
    upper: ascending[ascending.length - 1 - outside] as number,
  };
}
