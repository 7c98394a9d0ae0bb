import fc from "fast-check";
import type { JudgedClaim } from "../claim/population.ts";
import { marginOf, violates } from "../claim/relation.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
import { pointArbitrary } from "../law/law.ts";
import type { Theta } from "../law/parameters.ts";
import { type Stream, stream, subSeed } from "../random/stream.ts";
import { type Purse, untilSpent } from "./purse.ts";
import { dimensionOf, freeCoordinates, modelsOf, type Space, thetaIn } from "./space.ts";
import { onMostSeeds } from "./violation.ts";

/**
 * Looks for a θ that violates a claim, or comes nearest: the least normalised margin. What it tries is chosen, not drawn,
 * and never enters a probability.
 *
 * First fast-check's biased generation: it likes the ends of ranges, where claims tend to fail, and several at a time.
 * Then for each claim a (1+λ) evolution strategy from the best point: Gaussian steps in the unit cube, whose length grows
 * after a generation that came nearer and shrinks after one that did not. Chosen over the cross-entropy method, which needs
 * hundreds of models to fit a distribution in 14 dimensions, and over anything with gradients, since a margin is a noisy,
 * partly integer-valued function of θ and the seed. Each child has a seed of its own: a counterexample is a θ and a seed.
 */

/** The share of what finding may spend that biased generation gets. */
const BIASED_SHARE = 0.4;

/** λ. Models of a generation are trained at the same time, whatever the number of workers. */
const GENERATION = 8;

/** The chance that a step moves a coordinate: some steps then leave most of θ as it is. */
const MOVED = 0.5;

/** Lengths of steps, in the unit cube: the first, and the one below which a strategy starts over. */
const FIRST_STEP = 0.25;
const LEAST_STEP = 0.01;

/** What a step's length is multiplied by after a generation that came nearer, and after one that did not. */
const AFTER_SUCCESS = 1.5;
const AFTER_FAILURE = 0.7;

/** Points that are drawn for one that some model has. */
const MOST_DRAWS = 1000;

/** A θ and seed that were tried, and what they showed. */
export interface Try {
  readonly point: readonly number[];
  readonly theta: Theta;
  readonly seed: number;
  readonly record: TrialRecord;
}

/** The nearest miss of a claim, or its worst violation. */
export interface Nearest {
  readonly judged: JudgedClaim;
  readonly tried: Try;
  readonly observed: number;
  readonly margin: number;
  readonly violated: boolean;
}

/** What an island is made of. */
export interface IslandOptions {
  readonly purse: Purse;
  readonly space: Space;
  readonly claims: readonly JudgedClaim[];
  readonly seed: number;
  /** Called after each generation. */
  readonly tell?: (() => void) | undefined;
}

export type Phase = "biased" | "guided";

/** One (1+λ) evolution strategy, on one claim. */
interface Strategy {
  readonly judged: JudgedClaim;
  readonly random: Stream;
  step: number;
}

/** One search: biased generation, and then a strategy for each claim. */
export class Island {
  readonly purse: Purse;
  readonly nearest = new Map<JudgedClaim, Nearest>();
  /** Statements with a violation on most seeds, and it. */
  readonly settled = new Map<JudgedClaim["statement"], Nearest>();
  phase: Phase = "biased";
  readonly #options: IslandOptions;
  readonly #modelsPerTrial: number;
  readonly #points: (index: number) => readonly number[];
  readonly #strategies: readonly Strategy[];
  #tries = 0;
  /** Of the budget, while it seeks. */
  #share = 1;

