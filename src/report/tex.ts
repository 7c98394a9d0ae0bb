import { describeRelation } from "../claim/relation.ts";
import { shortNumber } from "./encode.ts";
import { claimsOf, judgedAs, subjectOf, violationsOf } from "./events.ts";
import type { ClaimResultData, Results, StatementResult } from "./results.ts";
import { describeHeadroom, describeLimits } from "./tolerances.ts";

/**
 * reports/tolerances.tex: a table for a paper. `\input` it; it needs \usepackage{booktabs,longtable,amsmath}. Every
 * number is one of results.json.
 */
export function tolerancesTex(results: Results): string {
  const theorems = results.statements.filter(({ kind }) => kind === "theorem");
  const { run, gate } = results;
  return [
    "% Made by theorycheck from results.json. Needs \\usepackage{booktabs,longtable,amsmath}.",
    "\\begin{longtable}{@{}p{0.36\\textwidth}lrrrrr@{}}",
    `\\caption{${texOf(gate.answer)} $\\alpha = ${texNumber(shortNumber(run.alpha))}$ for the run, $\\beta = ${texNumber(shortNumber(run.beta))}$ for a verdict. ${texOf(judgedAs(results))} ` +
      "Limits: of the violation probability, anytime-valid at 95\\,\\%.}\\\\",
    "\\toprule",
    "claim & law & bound & worst & headroom & violated & limits \\\\",
    "\\midrule",
    "\\endhead",
    "\\bottomrule",
    "\\endfoot",
    ...theorems.flatMap((theorem, i) => [...(i === 0 ? [] : ["\\addlinespace"]), ...theoremRows(theorem)]),
    "\\end{longtable}",
    "",
  ].join("\n");
}

function theoremRows(statement: StatementResult): string[] {
  const { title, verdict, claims, events } = statement;
  const joint = events.filter((event) => claimsOf(statement, event).length > 1);
  return [
    `\\multicolumn{7}{@{}l}{\\emph{${texOf(title)}}: ${verdict}} \\\\*`,
    ...joint.map(
      (event) =>
        [subjectOf(statement, event), event.law, "", "", "", violationsOf(event), describeLimits(event.limits)]
          .map(texOf)
          .join(" & ") + " \\\\*",
    ),
    ...claims.map((claim) => `${claimCells(claim).join(" & ")} \\\\`),
  ];
}

function claimCells({ title, law, relation, ledger }: ClaimResultData): string[] {
  const { worst, headroom, violations, models, limits } = ledger;
  return [
    title,
    law,
    describeRelation(relation),
    shortNumber(worst),
    describeHeadroom(headroom),
    `${violations} of ${models}`,
    describeLimits(limits),
  ].map(texOf);
}

/** What TeX calls the symbols that titles and numbers are written with. */
const SYMBOLS: Readonly<Record<string, string>> = {
  Δ: "\\Delta ",
  "∂": "\\partial ",
  "‖": "\\Vert ",
  "·": "\\cdot ",
  "−": "-",
  "*": "^{*}",
  "#": "^{\\#}",
  "√": "\\surd ",
  "½": "\\tfrac12 ",
  "×": "\\times ",
  "≤": "\\le ",
  "≥": "\\ge ",
  "<": "<",
  ">": ">",
  "∞": "\\infty ",
  α: "\\alpha ",
  β: "\\beta ",
  δ: "\\delta ",
  η: "\\eta ",
  μ: "\\mu ",
  ξ: "\\xi ",
  σ: "\\sigma ",
  τ: "\\tau ",
  "₀": "_0",
};

/** Words as TeX: every word with a symbol in it is set as mathematics. */
export function texOf(words: string): string {
  return words
    .split(" ")
    .map((word) => (isMathematics(word) ? `$${mathematicsOf(word)}$` : escapeTex(word)))
    .join(" ");
}

function isMathematics(word: string): boolean {
  return /[_^]/.test(word) || /\de-?\d/.test(word) || [...word].some((letter) => letter in SYMBOLS);
}

function mathematicsOf(word: string): string {
  return texNumber(word)
    .replace(/\^\(([^()]*)\)/g, "^{$1}")
    .replace(/_(max|[A-Za-z])/g, "_{$1}")
    .replace(/%/g, "\\%")
    .replace(/./gu, (letter) => SYMBOLS[letter] ?? letter)
    .trim();
}

/** 1.2e-7 is 1.2·10⁻⁷. */
function texNumber(text: string): string {
  return text.replace(/(\d(?:\.\d+)?)e(-?\d+)/g, "$1 \\cdot 10^{$2}");
}

function escapeTex(word: string): string {
  return word.replace(/[%&$#_{}]/g, "\\$&").replace(/[’]/g, "'");
}
