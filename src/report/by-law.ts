import type { EventResultData, Results, StatementResult } from "./results.ts";

/** What was found of a theorem on a law, or on several that it alone speaks of. */
export interface FoundOn {
  /** The worst of the verdicts. */
  readonly verdict: EventResultData["verdict"]["kind"];
  /** Trials up to the verdict, of the longest one where there are several, and the violations among them. */
  readonly n: number;
  readonly violations: number;
  /** What stands in a trial: a model, or a pair of them, where violations of a median's side are no failures. */
  readonly of: "models" | "pairs";
  readonly laws: readonly string[];
}

/**
 * The laws that have a column where theorems stand in lines: those that two theorems or more speak of, in the order of
 * the results. Pairs have none. Where no law is shared every law has one, up to four.
 */
export function lawColumns({ laws, statements }: Pick<Results, "laws" | "statements">): readonly string[] {
  const theorems = statements.filter(({ kind }) => kind === "theorem");
  const speaking = (law: string) => theorems.filter(({ events }) => events.some((event) => event.law === law)).length;
  const single = laws.filter(({ id, doubles }) => doubles === undefined && speaking(id) > 0).map(({ id }) => id);
  const shared = single.filter((id) => speaking(id) > 1);
  return shared.length > 0 ? shared : single.length <= 4 ? single : [];
}

/** What was found of a theorem on this law; undefined where it has no verdict there. */
export function foundOn(results: Pick<Results, "laws">, theorem: StatementResult, law: string): FoundOn | undefined {
  return found(
    results,
    theorem.events.filter((event) => event.law === law),
  );
}

/** What was found of a theorem on the laws that have no column. */
export function foundElsewhere(
  results: Pick<Results, "laws">,
  theorem: StatementResult,
  columns: readonly string[],
): FoundOn | undefined {
  return found(
    results,
    theorem.events.filter(({ law }) => !columns.includes(law)),
  );
}

/** Worst first, as a theorem is judged. */
const WORST_FIRST = ["refuted", "inconclusive", "certified"] as const;

function found({ laws }: Pick<Results, "laws">, events: readonly EventResultData[]): FoundOn | undefined {
  if (events.length === 0) return undefined;
  const verdicts = events.map(({ verdict }) => verdict);
  const verdict = WORST_FIRST.find((kind) => verdicts.some((each) => each.kind === kind))!;
  const longest = verdicts.reduce((most, each) => (each.n > most.n ? each : most));
  const named = [...new Set(events.map(({ law }) => law))];
  const doubling = laws.some(({ id, doubles }) => doubles !== undefined && named.includes(id));
  return {
    verdict,
    n: longest.n,
    violations: longest.violations,
    of: doubling ? "pairs" : "models",
    laws: named,
  };
}

/** "0 of 158", or "up to 56 pairs", of which half may violate a side. */
export function countsOf({ n, violations, of }: FoundOn): string {
  return of === "pairs" ? `up to ${n} pairs` : `${violations} of ${n}`;
}
