import { describeRelation } from "../../claim/relation.ts";
import { shortNumber } from "../encode.ts";
import type { DrawnFigure } from "../figures/draw.ts";
import type { Results } from "../results.ts";
import { escapeHtml, symbolsHtml } from "./math.ts";
import { figureHtml } from "./statements.ts";
import { type Cell, html, numeric, table } from "./table.ts";

/** Violation rates beyond the hypotheses. */
export function boundariesSection({ boundaries = [] }: Results, figures: readonly DrawnFigure[]): string {
  if (boundaries.length === 0) return "";
  return [
    "<p>How far beyond its hypotheses does a theorem go on being true? One field of θ is varied, or two, the others are drawn from the law; each cell has as many models as was fixed before, the same seeds in every cell. Nothing here enters a verdict.</p>",
    ...figures.map(figureHtml),
    `<p class="small">The cells as data: ${boundaries
      .map(({ id }) => `<a href="boundaries/${id}.csv"><code>${escapeHtml(id)}.csv</code></a>`)
      .join(", ")}. <code>npx theorycheck boundary --all --out reports/boundaries</code> measures them again.</p>`,
  ].join("\n");
}

/** Stored counterexamples, and whether they still show the same. */
export function counterexamplesSection({ counterexamples = [], statements }: Results): string {
  if (counterexamples.length === 0) return "";
  const nameOf = (theorem: string) =>
    statements.some(({ id }) => id === theorem) ? `<a href="#${theorem}">${theorem}</a>` : theorem;
  return [
    "<p>Models outside the hypotheses that violate a theorem, found by search and shrunk to the simplest θ that still does. Each is a file, trained again before anything else is judged; <code>npx theorycheck replay FILE</code> does so too, and the explorer opens it.</p>",
    table({
      caption: "Stored counterexamples",
      head: ["file", "claim", "observed", "bound", "breaks", "trained again"],
      rows: counterexamples.map(({ file, grade, reasons, says }): Cell[] => [
        html(`<a href="counterexamples/${escapeHtml(file)}"><code>${escapeHtml(file)}</code></a>`),
        html(says === undefined ? "–" : `${nameOf(says.theorem)}: ${symbolsHtml(says.claim)}`),
        numeric(says === undefined ? "–" : shortNumber(says.observed)),
        numeric(says === undefined ? "–" : describeRelation(says.relation)),
        html(
          says === undefined
            ? "–"
            : says.broken
                .map(({ hypothesis, why }) => `<span title="${escapeHtml(why)}">${escapeHtml(hypothesis)}</span>`)
                .join(", "),
        ),
        {
          ...html(
            grade === "not reproduced"
              ? `<strong class="bad">not reproduced</strong>: ${escapeHtml(reasons.join("; "))}`
              : escapeHtml(grade),
          ),
          whole: true,
        },
      ]),
    }),
  ].join("\n");
}
