import { type JudgedClaim, type Population, populationsOf } from "../claim/population.ts";
import { experimentOf } from "../experiment/experiment.ts";
import type { Budget } from "../explore/purse.ts";
import { type Space, spaceOf } from "../explore/space.ts";
import type { Declarations } from "../laboratory/fingerprint.ts";
import type { Law } from "../law/law.ts";
import { UsageError } from "./errors.ts";
import { releasedHypotheses } from "./fields.ts";
import { claimsNamed, lawSelection } from "./registry.ts";

/**
 * What a search may spend where nothing is said: models, and multiply-adds, of which one core does some 1.6·10^10 a second.
 * Of one theorem a minute or two on two cores, of all theorems five; a budget of models alone has no such limit.
 */
const UNLESS_GIVEN = { one: { models: 900, work: 2.5e12 }, all: { models: 60, work: 6e12 } };

/** What an option of the budget says in the help. */
export const BUDGET_HELP = {
  models: `models for each theorem, for all that is done; unless a budget is given ${UNLESS_GIVEN.one.models} (${UNLESS_GIVEN.all.models} with all), or a few minutes' work`,
  seconds: "end after so many seconds, whatever is under way: another machine then finds another result",
};

/** What is asked for. */
export interface Asked {
  readonly claim?: string;
  readonly release: readonly string[];
  readonly law?: string;
  readonly budgetModels?: number;
  readonly budgetSeconds?: number;
}

/** The search of one law. */
export interface PlannedSearch {
  readonly population: Population;
  readonly claims: readonly JudgedClaim[];
  readonly space: Space;
  /** How much of all searches this one is, in theorems. */
  readonly weight: number;
}

/** @throws UsageError where nothing is left to search */
export function searchesOf(theorem: string, options: Asked, { statements }: Declarations): PlannedSearch[] {
  const all = theorem === "all";
  const asked = all
    ? statements.filter(({ kind }) => kind === "theorem")
    : statements.filter(({ id }) => id === theorem);
  if (asked.length === 0) {
    throw new UsageError(`THEOREM must be all or one of ${statements.map(({ id }) => id).join(", ")}, got ${theorem}`);
  }
  const selects = lawSelection(options.law, statements);
  const ofLaws = all ? selects : (law: Law) => law.id === (options.law ?? asked[0]!.laws[0]!.id);
  const searches = populationsOf(statements).flatMap((population): PlannedSearch[] => {
    const spoken = asked.filter(({ laws }) => laws.some(({ id }) => id === population.law.id));
    if (spoken.length === 0 || !ofLaws(population.law)) return [];
    const claims = all
      ? population.claims.filter(
          ({ statement, claim }) => spoken.includes(statement) && claim.title.includes(options.claim ?? ""),
        )
      : claimsNamed(population, theorem, options.claim);
    if (claims.length === 0) return [];
    const released = releasedHypotheses(population.law.parameters, options.release);
    const space = spaceOf(experimentOf(claims[0]!.statement), population.law, released);
    return [{ population, claims, space, weight: new Set(claims.map(({ statement }) => statement)).size }];
  });
  if (searches.length === 0) {
    throw new UsageError(`--law and --claim must leave a claim of ${theorem}, got ${options.law} and ${options.claim}`);
  }
  return searches;
}

/**
 * The budget of the next of several searches. What the clock gives is shared among those that are left; models and work
 * are each search's own, so that they do not depend on it.
 *
 * @param now seconds since the command began
 */
export function budgetOf(
  search: PlannedSearch,
  all: readonly PlannedSearch[],
  { budgetModels, budgetSeconds }: Asked,
  theorem: string,
  now: () => number,
): Budget {
  const { weight } = search;
  const unless = theorem === "all" ? UNLESS_GIVEN.all : UNLESS_GIVEN.one;
  const isGiven = budgetModels !== undefined || budgetSeconds !== undefined;
  const weightOf = (some: readonly PlannedSearch[]) => some.reduce((sum, each) => sum + each.weight, 0);
  const began = now();
  const left = all.slice(all.indexOf(search));
  const seconds = budgetSeconds && Math.max(0, ((budgetSeconds - began) * weight) / weightOf(left));
  return {
    models: isGiven ? (budgetModels ?? Number.POSITIVE_INFINITY) * weight : unless.models * weight,
    work: isGiven ? Number.POSITIVE_INFINITY : (unless.work * weight) / weightOf(all),
    timeGone: seconds === undefined ? undefined : () => (seconds === 0 ? 1 : (now() - began) / seconds),
  };
}
