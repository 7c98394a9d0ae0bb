import fc from "fast-check";
import type { JudgedClaim } from "../claim/population.ts";
import { marginOf, violates } from "../claim/relation.ts";
import type { TrialRecord } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
import { pointArbitrary } from "../law/law.ts";
import type { Theta } from "../law/parameters.ts";
import { type Stream, stream, subSeed } from "../random/stream.ts";
import type { Probe } from "./probe.ts";
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

/** The share of the budget that biased generation gets. */
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

/** What a search found of one statement. */
export interface Findings {
  readonly statement: JudgedClaim["statement"];
  /** In the order of its claims. */
  readonly nearest: readonly Nearest[];
  /** A violation that persists on four of five seeds, if one was found; otherwise the worst that was seen. */
  readonly found?: Nearest & { readonly onMostSeeds: boolean };
}

export interface SearchOptions {
  readonly probe: Probe;
  readonly space: Space;
  /** Claims of the probe's law, of one statement or of several. */
  readonly claims: readonly JudgedClaim[];
  /** Budget, in models. */
  readonly models: number;
  readonly seed: number;
  /** Asked before each generation: ends the search early, at a moment that another machine does not share. */
  readonly outOfTime?: (() => boolean) | undefined;
  readonly onProgress?: ((progress: SearchProgress) => void) | undefined;
}

export interface SearchProgress {
  readonly models: number;
  readonly budget: number;
  readonly phase: "biased" | "guided";
  /** Least margin so far, over all claims. */
  readonly leastMargin: number;
  readonly violated: number;
}

export interface SearchResult {
  /** Models trained. */
  readonly models: number;
  readonly findings: readonly Findings[];
}

/** Searches until every statement has a violation that persists on four of five seeds, or the budget is spent. */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const seeking = new Seeking(options);
  await seeking.generateBiased();
  await seeking.guide();
  return seeking.result();
}

/** One (1+λ) evolution strategy, on one claim. */
interface Strategy {
  readonly judged: JudgedClaim;
  readonly random: Stream;
  step: number;
}

