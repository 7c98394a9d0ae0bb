import { shortNumber } from "../encode.ts";
import type { ClaimResultData, StatementResult } from "../results.ts";
import { describeHeadroom, describeLimits } from "../tolerances.ts";
import { asExpected } from "./words.ts";

/** A verdict as word, shape and colour: filled circle certified, filled square refuted, half circle inconclusive. */
export function verdictHtml(kind: StatementResult["verdict"], expects: StatementResult["expects"]): string {
  const tone = expects === "measured" ? "plain" : kind === expects ? "good" : kind === "inconclusive" ? "open" : "bad";
  return `<span class="verdict ${kind} ${tone}">${kind}</span>`;
}

export function statementVerdictHtml(statement: StatementResult): string {
  const unexpected =
    asExpected(statement) === false ? ` <span class="bad">(should be ${statement.expects})</span>` : "";
  return verdictHtml(statement.verdict, statement.expects) + unexpected;
}

/** The largest upper limit of the violation probability over a statement's claims, as text. */
export function highestLimit(claims: readonly ClaimResultData[]): string {
  const worst = claims.reduce((one, other) => (other.ledger.limits.upper > one.ledger.limits.upper ? other : one));
  return describeLimits(worst.ledger.limits).replace(/^.* to /, "");
}

/** The claim that comes closest to its bound: the first that is violated, or the least ratio. */
export function tightestClaim(claims: readonly ClaimResultData[]): ClaimResultData {
  const ratio = ({ ledger: { headroom } }: ClaimResultData) =>
    headroom?.kind === "ratio" && typeof headroom.value === "number" ? headroom.value : Number.POSITIVE_INFINITY;
  return claims.reduce((one, other) => (ratio(other) < ratio(one) ? other : one));
}

/** "1.5×", or "none" where no claim has a ratio. */
export function tightestHeadroom(claims: readonly ClaimResultData[]): string {
  const { headroom } = tightestClaim(claims).ledger;
  return headroom?.kind === "ratio" ? describeHeadroom(headroom) : "–";
}

export function mostModels(claims: readonly ClaimResultData[]): string {
  return shortNumber(Math.max(...claims.map(({ ledger }) => ledger.models)));
}

/** The most violated of the claims: "3 of 400". */
export function mostViolations(claims: readonly ClaimResultData[]): string {
  const most = claims.reduce((one, other) => (other.ledger.violations > one.ledger.violations ? other : one));
  return `${most.ledger.violations} of ${most.ledger.models}`;
}
