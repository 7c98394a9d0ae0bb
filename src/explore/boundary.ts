import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import fc from "fast-check";
import { z } from "zod";
import type { JudgedClaim } from "../claim/population.ts";
import { violates } from "../claim/relation.ts";
import { LARGEST_WORK } from "../experiment/affordable.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { InvalidInput } from "../invalid-input.ts";
import { jsonIn, ofForm } from "../json.ts";
import { type Draws, type Law, type Ranges, rangeOf, thetaArbitrary } from "../law/law.ts";
import { fieldNamed, hypothesisOf, type Parameters, type Value } from "../law/parameters.ts";
import { type Bound, constant, type Range } from "../law/range.ts";
import { stream, subSeed } from "../random/stream.ts";
import type { Probe } from "./probe.ts";
import { modelsOf } from "./space.ts";
import { rateOf } from "./violation.ts";

/**
 * Where a theorem stops being true: the violation rate over a grid of one field of θ, or of two, the other fields drawn
 * from the law. Every cell sees the same seeds, so that neighbours differ by the field alone. Each cell's number of seeds
 * is fixed before, so its limits are Clopper-Pearson's; nothing here enters a verdict.
 */

/** The version of the form of a boundary file. */
const BOUNDARY_VERSION = 1;

const field = z.string().describe("a field of theta");
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

const axis = z.object({
  field,
  hypothesis: z.string(),
  scale: z.enum(["linear", "log"]),
  from: z.number(),
  to: z.number(),
});

const cell = z.object({
  at: z.array(z.number()).describe("the value of each varied field"),
  from: z.array(z.number()).describe("low ends of the box that the cell stands for"),
  to: z.array(z.number()),
  models: count.describe("seeds for which there is a model with these values"),
  violations: count.describe("of them, those that violate any claim"),
  limits: z.object({ lower: z.number(), upper: z.number() }).describe("of the violation rate, at 95 %"),
  byClaim: z.array(count).describe("violations of each claim"),
});

/** What a boundary is called: part of a file's name, and of addresses. */
export const boundaryId = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]{0,199}$/, "the name must be letters, digits, hyphens and underscores");

/** A boundary: the form of a file in reports/boundaries/. */
export const boundarySchema = z.object({
  format: z.literal("theorycheck boundary"),
  version: z.literal(BOUNDARY_VERSION),
  theorem: z.string(),
  title: z.string(),
  claims: z.array(z.string()).describe("titles"),
  law: z.object({ id: z.string(), title: z.string(), hash }),
  set: z
    .array(z.object({ field, value: z.union([z.number(), z.string()]) }))
    .describe("fields that are the same in every cell, in the place of what the law draws"),
  axes: z.array(axis).min(1).max(2),
  edges: z
    .array(z.object({ name: z.string(), points: z.array(z.array(z.number())) }))
    .describe("where the law's hypotheses end: a point for one varied field, a line for two"),
  seed: count,
  seeds: count.describe("models of a cell, fixed before"),
  p0: z.number().describe("violation rate that the theorem allows"),
  cells: z.array(cell),
  versions: z.object({ theorycheck: z.string(), core: hash, statement: hash }),
});

export type Boundary = z.infer<typeof boundarySchema>;
export type Cell = Boundary["cells"][number];
export type Axis = Boundary["axes"][number];

/** The published JSON Schema of a boundary file. */
export function boundaryJsonSchema(): unknown {
  return z.toJSONSchema(boundarySchema);
}

/**
 * Reads the text of a boundary file.
 *
 * @throws InvalidInput naming the field that is wrong
 */
export function parseBoundary(text: string, name = "boundary"): Boundary {
  return ofForm(boundarySchema.parse, jsonIn(text, name), name);
}

/** A field to vary, and how far. */
export interface Varied {
  readonly field: string;
  readonly from: number;
  readonly to: number;
}

/** A field that is the same in every cell. */
export interface Setting {
  readonly field: string;
  readonly value: Value;
}

export interface BoundaryOptions {
  readonly probe: Probe;
  /** Claims of one statement. */
  readonly claims: readonly JudgedClaim[];
  /** One field or two. */
  readonly vary: readonly Varied[];
  readonly set?: readonly Setting[];
  readonly seeds: number;
  readonly seed: number;
  /** How many cells are looked at, in all. */
  readonly cells: number;
  readonly onProgress?: ((cells: number, all: number) => void) | undefined;
}

