import { describeRelation } from "../claim/relation.ts";
import { shellWord } from "../shell-word.ts";
import { visible, visibleIn } from "../visible-text.ts";
import { shortNumber } from "./encode.ts";
import { claimsOf, lawOptions, shareNonTrivial, subjectOf, violationsOf } from "./events.ts";
import type { Results, StatementResult } from "./results.ts";

export type Paint = (colour: "green" | "yellow" | "red", text: string) => string;

/** The verdicts as a terminal shows them: a line a statement, and a few for each event that is not as it should be. */
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
  const lines: string[] = [];
  for (const statement of statements) {
    const { kind, id, title, verdict, expects, claims } = statement;
    const asExpected = verdict === expects;
    const word = paint(asExpected ? "green" : verdict === "inconclusive" ? "yellow" : "red", verdict.padEnd(12));
    const models = Math.max(...claims.map(({ ledger }) => ledger.models));
    lines.push(`${word} ${kind.padEnd(8)} ${id.padEnd(28)} ${String(models).padStart(5)} models  ${title}`);
    if (!asExpected)
      lines.push(...unexpectedEvents(statement, (law, seed) => `${lawOptions({ laws }, law)} --seed ${seed}${from}`));
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
    paint(gate.passes ? "green" : "red", gate.answer),
    ...gate.failures.map((failure) => `  ${failure}`),
    "",
  );
  return lines.join("\n");
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
