import { styleText } from "node:util";
import { describeRelation } from "../claim/claim.ts";
import { shortNumber } from "./encode.ts";
import type { Results, StatementResult } from "./results.ts";

/** The verdicts as a terminal shows them: a line a statement, and a line for each claim that is not as it should be. */
export function verdictTable(
  { gate, statements, lemmas, counterexamples = [] }: Results,
  { colour, theoremsFile }: { readonly colour: boolean; readonly theoremsFile?: string | undefined },
): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: true }) : text;
  const lines: string[] = [];
  for (const statement of statements) {
    const { kind, id, title, verdict, expects, claims } = statement;
    const asExpected = verdict === expects;
    const word = paint(asExpected ? "green" : verdict === "inconclusive" ? "yellow" : "red", verdict.padEnd(12));
    const models = Math.max(...claims.map(({ ledger }) => ledger.models));
    lines.push(`${word} ${kind.padEnd(8)} ${id.padEnd(28)} ${String(models).padStart(5)} models  ${title}`);
    if (!asExpected) lines.push(...unexpectedClaims(statement, theoremsFile));
  }
  for (const { id, title, holds, examples } of lemmas) {
    const word = holds ? paint("green", "holds".padEnd(12)) : paint("red", "broken".padEnd(12));
    lines.push(`${word} lemma    ${id.padEnd(28)} ${String(examples).padStart(5)} examples ${title}`);
  }
  for (const { file, grade } of counterexamples) {
    const word = grade === "not reproduced" ? paint("red", "lost".padEnd(12)) : paint("green", "reproduced".padEnd(12));
    lines.push(
      `${word} stored counterexample ${file}${grade === "reproduced up to rounding" ? " up to rounding" : ""}`,
    );
  }
  lines.push(
    "",
    paint(gate.passes ? "green" : "red", gate.answer),
    ...gate.failures.map((failure) => `  ${failure}`),
    "",
  );
  return lines.join("\n");
}

function unexpectedClaims({ claims, expects }: StatementResult, theoremsFile: string | undefined): string[] {
  const from = theoremsFile === undefined ? "" : ` --theorems ${theoremsFile}`;
  return claims
    .filter(({ verdict }) => verdict.kind !== expects)
    .flatMap(({ title, law, relation, verdict, ledger }) => {
      const { decisive, violations, models, limits } = ledger;
      return [
        `    ${verdict.kind}: ${title} ${describeRelation(relation)} on law ${law}`,
        `      violated by ${violations} of ${models} models (limits ${shortNumber(limits.lower)} to ${shortNumber(limits.upper)}); ` +
          `worst ${shortNumber(decisive.observed)}`,
        `      replay: npx theorycheck train --law ${law} --seed ${decisive.seed}${from}`,
      ];
    });
}