  constructor(options: IslandOptions) {
    const { purse, space, claims, seed } = options;
    this.purse = purse;
    this.#options = options;
    this.#modelsPerTrial = space.law.doubles === undefined ? 1 : 2;
    const random = new fc.Random(stream(seed, "search points").generator);
    const arbitrary = pointArbitrary(space.ranges);
    const choices = stream(seed, "search choices");
    this.#points = (index) => {
      // as in fast-check's own runs: the bias fades with their number
      const bias = 1 + String(index + 1).length;
      return [...arbitrary.generate(random, bias).value, ...space.choices.map(() => choices.uniform())];
    };
    this.#strategies = claims.map((judged): Strategy => {
      return { judged, random: stream(seed, `search steps ${judged.key}`), step: FIRST_STEP };
    });
  }

  /** Goes on until every statement is settled, or this share of the budget is spent. */
  async seek(share: number): Promise<void> {
    this.#share = share;
    this.phase = "biased";
    // at least one trial, whatever the budget
    while (this.#goesOn(BIASED_SHARE * share) || this.#tries === 0) await this.#run(this.#generation(this.#points));
    this.phase = "guided";
    while (this.#goesOn(share)) {
      for (const strategy of this.#strategies) {
        if (!this.#goesOn(share)) break;
        if (!this.settled.has(strategy.judged.statement)) await this.#advance(strategy);
      }
    }
  }

  async #advance(strategy: Strategy): Promise<void> {
    const { judged, random } = strategy;
    const parent = this.nearest.get(judged) as Nearest;
    await this.#run(this.#generation(() => this.#child(parent.tried.point, strategy.step, random)));
    const improved = this.nearest.get(judged) !== parent;
    strategy.step = Math.min(0.5, strategy.step * (improved ? AFTER_SUCCESS : AFTER_FAILURE));
    if (strategy.step < LEAST_STEP) strategy.step = FIRST_STEP;
  }

  #child(parent: readonly number[], step: number, random: Stream): readonly number[] {
    const child = [...parent];
    const free = freeCoordinates(this.#options.space);
    const always = free[random.integer(0, Math.max(0, free.length - 1))];
    for (const i of free) {
      const moves = random.uniform() < MOVED || i === always;
      const moved = (child[i] as number) + step * random.normal();
      if (moves) child[i] = reflected(moved);
    }
    return child;
  }

  #goesOn(share: number): boolean {
    this.purse.openUntil(share);
    if (this.purse.affordable < this.#modelsPerTrial) return false;
    return !this.#options.claims.every(({ statement }) => this.settled.has(statement));
  }

  /** Up to λ points, as far as the budget goes, each of which some model has. */
  #generation(draw: (index: number) => readonly number[]): readonly (readonly number[])[] {
    const affordable = Math.floor(this.purse.affordable / this.#modelsPerTrial);
    return Array.from({ length: Math.max(1, Math.min(GENERATION, affordable)) }, (_, i) => {
      for (let attempt = 0; attempt < MOST_DRAWS; attempt++) {
        const point = draw(this.#tries + i);
        if (point.length !== dimensionOf(this.#options.space)) throw new Error("a point has a coordinate a range");
        if (thetaIn(this.#options.space, point) !== undefined) return point;
      }
      throw new InvalidInput(`search found no theta in ${MOST_DRAWS} draws that a model could have`);
    });
  }

  async #run(points: readonly (readonly number[])[]): Promise<void> {
    const { space, seed, tell } = this.#options;
    const tries = await Promise.all(
      points.map((point, i) =>
        // those that the clock overtook are not there
        untilSpent(async (): Promise<Try> => {
          const theta = thetaIn(space, point) as Theta;
          const trySeed = subSeed(seed, "search", this.#tries + i);
          const record = await this.purse.run(modelsOf(space, theta, trySeed)!);
          return { point, theta, seed: trySeed, record };
        }),
      ),
    );
    this.#tries += points.length;
    for (const tried of tries) if (tried !== undefined) await this.#consider(tried);
    tell?.();
  }

  async #consider(tried: Try): Promise<void> {
    for (const judged of this.#options.claims) {
      const { claim, key, statement } = judged;
      const observed = tried.record.observed[key] as number;
      const margin = marginOf(claim, observed);
      const violated = violates(claim, observed);
      const nearest: Nearest = { judged, tried, observed, margin, violated };
      const before = this.nearest.get(judged);
      if (before !== undefined && !isNearer(this.#options.claims, nearest, before)) continue;
      this.nearest.set(judged, nearest);
      if (!violated || this.settled.has(statement)) continue;
      // the next generation is asked for with its own share again
      this.purse.openUntil(this.#share);
      const { persists } = onMostSeeds(this.purse, judged, this.#options.seed);
      if (await untilSpent(() => persists(tried.theta))) this.settled.set(statement, nearest);
    }
  }
}

/** By margin; where the margins are equal, as for a claim whose bound is 0, by the nearest of the statement's others. */
export function isNearer(claims: readonly JudgedClaim[], one: Nearest, other: Nearest): boolean {
  if (one.margin !== other.margin) return one.margin < other.margin;
  if (one.violated !== other.violated) return one.violated;
  return leastMargin(claims, one) < leastMargin(claims, other);
}

function leastMargin(claims: readonly JudgedClaim[], { judged, tried }: Nearest): number {
  const others = claims.filter((each) => each.statement === judged.statement && each !== judged);
  return Math.min(...others.map(({ claim, key }) => marginOf(claim, tried.record.observed[key] as number)));
}

/** A coordinate outside the unit interval comes back from its end. */
function reflected(coordinate: number): number {
  const folded = Math.abs(coordinate) % 2;
  return folded > 1 ? 2 - folded : folded;
}
