import { shortNumber } from "../encode.ts";
import { outcomesIn, shareNonTrivial } from "../events.ts";
import type { Results } from "../results.ts";
import { standingSentence } from "../standing.ts";
import { markdownOf } from "../tolerances.ts";
import { describeChanges } from "../verdict-table.ts";
import { type Html, html, joined } from "./html.ts";
import { standingHtml } from "./kept.ts";
import { fieldsHtml, symbolsHtml } from "./math.ts";
import { type Cell, cell, numeric, table, text } from "./table.ts";

/** The lemmas: for every input. */
export function lemmaSection({ lemmas }: Results): Html | undefined {
  if (lemmas.length === 0) return undefined;
  return joined([
    html`<p>Lemmas hold for every input, not only for most models of a law. They are held against generated instances of all shapes, with shrinking; the margin is the error that comes nearest to its bound, which rounding explains. An example is non-trivial where the statement could have failed: at least half of each property's must be.</p>`,
    table({
      caption: "Lemmas",
      head: ["lemma", "verdict", "examples", "non-trivial", "worst error", "its bound"],
      rows: lemmas.map((lemma): Cell[] => [
        cell(html`<a href="#lemma-${lemma.id}">${symbolsHtml(lemma.title)}</a>`),
        cell(
          html`<span class="verdict ${lemma.holds ? "holds good" : "broken bad"}">${lemma.holds ? "holds" : "broken"}</span>`,
        ),
        numeric(shortNumber(lemma.examples)),
        numeric(shareNonTrivial(lemma)),
        numeric(shortNumber(lemma.worstMargin.error)),
        numeric(shortNumber(lemma.worstMargin.bound)),
      ]),
    }),
    ...lemmas.map((lemma) =>
      joined([
        html`<section class="statement" id="lemma-${lemma.id}" aria-labelledby="lemma-${lemma.id}-title">`,
        html`<p class="kicker">Lemma · <code>${lemma.id}</code></p><h3 id="lemma-${lemma.id}-title">${symbolsHtml(lemma.title)}</h3>`,
        html`<p>${symbolsHtml(lemma.statement)}</p><p><em>Proof.</em> ${symbolsHtml(lemma.proof)}</p>`,
        html`<details><summary>${lemma.properties.length === 1 ? "The property" : `The ${lemma.properties.length} properties`} that are checked</summary><ul>`,
        ...lemma.properties.map(
          ({ title, holds }) =>
            html`<li>${symbolsHtml(title)}${holds ? undefined : html` <strong class="bad">(broken)</strong>`}</li>`,
        ),
        html`</ul></details>`,
        lemma.counterexample === undefined ? undefined : html`<pre><code>${lemma.counterexample}</code></pre>`,
        html`</section>`,
      ]),
    ),
  ]);
}

/** Planted errors in a paragraph; the table is a file of its own. */
export function teethSection(results: Results): Html | undefined {
  const { teeth } = results;
  if (teeth === undefined) return undefined;
  const uncaught = teeth.filter(({ caughtBy }) => caughtBy.length === 0);
  return joined([
    standingHtml(results, "teeth.json"),
    html`<p>A gate that nothing can turn red is worth nothing. ${teeth.length} errors were planted, one at a time, in a copy of the code; ${teeth.length - uncaught.length} were caught, ${teeth.filter(({ onlyTheorems }) => onlyTheorems).length} of them by theorems or controls alone. <a href="${PLANTED_ERRORS}">Each error, and what caught it.</a></p>`,
    ...uncaught.map(({ description }) => html`<p class="bad">Caught by nothing: ${symbolsHtml(description)}.</p>`),
  ]);
}

/** The file with the table of planted errors. */
export const PLANTED_ERRORS = "planted-errors.md";

/** planted-errors.md: each planted error, and what caught it. */
export function plantedErrorsMarkdown(teeth: NonNullable<Results["teeth"]>): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "# Planted errors",
    "",
    "One at a time in a copy of the code, and what caught each.",
    "",
    row(["error", "in", "caught by", "after", "only theorems see it"]),
    row(["---", "---", "---", "---", "---"]),
    ...teeth.map(({ description, room, caughtBy, after, onlyTheorems }) =>
      row(
        [
          description,
          room,
          caughtBy.length === 0 ? "nothing" : caughtBy.join("; "),
          after,
          onlyTheorems ? "yes" : "no",
        ].map(markdownOf),
      ),
    ),
    "",
  ].join("\n");
}

/** The gate's error rates, simulated. */
export function calibrationSection({ calibration }: Results): Html | undefined {
  if (calibration === undefined) return undefined;
  const { runs, cap, rows, joint } = calibration;
  const standards = [...new Map(rows.map(({ alpha, beta }) => [`${alpha} ${beta}`, { alpha, beta }])).values()];
  return joined([
    html`<p>Does the gate err as rarely as it says? Claims of known violation rate, ${shortNumber(runs)} for each rate, judged by the same code with a cap of ${shortNumber(cap)} models. A verdict that would be wrong has its nominal bound beside it.</p>`,
    ...standards.map(({ alpha, beta }) =>
      table({
        caption: `α = ${shortNumber(alpha)}, β = ${shortNumber(beta)}`,
        head: ["true rate", ...SHARES_HEAD],
        rows: rows
          .filter((row) => row.alpha === alpha && row.beta === beta)
          .map((row): Cell[] => [numeric(shortNumber(row.rate)), ...sharesCells(row)]),
      }),
    ),
    joint === undefined ? undefined : jointCalibration(joint),
  ]);
}

type CalibrationData = NonNullable<Results["calibration"]>;

const SHARES_HEAD = ["refuted", "exact", "at most", "certified", "exact", "at most", "inconclusive", "median models"];

