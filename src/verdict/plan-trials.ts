import { eventsOf, type JudgedEvent } from "../claim/population.ts";
import { CLEAN_MODELS } from "../evidence/evidence.ts";
import { stoppingTime } from "../evidence/plan.ts";
import type { Prepared, SelectedPopulation } from "./prepare.ts";

/** How many trials of a law a run is going to take. */
export interface PlannedTrials {
  readonly population: SelectedPopulation;
  readonly verdicts: number;
  /** Until every verdict is reached, in the median. */
  readonly trials: number;
  /** Where one stays undecided. */
  readonly atMost: number;
}

export interface PlanOptions {
  /** How often a model violates an event, as far as somebody knows; as it should be unless given. */
  readonly rateOf?: ((event: JudgedEvent) => number | undefined) | undefined;
  readonly maxModels?: number | undefined;
}

/**
 * How many trials each law takes, before the first is run: the largest median of the exact stopping times of its events.
 * Where no rate is known, none of the models violates a theorem, and each violates what must be refuted.
 */
export function planTrials(
  prepared: Prepared,
  { rateOf = () => undefined, maxModels }: PlanOptions = {},
): PlannedTrials[] {
  const { p0, beta, alphaPerVerdict: alpha } = prepared;
  const known = new Map<string, number>();
  const median = (rate: number, allowed: number, cap: number): number => {
    const key = `${rate} ${allowed} ${cap}`;
    const models = known.get(key) ?? medianModels({ rate, p0: allowed, alpha, beta }, cap);
    known.set(key, models);
    return models;
  };
  return prepared.populations.map((population) => {
    const events = eventsOf(population.claims);
    const planned = events.map((event) => {
      const { statement } = event;
      const cap = Math.min(statement.maxModels, maxModels ?? statement.maxModels);
      const rate = rateOf(event) ?? (statement.kind === "theorem" ? 0 : 1);
      return { cap, trials: median(rate, statement.declaresP0 ? statement.p0 : p0, cap) };
    });
    const measures = population.claims.some(
      ({ statement }) => statement.kind === "finding" && statement.expects === "measured",
    );
    const least = measures ? CLEAN_MODELS : 1;
    return {
      population,
      verdicts: events.length,
      trials: Math.max(least, ...planned.map(({ trials }) => trials)),
      atMost: Math.max(least, ...planned.map(({ cap }) => cap)),
    };
  });
}

/** Half of all runs take at most so many; the cap, where they take more. */
function medianModels(options: Parameters<typeof stoppingTime>[0], cap: number): number {
  for (const { n, certified, refuted } of stoppingTime(options)) {
    if (n >= cap || certified + refuted >= 0.5) return n;
  }
  return cap;
}
