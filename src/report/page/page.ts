import { shortNumber } from "../encode.ts";
import { claimsOf, judgedAs, subjectOf, violationsOf } from "../events.ts";
import type { DrawnFigure } from "../figures/draw.ts";
import type { Presentation } from "../presentation.ts";
import type { Results, StatementResult } from "../results.ts";
import { describeLimits } from "../tolerances.ts";
import { calibrationSection, lawsSection, lemmaSection, provenanceSection, teethSection } from "./appendices.ts";
import { boundariesSection, counterexamplesSection } from "./beyond.ts";
import { escapeHtml, symbolsHtml } from "./math.ts";
import { claimsTable, figureHtml, theoremSection, verdictAfterHtml } from "./statements.ts";
import { STYLE } from "./style.ts";
import { type Cell, html, numeric, table, text } from "./table.ts";
import { highestLimit, mostModels, mostViolations, statementVerdictHtml, tightestHeadroom } from "./verdict.ts";
import { replayCommand, sourceOf } from "./words.ts";

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
    return theoremSection(theorem, i + 1, results, presentation, here, elsewhere);
  });
  const parts: [string, string, string][] = [
    ["overview", "How close it comes", overviewSection(figures)],
    ["theorems", "Theorems", sections.join("\n")],
    ["controls", "Controls", controlsSection(of("control"))],
    ["findings", "Findings", findingsSection(of("finding"))],
    ["boundaries", "Where theorems stop", boundariesSection(results, boundaries)],
    ["counterexamples", "Counterexamples", counterexamplesSection(results)],
    ["lemmas", "Lemmas", lemmaSection(results)],
    ["teeth", "Teeth", teethSection(results)],
    ["calibration", "Calibration", calibrationSection(results)],
    ["laws", "Laws", lawsSection(results)],
    ["provenance", "Provenance", provenanceSection(results)],
  ];
  const there = parts.filter(([, , content]) => content !== "");
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>theorycheck: ${escapeHtml(results.gate.answer)}</title>`,
    '<link rel="icon" href="data:,">',
    `<style>${STYLE}</style>\n</head>\n<body>`,
    '<a class="skip" href="#theorems">Skip to the theorems</a>',
    firstScreen(results, presentation, theorems, there),
    "<main>",
    ...there.map(([id, title, content]) =>
      [`<section aria-labelledby="${id}">`, `<h2 id="${id}">${title}</h2>`, content, "</section>"].join("\n"),
    ),
    "</main>",
    `<footer class="foot"><p>Made by theorycheck ${escapeHtml(results.theorycheck)} from <a href="results.json">results.json</a> alone. ` +
      'The same tables as <a href="tolerances.md">Markdown</a> and as <a href="tolerances.tex">TeX</a>; ' +
      'the form of the data as <a href="results.schema.json">JSON Schema</a>.</p></footer>',
    "</body>\n</html>\n",
  ].join("\n");
}

function firstScreen(
  results: Results,
  { heading }: Presentation,
  theorems: readonly StatementResult[],
  parts: readonly [string, string, string][],
): string {
  const { gate, run } = results;
  const failures =
    gate.failures.length === 0
      ? ""
      : `<p class="answer bad">Not as it should be: ${escapeHtml(gate.failures.join("; "))}.</p>`;
  return [
    '<header class="top">',
    `<p class="kicker">${heading.kicker}</p>`,
    `<h1>${escapeHtml(heading.title)}</h1>`,
    `<p class="question">${escapeHtml(heading.question)}</p>`,
    `<p class="answer"><strong>${escapeHtml(gate.answer)}</strong> ${shortNumber(run.models)} models were trained for it.</p>`,
    failures,
    '<nav class="contents" aria-label="Contents"><ul>',
    ...parts.map(([id, title]) => `<li><a href="#${id}">${title}</a></li>`),
    "</ul></nav>",
    theorems.length === 0 ? "" : summaryTable(results, theorems),
    readingGuide(results),
    "</header>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function summaryTable({ formerVersion }: Results, theorems: readonly StatementResult[]): string {
  const whole = formerVersion === undefined ? ", each as a whole" : "";
  return table({
    className: "summary",
    caption: `Verdicts on the theorems${whole}; the headroom is that of the claim nearest to its bound.`,
    head: ["theorem", "verdict", "source", "models", "violations", "rate at most", "headroom"],
    rows: theorems.map((theorem): Cell[] => [
      html(`<a href="#${theorem.id}">${symbolsHtml(theorem.title)}</a>`),
      html(statementVerdictHtml(theorem)),
      { ...text(sourceOf(theorem.provenance)), later: true },
      { ...numeric(mostModels(theorem.claims)), later: true },
      numeric(mostViolations(theorem.events)),
      { ...numeric(highestLimit(theorem.events)), later: true },
      { ...numeric(tightestHeadroom(theorem.claims)), later: true },
    ]),
  });
}

function readingGuide(results: Results): string {
  const { run } = results;
  return (
    `<p class="small"><strong>How to read it.</strong> A theorem is about a model drawn from a declared law. ${judgedAs(results)} ` +
    `It is <em>certified</em> when enough models obeyed it (one that more than a share p₀ of the models violate is certified with probability at most ${shortNumber(run.beta)}, any of the ${run.verdicts} ` +
    `verdicts is such a false pass with at most ${shortNumber(run.anyFalsePass)}), <em>refuted</em> when too many did not (any true one of the run: at most ${shortNumber(run.alpha)}), ` +
    "and inconclusive at the cap. One may look after every model. <em>Headroom</em> is how many times the worst observation could grow, or shrink, and still hold; " +
    "the <em>rate</em> is the anytime-valid upper 95 % limit of the share of models that violate it.</p>"
  );
}

function overviewSection(figures: ReadonlyMap<string, DrawnFigure>): string {
  return ["margins", "evidence"]
    .flatMap((id) => figures.get(id) ?? [])
    .map(figureHtml)
    .join("\n");
}

function controlsSection(controls: readonly StatementResult[]): string {
  if (controls.length === 0) return "";
  return [
    "<p>A claim that nothing can break says nothing. Each control leaves one hypothesis of a theorem, and must come out refuted.</p>",
    table({
      caption: "Controls: each claim that they break, with a model that breaks it",
      head: ["what is left", "theorem", "claim", "verdict", "violations", "limits", "replay"],
      rows: controls.flatMap((control) =>
        control.events.map((event, i): Cell[] => {
          const [claim] = claimsOf(control, event);
          return [
            html(i === 0 ? `<span id="${control.id}">${symbolsHtml(control.leaves ?? control.title)}</span>` : ""),
            html(i === 0 ? `<a href="#${control.of}">${escapeHtml(control.of ?? "")}</a>` : ""),
            html(symbolsHtml(subjectOf(control, event))),
            html(verdictAfterHtml(event, control.expects)),
            numeric(violationsOf(event)),
            numeric(describeLimits(event.limits)),
            { ...html(`<code>--law ${event.law} --seed ${claim?.ledger.decisive.seed}</code>`), whole: true },
          ];
        }),
      ),
    }),
    `<p class="small">The last column goes behind <code>${replayCommand("", 0).replace(/ --law.*/, "")}</code>.</p>`,
  ].join("\n");
}

function findingsSection(findings: readonly StatementResult[]): string {
  if (findings.length === 0) return "";
  return [
    "<p>What one might expect of the theory and is not so, or a rate that nobody stated. No failure of the gate. “Measured” means a number of models fixed before, and Clopper–Pearson limits.</p>",
    ...findings.map((finding) =>
      [
        `<section class="statement" id="${finding.id}" aria-labelledby="${finding.id}-title">`,
        `<header><div><h3 id="${finding.id}-title">${symbolsHtml(finding.title)}</h3></div><p>${statementVerdictHtml(finding)}</p></header>`,
        claimsTable(finding, "What was claimed, and how often it is so"),
        "</section>",
      ].join("\n"),
    ),
  ].join("\n");
}