/** The fewest cells of a grid: the coarse one, from which the edge is approached. */
export const LEAST_CELLS = { line: 3, plane: 9 };

/** Models of all cells together: the widest boundary of the report has 1,280. */
export const MOST_MODELS = 100_000;

/** Work of all cells together: a thousand of the costliest models, some days of one core. */
export const MOST_WORK = 1000 * LARGEST_WORK;

/** The rate that the edge is said to lie at. */
const HALF = 0.5;

/** A box is not split below this share of an axis. */
const FINEST = 1 / 64;

/** Without a law that says otherwise, a field that spans a decade is varied logarithmically. */
const DECADE = 10;

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
  if (cells.every(({ models }) => models === 0)) {
    const varied = vary.map(({ field, from, to }) => `${field} from ${from} to ${to}`).join(" and ");
    throw new InvalidInput(`boundary leaves nothing to draw from law ${law.id} in any of its cells, with ${varied}`);
  }
  return { axes, edges: edgesOf(law, axes), cells };
}

/** All of a boundary file. */
export function boundaryOf(
  { probe, claims, set = [], seeds, seed }: BoundaryOptions,
  found: Pick<Boundary, "axes" | "edges" | "cells">,
  versions: Boundary["versions"],
): Boundary {
  const { law } = probe.population;
  const { statement } = claims[0]!;
  return {
    format: "theorycheck boundary",
    version: BOUNDARY_VERSION,
    theorem: statement.id,
    title: statement.title,
    claims: claims.map(({ claim }) => claim.title),
    law: { id: law.id, title: law.title, hash: law.hash },
    set: set.map(({ field, value }) => ({ field, value })),
    axes: found.axes,
    edges: found.edges,
    seed,
    seeds,
    p0: statement.p0,
    cells: found.cells,
    versions,
  };
}

/** One row a cell: the varied fields, counts, rate and limits. */
export function boundaryCsv({ axes, cells, claims }: Boundary): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const header = [
    ...axes.map(({ field }) => field),
    "models",
    "violations",
    "rate",
    "lower",
    "upper",
    ...claims.map((title) => quoted(`violations of: ${title}`)),
  ];
  const rows = cells.map(({ at, models, violations, limits, byClaim }) =>
    [...at, models, violations, models === 0 ? "" : violations / models, limits.lower, limits.upper, ...byClaim].join(),
  );
  return `${[header.join(), ...rows].join("\n")}\n`;
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

/** Logarithmic where the law draws the field so, or where it spans a decade of positive numbers. */
function axisOf(law: Law, { field, from, to }: Varied): Axis {
  const drawnLogarithmically = originOf(law.ranges, field).kind.startsWith("log-uniform");
  const scale = from > 0 && (drawnLogarithmically || to / from >= DECADE) ? "log" : "linear";
  return { field, hypothesis: hypothesisOf(law.parameters, field), scale, from, to };
}

/** The range that a field's values come from: a copied field's is its original's. */
function originOf(ranges: Ranges, field: string): Range {
  const range = rangeOf({ ranges }, field);
  return range.kind === "equals" ? originOf(ranges, range.field) : range;
}

/** The value at a coordinate of an axis, to three digits, or whole. */
function valueOn(parameters: Parameters, { field, scale, from, to }: Axis, unit: number): number {
  const value = scale === "log" ? from * exp(unit * ln(to / from)) : from + unit * (to - from);
  if (unit === 0 || unit === 1) return unit === 0 ? from : to;
  return fieldNamed(parameters, field).kind === "integer" ? Math.round(value) : Number(value.toPrecision(3));
}

/** A place of the grid before it is looked at, in coordinates of the axes. */
interface Box {
  readonly centre: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
}

type Measure = (boxes: readonly Box[]) => Promise<readonly Cell[]>;

