import { existsSync } from "node:fs";
import type { JudgedEvent } from "../claim/population.ts";
import { experimentOf } from "../experiment/experiment.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import { isInvalidInput } from "../invalid-input.ts";
import { readText } from "../laboratory/read-text.ts";
import { shortNumber } from "../report/encode.ts";
import { LARGEST_RESULTS, parseResults, type Results } from "../report/results.ts";
import { trialOrder } from "../verdict/order.ts";
import { type PlannedTrials, planTrials } from "../verdict/plan-trials.ts";
import type { Prepared } from "../verdict/prepare.ts";
import { aligned } from "./table.ts";

/** What `verify` would do, before it does. */
export interface VerifyPlan {
  readonly seed: number;
  readonly verdicts: number;
  /** Where the supposed rates come from; null where they are as they should be. */
  readonly rates: string | null;
  readonly laws: readonly {
    readonly law: string;
    readonly verdicts: number;
    readonly trials: number;
    readonly atMost: number;
    readonly models: number;
    readonly stored: number;
    readonly seconds: number;
  }[];
  readonly models: number;
  readonly stored: number;
  readonly seconds: number;
  /** How the time was estimated. */
  readonly measured: { readonly models: number; readonly places: number; readonly modelsPerSecond: number };
}

export interface PlanOf {
  readonly prepared: Prepared;
  readonly seed: number;
  readonly maxModels?: number | undefined;
  /** results.json of the last run. */
  readonly lastRun: string;
  /** Trains for some seconds, at most one model of each law. */
  readonly laboratory: Laboratory;
  /** Answers what the store has, and undefined to all else. */
  readonly stored?: Laboratory | undefined;
}

/** Long enough that some models end. */
const MEASURED_MS = 4000;

/** Trials of each law, models and time. Trains a few models, of which none is kept. */
export async function planVerify({
  prepared,
  seed,
  maxModels,
  lastRun,
  laboratory,
  stored,
}: PlanOf): Promise<VerifyPlan> {
  const last = resultsIn(lastRun);
  const known = last && ratesOf(last);
  let isKnown = false;
  const rateOf = (event: JudgedEvent) => {
    const rate = known?.(event);
    isKnown ||= rate !== undefined;
    return rate;
  };
  const planned = planTrials(prepared, { rateOf, maxModels });
  const speed = await measure(planned, seed, laboratory);
  const laws: VerifyPlan["laws"][number][] = [];
  for (const { population, verdicts, trials, atMost } of planned) {
    const inStore = stored === undefined ? 0 : await countStored(population, seed, trials, stored);
    const each = population.law.doubles === undefined ? 1 : 2;
    const models = each * trials;
    const seconds = (models - each * inStore) * speed.secondsOf(population.law.id);
    laws.push({ law: population.law.id, verdicts, trials, atMost, models, stored: each * inStore, seconds });
  }
  const sum = (of: "models" | "stored" | "seconds") => laws.reduce((sum, each) => sum + each[of], 0);
  return {
    seed,
    verdicts: prepared.verdicts,
    rates: isKnown ? lastRun : null,
    laws,
    models: sum("models"),
    stored: sum("stored"),
    seconds: sum("seconds"),
    measured: { models: speed.models, places: laboratory.places, modelsPerSecond: speed.modelsPerSecond },
  };
}

/** The last run, where there is one that can be read. */
function resultsIn(file: string): Results | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return parseResults(readText(file, LARGEST_RESULTS), file);
  } catch (error) {
    // a plan needs none
    if (isInvalidInput(error)) return undefined;
    throw error;
  }
}

/** How often models violated an event in a run of the same law. */
function ratesOf({ statements, laws }: Results): (event: JudgedEvent) => number | undefined {
  return ({ statement, law, claim }) => {
    if (laws.find(({ id }) => id === law.id)?.hash !== law.hash) return undefined;
    const found = statements.find(({ id }) => id === statement.id);
    const event = found?.events.find((each) => each.law === law.id && each.claim === claim);
    if (event === undefined) return undefined;
    const { n, violations, later } = event.verdict;
    return (violations + later.violations) / (n + later.n);
  };
}

async function countStored(
  population: PlannedTrials["population"],
  seed: number,
  trials: number,
  stored: Laboratory,
): Promise<number> {
  let count = 0;
  for (let index = 0; index < trials; index++) {
    if ((await stored.run(trialOrder(population, seed, index))) !== undefined) count++;
  }
  return count;
}

/** How long a model of each law takes, from the work that the first ones took. */
async function measure(planned: readonly PlannedTrials[], seed: number, laboratory: Laboratory) {
  // each place loads the declarations with its first trial: that is not timed
  const first = planned[0]!.population;
  await Promise.all(Array.from({ length: laboratory.places }, () => laboratory.run(trialOrder(first, seed, 0))));
  // what takes most comes first
  const queue = [...planned].sort((one, other) => other.trials - one.trials);
  const began = performance.now();
  const isEarly = () => performance.now() - began < MEASURED_MS;
  const work = new Map<string, number>();
  let [models, all] = [0, 0];
  const place = async () => {
    for (let next = queue.shift(); next !== undefined && isEarly(); next = queue.shift()) {
      const { population } = next;
      const record = await laboratory.run(trialOrder(population, seed, 0));
      const experiment = experimentOf(population.claims[0]!.statement);
      const done = record!.models.map(({ theta, steps }) => experiment.cost(theta, steps));
      const sum = done.reduce((sum, each) => sum + each, 0);
      work.set(population.law.id, sum / done.length);
      models += done.length;
      all += sum;
    }
  };
  await Promise.all(Array.from({ length: laboratory.places }, place));
  const seconds = (performance.now() - began) / 1000;
  const perWork = seconds / all;
  const mean = all / models;
  return { models, modelsPerSecond: models / seconds, secondsOf: (law: string) => perWork * (work.get(law) ?? mean) };
}

/** The plan as a terminal shows it. */
export function describePlan(plan: VerifyPlan, beside: readonly string[]): string {
  const { laws, models, stored, seconds, rates, verdicts, measured } = plan;
  const rows = laws.map(({ law, verdicts, trials, atMost, models, stored, seconds }) => [
    law,
    ...[verdicts, trials, atMost, models, stored].map((count) => `${count}`.padStart(6)),
    timeIn(seconds).padStart(8),
  ]);
  const head = [
    "law",
    ...["events", "trials", "most", "models", "stored"].map((word) => word.padStart(6)),
    "time".padStart(8),
  ];
  const supposed =
    rates === null
      ? "if no model violates a theorem, and each violates what must be refuted"
      : `if models violate what they violated in ${rates} as often`;
  return [
    ...aligned([head, ...rows]),
    "",
    `${verdicts} verdicts, ${models} models${stored === 0 ? "" : `, ${stored} of them in the store`}, ${supposed}.`,
    `About ${timeIn(seconds)}, ${measured.places} at a time (${shortNumber(measured.modelsPerSecond)} models a second, measured on ${measured.models}).`,
    ...(beside.length === 0 ? [] : [`Beside them, not in this: ${beside.join(", ")}.`]),
    "",
  ].join("\n");
}

function timeIn(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}
