import type { TrialRecord } from "../experiment/trial.ts";
import type { Draws } from "../law/law.ts";
import type { Probe } from "./probe.ts";

/** What a search may spend on all that it does. */
export interface Budget {
  /** Infinity where only the clock ends it. */
  readonly models: number;
  /** Multiply-adds: the same on any machine, as seconds are not. Infinity where only models count. */
  readonly work: number;
  /** The share of its time that is gone, 1 and more where all is; left out where no clock ends it. */
  readonly timeGone?: (() => number) | undefined;
}

/**
 * The share of the budget that is spent when each stage ends, at the latest: what one leaves is there for the next. Where
 * no violation is found there is nothing to examine, and the search for one goes on with all of it.
 */
export const ENDS = { finding: 0.4, judging: 0.5, shrinking: 0.75, rejudging: 0.8, explaining: 1 } as const;

/** The budget, or a stage's share of it, does not go further: what is known until then is the answer. */
export class Spent extends Error {
  override readonly name = "Spent";
}

/** What `run` gives; undefined where the budget ran out before. */
export async function untilSpent<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Spent) return undefined;
    throw error;
  }
}

/**
 * A budget, and what of it is spent. Models and work are looked at before a batch is asked for, and never while one is
 * under way: where no clock ends it, what a search does depends on its seed alone.
 */
export class Purse {
  readonly probe: Probe;
  readonly budget: Budget;
  #until = 1;
  #models = 0;
  #work = 0;
  #answered = 0;

  constructor(probe: Probe, budget: Budget) {
    this.probe = probe;
    this.budget = budget;
  }

  /** Models asked for. */
  get models(): number {
    return this.#models;
  }

  /** The share of the budget that is spent. */
  get spent(): number {
    const { models, work, timeGone = () => 0 } = this.budget;
    return Math.max(this.#models / models, this.#work / work, timeGone());
  }

  /** From now on this share of the budget may be spent. */
  openUntil(share: number): void {
    this.#until = share;
  }

  /** How many more models of a batch the budget goes for, as far as is known before they are trained. */
  get affordable(): number {
    const { models, work, timeGone = () => 0 } = this.budget;
    if (this.#work >= work * this.#until || timeGone() >= this.#until) return 0;
    // shares of whole numbers: 0.4 of 5 is 2
    return Math.max(0, Math.floor(models * this.#until + 1e-9) - this.#models);
  }

  /** @throws Spent where a batch of so many models goes beyond the budget */
  require(models: number): void {
    if (models > this.affordable) throw new Spent("the budget is spent");
  }

  /**
   * Runs a trial.
   *
   * @throws Spent where the clock ended the budget before there was a place for it; the first one is run in any case
   */
  async run(draws: Draws): Promise<TrialRecord> {
    this.#models += draws.length;
    const { timeGone } = this.budget;
    const wanted = timeGone && (() => this.#answered === 0 || timeGone() < this.#until);
    const record = await this.probe.run(draws, wanted);
    if (record === undefined) {
      this.#models -= draws.length;
      throw new Spent("the time is over");
    }
    this.#answered++;
    const { experiment } = this.probe;
    for (const { theta, steps } of record.models) this.#work += experiment.cost(theta, steps);
    return record;
  }

  /** An n-th of this budget, for one who spends it independently of the others. */
  part(n: number): Purse {
    const { models, work, timeGone } = this.budget;
    return new Purse(this.probe, { models: Math.floor(models / n), work: work / n, timeGone });
  }

  /** Takes what parts have spent for spent. */
  charge(parts: readonly Purse[]): void {
    for (const part of parts) {
      this.#models += part.#models;
      this.#work += part.#work;
      this.#answered += part.#answered;
    }
  }
}
