import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import type { ModelRecord } from "../experiment/trial.ts";
import { LadderStore } from "../laboratory/ladder-store.ts";
import { type Warn, warnOnStderr } from "../laboratory/line-store.ts";
import { openPool } from "../laboratory/pool.ts";
import type { EngineName } from "../laboratory/worker.ts";
import type { NumericField } from "../law/range.ts";
import { stream, subSeed } from "../random/stream.ts";
import type { Theta } from "../transformer/notation.ts";
import { parseTheta } from "../transformer/theta.ts";

/**
 * Slopes beside the doubling test of theorem `scaling`: y ∝ x^κ at one θ in the middle of the base law, with x on a
 * geometric ladder. A description, not a verdict: the doubling test speaks about the law, this about one place in it.
 */
export interface Ladder {
  readonly field: NumericField;
  /** "steps" are those to convergence: NaN where a model did not converge. */
  readonly measured: "steps" | "medianLargeNorm" | "medianSmallNorm";
  /** The claimed exponent κ. */
  readonly expected: number;
  /** Ascending, about a constant factor apart. */
  readonly rungs: readonly number[];
}

export const LADDERS: readonly Ladder[] = [
  { field: "eta", measured: "steps", expected: -1, rungs: [0.1, 0.16, 0.25, 0.4, 0.63, 1] },
  { field: "m", measured: "medianLargeNorm", expected: -0.5, rungs: [50, 66, 87, 115, 152, 200] },
  { field: "xi", measured: "medianSmallNorm", expected: 1, rungs: [0.005, 0.0066, 0.0087, 0.0115, 0.0152, 0.02] },
];

/** Where the ladders stand: the middle of the base law's ranges, or their geometric middle where they are logarithmic. */
export const LADDER_THETA: Theta = parseTheta({
  M: 7,
  r: 2,
  d: 10,
  L: 16,
  m: 100,
  ma: 10,
  mb: 10,
  alphaStar: 0.4,
  alphaSharp: 0.1,
  tau: 0.125,
  delta: 0.07,
  sigma: 0.07,
  xi: 0.01,
  eta: 0.316,
  N: 256,
  B: 64,
  Tmax: 4000,
  testSamples: 500,
  readout: "shared",
  labels: "majority",
});

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

export interface SlopeOptions {
  readonly seed: number;
  readonly engine?: EngineName | undefined;
  readonly workers?: number | undefined;
  /** Folder of models already trained; none are read or written without it. */
  readonly storeFolder?: string | undefined;
  /** Is told what became of the store; stderr unless given. */
  readonly onWarning?: Warn | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Trains the ladders' models (144 of them) and fits the slopes. */
export async function measureSlopes(options: SlopeOptions): Promise<readonly MeasuredLadder[]> {
  const { seed, engine = "kernel", workers, signal, storeFolder, onWarning = warnOnStderr } = options;
  const store = storeFolder === undefined ? undefined : new LadderStore(storeFolder, engine, onWarning);
  const pool = openPool(workers, signal);
  try {
    const train = async (theta: Theta, modelSeed: number) => {
      const known = store?.find(theta, modelSeed);
      if (known !== undefined) return known;
      const measurements = ladderMeasurements(await pool.trainModel({ theta, seed: modelSeed, engine }));
      store?.keep(theta, modelSeed, measurements);
      return measurements;
    };
    return await Promise.all(
      LADDERS.map(async (ladder) => {
        const seeds = Array.from({ length: SEEDS_PER_RUNG }, (_, i) => subSeed(seed, "ladder", ladder.field, i));
        const values = await Promise.all(
          ladder.rungs.map((x) =>
            Promise.all(
              seeds.map(async (each) => (await train({ ...LADDER_THETA, [ladder.field]: x }, each))[ladder.measured]),
            ),
          ),
        );
        return {
          ...ladder,
          seeds,
          values,
          ...fitSlope(ladder.rungs, values, subSeed(seed, "bootstrap", ladder.field)),
        };
      }),
    );
  } finally {
    store?.save();
    await pool.close();
  }
}

/** What a ladder reads of a model: steps are those to convergence, NaN where there was none. */
export function ladderMeasurements({ outcome, measurements }: Pick<ModelRecord, "outcome" | "measurements">) {
  return outcome === "converged" ? measurements : { ...measurements, steps: Number.NaN };
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
