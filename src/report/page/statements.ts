import { describeRelation } from "../../claim/relation.ts";
import { shortNumber } from "../encode.ts";
import { eventOf, lawOptions, subjectOf, tightestClaim, violationsOf } from "../events.ts";
import type { DrawnFigure } from "../figures/draw.ts";
import { type InsideModel, insideOf, insideReplay, insideSentence } from "../inside.ts";
import { percent } from "../percent.ts";
import type { Presentation } from "../presentation.ts";
import type { ClaimResultData, EventResultData, Results, StatementResult } from "../results.ts";
import { describeHeadroom, describeLimits } from "../tolerances.ts";
import { type Html, html, joined, trusted } from "./html.ts";
import { standingHtml } from "./kept.ts";
import { fieldsHtml, formulaHtml, symbolsHtml } from "./math.ts";
import { smallMultiples } from "./small-multiples.ts";
import { type Cell, cell, numeric, table, text } from "./table.ts";
import { mostViolations, statementVerdictHtml, verdictHtml } from "./verdict.ts";
import { provenanceSentence, replayCommand, sourceOf } from "./words.ts";

/** A drawn figure with its caption. Which of the two drawings is seen depends on the width of the page. */
export function figureHtml({ id, title, caption, alternative, svg }: DrawnFigure): Html {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg.wide) ?? [];
  const tall = Number(height) > 0.6 * Number(width) ? "tall" : "";
  return html`<figure id="figure-${id}" class="${tall}">
<div role="img" aria-label="${alternative}">
<div class="wide">${trusted(svg.wide)}</div><div class="narrow">${trusted(svg.narrow)}</div>
</div>
<figcaption><b>${symbolsHtml(title)}.</b> ${symbolsHtml(caption)}</figcaption>
</figure>`;
}

/** A theorem's section: statement, source, claims, worst case, figures, hypotheses, controls. */
export function theoremSection(
  statement: StatementResult,
  number: number,
  results: Results,
  presentation: Presentation,
  figures: readonly DrawnFigure[],
  figuresElsewhere: readonly DrawnFigure[],
  qualifies: Html | undefined,
): Html {
  const { id, title, formula, provenance, deviates, claims } = statement;
  const decisive = tightestClaim(claims);
  return joined([
    html`<section class="statement" id="${id}" aria-labelledby="${id}-title">`,
    html`<header><div><p class="kicker">Theorem ${number} · ${sourceOf(provenance)} · <code>${id}</code></p>`,
    html`<h3 id="${id}-title">${symbolsHtml(title)}</h3></div>`,
    html`<p>${statementVerdictHtml(statement)}</p></header>`,
    formula === undefined
      ? undefined
      : html`<div class="formula" role="group" aria-label="The statement" tabindex="0">${formulaHtml(formula)}</div>`,
    html`<p>${symbolsHtml(provenanceSentence(provenance, presentation))}${deviates === "" ? undefined : html` Where it deviates: ${symbolsHtml(deviates)}.`}</p>`,
    verdictsTable(statement, results),
    claimsTable(
      statement,
      html`Claims, each with its bound b, held against the models of ${lawNames(results, claims)}`,
    ),
    html`<h4>The decisive case: ${symbolsHtml(decisive.title)}</h4>`,
    caseHtml(results, decisive, presentation),
    otherCases(results, claims, decisive),
    smallMultiples(statement, results, presentation),
    ...figures.map(figureHtml),
    ...figuresElsewhere.map(
      (figure) =>
        html`<p class="small">Its figure stands above: <a href="#figure-${figure.id}">${symbolsHtml(figure.title)}</a>.</p>`,
    ),
    qualifies,
    factsOf(statement, results),
    html`</section>`,
  ]);
}

/** The verdicts of a statement, a row each: of a theorem as a whole on each law; of each side of a doubling. */
function verdictsTable(statement: StatementResult, results: Results): Html {
  const found = insideOf(statement, results.inside);
  const strongest = statement.events.some(({ strongestP0 }) => strongestP0 !== undefined);
  return joined([
    table({
      caption: "Verdicts: how often a model violates it, and how little a share of the law that can be",
      head: [
        "verdict",
        "on",
        "law",
        "p₀",
        "violated",
        "rate, at 95 %",
        ...(strongest ? ["strongest p₀"] : []),
        ...(found.length === 0 ? [] : ["worst that a search found"]),
      ],
      rows: statement.events.map((event): Cell[] => {
        const inside = found.find(({ law }) => law === event.law);
        return [
          cell(verdictAfterHtml(event, statement.expects)),
          cell(symbolsHtml(subjectOf(statement, event))),
          text(event.law),
          numeric(shortNumber(event.p0)),
          numeric(violationsOf(event)),
          numeric(describeLimits(event.limits)),
          ...(strongest ? [numeric(event.strongestP0 === undefined ? "–" : percent(event.strongestP0, "up"))] : []),
          ...(found.length === 0 ? [] : [inside === undefined ? text("–") : insideCell(inside)]),
        ];
      }),
    }),
    found.length === 0 ? undefined : insideReplays(found, results),
  ]);
}

function insideCell({ violated, claim, observed, relation }: InsideModel): Cell {
  return {
    ...cell(
      html`${violated ? html`<strong>a violation</strong>` : "a nearest miss"}: ${symbolsHtml(claim)} = ${shortNumber(observed)}, bound ${describeRelation(relation)}`,
    ),
    whole: true,
  };
}

