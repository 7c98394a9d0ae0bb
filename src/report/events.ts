import type { ClaimResultData, EventResultData, Results, StatementResult } from "./results.ts";

/** The claims that an event is about. */
export function claimsOf(
  { claims }: Pick<StatementResult, "claims">,
  event: EventResultData,
): readonly ClaimResultData[] {
  return claims.filter(({ law, title }) => law === event.law && (event.claim ?? title) === title);
}

/** The event that is about this claim alone; undefined where the claim has no verdict to itself. */
export function eventOf(statement: StatementResult, claim: ClaimResultData): EventResultData | undefined {
  return statement.events.find((event) => {
    const claims = claimsOf(statement, event);
    return claims.length === 1 && claims[0] === claim;
  });
}

/** What verdicts on theorems are about, in a sentence. */
export function judgedAs({ formerVersion }: Pick<Results, "formerVersion">): string {
  return formerVersion === undefined
    ? "A theorem is judged as a whole: a model violates it that violates any of its claims."
    : `These results are of version ${formerVersion}, which judged each claim by itself: p₀ bounds how often a claim is violated, not how often its theorem is.`;
}

/** What an event's verdict is about, in words. */
export function subjectOf(statement: Pick<StatementResult, "claims">, event: EventResultData): string {
  const claims = claimsOf(statement, event);
  if (claims.length === 1) return (claims[0] as ClaimResultData).title;
  return `its ${claims.length} claims together`;
}

/** Violations of an event among all models judged: "3 of 400". */
export function violationsOf({ verdict: { n, violations, later } }: EventResultData): string {
  return `${violations + later.violations} of ${n + later.n}`;
}

/** The theorems about doublings: each side of one is about a median. */
export function doublingTheorems({ laws, statements }: Pick<Results, "laws" | "statements">): readonly string[] {
  const doubling = new Set(laws.filter(({ doubles }) => doubles !== undefined).map(({ id }) => id));
  return statements
    .filter(({ kind, claims }) => kind === "theorem" && claims.some(({ law }) => doubling.has(law)))
    .map(({ id }) => id);
}

/** The ways in which models of these laws ended, each once. */
export function outcomesIn({ laws }: Pick<Results, "laws">): readonly string[] {
  return [...new Set(laws.flatMap(({ models }) => Object.keys(models)))].filter((key) => key !== "trained");
}

/** Of a lemma's examples, which share could have failed: "74 %"; of older results it is not known. */
export function shareNonTrivial({ examples, nonTrivial }: Results["lemmas"][number]): string {
  return nonTrivial === undefined ? "not counted" : `${Math.floor((100 * nonTrivial) / Math.max(1, examples))} %`;
}

/** The options of `train` that draw from a law of these results: of a user's, those of the law that it is made of. */
export function lawOptions({ laws }: Pick<Results, "laws">, id: string): string {
  const user = laws.find((law) => law.id === id)?.user;
  return user === undefined ? `--law ${id}` : `--law ${user.of} ${user.options}`;
}

/** The claim that comes closest to its bound: the first that is violated, or the least ratio. */
export function tightestClaim(claims: readonly ClaimResultData[]): ClaimResultData {
  const ratio = ({ ledger: { headroom } }: ClaimResultData) =>
    headroom?.kind === "ratio" && typeof headroom.value === "number" ? headroom.value : Number.POSITIVE_INFINITY;
  return claims.reduce((one, other) => (ratio(other) < ratio(one) ? other : one));
}