class Seeking {
  readonly #options: SearchOptions;
  readonly #nearest = new Map<JudgedClaim, Nearest>();
  /** Statements with a violation on four of five seeds, and it. */
  readonly #settled = new Map<JudgedClaim["statement"], Nearest>();
  readonly #modelsPerTrial: number;
  #models = 0;
  #tries = 0;
  #phase: SearchProgress["phase"] = "biased";

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#modelsPerTrial = options.space.law.doubles === undefined ? 1 : 2;
    if (options.models < this.#modelsPerTrial) {
      throw new InvalidInput(
        `search requires a budget of at least ${this.#modelsPerTrial} model(s), got ${options.models}`,
      );
    }
  }

  async generateBiased(): Promise<void> {
    const { space, models, seed } = this.#options;
    const random = new fc.Random(stream(seed, "search points").generator);
    const arbitrary = pointArbitrary(space.ranges);
    const choices = stream(seed, "search choices");
    // at least one trial, whatever the budget
    const budget = Math.max(this.#modelsPerTrial, Math.floor(BIASED_SHARE * models));
    while (this.#goesOn(budget)) {
      const points = this.#generation(budget, (index) => {
        // as in fast-check's own runs: the bias fades with their number
        const bias = 1 + String(index + 1).length;
        return [...arbitrary.generate(random, bias).value, ...space.choices.map(() => choices.uniform())];
      });
      await this.#run(points);
    }
  }

  async guide(): Promise<void> {
    const { claims, models, seed } = this.#options;
    this.#phase = "guided";
    const strategies = claims.map((judged): Strategy => {
      return { judged, random: stream(seed, `search steps ${judged.key}`), step: FIRST_STEP };
    });
    while (this.#goesOn(models)) {
      for (const strategy of strategies) {
        if (!this.#goesOn(models)) break;
        if (!this.#settled.has(strategy.judged.statement)) await this.#advance(strategy);
      }
    }
  }

  async #advance(strategy: Strategy): Promise<void> {
    const { judged, random } = strategy;
    const parent = this.#nearest.get(judged) as Nearest;
    const points = this.#generation(this.#options.models, () => this.#child(parent.tried.point, strategy.step, random));
    await this.#run(points);
    const improved = this.#nearest.get(judged) !== parent;
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

  #goesOn(budget: number): boolean {
    const { claims, outOfTime } = this.#options;
    if (this.#models + this.#modelsPerTrial > budget) return false;
    if (this.#tries > 0 && outOfTime?.()) return false;
    return !claims.every(({ statement }) => this.#settled.has(statement));
  }

  /** Up to λ points, as far as the budget goes, each of which some model has. */
  #generation(budget: number, draw: (index: number) => readonly number[]): readonly (readonly number[])[] {
    const size = Math.min(GENERATION, Math.floor((budget - this.#models) / this.#modelsPerTrial));
    return Array.from({ length: size }, (_, i) => {
      for (let attempt = 0; attempt < MOST_DRAWS; attempt++) {
        const point = draw(this.#tries + i);
        if (point.length !== dimensionOf(this.#options.space)) throw new Error("a point has a coordinate a range");
        if (thetaIn(this.#options.space, point) !== undefined) return point;
      }
      throw new InvalidInput(`search found no theta in ${MOST_DRAWS} draws that a model could have`);
    });
  }

  async #run(points: readonly (readonly number[])[]): Promise<void> {
    const { probe, space, seed } = this.#options;
    const tries = await Promise.all(
      points.map(async (point, i): Promise<Try> => {
        const theta = thetaIn(space, point) as Theta;
        const trySeed = subSeed(seed, "search", this.#tries + i);
        const models = modelsOf(space, theta, trySeed)!;
        return { point, theta, seed: trySeed, record: await probe.run(models) };
      }),
    );
    this.#tries += points.length;
    this.#models += points.length * this.#modelsPerTrial;
    for (const tried of tries) await this.#consider(tried);
    this.#tellProgress();
  }

  async #consider(tried: Try): Promise<void> {
    for (const judged of this.#options.claims) {
      const { claim, key, statement } = judged;
      const observed = tried.record.observed[key] as number;
      const margin = marginOf(claim, observed);
      const violated = violates(claim, observed);
      const nearest: Nearest = { judged, tried, observed, margin, violated };
      const before = this.#nearest.get(judged);
      if (before !== undefined && !this.#isNearer(nearest, before)) continue;
      this.#nearest.set(judged, nearest);
      if (violated && !this.#settled.has(statement) && (await this.#persists(nearest))) {
        this.#settled.set(statement, nearest);
      }
    }
  }

  /** By margin; where the margins are equal, as for a claim whose bound is 0, by the nearest of the statement's others. */
  #isNearer(one: Nearest, other: Nearest): boolean {
    if (one.margin !== other.margin) return one.margin < other.margin;
    if (one.violated !== other.violated) return one.violated;
    return this.#leastMargin(one) < this.#leastMargin(other);
  }

  #leastMargin({ judged, tried }: Nearest): number {
    const others = this.#options.claims.filter((each) => each.statement === judged.statement && each !== judged);
    return Math.min(...others.map(({ claim, key }) => marginOf(claim, tried.record.observed[key] as number)));
  }

  async #persists({ judged, tried }: Nearest): Promise<boolean> {
    const criterion = onMostSeeds(this.#options.probe, judged, this.#options.seed);
    const persists = await criterion.persists(tried.theta);
    this.#models += criterion.models();
    return persists;
  }

  #tellProgress(): void {
    const nearest = [...this.#nearest.values()];
    this.#options.onProgress?.({
      models: this.#models,
      budget: this.#options.models,
      phase: this.#phase,
      leastMargin: Math.min(...nearest.map(({ margin }) => margin)),
      violated: nearest.filter(({ violated }) => violated).length,
    });
  }

  result(): SearchResult {
    const statements = [...new Set(this.#options.claims.map(({ statement }) => statement))];
    const findings = statements.map((statement): Findings => {
      const nearest = this.#options.claims
        .filter((judged) => judged.statement === statement)
        .map((judged) => this.#nearest.get(judged) as Nearest);
      const settled = this.#settled.get(statement);
      if (settled !== undefined) return { statement, nearest, found: { ...settled, onMostSeeds: true } };
      const [worst] = nearest.filter(({ violated }) => violated).sort((one, other) => one.margin - other.margin);
      return { statement, nearest, ...(worst === undefined ? {} : { found: { ...worst, onMostSeeds: false } }) };
    });
    return { models: this.#models, findings };
  }
}

/** A coordinate outside the unit interval comes back from its end. */
function reflected(coordinate: number): number {
  const folded = Math.abs(coordinate) % 2;
  return folded > 1 ? 2 - folded : folded;
}
