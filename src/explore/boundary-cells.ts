import fc from "fast-check";
import { violates } from "../claim/relation.ts";
import { LARGEST_WORK } from "../experiment/affordable.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
import { type Draws, type Ranges, thetaArbitrary } from "../law/law.ts";
import { constant } from "../law/range.ts";
import { stream, subSeed } from "../random/stream.ts";
import type { Asked, Axis, Boundary, Cell } from "./boundary.ts";
import { axisOf, edgesOf, valueOn } from "./boundary-axes.ts";
import { type Box, farApartFirst, HALF, LEAST_CELLS, lineOf, type Measure, planeOf } from "./boundary-grid.ts";
import type { Probe } from "./probe.ts";
import { modelsOf } from "./space.ts";
import { rateOf } from "./violation.ts";

/**
 * Where a theorem stops being true: the violation rate over a grid of one field of θ, or of two, the other fields drawn
 * from the law. Every cell sees the same seeds, so that neighbours differ by the field alone. Each cell's number of seeds
 * is fixed before, so its limits are Clopper-Pearson's; nothing here enters a verdict.
 */

export interface BoundaryOptions extends Asked {
  readonly probe: Probe;
  /** How many cells are looked at, in all. */
  readonly cells: number;
  readonly onProgress?: ((cells: number, all: number) => void) | undefined;
  /** Told of each cell as soon as it is whole, with what was seen for each of its seeds. */
  readonly onCell?: ((cell: Cell, trials: readonly CellTrial[]) => void) | undefined;
  /** Where it is aborted and the probe's runs fail, the cells that are whole by then are the result. */
  readonly signal?: AbortSignal | undefined;
}

/** What was seen of a cell for one seed. */
export interface CellTrial {
  readonly models: Draws;
  readonly violated: boolean;
}

/** Models of all cells together: the widest boundary of the report has 1,280. */
export const MOST_MODELS = 100_000;

/** Work of all cells together: a thousand of the costliest models, some days of one core. */
export const MOST_WORK = 1000 * LARGEST_WORK;

/** Looks at the cells of a coarse grid, and then where the rate crosses ½ or p₀, until there are as many as asked for. */
export async function boundaryCells(options: BoundaryOptions): Promise<Pick<Boundary, "axes" | "edges" | "cells">> {
  const { probe, claims, vary, cells: wanted, set = [] } = options;
  const { law } = probe.population;
  requireSensible(options);
  const ranges = { ...law.ranges, ...Object.fromEntries(set.map(({ field, value }) => [field, constant(value)])) };
  const axes = vary.map((each) => axisOf(law, each));
  const measure = measureCells(options, ranges, axes);
  const thresholds = [claims[0]!.statement.p0, HALF];
  const cells = await (axes.length === 1
    ? lineOf(law.parameters, axes[0]!, wanted, thresholds, measure)
    : planeOf(wanted, measure));
  if (options.signal?.aborted !== true && cells.every(({ models }) => models === 0)) {
    const varied = vary.map(({ field, from, to }) => `${field} from ${from} to ${to}`).join(" and ");
    throw new InvalidInput(`boundary leaves nothing to draw from law ${law.id} in any of its cells, with ${varied}`);
  }
  return { axes, edges: edgesOf(law, axes), cells };
}

/** @throws InvalidInput where what is asked for makes no sense, before anything is measured */
export function requireSensible({
  vary,
  set = [],
  seeds,
  cells,
  claims,
}: Pick<BoundaryOptions, "vary" | "set" | "seeds" | "cells" | "claims">): void {
  if (vary.length < 1 || vary.length > 2) {
    throw new InvalidInput(`boundary requires one varied field or two, got ${vary.length}`);
  }
  if (claims.length === 0) throw new InvalidInput("boundary requires at least one claim, got none");
  const fields = [...vary, ...set].map(({ field }) => field);
  const twice = fields.find((field, i) => fields.indexOf(field) !== i);
  if (twice !== undefined) throw new InvalidInput(`boundary requires each field to be given once, got ${twice} twice`);
  for (const { field, from, to } of vary) {
    if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
      throw new InvalidInput(`boundary requires ${field} to go from a number to a larger one, got ${from}..${to}`);
    }
    // on a logarithmic axis all values between would be infinite, which are no models
    if (from > 0 && !Number.isFinite(to / from)) {
      throw new InvalidInput(`boundary requires ${field} to span at most 308 decades, got ${from}..${to}`);
    }
  }
  const least = vary.length === 1 ? LEAST_CELLS.line : LEAST_CELLS.plane;
  if (!(cells >= least)) throw new InvalidInput(`boundary requires at least ${least} cells, got ${cells}`);
  if (!(seeds >= 1)) throw new InvalidInput(`boundary requires at least 1 seed, got ${seeds}`);
  if (cells * seeds > MOST_MODELS) {
    throw new InvalidInput(
      `boundary requires at most ${MOST_MODELS} models, got ${cells * seeds}: ${cells} cells of ${seeds} seeds`,
    );
  }
}

