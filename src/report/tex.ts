import { describeRelation } from "../claim/relation.ts";
import { visible } from "../visible-text.ts";
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

/** What TeX calls the symbols that titles and numbers are written with, in mathematics. */
const SYMBOLS: ReadonlyMap<string, string> = new Map(
  Object.entries({
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
  }),
);

/** What stands for a letter of TeX's own in words. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ...[..."%&$#_{}"].map((letter) => [letter, `\\${letter}`] as const),
  ["\\", "\\textbackslash{}"],
  ["^", "\\textasciicircum{}"],
  ["~", "\\textasciitilde{}"],
  ["’", "'"],
  ["“", "``"],
  ["”", "''"],
  ["–", "--"],
]);

/** Words as TeX, in one line: every word with a symbol in it is set as mathematics, all else as it stands there. */
export function texOf(words: string): string {
  return visible(words.replace(/\s+/g, " "))
    .split(" ")
    .map((word) => mathematicsOf(word) ?? escapeTex(word))
    .join(" ");
}

/** Letters, digits, symbols, and what stands between them; nothing that could be a command of TeX. */
const MATHEMATICS = new RegExp(`^[A-Za-z0-9()+\\-=/.,:;|!%_^${[...SYMBOLS.keys()].join("")}]+$`, "u");

/** Two superscripts or two subscripts in a row, or what a script is missing after: TeX takes neither. */
const BAD_SCRIPTS = /\^\{[^}]*\}(_\{[^}]*\})?\^|_\{[^}]*\}(\^\{[^}]*\})?_|[_^](?![{0])/;

function mathematicsOf(word: string): string | undefined {
  const wanted = /[_^]/.test(word) || /\de-?\d/.test(word) || [...word].some((letter) => SYMBOLS.has(letter));
  if (!wanted || !MATHEMATICS.test(word)) return undefined;
  const mathematics = texNumber(word)
    .replace(/\^\(([^()]*)\)/g, "^{$1}")
    .replace(/_(max|[A-Za-z])/g, "_{$1}")
    .replace(/%/g, "\\%")
    .replace(/./gu, (letter) => SYMBOLS.get(letter) ?? letter)
    .trim();
  return BAD_SCRIPTS.test(mathematics) ? undefined : `$${mathematics}$`;
}

/** 1.2e-7 is 1.2·10⁻⁷. */
function texNumber(text: string): string {
  return text.replace(/(\d(?:\.\d+)?)e(-?\d+)/g, "$1 \\cdot 10^{$2}");
}

/** A word, letter by letter; what TeX may have no letter for by its number. */
function escapeTex(word: string): string {
  return [...word]
    .map((letter) => {
      const symbol = SYMBOLS.get(letter);
      const ascii = /^[\x20-\x7e]$/.test(letter);
      return (
        ESCAPES.get(letter) ??
        (ascii
          ? letter
          : symbol !== undefined
            ? `$${symbol.trim()}$`
            : `(U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})`)
      );
    })
    .join("");
}
