import { GRADES } from "../../claim/source.ts";
import type { Presentation } from "../presentation.ts";
import type { Results } from "../results.ts";
import { type Html, html, joined } from "./html.ts";
import { symbolsHtml } from "./math.ts";
import { type Cell, cell, table, text } from "./table.ts";

/** Every statement of the sources, what formalises it, and why the rest is not here. */
export function sourcesSection({ statements, lemmas }: Results, { sources: { list } }: Presentation): Html | undefined {
  if (list === undefined) return undefined;
  const anchors = new Map([
    ...statements.map(({ id }) => [id, id] as const),
    ...lemmas.map(({ id }) => [id, `lemma-${id}`] as const),
  ]);
  // what this run did not judge has no place to lead to
  const named = (id: string) => (anchors.has(id) ? html`<a href="#${anchors.get(id)}">${id}</a>` : html`${id}`);
  const grades = Object.entries(GRADES).map(([grade, meaning]) => html`<strong>${grade}</strong> ${meaning}`);
  return joined([
    html`<p>In our words, as far as public sources show: ${joined(grades, "; ")}. What is not graded A is not said to be the authors’ own, and is quoted by no theorem.</p>`,
    table({
      caption: "Statements of the sources, and what formalises them",
      head: ["", "work", "grade", "what it states", "formalised by", "how, or why not"],
      rows: list.statements.map(({ row, work, grade, says, formalisedBy, why }): Cell[] => [
        text(String(row)),
        cell(html`<a href="#work-${work}">${work}</a>`),
        text(grade),
        cell(symbolsHtml(says)),
        formalisedBy.length === 0 ? text("nothing") : cell(joined(formalisedBy.map(named), ", ")),
        cell(symbolsHtml(why)),
      ]),
    }),
    html`<ul>`,
    ...Object.entries(list.works).map(
      ([work, { title, place, cited, url }]) =>
        html`<li id="work-${work}" class="small"><strong>${work}</strong>: ${title}, ${place}, <a href="${url}">${cited}</a></li>`,
    ),
    html`</ul>`,
  ]);
}
