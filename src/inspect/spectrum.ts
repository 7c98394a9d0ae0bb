import { Matrix } from "ml-matrix";
import { singularValues, tailEnergyOf } from "../transformer/measure/singular-values.ts";
import { rankHolding } from "../transformer/measure/spectrum.ts";
import { euclideanNorm, exponentOf, timesPowerOfTwo } from "../transformer/model/power-of-two.ts";
import { type Entries, transposed } from "./entries.ts";
import { type KrylovSpace, krylovSpace, mostOverFound } from "./krylov.ts";

/** A number, or what it lies between where not all singular values are computed. */
export type Measured = number | Bounded;

export interface Bounded {
  readonly atLeast: number;
  readonly atMost: number;
}

/** Shares of the energy that ranks are given for. */
export const SHARES = ["0.9", "0.99", "0.999"] as const;
export type Share = (typeof SHARES)[number];

/** What singular values say of a matrix that is not 0. */
export interface Spectrum {
  /** In descending order: all min(rows, columns) of them, or the leading ones. */
  readonly singularValues: readonly number[];
  readonly complete: boolean;
  /** ‖·‖_F²/σ_1² */
  readonly stableRank: number;
  /** Least ranks whose best approximations hold these shares of the energy. */
  readonly ranks: Readonly<Record<Share, Measured>>;
  /** The fraction of the energy beyond a rank. */
  readonly beyond: (rank: number) => Measured;
}

/** rows·columns·min(rows, columns) up to which all singular values are computed: some two seconds. */
const MOST_WORK = 2 ** 29;

export function spectrumOf(entries: Entries, all: boolean): Spectrum {
  const { rows, columns, values } = entries;
  const work = rows * columns * Math.min(rows, columns);
  if (all || work <= MOST_WORK) return completeSpectrum(singularValues(Matrix.from1DArray(rows, columns, values)));
  return boundedSpectrum(entries);
}

/** Of all singular values. */
export function completeSpectrum(sigmas: readonly number[]): Spectrum {
  const [largest] = sigmas as [number];
  return {
    ...{ singularValues: sigmas, complete: true },
    stableRank: sigmas.reduce((sum, sigma) => sum + (sigma / largest) ** 2, 0),
    ranks: eachShare((share) => rankHolding(sigmas, share)),
    beyond: (rank) => tailEnergyOf(sigmas, rank),
  };
}

function eachShare<T>(measure: (share: number) => T): Readonly<Record<Share, T>> {
  return Object.fromEntries(SHARES.map((share) => [share, measure(Number(share))])) as Record<Share, T>;
}

/** The sum of all squares, row by row: a sum over all in one would err by more. */
function energyOfRows({ rows, columns, values }: Entries): number {
  let energy = 0;
  for (let i = 0; i < rows; i++) energy += euclideanNorm(values.subarray(i * columns, (i + 1) * columns)) ** 2;
  return energy;
}

/** Dimensions of the Krylov space of a vector: for the leading singular values, for the first at all, for what they leave. */
const STEPS = { leading: 30, first: 60, rest: 12 };

/** A residual, relative to σ_1, below which a singular value is shown: it is off by about the square of that. */
const CONVERGED = 1e-7;

/** Leading singular values that are enough, or the energy that is: what is left then decides on no rank. */
const ENOUGH = { values: 16, energy: 0.9999 };

/** The energy, and those of the leading values, err by less than this relative to it. */
const ROUNDOFF = 1e-12;

/** By a Krylov space: leading singular values, and bounds for what depends on the others. */
export function boundedSpectrum(given: Entries): Spectrum {
  const tall = given.rows < given.columns ? transposed(given) : given;
  const exponent = exponentOf(tall.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0));
  const toScale = timesPowerOfTwo(-exponent);
  // squares of the scaled ones neither underflow nor overflow
  const A: Entries = { ...tall, values: tall.values.map(toScale) };
  const energy = energyOfRows(A);
  const leading = krylovSpace(A, { steps: STEPS.first, enough: (space) => isEnough(space, energy) });
  const { sigmas } = leading;
  const found = sigmas.reduce((sum, sigma) => sum + sigma ** 2, 0);
  const left = Math.max(energy - found, 0);
  const bounds = energyBounds(A, leading, energy, left);
  const [largest] = sigmas as [number];
  const converged = convergedOf(leading);
  return {
    singularValues: sigmas.slice(0, Math.max(converged, 1)).map(timesPowerOfTwo(exponent)),
    complete: false,
    stableRank: energy / largest ** 2,
    ranks: eachShare((share) => bounds.rank(share)),
    beyond: (rank) => bounds.beyond(rank),
  };
}

function convergedOf({ sigmas, residuals }: KrylovSpace): number {
  const first = residuals.findIndex((residual) => !(residual <= CONVERGED * (sigmas[0] as number)));
  return first < 0 ? residuals.length : first;
}

/** Whether the leading values are there, or hold what any rank asks for. */
function isEnough(space: KrylovSpace, energy: number): boolean {
  const converged = convergedOf(space);
  const held = space.sigmas.slice(0, converged).reduce((sum, sigma) => sum + sigma ** 2, 0);
  if (space.steps >= STEPS.leading && converged > 0) return true;
  return converged >= ENOUGH.values || held >= ENOUGH.energy * energy;
}

/**
 * What σ_1² + … + σ_k² lies between, from the values s_1 … s_p that were found and the energy E of the whole.
 *
 * At least: no subspace of k dimensions holds more than the best one; the best k of those found do hold s_1² + … + s_k²,
 * and beyond p all of them and an even share of what they leave. At most (Ky Fan 1951, A = A P + A (1 − P)): s_1² + … + s_k²
 * and what k dimensions can hold of the rest, which is no more than all of it, nor than k times its largest square.
 */
function energyBounds(A: Entries, leading: KrylovSpace, energy: number, left: number) {
  const { sigmas, basis, steps } = leading;
  const p = sigmas.length;
  const n = A.columns;
  const heads = [0];
  for (const sigma of sigmas) heads.push((heads.at(-1) as number) + sigma ** 2);
  const slack = ROUNDOFF * energy;
  const ofLargest = (sigmas[0] as number) ** 2 * mostOverFound(n, steps);
  const ofRest = left <= slack ? left : largestSquare(krylovSpace(A, { steps: STEPS.rest, without: basis }), n - p);
  const atLeast = (k: number) =>
    Math.min(k <= p ? (heads[k] as number) : (heads[p] as number) + (left * (k - p)) / (n - p), energy);
  const atMost = (k: number) => {
    const head = heads[Math.min(k, p)] as number;
    return Math.min(head + Math.min(left, k * ofRest), k * ofLargest, energy) + (k === 0 ? 0 : slack);
  };
  const firstRank = (holds: (k: number) => boolean) => {
    for (let k = 0; k < n; k++) if (holds(k)) return k;
    return n;
  };
  return {
    rank: (share: number): Bounded => ({
      atLeast: firstRank((k) => atMost(k) >= share * energy),
      atMost: firstRank((k) => atLeast(k) >= share * energy + slack),
    }),
    beyond: (rank: number): Bounded => ({
      atLeast: Math.max(1 - atMost(Math.min(rank, n)) / energy, 0),
      atMost: Math.max(1 - atLeast(Math.min(rank, n)) / energy, 0),
    }),
  };
}

/** An upper bound of ‖·‖², from what a Krylov space found of it. */
function largestSquare({ sigmas, steps }: KrylovSpace, dimensions: number): number {
  return ((sigmas[0] ?? 0) as number) ** 2 * mostOverFound(dimensions, steps);
}
