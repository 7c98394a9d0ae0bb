import { describeRelation } from "../../claim/relation.ts";
import { shortNumber } from "../encode.ts";
import type { DrawnFigure } from "../figures/draw.ts";
import type { Results } from "../results.ts";
import { type Html, html, joined } from "./html.ts";
import { symbolsHtml } from "./math.ts";
import { figureHtml } from "./statements.ts";
import { type Cell, cell, numeric, table, text } from "./table.ts";

/** Violation rates beyond the hypotheses. */
export function boundariesSection({ boundaries = [] }: Results, figures: readonly DrawnFigure[]): Html | undefined {
  if (boundaries.length === 0) return undefined;
  return joined([
    html`<p>How far beyond its hypotheses does a theorem go on being true? One field of θ is varied, or two, the others are drawn from the law; each cell has as many models as was fixed before, the same seeds in every cell. Nothing here enters a verdict.</p>`,
    ...figures.map(figureHtml),
    html`<p class="small">The cells as data: ${joined(
      boundaries.map(({ id }) => html`<code>boundaries/${id}.csv</code>`),
      ", ",
    )}, beside the committed report. <code>npx theorycheck boundary --all --out reports/boundaries</code> measures them again.</p>`,
  ]);
}

/** Stored counterexamples, and whether they still show the same. */
export function counterexamplesSection({ counterexamples = [], statements }: Results): Html | undefined {
  if (counterexamples.length === 0) return undefined;
  const nameOf = (theorem: string) =>
    statements.some(({ id }) => id === theorem) ? html`<a href="#${theorem}">${theorem}</a>` : theorem;
  return joined([
    html`<p>Models outside the hypotheses that violate a theorem, found by search and shrunk to the simplest θ that still does. Each is a file, trained again before anything else is judged; <code>npx theorycheck replay FILE</code> does so too, and the explorer opens it.</p>`,
    table({
      caption: "Stored counterexamples",
      head: ["file", "claim", "observed", "bound", "breaks", "trained again"],
      rows: counterexamples.map(({ file, grade, reasons, says }): Cell[] => [
        cell(html`<code>counterexamples/${file}</code>`),
        says === undefined ? text("–") : cell(html`${nameOf(says.theorem)}: ${symbolsHtml(says.claim)}`),
        numeric(says === undefined ? "–" : shortNumber(says.observed)),
        numeric(says === undefined ? "–" : describeRelation(says.relation)),
        says === undefined
          ? text("–")
          : cell(
              joined(
                says.broken.map(({ hypothesis, why }) => html`<span title="${why}">${hypothesis}</span>`),
                ", ",
              ),
            ),
        {
          ...(grade === "not reproduced"
            ? cell(html`<strong class="bad">not reproduced</strong>: ${reasons.join("; ")}`)
            : text(grade)),
          whole: true,
        },
      ]),
    }),
  ]);
}
