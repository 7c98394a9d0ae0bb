import { shortNumber } from "../report/encode.ts";
import { type Html, html, joined, trusted } from "../report/page/html.ts";
import { CONTENT_SECURITY_POLICY } from "../report/page/page.ts";
import { STYLE } from "../report/page/style.ts";
import { type Cell, cell, numeric, table, text } from "../report/page/table.ts";
import { visibleIn } from "../visible-text.ts";
import { normsSvg, spectrumSvg } from "./figures.ts";
import type { Inspection, MeasuredMatrix } from "./inspection.ts";
import { MISSED } from "./krylov.ts";
import { FREE, ONE_SORT, TWO_SORTS } from "./neurons.ts";
import { measured, percent, shareOf, sortsOf } from "./words.ts";

/** Matrices that have a figure. */
const MOST_FIGURES = 48;

/** The report's, without the marks of verdicts: there are none here. */
const WITHOUT_VERDICTS = STYLE.replace(/^\.verdict.*\n/gm, "");

const OWN_STYLE = `
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:0 1.5rem}
.panels figure{margin:1rem 0;min-width:0}
.panels h3{font:600 .86rem/1.4 var(--mono);overflow-wrap:anywhere}
`;

export interface PageOptions {
  readonly version: string;
  /** What was inspected, as it was named. */
  readonly after: string;
  readonly before: string | undefined;
  /** The rank beyond which energy is shown. */
  readonly rank: number;
}

/** One file that asks nothing of anywhere: what was measured of a checkpoint, of every tensor. */
export async function inspectionPage(given: Inspection, options: PageOptions): Promise<string> {
  const figures = joined(await Promise.all(given.matrices.slice(0, MOST_FIGURES).map(panelOf)));
  const inspection = { ...given, ...visibleIn({ skipped: given.skipped }) };
  const { matrices, skipped, of } = inspection;
  const { after, before, version, rank } = visibleIn({ ...options });
  return joined([
    html`<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">`,
    html`<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`,
    html`<meta name="viewport" content="width=device-width, initial-scale=1">`,
    html`<meta name="color-scheme" content="light dark">`,
    html`<title>theorycheck inspect: ${after}</title>`,
    html`<link rel="icon" href="data:,">`,
    html`<style>${trusted(WITHOUT_VERDICTS)}${trusted(OWN_STYLE)}</style>\n</head>\n<body>`,
    html`<header class="top"><p class="kicker">theorycheck inspect</p>`,
    html`<h1>${matrices.length} ${matrices.length === 1 ? "matrix" : "matrices"} of <code>${after}</code>, measured</h1>`,
    html`<p class="answer">${
      before === undefined
        ? html`${of} itself is measured${of === "W" ? ": what training changed takes a second checkpoint, --before" : ", of an adapter, by its factors"}.`
        : html`ΔW is measured: <code>${after}</code> less <code>${before}</code>.`
    }</p>`,
    html`<p class="small">These are measurements of one model. No law, no seeds and no statement stand behind them, so none of them is a verdict.</p></header>`,
    html`<main>`,
    ranksSection(matrices, of, rank),
    neuronsSection(matrices, of),
    matrices.length === 0
      ? undefined
      : html`<section aria-labelledby="figures"><h2 id="figures">Singular values and norms</h2><p>Above: σ<sub>i</sub>/σ<sub>1</sub> over i. Below: how many rows have which norm, relative to the largest; small cluster and large cluster in two colours.${
          matrices.length > MOST_FIGURES ? ` The first ${MOST_FIGURES} of ${matrices.length} matrices.` : ""
        }</p><div class="panels">${figures}</div></section>`,
    skippedSection(skipped),
    html`</main>`,
    html`<footer class="foot"><p>Made by theorycheck ${version}. The same numbers as data: <code>theorycheck inspect --json</code>.</p></footer>`,
    html`</body>\n</html>\n`,
  ]).markup;
}

