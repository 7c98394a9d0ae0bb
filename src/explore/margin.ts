import { type Claim, type Relation, slack } from "../claim/claim.ts";

/**
 * How far inside its bound an observation lies, as a multiple of the bound: positive or 0 where the claim holds,
 * negative where it is violated, −Infinity where the observation is not finite. It compares claims of different units.
 *
 * "above" with an observation on its bound is violated and has margin 0; everywhere else the sign decides.
 */
export function marginOf(claim: Pick<Claim, "relation">, observed: number): number {
  return slack(claim, observed) / unitOf(claim.relation);
}

/** What a slack is measured in: the bound's magnitude, half the width of an interval, or 1 where the bound is 0. */
export function unitOf(relation: Relation): number {
  if (relation.kind === "within") return (relation.high - relation.low) / 2 || 1;
  return Math.abs(relation.bound) || 1;
}
