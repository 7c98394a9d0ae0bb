import { describeRelation } from "../claim/relation.ts";
import { shellWord } from "../shell-word.ts";
import { visible, visibleIn } from "../visible-text.ts";
import { countsOf, type FoundOn, foundElsewhere, foundOn, lawColumns } from "./by-law.ts";
import { shortNumber } from "./encode.ts";
import { claimsOf, lawOptions, shareNonTrivial, subjectOf, tightestClaim, violationsOf } from "./events.ts";
import type { Results, StatementResult } from "./results.ts";
import { describeHeadroom } from "./tolerances.ts";

export type Paint = (colour: "green" | "yellow" | "red", text: string) => string;

/**
 * The verdicts as a terminal shows them: a line a statement, of theorems with a column a law, and a few lines for each
 * event that is not as it should be.
 */
export function verdictTable(
  results: Results,
  {
    paint = (_, text) => text,
    theoremsFile,
    suiteFile,
  }: {
    readonly paint?: Paint;
    readonly theoremsFile?: string | undefined;
    readonly suiteFile?: string | undefined;
  } = {},
): string {
  const {
    gate,
    run,
    laws,
    statements,
    lemmas,
    counterexamples = [],
  } = visibleIn({ ...results, figures: undefined, pruningCost: undefined }, visible);
  const from = [
    ...(theoremsFile === undefined ? [] : [` --theorems ${shellWord(visible(theoremsFile))}`]),
    ...(suiteFile === undefined ? [] : [` --suite ${shellWord(visible(suiteFile))}`]),
  ].join("");
  const again = (law: string, seed: number) => `${lawOptions({ laws }, law)} --seed ${seed}${from}`;
  const lines: string[] = [];
  const theorems = statements.filter(({ kind }) => kind === "theorem");
  const columns = lawColumns({ laws, statements });
  const rows = columns.length > 1 ? rowsByLaw({ laws, statements }, theorems, columns, paint) : undefined;
  if (rows !== undefined) lines.push(rows.head);
  for (const [i, theorem] of theorems.entries()) {
    lines.push(rows === undefined ? statementRow(theorem, paint) : (rows.rows[i] as string));
    lines.push(
      ...(theorem.verdict === theorem.expects ? nearestToItsBound(theorem) : unexpectedEvents(theorem, again)),
    );
  }
  for (const statement of statements) {
    const { kind, verdict, expects, claims } = statement;
    if (kind === "theorem") continue;
    const asExpected = verdict === expects;
    lines.push(statementRow(statement, paint));
    if (!asExpected) lines.push(...unexpectedEvents(statement, again));
    else if (kind === "control" && claims.every(({ ledger }) => ledger.quantiles.length === 0)) {
      lines.push("    no model showed a number: it is refuted by models that diverged, or whose claims observed none");
    }
  }
  for (const lemma of lemmas) {
    const { id, title, holds, examples } = lemma;
    const share = `${shareNonTrivial(lemma)} non-trivial`;
    const word = holds ? paint("green", "holds".padEnd(12)) : paint("red", "broken".padEnd(12));
    lines.push(`${word} lemma    ${id.padEnd(28)} ${String(examples).padStart(5)} examples, ${share}  ${title}`);
  }
  for (const { file, grade } of counterexamples) {
    const word = grade === "not reproduced" ? paint("red", "lost".padEnd(12)) : paint("green", "reproduced".padEnd(12));
    lines.push(
      `${word} stored counterexample ${file}${grade === "reproduced up to rounding" ? " up to rounding" : ""}`,
    );
  }
  for (const { title, user } of laws) {
    if (user !== undefined) lines.push("", `On a law of yours, not on ${user.of} as it is declared: ${title}.`);
  }
  if (run.changed.length > 0) {
    lines.push("", `Not as declared: ${describeChanges(run.changed)}.`);
  }
  lines.push(
    "",
    `K = ${run.verdicts} verdicts: any of them is a false pass with a chance of at most K·β = ${shortNumber(run.anyFalsePass)}, a false alarm with at most α = ${shortNumber(run.alpha)}.`,
    paint(gate.passes ? "green" : "red", gate.answer),
    ...gate.failures.map((failure) => `  ${failure}`),
    "",
  );
  return lines.join("\n");
}

type Judged = Pick<StatementResult, "verdict" | "expects">;