function sharesCells({ refuted, certified, inconclusive, medianModels }: CalibrationData["rows"][number]): Cell[] {
  return [
    ...[refuted, certified].flatMap(({ count, exact, nominal }) => [
      numeric(shortNumber(count)),
      numeric(shortNumber(exact)),
      numeric(nominal === null ? "–" : shortNumber(nominal)),
    ]),
    numeric(shortNumber(inconclusive)),
    numeric(shortNumber(medianModels)),
  ];
}

/** Theorems of several claims, and what judging each claim by itself would do. */
function jointCalibration({ runs, cap, rows }: NonNullable<CalibrationData["joint"]>): Html {
  const standards = new Set(rows.map(({ alpha, beta }) => `α = ${shortNumber(alpha)}, β = ${shortNumber(beta)}`));
  return joined([
    html`<p>And of theorems of several claims, judged as a whole? ${shortNumber(runs)} theorems a row, with a cap of ${shortNumber(cap)} models; the violations of their claims are disjoint (other models for each), nested or independent, and the exact rates do not depend on which. Beside a theorem that is false stands how often every claim of it passes where each is judged by itself.</p>`,
    table({
      caption: `Theorems of several claims, ${[...standards].join("; ")}`,
      head: ["violations", "true rate", "of a claim, at most", ...SHARES_HEAD, "passes claim by claim"],
      rows: rows.map((row): Cell[] => [
        text(row.overlap),
        numeric(shortNumber(row.rate)),
        numeric(shortNumber(row.claimRate)),
        ...sharesCells(row),
        numeric(row.claimByClaim === null ? "–" : `${row.claimByClaim.certified} of ${row.claimByClaim.runs}`),
      ]),
    }),
  ]);
}

/** The laws that models are drawn from: named hypotheses and how many models came of them. */
export function lawsSection({ laws }: Results): Html {
  const outcomes = outcomesIn({ laws });
  const [first] = laws;
  return joined([
    html`<p>A verdict is about a model drawn from a law: named ranges, each uniform unless it says otherwise; one θ is drawn after the other, independently. Each law opens to show its ranges.</p>`,
    table({
      caption: "Laws, and what became of their models",
      head: ["law", "models", ...outcomes],
      rows: laws.map((law): Cell[] => {
        const { id, title, models, doubles } = law;
        const facts = (first === undefined || law === first ? law.hypotheses : differing(law, first)).map(
          ({ name, statement }) => html`<dt>${name}</dt><dd>${fieldsHtml(statement)}</dd>`,
        );
        if (doubles !== undefined)
          facts.push(html`<dt>pairs</dt><dd>${fieldsHtml(doubles)} is doubled in the second model</dd>`);
        if (first !== undefined && law !== first)
          facts.push(html`<dt>all else</dt><dd>as <a href="#law-${first.id}">${fieldsHtml(first.title)}</a></dd>`);
        return [
          cell(
            html`<details class="printed" id="law-${id}"><summary>${fieldsHtml(title)}</summary><dl class="facts">${facts}</dl></details>`,
          ),
          numeric(shortNumber(models.trained)),
          ...outcomes.map((outcome) =>
            numeric(shortNumber(Object.hasOwn(models, outcome) ? (models[outcome] as number) : 0)),
          ),
        ];
      }),
    }),
  ]);
}

type LawData = Results["laws"][number];

/** The hypotheses of a law that are not as those of another; and of the other's, those that it has not. */
function differing({ hypotheses }: LawData, from: LawData): LawData["hypotheses"] {
  const others = from.hypotheses.filter(({ name }) => !hypotheses.some((one) => one.name === name));
  return [
    ...hypotheses.filter(
      ({ name, statement }) => !from.hypotheses.some((one) => one.name === name && one.statement === statement),
    ),
    ...others.map(({ name }) => ({ name, statement: "none" })),
  ];
}

/** All that is needed to get the same numbers again. */
export function provenanceSection({ theorycheck, run, laws, statements, kept = [] }: Results): Html {
  const facts: [string, string | Html][] = [
    ["Version", `theorycheck ${theorycheck}`],
    ["Seed", String(run.seed)],
    ["α of the run", shortNumber(run.alpha)],
    ["β of a verdict", shortNumber(run.beta)],
    ...(run.changed.length === 0 ? [] : [["Not as declared", describeChanges(run.changed)] as [string, string]]),
    ["Verdicts, K", String(run.verdicts)],
    ["K·β", shortNumber(run.anyFalsePass)],
    ["Core", html`<span class="hash">${run.coreHash}</span>`],
    ...(run.earlier.length === 0
      ? []
      : [["Goes on from", run.earlier.map(({ seed }) => `the run with seed ${seed}`).join(", ")] as [string, string]]),
  ];
  const hashes = (items: readonly { id: string; hash: string }[]) =>
    items.map(({ id, hash }): Cell[] => [text(id), { ...cell(html`<span class="hash">${hash}</span>`), whole: true }]);
  return joined([
    html`<p>The same seed, core, laws and declarations give the same models to the bit, on any machine and any number of cores, and this page to the byte.</p>`,
    html`<dl class="facts">${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>`,
    kept.length === 0
      ? undefined
      : table({
          caption: "Committed reports that this run did not write again",
          head: ["file", "made with"],
          rows: kept.map((each): Cell[] => [
            text(each.file),
            text(standingSentence(each) ?? "The core and the declarations that there are now."),
          ]),
        }),
    html`<details><summary>SHA-256 of every law and of every declaration</summary>`,
    table({ caption: "Laws", head: ["law", "hash"], rows: hashes(laws) }),
    table({ caption: "Declarations", head: ["statement", "hash"], rows: hashes(statements) }),
    html`</details>`,
  ]);
}
