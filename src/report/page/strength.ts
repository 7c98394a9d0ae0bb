import type { Presentation } from "../presentation.ts";
import type { Results } from "../results.ts";
import { strengthRows, strengthSentence, togetherSentence } from "../strength.ts";
import { type Html, html, joined } from "./html.ts";
import { standingHtml } from "./kept.ts";
import { symbolsHtml } from "./math.ts";
import { type Cell, cell, table, text } from "./table.ts";
import { verdictHtml } from "./verdict.ts";
import { lawName } from "./words.ts";

/** How strongly each theorem is certified, where that was measured. */
export function strengthSection(results: Results, presentation: Presentation): Html | undefined {
  const { strength, statements } = results;
  if (strength === undefined) return undefined;
  const { laws, rows } = strengthRows(strength);
  return joined([
    standingHtml(results, "strength.json"),
    html`<p>${strengthSentence(strength)}</p>`,
    table({
      className: "summary",
      caption: "The strongest p₀ of each theorem on each law, and how many models violated it",
      head: ["theorem", ...laws.map((law) => lawName(law, presentation))],
      rows: rows.map(({ id, title, cells }): Cell[] => [
        cell(
          statements.some((statement) => statement.id === id)
            ? html`<a href="#${id}">${symbolsHtml(title)}</a>`
            : symbolsHtml(title),
        ),
        ...cells.map((found) =>
          found === undefined
            ? { ...text(""), later: true }
            : cell(
                html`${found.verdict === "certified" ? "" : verdictHtml(found.verdict, "certified")} <span class="nowrap">${found.strongest}</span> <span class="nowrap small">${found.counts}</span>`,
              ),
        ),
      ]),
    }),
    html`<ul>`,
    ...strength.laws.map(
      ({ law, together }) => html`<li>${lawName(law, presentation)}: ${togetherSentence(together)}</li>`,
    ),
    html`</ul>`,
    html`<p class="small">Written by <code>npx theorycheck verify --strength ${`${Number((100 * strength.p0).toPrecision(12))}%`}</code>.</p>`,
  ]);
}
