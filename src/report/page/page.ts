import { claimsOf, subjectOf, violationsOf } from "../events.ts";
import type { DrawnFigure } from "../figures/draw.ts";
import type { Presentation } from "../presentation.ts";
import type { Results, StatementResult } from "../results.ts";
import { describeLimits } from "../tolerances.ts";
import { calibrationSection, lawsSection, lemmaSection, provenanceSection, teethSection } from "./appendices.ts";
import { boundariesSection, counterexamplesSection } from "./beyond.ts";
import { findingsSection, findingsWith, qualifyingHtml } from "./findings.ts";
import { firstScreen } from "./first.ts";
import { type Html, html, joined, trusted } from "./html.ts";
import { symbolsHtml } from "./math.ts";
import { matrixSection } from "./matrix.ts";
import { sourcesSection } from "./sources.ts";
import { figureHtml, theoremSection, verdictAfterHtml } from "./statements.ts";
import { strengthSection } from "./strength.ts";
import { STYLE } from "./style.ts";
import { type Cell, cell, numeric, table } from "./table.ts";
import { replayCommand } from "./words.ts";

/**
 * reports/index.html: one file that asks nothing of anywhere. A pure function of the results and of the figures, which
 * are drawn from the results.
 */
export function reportPage(
  results: Results,
  presentation: Presentation,
  figures: ReadonlyMap<string, DrawnFigure>,
  boundaries: readonly DrawnFigure[] = [],
): string {
  const of = (kind: StatementResult["kind"]) => results.statements.filter((statement) => statement.kind === kind);
  const theorems = of("theorem");
  const { figuresOf } = presentation;
  const shown = new Set<string>();
  const sections = theorems.map((theorem, i) => {
    const listed = Object.hasOwn(figuresOf, theorem.id) ? figuresOf[theorem.id] : undefined;
    const its = (listed ?? []).flatMap((id) => figures.get(id) ?? []);
    const here = its.filter(({ id }) => !shown.has(id));
    const elsewhere = its.filter(({ id }) => shown.has(id));
    for (const { id } of here) shown.add(id);
    const qualifies = qualifyingHtml(findingsWith(theorem.id, results, presentation));
    return theoremSection(theorem, i + 1, results, presentation, here, elsewhere, qualifies);
  });
  const parts: [string, string, Html | undefined][] = [
    ["overview", "How close it comes", overviewSection(figures)],
    ["theorems", "Theorems", sections.length === 0 ? undefined : joined(sections)],
    ["strength", "Strength", strengthSection(results, presentation)],
    ["controls", "Controls", controlsSection(of("control"))],
    ["matrix", "Every claim, and what breaks it", matrixSection(results)],
    ["findings", "Findings", findingsSection(of("finding"), presentation, theorems)],
    ["boundaries", "Where theorems stop", boundariesSection(results, boundaries)],
    ["counterexamples", "Counterexamples", counterexamplesSection(results)],
    ["lemmas", "Lemmas", lemmaSection(results)],
    ["teeth", "Teeth", teethSection(results)],
    ["calibration", "Calibration", calibrationSection(results)],
    ["laws", "Laws", lawsSection(results)],
    ["sources", "What the sources state", sourcesSection(results, presentation)],
    ["provenance", "Provenance", provenanceSection(results)],
  ];
  const there = parts.flatMap(([id, title, content]) => (content === undefined ? [] : [{ id, title, content }]));
  return joined([
    html`<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">`,
    html`<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`,
    html`<meta name="viewport" content="width=device-width, initial-scale=1">`,
    html`<meta name="color-scheme" content="light dark">`,
    html`<title>theorycheck: ${results.gate.answer}</title>`,
    html`<link rel="icon" href="data:,">`,
    html`<style>${trusted(STYLE)}</style>\n</head>\n<body>`,
    html`<a class="skip" href="#theorems">Skip to the theorems</a>`,
    firstScreen(results, presentation, theorems, there),
    html`<main>`,
    ...there.map(({ id, title, content }) =>
      joined([html`<section aria-labelledby="${id}">`, html`<h2 id="${id}">${title}</h2>`, content, html`</section>`]),
    ),
    html`</main>`,
    html`<footer class="foot"><p>Made by theorycheck ${results.theorycheck} from <a href="results.json">results.json</a> alone. The same tables as <a href="tolerances.md">Markdown</a> and as <a href="tolerances.tex">TeX</a>; the form of the data as <a href="results.schema.json">JSON Schema</a>.</p></footer>`,
    html`</body>\n</html>\n`,
  ]).markup;
}

/** No script, and nothing from anywhere: what slipped through all escaping would still not run. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

function overviewSection(figures: ReadonlyMap<string, DrawnFigure>): Html | undefined {
  const drawn = ["margins", "evidence"].flatMap((id) => figures.get(id) ?? []);
  return drawn.length === 0 ? undefined : joined(drawn.map(figureHtml));
}

function controlsSection(controls: readonly StatementResult[]): Html | undefined {
  if (controls.length === 0) return undefined;
  return joined([
    html`<p>A claim that nothing can break says nothing. Each control leaves one hypothesis of a theorem, and must come out refuted.</p>`,
    table({
      caption: "Controls: each claim that they break, with a model that breaks it",
      head: ["what is left", "theorem", "claim", "verdict", "violations", "limits", "replay"],
      rows: controls.flatMap((control) =>
        control.events.map((event, i): Cell[] => {
          const [claim] = claimsOf(control, event);
          return [
            cell(
              html`${i === 0 ? html`<span id="${control.id}">${symbolsHtml(control.leaves ?? control.title)}</span>` : ""}`,
            ),
            cell(html`${i === 0 ? html`<a href="#${control.of}">${control.of}</a>` : ""}`),
            cell(symbolsHtml(subjectOf(control, event))),
            cell(verdictAfterHtml(event, control.expects)),
            numeric(violationsOf(event)),
            numeric(describeLimits(event.limits)),
            { ...cell(html`<code>--law ${event.law} --seed ${claim?.ledger.decisive.seed}</code>`), whole: true },
          ];
        }),
      ),
    }),
    html`<p class="small">The last column goes behind <code>${replayCommand("", 0).replace(/ +--seed.*/, "")}</code>.</p>`,
  ]);
}
