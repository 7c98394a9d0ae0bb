import { countsOf, type FoundOn, foundElsewhere, foundOn, lawColumns } from "../by-law.ts";
import { shortNumber } from "../encode.ts";
import { judgedAs } from "../events.ts";
import { insideSentence } from "../inside.ts";
import { percent } from "../percent.ts";
import type { Presentation } from "../presentation.ts";
import type { Results, StatementResult } from "../results.ts";
import { strengthSentence, togetherSentence } from "../strength.ts";
import { type Html, html, joined, trusted } from "./html.ts";
import { standingHtml } from "./kept.ts";
import { symbolsHtml } from "./math.ts";
import { type Cell, cell, numeric, table, text } from "./table.ts";
import { tightestHeadroom, verdictHtml } from "./verdict.ts";
import { lawName, sourceOf } from "./words.ts";

/** What stands above everything else: what was judged, what holds on which law, how strongly, and what nothing formalises. */
export function firstScreen(
  results: Results,
  presentation: Presentation,
  theorems: readonly StatementResult[],
  parts: readonly { readonly id: string; readonly title: string }[],
): Html {
  const { gate, run } = results;
  const { heading } = presentation;
  const failures =
    gate.failures.length === 0
      ? undefined
      : html`<p class="answer bad">Not as it should be: ${gate.failures.join("; ")}.</p>`;
  return joined([
    html`<header class="top">`,
    // the experiment's own words, as markup
    html`<p class="kicker">${trusted(heading.kicker)}</p>`,
    html`<h1>${heading.title}</h1>`,
    html`<p class="question">${heading.question}</p>`,
    html`<p class="answer"><strong>${gate.answer}</strong> ${shortNumber(run.models)} models were trained for it.</p>`,
    failures,
    html`<nav class="contents" aria-label="Contents"><ul>`,
    ...parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`),
    html`</ul></nav>`,
    modelHtml(presentation),
    theorems.length === 0 ? undefined : summaryTable(results, theorems, presentation),
    howStrongly(results, theorems, presentation),
    notFormalised(presentation),
    readingGuide(results),
    html`</header>`,
  ]);
}

/** What is trained, and what its letters mean. */
function modelHtml({ model = [] }: Presentation): Html | undefined {
  if (model.length === 0) return undefined;
  return html`<ul class="model small" aria-label="The model and its notation">${model.map((line) => html`<li>${symbolsHtml(line)}</li>`)}</ul>`;
}

/** A line a theorem, a column a law. */
function summaryTable(results: Results, theorems: readonly StatementResult[], presentation: Presentation): Html {
  const columns = lawColumns(results);
  const elsewhere = theorems.map((theorem) => foundElsewhere(results, theorem, columns));
  const others = elsewhere.some((found) => found !== undefined) ? ["own law"] : [];
  const whole = results.formerVersion === undefined ? ", each as a whole" : "";
  return joined([
    table({
      className: "summary",
      caption: html`Verdicts on the theorems by law${whole}: how many models violate it, of how many up to the verdict. An empty cell: it does not speak of that law.`,
      head: ["theorem", ...columns.map((law) => lawName(law, presentation)), ...others, "source", "headroom"],
      rows: theorems.map((theorem, i): Cell[] => [
        cell(html`<a href="#${theorem.id}">${symbolsHtml(theorem.title)}</a>`),
        ...columns.map((law) => foundCell(foundOn(results, theorem, law), theorem.notJudgedOn?.includes(law))),
        ...others.map(() => foundCell(elsewhere[i])),
        { ...cell(html`<span class="nowrap">${sourceOf(theorem.provenance)}</span>`), later: true },
        { ...numeric(tightestHeadroom(theorem.claims)), later: true },
      ]),
    }),
    notJudgedHtml(theorems, presentation),
  ]);
}

function foundCell(found: FoundOn | undefined, notJudged = false): Cell {
  if (found === undefined) return { ...text(notJudged ? "not judged" : ""), later: !notJudged };
  return cell(
    html`${verdictHtml(found.verdict, "certified")} <span class="below nowrap small">${countsOf(found)}</span>`,
  );
}

function notJudgedHtml(theorems: readonly StatementResult[], presentation: Presentation): Html | undefined {
  const left = [...new Set(theorems.flatMap(({ notJudgedOn = [] }) => notJudgedOn))];
  if (left.length === 0) return undefined;
  return html`<p class="small">Not judged in this run, though theorems speak of them: ${left.map((law) => lawName(law, presentation)).join(", ")}.</p>`;
}

/** The strongest p₀, what a search found inside the laws, and how many models keep everything at once. */
function howStrongly(
  results: Results,
  theorems: readonly StatementResult[],
  presentation: Presentation,
): Html | undefined {
  const { laws, strength, inside } = results;
  const reached = theorems.flatMap(({ events }) =>
    events.flatMap(({ claim, strongestP0 }) => (claim === undefined && strongestP0 !== undefined ? [strongestP0] : [])),
  );
  const together = laws.flatMap(({ id, together }) => (together === undefined ? [] : [{ id, together }]));
  const parts = [
    reached.length === 0
      ? undefined
      : html`<li>With the models of this run the strongest p₀ that was certified ${between(Math.min(...reached), Math.max(...reached))}, theorem by theorem and law by law.</li>`,
    strength === undefined
      ? undefined
      : html`<li>${strengthSentence(strength)} <a href="#strength">The table.</a>${standingHtml(results, "strength.json")}</li>`,
    inside === undefined ? undefined : html`<li>${insideSentence(inside)}${standingHtml(results, "search.json")}</li>`,
    ...together.map(({ id, together }) => html`<li>${lawName(id, presentation)}: ${togetherSentence(together)}</li>`),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return html`<div class="small"><strong>How strongly.</strong><ul>${parts}</ul></div>`;
}

function between(least: number, most: number): string {
  const [one, other] = [percent(least, "up"), percent(most, "up")];
  return one === other ? `is ${one}` : `lies between ${one} and ${other}`;
}

/** What the sources state and nothing here says. */
function notFormalised({ sources: { list } }: Presentation): Html | undefined {
  const left = list?.statements.filter(({ formalisedBy }) => formalisedBy.length === 0) ?? [];
  if (left.length === 0) return undefined;
  return html`<div class="small"><strong>Not formalised</strong>, of what the <a href="#sources">sources</a> state:<ul>${left.map(
    ({ work, row, says, why }) => html`<li>${work}, row ${row}: ${symbolsHtml(says)} (${symbolsHtml(why)}).</li>`,
  )}</ul></div>`;
}

function readingGuide(results: Results): Html {
  const { run } = results;
  return html`<p class="small"><strong>How to read it.</strong> A theorem is about a model drawn from a declared law. ${judgedAs(results)} It is <em>certified</em> when enough models obeyed it (one that more than a share p₀ of the models violate is certified with probability at most ${shortNumber(run.beta)}, any of the ${run.verdicts} verdicts is such a false pass with at most ${shortNumber(run.anyFalsePass)}), <em>refuted</em> when too many did not (any true one of the run: at most ${shortNumber(run.alpha)}), and inconclusive at the cap. One may look after every model. <em>Headroom</em>, of the claim nearest to its bound, is how many times the worst observation could grow, or shrink, and still hold. What a verdict of a law says is about that law alone.</p>`;
}
