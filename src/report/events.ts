import type { ClaimResultData, EventResultData, StatementResult } from "./results.ts";

/** The claims that an event is about. */
export function claimsOf(
  { claims }: Pick<StatementResult, "claims">,
  event: EventResultData,
): readonly ClaimResultData[] {
  return claims.filter(({ law, title }) => law === event.law && (event.claim ?? title) === title);
}

/** The event with the verdict of a claim; undefined where it has none. */
export function eventOf(
  { events }: Pick<StatementResult, "events">,
  claim: ClaimResultData,
): EventResultData | undefined {
  return events.find((event) => event.law === claim.law && (event.claim ?? claim.title) === claim.title);
}

/** What an event's verdict is about, in words. */
export function subjectOf(statement: Pick<StatementResult, "claims">, event: EventResultData): string {
  const claims = claimsOf(statement, event);
  if (claims.length === 1) return (claims[0] as ClaimResultData).title;
  return `all ${claims.length} claims together`;
}

/** Violations of an event among all models judged: "3 of 400". */
export function violationsOf({ verdict: { n, violations, later } }: EventResultData): string {
  return `${violations + later.violations} of ${n + later.n}`;
}
