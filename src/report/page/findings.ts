import type { Presentation } from "../presentation.ts";
import type { Results, StatementResult } from "../results.ts";
import { type Html, html, joined } from "./html.ts";
import { symbolsHtml } from "./math.ts";
import { claimsTable } from "./statements.ts";
import { type Cell, cell, table } from "./table.ts";
import { statementVerdictHtml } from "./verdict.ts";

/** The findings of these results that qualify a theorem, in their order. */
export function findingsWith(theorem: string, { statements }: Results, { findingsOf = {} }: Presentation) {
  const named = Object.hasOwn(findingsOf, theorem) ? (findingsOf[theorem] ?? []) : [];
  return named.flatMap((id) => statements.filter((one) => one.kind === "finding" && one.id === id));
}

/** What qualifies a theorem, in its section. */
export function qualifyingHtml(findings: readonly StatementResult[]): Html | undefined {
  if (findings.length === 0) return undefined;
  return joined([
    html`<h4>What qualifies it</h4>`,
    ...findings.map(
      (finding) =>
        html`<section id="${finding.id}" aria-labelledby="${finding.id}-title"><p id="${finding.id}-title">${statementVerdictHtml(finding)} ${symbolsHtml(finding.title)}.</p>${claimsTable(finding, "What was claimed, and how often it is not so")}</section>`,
    ),
  ]);
}

/** Every finding in a line, and in whole those that stand with no theorem. */
export function findingsSection(
  findings: readonly StatementResult[],
  { findingsOf = {} }: Presentation,
  theorems: readonly StatementResult[],
): Html | undefined {
  if (findings.length === 0) return undefined;
  const qualified = (finding: StatementResult) =>
    theorems.find(({ id }) => Object.hasOwn(findingsOf, id) && findingsOf[id]?.includes(finding.id));
  const alone = findings.filter((finding) => qualified(finding) === undefined);
  return joined([
    html`<p>What one might expect of the theory and is not so, or a rate that nobody stated. No failure of the gate. Each stands with the theorem that it qualifies. “Measured” means a number of models fixed before, and Clopper–Pearson limits.</p>`,
    table({
      caption: "Findings, and the theorem that each qualifies",
      head: ["finding", "verdict", "theorem"],
      rows: findings.map((finding): Cell[] => {
        const theorem = qualified(finding);
        return [
          cell(html`<a href="#${finding.id}">${symbolsHtml(finding.title)}</a>`),
          cell(statementVerdictHtml(finding)),
          cell(theorem === undefined ? html`–` : html`<a href="#${theorem.id}">${theorem.id}</a>`),
        ];
      }),
    }),
    ...alone.map((finding) =>
      joined([
        html`<section class="statement" id="${finding.id}" aria-labelledby="${finding.id}-title">`,
        html`<header><div><h3 id="${finding.id}-title">${symbolsHtml(finding.title)}</h3></div><p>${statementVerdictHtml(finding)}</p></header>`,
        claimsTable(finding, "What was claimed, and how often it is not so"),
        html`</section>`,
      ]),
    ),
  ]);
}