function ranksSection(matrices: readonly MeasuredMatrix[], of: string, rank: number): Html | undefined {
  if (matrices.length === 0) return undefined;
  const partial = matrices.filter(({ spectrum }) => !spectrum.complete).length;
  return joined([
    html`<section aria-labelledby="ranks"><h2 id="ranks">Ranks</h2>`,
    table({
      caption: html`Energy is the sum of squared singular values of ${of}; a rank holds the energy of its best approximation.`,
      head: ["matrix", "shape", "stable rank", "rank for 90 %", "99 %", "99.9 %", `energy beyond rank ${rank}`, "σ₁"],
      rows: matrices.map(({ name, shape, spectrum }): Cell[] => [
        cell(html`<code>${visibleIn(name)}</code>`),
        numeric(shape.join(" × ")),
        numeric(shortNumber(spectrum.stableRank)),
        numeric(measured(spectrum.ranks["0.9"])),
        numeric(measured(spectrum.ranks["0.99"])),
        numeric(measured(spectrum.ranks["0.999"])),
        numeric(percent(spectrum.beyond(rank))),
        numeric(shortNumber(spectrum.singularValues[0] as number)),
      ]),
    }),
    partial === 0
      ? undefined
      : html`<p class="small">Of ${partial} ${partial === 1 ? "matrix" : "matrices"} the leading singular values were computed, and ranks are what they can lie between: <code>--complete</code> computes all. Upper bounds of what was not computed hold except with probability ${shortNumber(MISSED)} over the random vectors that the computation begins with.</p>`,
    html`</section>`,
  ]);
}

function neuronsSection(matrices: readonly MeasuredMatrix[], of: string): Html | undefined {
  const rows = matrices.flatMap(({ name, neurons }) => (neurons === undefined ? [] : [{ name, neurons }]));
  if (rows.length === 0) return undefined;
  return joined([
    html`<section aria-labelledby="neurons"><h2 id="neurons">Neurons</h2>`,
    html`<p>A row of ${of} is a neuron, w<sub>i</sub>. The exact two-cluster split of log‖w<sub>i</sub>‖ always finds two clusters: the share of the variance that lies between them says whether they are there. Norms of one sort give about 0.64, evenly spread ones 0.75, the models of this project above 0.97. Here “two sorts” begins at ${TWO_SORTS}, and “one sort” ends at ${ONE_SORT}.</p>`,
    table({
      caption: html`Setting the rows of the small cluster to 0 in ${of} moves no score by more than the pruning bound times max|a|·max‖z‖, of the readout and of the layer's input.`,
      head: [
        ...["matrix", "small", "large", "norms up to", "norms from", "between-cluster share", "which is"],
        ...["pruning bound", "of all", "free share"],
      ],
      rows: rows.map(({ name, neurons }): Cell[] => [
        cell(html`<code>${visibleIn(name)}</code>`),
        numeric(shortNumber(neurons.small)),
        numeric(shortNumber(neurons.large)),
        numeric(shortNumber(neurons.gap[0])),
        numeric(shortNumber(neurons.gap[1])),
        numeric(shareOf(neurons.betweenShare)),
        text(sortsOf(neurons)),
        numeric(shortNumber(neurons.pruningBound)),
        numeric(percent(neurons.pruningFraction)),
        numeric(percent(neurons.freeShare)),
      ]),
    }),
    html`<p class="small">The pruning bound is Σ‖w<sub>i</sub>‖ over the small cluster. The free share: so many of the neurons, smallest first, hold no more than ${percent(FREE)} of Σ‖w<sub>i</sub>‖ together.</p></section>`,
  ]);
}

async function panelOf({ name, spectrum, neurons }: MeasuredMatrix): Promise<Html> {
  const shown = visibleIn(name);
  const drawn = trusted(await spectrumSvg(spectrum));
  const norms = neurons === undefined ? undefined : trusted(await normsSvg(neurons));
  const count = `${spectrum.singularValues.length} singular values${spectrum.complete ? "" : ", the leading ones"}`;
  const [largest, least] = [spectrum.singularValues[0] as number, spectrum.singularValues.at(-1) as number];
  const ranks = Object.values(spectrum.ranks).map(measured).join(", ");
  return joined([
    html`<div><h3>${shown}</h3>`,
    html`<figure><div role="img" aria-label="${count} of ${shown}, from ${shortNumber(largest)} down to ${shortNumber(least)}; ranks for 90, 99 and 99.9 %: ${ranks}">${drawn}</div></figure>`,
    neurons === undefined
      ? undefined
      : html`<figure><div role="img" aria-label="Histogram of ${neurons.norms.length} row norms of ${shown}: between-cluster share ${shareOf(neurons.betweenShare)}">${norms}</div></figure>`,
    html`</div>`,
  ]);
}

function skippedSection(skipped: Inspection["skipped"]): Html | undefined {
  if (skipped.length === 0) return undefined;
  return joined([
    html`<section aria-labelledby="skipped"><h2 id="skipped">Not measured</h2>`,
    table({
      caption: `Every other tensor, ${skipped.length} of them, and why`,
      head: ["tensor", "why"],
      rows: skipped.map(({ name, why }): Cell[] => [cell(html`<code>${name}</code>`), text(why)]),
    }),
    html`</section>`,
  ]);
}
