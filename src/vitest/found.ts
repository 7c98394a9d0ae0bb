import type { Statement } from "../claim/theorem.ts";
import type { Law } from "../law/law.ts";
import type { ClaimResult, Judgement } from "../verdict/judge.ts";
import type { EventResult } from "../verdict/tally.ts";

/** What was found of a claim of a statement on a law. */
export function claimIn({ populations }: Judgement, statement: Statement, law: Law, title: string): ClaimResult {
  return populations
    .flatMap(({ claims }) => claims)
    .find((each) => each.statement === statement && each.law.id === law.id && each.claim.title === title)!;
}

/** What was found of a theorem as a whole on a law. */
export function wholeIn({ populations }: Judgement, statement: Statement, law: Law): EventResult {
  return populations
    .flatMap(({ events }) => events)
    .find((each) => each.statement === statement && each.law.id === law.id && each.claim === undefined)!;
}

/** The event that a claim's verdict is; undefined where it is counted or measured only. */
export function eventOf({ populations }: Judgement, { key }: ClaimResult): EventResult | undefined {
  return populations.flatMap(({ events }) => events).find(({ claims }) => claims.some((each) => each.key === key));
}

/** What was found of the claims that an event is about. */
export function claimsOf({ populations }: Judgement, { claims }: EventResult): readonly ClaimResult[] {
  const keys = claims.map(({ key }) => key);
  return populations.flatMap((each) => each.claims).filter(({ key }) => keys.includes(key));
}