function measureCells(options: BoundaryOptions, ranges: Ranges, axes: readonly Axis[]): Measure {
  const { law } = options.probe.population;
  const { probe, claims, seeds, seed, cells: all, onProgress, onCell, signal } = options;
  let measured = 0;
  const values = (units: readonly number[]) => units.map((unit, i) => valueOn(law.parameters, axes[i]!, unit));
  const trialsOf = ({ centre }: Box): readonly Draws[] => {
    const at = values(centre);
    const fixed = Object.fromEntries(axes.map(({ field }, i) => [field, constant(at[i]!)]));
    return Array.from({ length: seeds }, (_, i) =>
      drawn({ ...ranges, ...fixed }, probe, subSeed(seed, "boundary", i)),
    ).filter((models) => models !== undefined);
  };
  const recordsOf = async (trials: readonly Draws[]): Promise<readonly TrialRecord[] | undefined> => {
    try {
      return await Promise.all(trials.map((models) => probe.run(models)));
    } catch (error) {
      if (signal?.aborted) return undefined;
      throw error;
    }
  };
  const measure = async (box: Box, trials: readonly Draws[]): Promise<Cell | undefined> => {
    const at = values(box.centre);
    const records = await recordsOf(trials);
    if (records === undefined) return undefined;
    const violated = records.map(({ observed }) =>
      claims.map(({ claim, key }) => violates(claim, observed[key] as number)),
    );
    const violations = violated.filter((ofModel) => ofModel.includes(true)).length;
    const cell: Cell = {
      at,
      from: values(box.from),
      to: values(box.to),
      models: records.length,
      violations,
      limits: records.length === 0 ? { lower: 0, upper: 1 } : rateOf(records.length, violations).limits,
      byClaim: claims.map((_, i) => violated.filter((ofModel) => ofModel[i]).length),
    };
    onProgress?.(++measured, all);
    onCell?.(
      cell,
      trials.map((models, i) => ({ models, violated: violated[i]!.includes(true) })),
    );
    return cell;
  };
  return async (boxes) => {
    const trials = boxes.map(trialsOf);
    // of the coarse grid, as of all cells: where it is too much, nothing was trained yet
    if (measured === 0) requireAffordableCells(probe.experiment, trials, all);
    const cells = new Array<Cell | undefined>(boxes.length);
    await Promise.all(
      farApartFirst(boxes).map(async (i) => {
        cells[i] = await measure(boxes[i]!, trials[i]!);
      }),
    );
    return cells;
  };
}

/** @throws InvalidInput where all cells would take longer than anybody waits, if they are like these */
function requireAffordableCells(experiment: Experiment, trials: readonly (readonly Draws[])[], cells: number): void {
  const ofThese = trials.flat(2).reduce((sum, { theta }) => sum + experiment.cost(theta), 0);
  const work = (ofThese * Math.max(cells, trials.length)) / trials.length;
  if (work <= MOST_WORK) return;
  throw new InvalidInput(
    `boundary requires at most ${MOST_WORK.toExponential(0)} multiply-adds in all cells, got some ${work.toExponential(1)}: ask for fewer cells or seeds, or smaller models`,
  );
}

/** The models that the law, with some fields fixed, gives to a seed; undefined where there are none. */
function drawn(ranges: Ranges, { experiment, population: { law } }: Probe, seed: number) {
  const { parameters } = law;
  const random = new fc.Random(stream(seed, "theta").generator);
  const { value } = thetaArbitrary({ ranges, parameters }).generate(random, undefined);
  return modelsOf({ experiment, law }, value, seed);
}
