import type { JudgedClaim } from "../claim/population.ts";
import { InvalidInput } from "../invalid-input.ts";
import { subSeed } from "../random/stream.ts";
import { Island, isNearer, type Nearest, type Phase } from "./island.ts";
import { ENDS, type Purse } from "./purse.ts";
import type { Space } from "./space.ts";

/** What a search found of one statement. */
export interface Findings {
  readonly statement: JudgedClaim["statement"];
  /** In the order of its claims. */
  readonly nearest: readonly Nearest[];
  /** A violation that persists on most seeds, if one was found; otherwise the worst that was seen. */
  readonly found?: Nearest & { readonly onMostSeeds: boolean };
}

export interface SearchOptions {
  readonly purse: Purse;
  readonly space: Space;
  /** Claims of the probe's law, of one statement or of several. */
  readonly claims: readonly JudgedClaim[];
  readonly seed: number;
  /** Searches that know nothing of each other, each with its part of the budget; one unless given. */
  readonly islands?: number | undefined;
  /** The share of the budget that may be spent where something is found; what examining it leaves unless given. */
  readonly until?: number | undefined;
  /** Told after each generation. */
  readonly onProgress?: ((progress: SearchProgress) => void) | undefined;
}

export interface SearchProgress {
  readonly models: number;
  /** Share of the whole budget. */
  readonly spent: number;
  readonly phase: Phase;
  /** Least margin so far, over all claims. */
  readonly leastMargin: number;
  readonly violated: number;
}

/**
 * A search until every statement has a violation that persists on most seeds, or its share of the budget is spent: the
 * whole of it where nothing is violated, since there is nothing then to keep a share for.
 *
 * Islands have sub-seeds and are merged in their order, so that the result depends on how many there are and not on where
 * they ran. They keep many places busy: an island waits for the last model of each generation, and the others do not.
 */
export class Search {
  readonly #options: SearchOptions;
  readonly #purse: Purse;
  readonly #islands: readonly Island[];
  #isOver = false;

  constructor(options: SearchOptions) {
    const { purse, seed, space, islands = 1, onProgress } = options;
    this.#options = options;
    this.#purse = purse;
    const tell = onProgress && (() => onProgress(this.#progress()));
    this.#islands = Array.from({ length: islands }, (_, i) => {
      const of = islands === 1 ? { purse, seed } : { purse: purse.part(islands), seed: subSeed(seed, "island", i) };
      return new Island({ ...options, ...of, tell });
    });
    const needed = space.law.doubles === undefined ? 1 : 2;
    const lacking = this.#islands.find(({ purse }) => purse.budget.models < needed);
    if (lacking !== undefined) {
      const each = islands === 1 ? "" : " for each island";
      throw new InvalidInput(
        `search requires a budget of at least ${needed} model(s)${each}, got ${lacking.purse.budget.models}`,
      );
    }
  }

  async run(): Promise<readonly Findings[]> {
    // islands wait for each other here: whether any of them found something decides what the others may spend
    await Promise.all(this.#islands.map((island) => island.seek(this.#options.until ?? ENDS.finding)));
    if (this.findings().every(({ found }) => found === undefined)) {
      await Promise.all(this.#islands.map((island) => island.seek(1)));
    }
    if (this.#islands.length > 1) this.#purse.charge(this.#islands.map(({ purse }) => purse));
    this.#isOver = true;
    return this.findings();
  }

  /** Models trained by it and by whatever else spends of the same purse. */
  get models(): number {
    return this.#isOver ? this.#purse.models : this.#islands.reduce((sum, { purse }) => sum + purse.models, 0);
  }

  /** The share of the whole budget that is spent. */
  get spent(): number {
    if (this.#isOver) return this.#purse.spent;
    return this.#islands.reduce((sum, { purse }) => sum + purse.spent, 0) / this.#islands.length;
  }

  /** What is known now: the nearest of all islands, and the violation of the first of them that has one on most seeds. */
  findings(): readonly Findings[] {
    const { claims } = this.#options;
    const statements = [...new Set(claims.map(({ statement }) => statement))];
    return statements.map((statement): Findings => {
      const nearest = claims
        .filter((judged) => judged.statement === statement)
        .flatMap((judged) => this.#nearestOf(judged) ?? []);
      const settled = this.#islands.map((island) => island.settled.get(statement)).find((each) => each !== undefined);
      if (settled !== undefined) return { statement, nearest, found: { ...settled, onMostSeeds: true } };
      const [worst] = nearest.filter(({ violated }) => violated).sort((one, other) => one.margin - other.margin);
      return { statement, nearest, ...(worst === undefined ? {} : { found: { ...worst, onMostSeeds: false } }) };
    });
  }

  #nearestOf(judged: JudgedClaim): Nearest | undefined {
    const all = this.#islands.flatMap((island) => island.nearest.get(judged) ?? []);
    return all.reduce<Nearest | undefined>(
      (one, other) => (one === undefined || isNearer(this.#options.claims, other, one) ? other : one),
      undefined,
    );
  }

  #progress(): SearchProgress {
    const nearest = this.#options.claims.flatMap((judged) => this.#nearestOf(judged) ?? []);
    return {
      models: this.models,
      spent: this.spent,
      phase: this.#islands.some(({ phase }) => phase === "biased") ? "biased" : "guided",
      leastMargin: Math.min(...nearest.map(({ margin }) => margin)),
      violated: nearest.filter(({ violated }) => violated).length,
    };
  }
}