function verdictWord({ verdict, expects }: Judged, paint: Paint): string {
  return paint(toneOf(verdict, expects), verdict.padEnd(12));
}

function toneOf(verdict: StatementResult["verdict"], expects: StatementResult["expects"]): "green" | "yellow" | "red" {
  return verdict === expects ? "green" : verdict === "inconclusive" ? "yellow" : "red";
}

/** A line a statement: what it says, and how many models were asked. */
function statementRow(statement: StatementResult, paint: Paint): string {
  const { kind, id, title, claims } = statement;
  const models = Math.max(...claims.map(({ ledger }) => ledger.models));
  return `${verdictWord(statement, paint)} ${kind.padEnd(8)} ${id.padEnd(28)} ${String(models).padStart(5)} models  ${title}`;
}

/** Of the claims of a theorem that holds, the one with the least headroom. */
function nearestToItsBound({ claims }: StatementResult): string[] {
  const { title, law, relation, ledger } = tightestClaim(claims);
  if (ledger.headroom === undefined) return [];
  const worst = `worst ${shortNumber(ledger.decisive.observed)}, headroom ${describeHeadroom(ledger.headroom)}`;
  return [`    ${title} ${describeRelation(relation)} on ${law}: ${worst}`];
}

/**
 * A line a theorem: its verdict on all laws, and on each law how many models violate it of how many up to the verdict.
 * With four laws of short names it has 80 characters.
 */
function rowsByLaw(
  results: Pick<Results, "laws" | "statements">,
  theorems: readonly StatementResult[],
  columns: readonly string[],
  paint: Paint,
): { readonly head: string; readonly rows: readonly string[] } {
  const cellOf = (found: FoundOn | undefined) =>
    found === undefined
      ? { text: "", paint: (text: string) => text }
      : {
          text: `${found.verdict === "certified" ? "" : `${found.verdict} `}${countsOf(found).replace(" of ", "/")}`,
          paint: (text: string) => paint(toneOf(found.verdict, "certified"), text),
        };
  const cells = theorems.map((theorem) => columns.map((law) => cellOf(foundOn(results, theorem, law))));
  const widths = columns.map((law, i) => Math.max(law.length, ...cells.map((row) => row[i]!.text.length)));
  const rows = theorems.map((theorem, row) => {
    const elsewhere = foundElsewhere(results, theorem, columns);
    const other = cellOf(elsewhere);
    const named =
      elsewhere === undefined ? "" : ` (${elsewhere.laws.length === 1 ? elsewhere.laws[0] : "laws of its own"})`;
    const own = cells[row]!.map((cell, i) => cell.paint(cell.text.padEnd(widths[i]!)));
    // what stands on laws of its own alone needs no columns
    const beside = cells[row]!.every(({ text }) => text === "") && elsewhere !== undefined ? [] : own;
    const words = [...beside, elsewhere === undefined ? "" : other.paint(other.text) + named];
    return [verdictWord(theorem, paint), "theorem ", theorem.id.padEnd(27), ...words].join(" ").trimEnd();
  });
  const heading = columns.map((law, i) => law.padEnd(widths[i]!)).join(" ");
  return { head: `${"".padEnd(50)}${heading}`.trimEnd(), rows };
}

/** "p0 = 0.2 (declared: 0.05), beta = 0.01 (declared: 0.001)" */
export function describeChanges(changed: Results["run"]["changed"]): string {
  return changed.map(({ standard, declared, used }) => `${standard} = ${used} (declared: ${declared})`).join(", ");
}

/** @param drawnBy the options of `train` that draw a model: law, seed, and where the law is declared */
function unexpectedEvents(statement: StatementResult, drawnBy: (law: string, seed: number) => string): string[] {
  return statement.events
    .filter(({ verdict }) => verdict.kind !== statement.expects)
    .flatMap((event) => [
      `    ${event.verdict.kind}: ${subjectOf(statement, event)} on law ${event.law}, violated by ${violationsOf(event)} models ` +
        `(limits ${shortNumber(event.limits.lower)} to ${shortNumber(event.limits.upper)}; p0 = ${event.p0})`,
      ...claimsOf(statement, event).flatMap(({ title, law, relation, ledger }) => [
        `      ${title} ${describeRelation(relation)}: violated by ${ledger.violations}, worst ${shortNumber(ledger.decisive.observed)}`,
        `        replay: npx theorycheck train ${drawnBy(law, ledger.decisive.seed)}`,
      ]),
    ]);
}