function measureCells(options: BoundaryOptions, ranges: Ranges, axes: readonly Axis[]): Measure {
  const { law } = options.probe.population;
  const { probe, claims, seeds, seed, cells: all, onProgress } = options;
  let measured = 0;
  const values = (units: readonly number[]) => units.map((unit, i) => valueOn(law.parameters, axes[i]!, unit));
  const trialsOf = ({ centre }: Box): readonly Draws[] => {
    const at = values(centre);
    const fixed = Object.fromEntries(axes.map(({ field }, i) => [field, constant(at[i]!)]));
    return Array.from({ length: seeds }, (_, i) =>
      drawn({ ...ranges, ...fixed }, probe, subSeed(seed, "boundary", i)),
    ).filter((models) => models !== undefined);
  };
  const measure = async (box: Box, trials: readonly Draws[]): Promise<Cell> => {
    const at = values(box.centre);
    const records = await Promise.all(trials.map((models) => probe.run(models)));
    const violated = records.map(({ observed }) =>
      claims.map(({ claim, key }) => violates(claim, observed[key] as number)),
    );
    const violations = violated.filter((ofModel) => ofModel.includes(true)).length;
    onProgress?.(++measured, all);
    return {
      at,
      from: values(box.from),
      to: values(box.to),
      models: records.length,
      violations,
      limits: records.length === 0 ? { lower: 0, upper: 1 } : rateOf(records.length, violations).limits,
      byClaim: claims.map((_, i) => violated.filter((ofModel) => ofModel[i]).length),
    };
  };
  return (boxes) => {
    const trials = boxes.map(trialsOf);
    // of the coarse grid, as of all cells: where it is too much, nothing was trained yet
    if (measured === 0) requireAffordableCells(probe.experiment, trials, all);
    return Promise.all(boxes.map((box, i) => measure(box, trials[i]!)));
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

function rate({ models, violations }: Cell): number {
  return violations / models;
}

/** Points on a line: evenly spaced at first, then half-way between neighbours on two sides of a threshold. */
async function lineOf(
  parameters: Parameters,
  axis: Axis,
  wanted: number,
  thresholds: readonly number[],
  measure: Measure,
): Promise<Cell[]> {
  const first = Math.max(LEAST_CELLS.line, Math.ceil(wanted / 2));
  const pointAt = (unit: number): Box => ({ centre: [unit], from: [unit], to: [unit] });
  const even = Array.from({ length: first }, (_, i) => i / (first - 1));
  // of a field that is whole several may have one value
  const coarse = even.filter(
    (unit, i) => i === 0 || valueOn(parameters, axis, unit) !== valueOn(parameters, axis, even[i - 1]!),
  );
  let points = (await measure(coarse.map(pointAt))).map((cell, i) => ({ unit: coarse[i]!, cell }));
  while (points.length < wanted) {
    const gaps = points.slice(1).map((right, i) => {
      const left = points[i]!;
      return { left, right, width: right.unit - left.unit };
    });
    const [widest] = gaps
      .filter(
        ({ left, right, width }) => width > FINEST && thresholds.some((each) => apart(left.cell, right.cell, each)),
      )
      .sort((one, other) => other.width - one.width || one.left.unit - other.left.unit);
    const middle = widest === undefined ? undefined : (widest.left.unit + widest.right.unit) / 2;
    if (middle === undefined || points.some(({ cell }) => cell.at[0] === valueOn(parameters, axis, middle))) break;
    const [cell] = await measure([pointAt(middle)]);
    points = [...points, { unit: middle, cell: cell! }].sort((one, other) => one.unit - other.unit);
  }
  return points.map(({ cell }) => cell);
}

/** Whether two cells lie on two sides of a rate. */
function apart(one: Cell, other: Cell, threshold: number): boolean {
  return one.models > 0 && other.models > 0 && rate(one) > threshold !== rate(other) > threshold;
}

/** Boxes of a plane: a square grid at first, then quarters of the boxes next to one on the other side of one half. */
async function planeOf(wanted: number, measure: Measure): Promise<Cell[]> {
  const side = Math.max(3, Math.floor(Math.sqrt(wanted / 2)));
  let boxes: { box: Box; cell: Cell }[] = [];
  const look = async (some: readonly Box[]) => {
    const cells = await measure(some);
    return some.map((box, i) => ({ box, cell: cells[i]! }));
  };
  boxes = await look(
    Array.from({ length: side * side }, (_, i) =>
      boxBetween([(i % side) / side, Math.floor(i / side) / side], 1 / side),
    ),
  );
  let looked = boxes.length;
  for (;;) {
    const onEdge = boxes
      .filter(({ box, cell }) => boxes.some((other) => touch(box, other.box) && apart(cell, other.cell, HALF)))
      .filter(({ box }) => widthOf(box) / 2 >= FINEST)
      .sort((one, other) => widthOf(other.box) - widthOf(one.box));
    const split = onEdge.slice(0, Math.floor((wanted - looked) / 4));
    if (split.length === 0) break;
    const quarters = await look(split.flatMap(({ box }) => quartersOf(box)));
    looked += quarters.length;
    boxes = [...boxes.filter((each) => !split.includes(each)), ...quarters];
  }
  return boxes.map(({ cell }) => cell).sort((one, other) => one.at[1]! - other.at[1]! || one.at[0]! - other.at[0]!);
}

function boxBetween(from: readonly number[], width: number): Box {
  return { from, to: from.map((low) => low + width), centre: from.map((low) => low + width / 2) };
}

function widthOf({ from, to }: Box): number {
  return to[0]! - from[0]!;
}

function quartersOf(box: Box): readonly Box[] {
  const half = widthOf(box) / 2;
  const [x, y] = box.from as [number, number];
  return [
    [x, y],
    [x + half, y],
    [x, y + half],
    [x + half, y + half],
  ].map((corner) => boxBetween(corner, half));
}

/** Whether two boxes share a part of a side. */
function touch(one: Box, other: Box): boolean {
  const overlap = (i: number) => Math.min(one.to[i]!, other.to[i]!) - Math.max(one.from[i]!, other.from[i]!);
  const [x, y] = [overlap(0), overlap(1)];
  const nothing = FINEST / 4;
  return (Math.abs(x) < nothing && y > nothing) || (Math.abs(y) < nothing && x > nothing);
}

/** The edges of the law's hypotheses on the varied fields, within what is varied. */
function edgesOf(law: Law, axes: readonly Axis[]): Boundary["edges"] {
  const [x, y] = axes as [Axis, Axis | undefined];
  if (y === undefined) {
    return endsOn(law, x).map((end) => ({ name: x.hypothesis, points: [[end]] }));
  }
  const xEnds = intervalOn(law, x);
  const [left, right] = [Math.max(xEnds?.from ?? x.from, x.from), Math.min(xEnds?.to ?? x.to, x.to)];
  const along = (bound: Bound | undefined): number[][] | undefined => {
    if (bound === undefined) return undefined;
    if (typeof bound === "number") return [left, right].map((at) => [at, bound]);
    return bound.field === x.field ? [left, right].map((at) => [at, bound.times * at]) : undefined;
  };
  const range = originOf(law.ranges, y.field as string);
  const [lower, upper] = "from" in range ? [along(range.from), along(range.to)] : [undefined, undefined];
  const edges = [lower, upper].flatMap((points) => (points === undefined ? [] : [{ name: y.hypothesis, points }]));
  const sides = endsOn(law, x).map((end) => {
    const at = (points: number[][] | undefined, fallback: number) =>
      points === undefined ? fallback : end === left ? points[0]![1]! : points[1]![1]!;
    return {
      name: x.hypothesis,
      points: [
        [end, at(lower, y.from)],
        [end, at(upper, y.to)],
      ],
    };
  });
  return [...edges, ...sides].flatMap(({ name, points }) => {
    const inside = clipped(points as [number[], number[]], y);
    return inside === undefined ? [] : [{ name, points: inside }];
  });
}

/** The part of a segment whose second coordinate is within the axis; undefined if there is none. */
function clipped([one, other]: readonly [number[], number[]], { from, to }: Axis): number[][] | undefined {
  const [x0, y0, x1, y1] = [...one, ...other] as [number, number, number, number];
  const [low, high] = [Math.min(y0, y1), Math.max(y0, y1)];
  if (high < from || low > to) return undefined;
  const at = (x: number, y: number) => {
    const inside = Math.min(to, Math.max(from, y));
    return inside === y ? [x, y] : [x0 + ((inside - y0) / (y1 - y0)) * (x1 - x0), inside];
  };
  return [at(x0, y0), at(x1, y1)];
}

/** The ends of a field's interval in the law that lie inside the axis. */
function endsOn(law: Law, axis: Axis): number[] {
  const ends = intervalOn(law, axis);
  if (ends === undefined) return [];
  const inside = [ends.from, ends.to].filter((end) => end > axis.from && end < axis.to);
  return [...new Set(inside)];
}

function intervalOn(law: Law, { field }: Axis): { from: number; to: number } | undefined {
  const range = originOf(law.ranges, field as string);
  if (range.kind === "constant") return { from: range.value as number, to: range.value as number };
  if (!("from" in range) || typeof range.from !== "number" || typeof range.to !== "number") return undefined;
  return { from: range.from, to: range.to };
}
