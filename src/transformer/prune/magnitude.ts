import { Matrix } from "ml-matrix";
import { euclideanNorm } from "../model/power-of-two.ts";
import type { Weights } from "../notation.ts";

/**
 * Pruning by magnitude: neuron i is row w_i of W_O, and its magnitude is ‖w_i‖. A pruned neuron is zeroed (`maskNeurons`)
 * or left out (`compactNeurons`); the scores are the same.
 */

/** ‖w_i‖ of every neuron, m entries. */
export function neuronNorms(weights: Pick<Weights, "WO">): Float64Array {
  const { WO } = weights;
  return Float64Array.from({ length: WO.rows }, (_, i) => euclideanNorm(WO.getRow(i)));
}

/** All neurons, smallest norm first; equal norms in index order, a norm that is NaN last. */
export function neuronsByNorm(weights: Pick<Weights, "WO">): number[] {
  return ascendingByNorm(neuronNorms(weights));
}

/** The indices of these norms, smallest norm first; equal norms in index order, a norm that is NaN last. */
export function ascendingByNorm(norms: Float64Array): number[] {
  const comparable = norms.map((norm) => (Number.isNaN(norm) ? Number.POSITIVE_INFINITY : norm));
  const ascending = (i: number, j: number) =>
    comparable[i] === comparable[j] ? i - j : comparable[i]! - comparable[j]!;
  return Array.from(norms, (_, i) => i).sort(ascending);
}

/** The k neurons of smallest norm. */
export function smallestNeurons(weights: Pick<Weights, "WO">, k: number): number[] {
  requireCount("smallestNeurons", k, weights.WO.rows);
  return neuronsByNorm(weights).slice(0, k);
}

/** The k neurons of largest norm, largest first. */
export function largestNeurons(weights: Pick<Weights, "WO">, k: number): number[] {
  requireCount("largestNeurons", k, weights.WO.rows);
  return neuronsByNorm(weights).reverse().slice(0, k);
}

/** The same model with the rows of W_O in `pruned` set to 0. The weights given are not changed. */
export function maskNeurons(weights: Weights, pruned: Iterable<number>): Weights {
  const WO = weights.WO.clone();
  for (const i of pruned) {
    requireNeuron("maskNeurons", i, WO.rows);
    WO.setRow(i, new Float64Array(WO.columns));
  }
  return { ...weights, WO };
}

/**
 * The physically smaller model: without the rows of W_O in `pruned` and without their columns of a. What stays of a
 * keeps the full model's 1/√m, or the scores would change. All neurons pruned leaves W_O 0 x ma, whose score is 0.
 */
export function compactNeurons(weights: Weights, pruned: Iterable<number>): Weights {
  const { WO, a } = weights;
  const gone = new Set(pruned);
  for (const i of gone) requireNeuron("compactNeurons", i, WO.rows);
  const kept = Array.from({ length: WO.rows }, (_, i) => i).filter((i) => !gone.has(i));

  const smallerWO = new Matrix(kept.length, WO.columns);
  const smallerA = new Matrix(a.rows, kept.length);
  kept.forEach((i, row) => {
    smallerWO.setRow(row, WO.getRow(i));
    smallerA.setColumn(row, a.getColumn(i));
  });
  return { ...weights, WO: smallerWO, a: smallerA };
}

function requireNeuron(name: string, i: number, m: number): void {
  if (!Number.isInteger(i) || i < 0 || i >= m) {
    throw new RangeError(`${name} requires neurons in 0..${m - 1}, got ${i}`);
  }
}

function requireCount(name: string, k: number, m: number): void {
  if (!Number.isInteger(k) || k < 0 || k > m) {
    throw new RangeError(`${name} requires an integer k in 0..${m}, got ${k}`);
  }
}
