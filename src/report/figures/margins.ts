import { usedTolerance, violates } from "../../claim/relation.ts";
import { QUANTILES } from "../../verdict/ledger.ts";
import { doublingTheorems } from "../events.ts";
import type { Results } from "../results.ts";
import { FIGURE_WIDTH, type Figure } from "./draw.ts";
import { BOUND, FIRST, INK, MUTED } from "./theme.ts";

/** Theorems with those of their claims that have a ratio. */
function theoremsOf(results: Results) {
  return results.statements
    .filter(({ kind }) => kind === "theorem")
    .map(({ title, claims }) => ({
      title,
      claims: claims.filter(
        ({ relation, ledger }) =>
          (relation.kind === "within" || relation.bound > 0) && ledger.quantiles.length === QUANTILES.length,
      ),
    }))
    .filter(({ claims }) => claims.length > 0);
}

const countOf = (results: Results) => theoremsOf(results).flatMap(({ claims }) => claims).length;

/** Of how many claims the median model, or the worst one, lies beyond the bound. */
function countBeyond(results: Results, which: "median" | "worst"): number {
  return theoremsOf(results)
    .flatMap(({ claims }) => claims)
    .filter(({ relation, ledger }) => violates({ relation }, Number(ledger[which]))).length;
}

function mediansOf(results: Results): string {
  const theorems = doublingTheorems(results).join(", ");
  return theorems === "" ? "" : `The claims of ${theorems} are about medians: up to half of the pairs may lie beyond. `;
}

/** Ends of the axis: what lies outside is drawn at its end. */
const SMALLEST = 0.001;
const LARGEST = 2.5;

/** The distribution of observed/bound, a strip a claim. */
export const marginsFigure: Figure = {
  id: "margins",
  title: "How close each claim comes to its bound",
  columns: 1,
  caption: (results) =>
    `Observed over bound (lower bounds turned over) for ${countOf(results)} claims: a strip from the best model to the worst, ` +
    "thicker for the middle 90 % and the middle half, the median as a tick, the worst as a dot. Right of the red line, the " +
    `bound, a model violates the claim. ${mediansOf(results)}Claims whose bound is 0 have no ratio, and are in the tables only.`,
  alternative: (results) =>
    `Strip chart of observed over bound on a logarithmic axis, one strip for each of ${countOf(results)} claims: the ` +
    `medians of ${countBeyond(results, "median")} lie beyond 1, the bound, and the worst models of ${countBeyond(results, "worst")}.`,
  panels: (results, layout) => {
    const theorems = theoremsOf(results);
    if (theorems.length === 0) return undefined;
    const wide = layout === "wide";
    let next = 0;
    const heads: { row: number; label: string }[] = [];
    const strips: Record<string, unknown>[] = [];
    for (const { title, claims } of theorems) {
      next += wide ? 0.35 : 0.2;
      heads.push({ row: next, label: title });
      next += wide ? 1 : 0.65;
      // the same claim on several laws stands together: its title once, then the names of the further laws
      const titles = [...new Set(claims.map((claim) => claim.title))];
      const together = titles.flatMap((one) => claims.filter((claim) => claim.title === one));
      for (const [i, { title, law, relation, ledger }] of together.entries()) {
        const used = ledger.quantiles
          .map((value) => usedTolerance(relation, value) ?? SMALLEST)
          .map((value) => Math.min(Math.max(value, SMALLEST), LARGEST))
          .sort((x, y) => x - y);
        const [best, low, lower, median, upper, high, worst] = used;
        const label = title === together[i - 1]?.title ? `\u2003the same on law ${law}` : title;
        strips.push({ row: wide ? next : next + 0.35, label, best, low, lower, median, upper, high, worst });
        next++;
      }
    }
    const labels = wide ? 385 : 0;
    const width = FIGURE_WIDTH[layout] - labels - 18;
    const x = {
      type: "quantitative",
      scale: { type: "log", domain: [SMALLEST, LARGEST], nice: false },
      axis: {
        title: "observed / bound",
        grid: wide,
        values: [0.001, 0.01, 0.1, 1],
        labelExpr: "datum.value == 1 ? '1 (bound)' : datum.value == 0.001 ? '≤ 0.001' : datum.value",
      },
    };
    const y = {
      field: "row",
      type: "quantitative",
      scale: { domain: [-0.6, next - 0.2], nice: false, reverse: true },
      axis: null,
    };
    const bar = (from: string, to: string, thickness: number, opacity: number) => ({
      mark: { type: "rule", color: FIRST, strokeWidth: thickness, opacity, strokeCap: "butt" },
      encoding: { x: { ...x, field: from }, x2: { field: to }, y },
    });
    return [
      {
        // labels are set outside the plotting area, and their width is not known without a font: all space is given
        autosize: { type: "none" },
        padding: { left: labels + 4, right: 14, top: 4, bottom: 40 },
        width,
        height: Math.round((wide ? 19 : 31) * next),
        data: { values: strips },
        layer: [
          bar("best", "worst", 2, 0.35),
          bar("low", "high", 6, 0.4),
          bar("lower", "upper", 10, 0.6),
          {
            mark: { type: "tick", color: INK, thickness: 2, size: 13, orient: "vertical", opacity: 1 },
            encoding: { x: { ...x, field: "median" }, y },
          },
          {
            mark: { type: "point", filled: true, color: FIRST, size: 26, opacity: 1 },
            encoding: { x: { ...x, field: "worst" }, y },
          },
          // on a phone labels stand above their strips, where a line through all of them would cross them out
          wide
            ? {
                data: { values: [{ bound: 1 }] },
                mark: { type: "rule", color: BOUND, strokeDash: [5, 4], strokeWidth: 1.5 },
                encoding: { x: { ...x, field: "bound" } },
              }
            : {
                data: {
                  values: strips.map(({ row }) => ({ bound: 1, row: Number(row) - 0.2, end: Number(row) + 0.25 })),
                },
                mark: { type: "rule", color: BOUND, strokeWidth: 1.5 },
                encoding: { x: { ...x, field: "bound" }, y, y2: { field: "end" } },
              },
          {
            mark: wide
              ? { type: "text", align: "left", baseline: "middle", dx: 12 - labels, color: MUTED, fontSize: 11 }
              : { type: "text", align: "left", baseline: "bottom", dy: -7, color: MUTED, fontSize: 10.5 },
            encoding: { x: { value: 0 }, y, text: { field: "label" } },
          },
          {
            data: { values: heads },
            mark: {
              type: "text",
              align: "left",
              baseline: "middle",
              dx: wide ? -labels : 0,
              color: INK,
              fontSize: wide ? 11.5 : 11,
              fontWeight: "bold",
            },
            encoding: { x: { value: 0 }, y, text: { field: "label" } },
          },
        ],
      },
    ];
  },
};
