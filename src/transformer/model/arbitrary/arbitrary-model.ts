import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { datasetOf } from "../../data/dataset.ts";
import type { Dataset, Shape, Weights } from "../../notation.ts";

/**
 * fast-check arbitraries of models and data, for the lemmas: any weights and any tokens, trained or not. Shapes reach
 * down to one token, one neuron and one coordinate; matrices to zero, to scales at which the softmax saturates, and to
 * entries that shrink towards 0. Nothing here has to do with the laws over which a theorem's probability is measured.
 */

/** A model and data of its shape. */
export interface ModelAndData {
  readonly weights: Weights;
  readonly data: Dataset;
}

export interface ArbitraryShape extends Shape {
  readonly batch: number;
}

/** Bounds on what is generated, all inclusive; what is left out is as in `DEFAULT_LIMITS`. */
export interface ShapeLimits {
  readonly d: number;
  readonly L: number;
  readonly m: number;
  readonly ma: number;
  readonly mb: number;
  readonly batch: number;
  readonly readout?: Shape["readout"];
}

const DEFAULT_LIMITS: ShapeLimits = { d: 6, L: 5, m: 7, ma: 5, mb: 5, batch: 3 };

/** Dimensions from 1 to the limit, each on its own, so that mostly ma ≠ mb ≠ d. */
export function arbitraryShape(limits: Partial<ShapeLimits> = {}): fc.Arbitrary<ArbitraryShape> {
  const { d, L, m, ma, mb, batch, readout } = { ...DEFAULT_LIMITS, ...limits };
  const upTo = (max: number) => fc.integer({ min: 1, max });
  return fc.record({
    d: upTo(d),
    L: upTo(L),
    m: upTo(m),
    ma: upTo(ma),
    mb: upTo(mb),
    batch: upTo(batch),
    readout: readout === undefined ? fc.constantFrom("shared" as const, "per-position" as const) : fc.constant(readout),
  });
}

/**
 * Numbers in [-1, 1] in steps of a thousandth: most fill their 53 bits, so that products round; none is so small that
 * products underflow; and a counterexample shrinks in few steps to numbers that can be read.
 */
export function arbitraryEntries(count: number): fc.Arbitrary<number[]> {
  const entry = fc.integer({ min: -1000, max: 1000 }).map((thousandths) => thousandths / 1000);
  return fc.array(entry, { minLength: count, maxLength: count });
}

/** A rows x columns matrix, its entries at most one of the scales in magnitude; sometimes all of it is 0. */
export function arbitraryMatrix(
  rows: number,
  columns: number,
  scales: readonly [number, ...number[]] = [1, 0.1, 3],
): fc.Arbitrary<Matrix> {
  const scale = fc.oneof(
    { arbitrary: fc.constantFrom(...scales), weight: 15 },
    { arbitrary: fc.constant(0), weight: 1 },
  );
  return fc
    .tuple(scale, arbitraryEntries(rows * columns))
    .map(([size, entries]) => Matrix.from1DArray(rows, columns, entries).mul(size));
}

/** Signs ±1. */
export function arbitraryLabels(count: number): fc.Arbitrary<number[]> {
  return fc.array(fc.constantFrom(1, -1), { minLength: count, maxLength: count });
}

/** a: ±1/√m, one row (shared) or one for each position. */
export function arbitraryReadout({ L, m, readout }: Pick<Shape, "L" | "m" | "readout">): fc.Arbitrary<Matrix> {
  const rows = readout === "shared" ? 1 : L;
  return arbitraryLabels(rows * m).map((signs) => Matrix.from1DArray(rows, m, signs).mul(1 / Math.sqrt(m)));
}

/** All weights of a shape. */
export function arbitraryWeights(shape: Shape): fc.Arbitrary<Weights> {
  const { d, m, ma, mb } = shape;
  return fc.record({
    WQ: arbitraryMatrix(mb, d, [1, 0.1, 3, 10]),
    WK: arbitraryMatrix(mb, d, [1, 0.1, 3, 10]),
    WV: arbitraryMatrix(ma, d),
    WO: arbitraryMatrix(m, ma, [1, 0.1, 10]),
    a: arbitraryReadout(shape),
  });
}

/** A batch of arbitrary tokens, at most one of the scales in magnitude, and labels. */
export function arbitraryData(
  { batch, L, d }: Pick<ArbitraryShape, "batch" | "L" | "d">,
  scales: readonly [number, ...number[]] = [1, 2],
): fc.Arbitrary<Dataset> {
  const tokens = fc.array(arbitraryMatrix(L, d, scales), { minLength: batch, maxLength: batch });
  return fc.tuple(tokens, arbitraryLabels(batch)).map(([samples, labels]) => datasetOf(samples, labels));
}

/** Any model with any data. */
export function arbitraryModelAndData(limits: Partial<ShapeLimits> = {}): fc.Arbitrary<ModelAndData> {
  return arbitraryShape(limits).chain(modelOfShape);
}

function modelOfShape(shape: ArbitraryShape): fc.Arbitrary<ModelAndData> {
  return fc.record({ weights: arbitraryWeights(shape), data: arbitraryData(shape) });
}

/** Any model and data, and neurons to be pruned: of one neuron or more, none and all among them; mostly some of several. */
export function arbitraryModelAndPruned(): fc.Arbitrary<ModelAndData & { readonly pruned: readonly number[] }> {
  const anyNeurons = arbitraryModelAndData().chain((model) =>
    arbitrarySubset(model.weights.WO.rows).map((pruned) => ({ ...model, pruned })),
  );
  const someOfSeveral = arbitraryShape()
    .chain((shape) => modelOfShape({ ...shape, m: shape.m + 3 }))
    .chain((model) => arbitraryProperSubset(model.weights.WO.rows).map((pruned) => ({ ...model, pruned })));
  return fc.oneof({ arbitrary: anyNeurons, weight: 1 }, { arbitrary: someOfSeveral, weight: 3 });
}

/** An order of 0..count-1. */
export function arbitraryOrder(count: number): fc.Arbitrary<number[]> {
  const indices = Array.from({ length: count }, (_, i) => i);
  return fc.shuffledSubarray(indices, { minLength: count, maxLength: count });
}

/** Any set of the indices 0..count-1, the empty one and the whole one among them. */
export function arbitrarySubset(count: number): fc.Arbitrary<number[]> {
  return fc.subarray(Array.from({ length: count }, (_, i) => i));
}

/** Any set of the indices 0..count-1 but the empty one and the whole one, for a count of at least 2. */
function arbitraryProperSubset(count: number): fc.Arbitrary<number[]> {
  return fc.subarray(
    Array.from({ length: count }, (_, i) => i),
    { minLength: 1, maxLength: count - 1 },
  );
}