function insideReplays(found: readonly InsideModel[], results: Results): Html {
  const several =
    found.length === 1 ? "The model that the search found" : `The ${found.length} models that the search found`;
  return joined([
    html`<details><summary>${several} inside ${found.length === 1 ? "the law" : "the laws"}, to train again</summary>`,
    results.inside === undefined ? undefined : html`<p class="small">${insideSentence(results.inside)}</p>`,
    standingHtml(results, "search.json"),
    ...found.map((each) => html`<pre><code>${insideReplay(each)}</code></pre>`),
    html`</details>`,
  ]);
}

/** "certified after 158" */
export function verdictAfterHtml({ verdict }: EventResultData, expects: StatementResult["expects"]): Html {
  return html`${verdictHtml(verdict.kind, expects)} <span class="nowrap small">after ${verdict.n}</span>`;
}

/** The claims of a statement, a row each; with the verdicts of those that have one to themselves. */
export function claimsTable(statement: StatementResult, caption: string | Html): Html {
  const { claims, expects } = statement;
  const severalLaws = new Set(claims.map(({ law }) => law)).size > 1;
  const verdicts = expects === "certified" ? [] : ["verdict"];
  return table({
    caption,
    head: [
      "claim",
      ...(severalLaws ? ["law"] : []),
      "bound",
      "worst",
      "median",
      "headroom",
      "violated",
      "limits",
      ...verdicts,
    ],
    rows: claims.map((claim): Cell[] => {
      const { ledger, law, relation, title } = claim;
      const event = eventOf(statement, claim);
      return [
        cell(symbolsHtml(title)),
        ...(severalLaws ? [text(law)] : []),
        numeric(describeRelation(relation)),
        numeric(shortNumber(ledger.worst)),
        numeric(shortNumber(ledger.median)),
        numeric(describeHeadroom(ledger.headroom)),
        numeric(`${ledger.violations} of ${ledger.models}`),
        numeric(describeLimits(ledger.limits)),
        ...verdicts.map(() => ({
          content: event === undefined ? verdictHtml("measured", "measured") : verdictAfterHtml(event, expects),
          whole: true,
        })),
      ];
    }),
  });
}

function caseHtml(results: Results, { law, ledger: { decisive } }: ClaimResultData, presentation?: Presentation): Html {
  const link = presentation?.explorerLink?.(law, decisive.theta, decisive.seed);
  const explored =
    link === undefined
      ? undefined
      : html`
<p class="small onscreen">Or <a href="${link}">in the explorer</a>, where <code>npm run explore</code> serves it.</p>`;
  return html`<p class="small">Observed ${shortNumber(decisive.observed)} by model ${decisive.index} of law ${law}. This trains it again, to the bit:</p>
<pre><code>${replayCommand(lawOptions(results, law), decisive.seed)}</code></pre>${explored}`;
}

function otherCases(results: Results, claims: readonly ClaimResultData[], decisive: ClaimResultData): Html | undefined {
  const others = claims.filter((claim) => claim !== decisive);
  if (others.length === 0) return undefined;
  return joined([
    html`<details><summary>The worst case of the other ${others.length === 1 ? "claim" : `${others.length} claims`}</summary>`,
    ...others.map((claim) => html`<p class="small">${symbolsHtml(claim.title)}:</p>${caseHtml(results, claim)}`),
    html`</details>`,
  ]);
}

function lawNames(results: Results, claims: readonly ClaimResultData[]): Html {
  const titles = [...new Set(claims.map(({ law }) => law))].map((id) => {
    const title = results.laws.find((law) => law.id === id)?.title ?? id;
    return html`<a href="#law-${id}">${fieldsHtml(title)}</a>`;
  });
  if (titles.length < 2) return joined(titles);
  return html`${joined(titles.slice(0, -1), ", ")} and ${titles.at(-1)}`;
}

function factsOf(statement: StatementResult, results: Results): Html {
  const { id, claims, events, hypotheses, noControl } = statement;
  const lawId = claims[0]?.law;
  const known = results.laws.find((law) => law.id === lawId)?.hypotheses ?? [];
  const named = hypotheses.map((name) => {
    const hypothesis = known.find((one) => one.name === name);
    return hypothesis === undefined ? html`${name}` : html`${name}: ${fieldsHtml(hypothesis.statement)}`;
  });
  const controls = results.statements.filter((one) => one.kind === "control" && one.of === id);
  const probabilities = [...new Set(events.map(({ p0 }) => p0))];
  const facts: [string, string | Html][] = [
    [
      "Says",
      `${events.some(({ claim }) => claim !== undefined) ? "Each claim by itself holds" : claims.length === 1 ? "The claim holds" : "All claims together hold"} with probability at least 1 − p₀ over (θ, seed) of the law, p₀ = ${probabilities.join(", ")}.`,
    ],
    ["Hypotheses", named.length === 0 ? "those of the law" : joined(named, "; ")],
    [
      "Must fail",
      controls.length === 0
        ? `No control: ${noControl ?? "none was judged in this run"}.`
        : joined(
            controls.map(
              (control) =>
                html`<a href="#${control.id}">${symbolsHtml(control.leaves ?? control.title)}</a> (${mostViolations(control.events)} violate it)`,
            ),
            "; ",
          ),
    ],
  ];
  return html`<dl class="facts">${joined(facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`))}</dl>`;
}
