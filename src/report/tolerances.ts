import { describeRelation } from "../claim/relation.ts";
import { visible } from "../visible-text.ts";
import { shortNumber } from "./encode.ts";
import { claimsOf, eventOf, judgedAs, outcomesIn, shareNonTrivial, subjectOf, violationsOf } from "./events.ts";
import type { ClaimResultData, EventResultData, Results, StatementResult } from "./results.ts";

/** reports/tolerances.md: verdicts and measured tolerances, for people. Every number is one of results.json. */
export function tolerancesMarkdown(results: Results): string {
  const { run, gate, laws, statements, lemmas } = results;
  const of = (kind: StatementResult["kind"]) => statements.filter((statement) => statement.kind === kind);
  return [
    "# Tolerances",
    "",
    markdownOf(gate.answer + (gate.failures.length > 0 ? ` Failures: ${gate.failures.join("; ")}.` : "")),
    "",
    `Run seed ${run.seed}. ${run.verdicts} verdicts: the chance that anything true is refuted is at most ${shortNumber(run.alpha)}; ` +
      `that anything false is certified, ${shortNumber(run.beta)} for each verdict, ${shortNumber(run.anyFalsePass)} for any. ${judgedAs(results)}`,
    "Violation limits are anytime-valid, at 95 %; headroom is how many times the worst observation could grow (or shrink) and still hold.",
    "",
    ...section("Theorems", of("theorem")),
    ...section("Controls", of("control"), "Each leaves one hypothesis, and must be refuted."),
    ...section(
      "Findings",
      of("finding"),
      "What one might expect of the theory and is not so, or a rate that nobody stated (measured on a number of models fixed before, with Clopper-Pearson limits).",
    ),
    ...(lemmas.length === 0 ? [] : lemmaSection(lemmas)),
    "## Laws",
    "",
    ...table(
      ["law", "models", ...outcomesIn(results).map(markdownOf)],
      laws.map(({ title, models }) => [
        markdownOf(title),
        ...["trained", ...outcomesIn(results)].map((outcome) =>
          String(Object.hasOwn(models, outcome) ? models[outcome] : 0),
        ),
      ]),
    ),
    "",
  ].join("\n");
}

function section(title: string, statements: readonly StatementResult[], note?: string): string[] {
  if (statements.length === 0) return [];
  return [
    `## ${title}`,
    "",
    ...(note === undefined ? [] : [note, ""]),
    ...table(
      [
        "verdict",
        "statement",
        "claim",
        "law",
        "bound",
        "worst",
        "median",
        "headroom",
        "violations",
        "limits",
        "decisive seed",
      ],
      statements.flatMap((statement) => [
        ...statement.events.filter((event) => claimsOf(statement, event).length > 1).map((e) => jointRow(statement, e)),
        ...statement.claims.map((claim) => claimRow(statement, claim)),
      ]),
    ),
    "",
  ];
}

/** The verdict on several claims together, which has violations and limits, and nothing that is observed. */
function jointRow(statement: StatementResult, event: EventResultData): string[] {
  const { law, limits } = event;
  const observed = ["", "", "", ""];
  return [
    verdictAt(event),
    statement.id,
    markdownOf(subjectOf(statement, event)),
    law,
    ...observed,
    violationsOf(event),
    describeLimits(limits),
    "",
  ];
}

function verdictAt({ verdict: { kind, n } }: EventResultData): string {
  return `**${kind}** at ${n}`;
}

function claimRow(statement: StatementResult, claim: ClaimResultData): string[] {
  const { title, law, relation, ledger } = claim;
  const event = eventOf(statement, claim);
  const { worst, median, headroom, violations, models, limits, decisive } = ledger;
  return [
    event !== undefined ? verdictAt(event) : statement.expects === "measured" ? "measured" : "counted",
    statement.id,
    markdownOf(title),
    law,
    describeRelation(relation),
    shortNumber(worst),
    shortNumber(median),
    describeHeadroom(headroom),
    `${violations} of ${models}`,
    describeLimits(limits),
    String(decisive.seed),
  ];
}

export function describeHeadroom(headroom: ClaimResultData["ledger"]["headroom"]): string {
  if (headroom === undefined) return "none";
  const { kind, value, loose } = headroom;
  if (kind === "difference") return `${typeof value === "number" && value > 0 ? "+" : ""}${shortNumber(value)}`;
  return `${shortNumber(value)}×${loose ? " (loose)" : ""}`;
}

export function describeLimits({ lower, upper }: { lower: number; upper: number }): string {
  const percent = (x: number) => `${shortNumber(Number((100 * x).toPrecision(2)))} %`;
  return `${percent(lower)} to ${percent(upper)}`;
}

function lemmaSection(lemmas: Results["lemmas"]): string[] {
  return [
    "## Lemmas",
    "",
    "They hold for every input. The margin is the worst observed error over its bound, which comes from rounding; an example is",
    "non-trivial where the statement could have failed.",
    "",
    ...table(
      ["holds", "lemma", "statement", "examples", "non-trivial", "worst error", "its bound"],
      lemmas.map((lemma) => [
        lemma.holds ? "yes" : "**no**",
        lemma.id,
        markdownOf(lemma.title),
        String(lemma.examples),
        shareNonTrivial(lemma),
        shortNumber(lemma.worstMargin.error),
        shortNumber(lemma.worstMargin.bound),
      ]),
    ),
    "",
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** Words as Markdown, in one line: nothing in them is a link, HTML, code, emphasis or the end of a cell. */
export function markdownOf(words: string): string {
  return visible(words.replace(/\s+/g, " ")).replace(
    /[\\`|*<>[\]&~$]|(?<![\p{L}\p{N}‖])_|_(?![\p{L}\p{N}])|^[#+-]|^(?=\d+[.)])/gu,
    "\\$&",
  );
}
