import ln from "@stdlib/math-base-special-ln";
import { evidenceAt } from "../../evidence/evidence.ts";
import { shortNumber } from "../encode.ts";
import { doublingTheorems } from "../events.ts";
import type { EventResultData, Results } from "../results.ts";
import { type Figure, panelWidth } from "./draw.ts";
import { BOUND, FIRST, MUTED, SECOND } from "./theme.ts";

/** The events with this verdict of which each model is named: those that go on from an earlier run's are not. */
const eventsOf = (results: Results, kind: "certified" | "refuted") =>
  results.statements
    .flatMap(({ events }) => events)
    .filter(({ verdict: { n, later, violations }, verdict, violators }) => {
      const counted = violators.filter((index) => index < n).length;
      return verdict.kind === kind && counted === violations && violators.length === violations + later.violations;
    });

/** Evidence after 0, 1, ... models up to the verdict. */
function pathOf(
  { verdict, violators, p0 }: EventResultData,
  which: "logCertify" | "logRefute",
): { n: number; log: number }[] {
  const violated = new Set(violators);
  const path = [{ n: 0, log: 0 }];
  let violations = 0;
  for (let n = 1; n <= verdict.n; n++) {
    if (violated.has(n - 1)) violations++;
    path.push({ n, log: evidenceAt({ n, violations, p0 })[which] });
  }
  return path;
}

function sidesOf(results: Results): string {
  const theorems = doublingTheorems(results).join(", ");
  return theorems === "" ? "" : `, and the sides of theorem ${theorems}, at p₀ = ½, need fewer models`;
}

/** Evidence against models, with the decision lines. */
export const evidenceFigure: Figure = {
  id: "evidence",
  title: "How the verdicts came about",
  columns: 2,
  caption: (results) =>
    `Evidence after each model, ending where it decides. Left: ln C of what is certified, ${eventsOf(results, "certified").length} verdicts; ` +
    `those that no model violates share one curve, each violation is a step down${sidesOf(results)}. Right: ln E of what is refuted, ${eventsOf(results, "refuted").length} verdicts on controls and findings: its line is at ln(K/α) = ` +
    `${shortNumber(-ln(results.run.alphaPerVerdict))}, that on the left at ln(1/β) = ${shortNumber(-ln(results.run.beta))}.`,
  alternative: (results) =>
    `Two line charts of log evidence against the number of models: ${eventsOf(results, "certified").length} certified verdicts rise to ` +
    `the certifying line, ${eventsOf(results, "refuted").length} refuted ones rise to the refuting line.`,
  panels: (results, layout) => {
    const width = panelWidth(layout, 2, 50);
    const { alphaPerVerdict, beta } = results.run;
    const panel = (
      title: string,
      verdict: "certified" | "refuted",
      which: "logCertify" | "logRefute",
      line: number,
      label: { text: string; at: number },
      colour: string,
    ) => {
      const events = eventsOf(results, verdict);
      // events with the same history have the same curve: drawn once
      const paths = new Map(
        events.map((event) => pathOf(event, which)).map((path) => [JSON.stringify(path.at(-1)), path]),
      );
      const points = [...paths.values()].flatMap((path, curve) => path.map((point) => ({ curve, ...point })));
      const ends = [...paths.values()].flatMap((path) => path.slice(-1));
      const most = Math.max(10, ...ends.map(({ n }) => n));
      const lowest = Math.min(-1, ...points.map(({ log }) => log));
      const x = {
        field: "n",
        type: "quantitative",
        title: "models",
        scale: { domain: [0, most], nice: true },
        axis: { grid: false, tickCount: 6 },
      };
      const y = {
        field: "log",
        type: "quantitative",
        title: which === "logCertify" ? "ln C" : "ln E",
        scale: { domain: [Math.max(lowest, -8), line * 1.25], nice: false, clamp: true },
      };
      return {
        title,
        width,
        height: 220,
        layer: [
          { data: { values: [{ log: 0 }] }, mark: { type: "rule", color: MUTED, strokeWidth: 1 }, encoding: { y } },
          {
            data: { values: points },
            mark: { type: "line", color: colour, strokeWidth: 1.1, opacity: 0.75, interpolate: "linear" },
            encoding: { x, y, detail: { field: "curve" } },
          },
          {
            data: { values: ends },
            mark: {
              type: "point",
              filled: true,
              color: colour,
              size: 26,
              opacity: 1,
              shape: verdict === "certified" ? "circle" : "square",
            },
            encoding: { x, y },
          },
          {
            data: { values: [{ log: line }] },
            mark: { type: "rule", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.4 },
            encoding: { y },
          },
          {
            data: { values: [{ n: label.at * most, log: line, label: label.text }] },
            mark: { type: "text", align: "left", baseline: "bottom", dx: 4, dy: -3, color: BOUND },
            encoding: { x, y, text: { field: "label" } },
          },
        ],
      };
    };
    if (eventsOf(results, "certified").length + eventsOf(results, "refuted").length === 0) return undefined;
    return [
      panel(
        "Towards certified",
        "certified",
        "logCertify",
        -ln(beta),
        { text: "certified at ln(1/β)", at: 0.36 },
        FIRST,
      ),
      panel(
        "Towards refuted",
        "refuted",
        "logRefute",
        -ln(alphaPerVerdict),
        { text: "refuted at ln(K/α)", at: 0.25 },
        SECOND,
      ),
    ];
  },
};
