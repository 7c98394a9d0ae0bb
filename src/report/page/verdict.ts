import { tightestClaim, violationsOf } from "../events.ts";
import type { ClaimResultData, EventResultData, StatementResult } from "../results.ts";
import { describeHeadroom } from "../tolerances.ts";
import { type Html, html } from "./html.ts";
import { asExpected } from "./words.ts";

/** A verdict as word, shape and colour: filled circle certified, filled square refuted, half circle inconclusive. */
export function verdictHtml(kind: StatementResult["verdict"], expects: StatementResult["expects"]): Html {
  const tone = expects === "measured" ? "plain" : kind === expects ? "good" : kind === "inconclusive" ? "open" : "bad";
  return html`<span class="verdict ${kind} ${tone}">${kind}</span>`;
}

export function statementVerdictHtml(statement: StatementResult): Html {
  const unexpected =
    asExpected(statement) === false ? html` <span class="bad">(should be ${statement.expects})</span>` : undefined;
  return html`${verdictHtml(statement.verdict, statement.expects)}${unexpected}`;
}

/** "1.5×", or "none" where no claim has a ratio. */
export function tightestHeadroom(claims: readonly ClaimResultData[]): string {
  const { headroom } = tightestClaim(claims).ledger;
  return headroom?.kind === "ratio" ? describeHeadroom(headroom) : "–";
}

/** The event that happened most: "3 of 400". */
export function mostViolations(events: readonly EventResultData[]): string {
  return violationsOf(events.reduce((one, other) => (other.violators.length > one.violators.length ? other : one)));
}
