import ln from "@stdlib/math-base-special-ln";
import { evidenceAt } from "../../verdict/verdict.ts";
import type { ClaimResultData, Results } from "../results.ts";
import { type Figure, panelWidth } from "./draw.ts";
import { BOUND, FIRST, MUTED, SECOND } from "./theme.ts";

const claimsOf = (results: Results, verdict: "certified" | "refuted") =>
  results.statements
    .flatMap(({ claims }) => claims)
    .filter((claim) => claim.verdict.kind === verdict)
    .filter(
      (claim) => claim.verdict.kind !== "measured" && claim.verdict.n + claim.verdict.later.n === claim.ledger.models,
    );

/** Evidence after 0, 1, ... models up to the verdict. */
function pathOf(
  { verdict, ledger, p0 }: ClaimResultData,
  which: "logCertify" | "logRefute",
): { n: number; log: number }[] {
  if (verdict.kind === "measured") return [];
  const violators = new Set(ledger.violators);
  const path = [{ n: 0, log: 0 }];
  let violations = 0;
  for (let n = 1; n <= verdict.n; n++) {
    if (violators.has(n - 1)) violations++;
    path.push({ n, log: evidenceAt({ n, violations, p0 })[which] });
  }
  return path;
}

/** Evidence against models, with the decision lines. */
export const evidenceFigure: Figure = {
  id: "evidence",
  title: "How the verdicts came about",
  columns: 2,
  caption: (results) =>
    `Evidence after each model, ending where it decides. Left: ln C of the ${claimsOf(results, "certified").length} certified claims; ` +
    "those that no model violates share one curve, each violation is a step down, and the claims of theorem scaling, at p₀ = ½, " +
    `need fewer models. Right: ln E of the ${claimsOf(results, "refuted").length} refuted claims, controls and findings, whose line is ` +
    "higher because α is small and shared.",
  alternative: (results) =>
    `Two line charts of log evidence against the number of models: ${claimsOf(results, "certified").length} certified claims rise to ` +
    `the certifying line, ${claimsOf(results, "refuted").length} refuted claims rise to the refuting line within few models.`,
  panels: (results, layout) => {
    const width = panelWidth(layout, 2, 50);
    const { alpha, beta, verdicts } = results.run;
    const panel = (
      title: string,
      verdict: "certified" | "refuted",
      which: "logCertify" | "logRefute",
      line: number,
      label: { text: string; at: number },
      colour: string,
    ) => {
      const claims = claimsOf(results, verdict);
      // claims with the same history have the same curve: drawn once
      const paths = new Map(
        claims.map((claim) => pathOf(claim, which)).map((path) => [JSON.stringify(path.at(-1)), path]),
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
    if (claimsOf(results, "certified").length + claimsOf(results, "refuted").length === 0) return undefined;
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
        ln(Math.max(verdicts, 1) / alpha),
        { text: "refuted at ln(K/α)", at: 0.25 },
        SECOND,
      ),
    ];
  },
};
