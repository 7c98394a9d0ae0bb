import type { Parameters } from "../law/parameters.ts";
import type { Axis, Cell } from "./boundary.ts";
import { valueOn } from "./boundary-axes.ts";

/** Which cells of a boundary are looked at: a coarse grid first, and then where the rate changes. */

/** The fewest cells of a grid: the coarse one, from which the edge is approached. */
export const LEAST_CELLS = { line: 3, plane: 9 };

/** The rate that the edge is said to lie at. */
export const HALF = 0.5;

/** A box is not split below this share of an axis. */
const FINEST = 1 / 64;

/** A place of the grid before it is looked at, in coordinates of the axes. */
export interface Box {
  readonly centre: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Undefined for each box that could not be measured any more, since somebody stopped it. */
export type Measure = (boxes: readonly Box[]) => Promise<readonly (Cell | undefined)[]>;

/** The order in which boxes are measured, by index: each as far from those before it as can be, so that whoever watches soon sees the whole. */
export function farApartFirst(boxes: readonly Box[]): readonly number[] {
  const nearest = boxes.map(() => Number.POSITIVE_INFINITY);
  return boxes.map(() => {
    const next = nearest.indexOf(Math.max(...nearest));
    const { centre } = boxes[next]!;
    boxes.forEach((box, i) => {
      const apart = box.centre.reduce((sum, unit, axis) => sum + (unit - centre[axis]!) ** 2, 0);
      nearest[i] = Math.min(nearest[i]!, apart);
    });
    // never again, where two boxes have one centre either
    nearest[next] = -1;
    return next;
  });
}

function rate({ models, violations }: Cell): number {
  return violations / models;
}

/** Points on a line: evenly spaced at first, then half-way between neighbours on two sides of a threshold. */
export async function lineOf(
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
  let points = (await measure(coarse.map(pointAt))).flatMap((cell, i) =>
    cell === undefined ? [] : [{ unit: coarse[i]!, cell }],
  );
  const isWhole = points.length === coarse.length;
  while (isWhole && points.length < wanted) {
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
    if (cell === undefined) break;
    points = [...points, { unit: middle, cell }].sort((one, other) => one.unit - other.unit);
  }
  return points.map(({ cell }) => cell);
}

/** Whether two cells lie on two sides of a rate. */
function apart(one: Cell, other: Cell, threshold: number): boolean {
  return one.models > 0 && other.models > 0 && rate(one) > threshold !== rate(other) > threshold;
}

/**
 * Boxes of a plane: a square grid at first, then quarters of the boxes next to one on the other side of one half. Where
 * somebody stops it, a box that has not four whole quarters is left as it was.
 */
export async function planeOf(wanted: number, measure: Measure): Promise<Cell[]> {
  const side = Math.max(3, Math.floor(Math.sqrt(wanted / 2)));
  const look = async (some: readonly Box[]) => {
    const cells = await measure(some);
    return some.flatMap((box, i) => {
      const cell = cells[i];
      return cell === undefined ? [] : [{ box, cell }];
    });
  };
  let boxes = await look(
    Array.from({ length: side * side }, (_, i) =>
      boxBetween([(i % side) / side, Math.floor(i / side) / side], 1 / side),
    ),
  );
  let looked = boxes.length;
  while (looked >= side * side) {
    const onEdge = boxes
      .filter(({ box, cell }) => boxes.some((other) => touch(box, other.box) && apart(cell, other.cell, HALF)))
      .filter(({ box }) => widthOf(box) / 2 >= FINEST)
      .sort((one, other) => widthOf(other.box) - widthOf(one.box));
    const split = onEdge.slice(0, Math.floor((wanted - looked) / 4));
    if (split.length === 0) break;
    const wholes = split.map(({ box }) => quartersOf(box));
    const found = await look(wholes.flat());
    const seen = new Set(found.map(({ box }) => box));
    const quartered = split.filter((_, i) => wholes[i]!.every((quarter) => seen.has(quarter)));
    const quarters = wholes.filter((four) => four.every((quarter) => seen.has(quarter))).flat();
    boxes = [
      ...boxes.filter((each) => !quartered.includes(each)),
      ...found.filter(({ box }) => quarters.includes(box)),
    ];
    if (quartered.length < split.length) break;
    looked += quarters.length;
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
