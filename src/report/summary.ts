import { describeRelation } from "../claim/relation.ts";
import { shortNumber } from "./encode.ts";
import { claimsOf, lawOptions, subjectOf, violationsOf } from "./events.ts";
import type { Results, StatementResult } from "./results.ts";
import { describeLimits, markdownOf } from "./tolerances.ts";

/** What did not come out as it must, with what to say of it. */
export interface Failure {
  readonly kind: StatementResult["kind"] | "lemma" | "counterexample";
  /** Of a stored counterexample, its file. */
  readonly id: string;
  readonly verdict: string;
  /** A line an event, or why. */
  readonly why: readonly string[];
  /** Commands that train the worst models again. */
  readonly replays: readonly string[];
}

/** All that makes the gate fail, in the order of the results. @param from options that say where it is declared */
export function failuresOf(results: Results, from = ""): Failure[] {
  const statements = results.statements
    .filter(({ kind, verdict, expects }) => kind !== "finding" && verdict !== expects)
    .map((statement): Failure => {
      const events = statement.events.filter(({ verdict }) => verdict.kind !== statement.expects);
      return {
        kind: statement.kind,
        id: statement.id,
        verdict: statement.verdict,
        why: events.map((event) => {
          const worst = claimsOf(statement, event).map(
            ({ title, relation, ledger }) =>
              `${title} ${describeRelation(relation)}, worst ${shortNumber(ledger.worst)}`,
          );
          return (
            `${subjectOf(statement, event)} on law ${event.law}: ${event.verdict.kind}, violated by ${violationsOf(event)} models ` +
            `(${describeLimits(event.limits)} at 95 %, p0 = ${event.p0}); ${worst.join("; ")}`
          );
        }),
        replays: events.flatMap((event) =>
          claimsOf(statement, event)
            .filter(({ ledger }) => ledger.violations > 0)
            .map(
              ({ law, ledger }) =>
                `npx theorycheck train ${lawOptions(results, law)} --seed ${ledger.decisive.seed}${from}`,
            ),
        ),
      };
    });
  const lemmas = results.lemmas
    .filter(({ holds }) => !holds)
    .map(
      ({ id, counterexample = "" }): Failure => ({
        ...{ kind: "lemma", id, verdict: "broken", replays: [] },
        why: [`an instance goes beyond its bound: ${counterexample}`],
      }),
    );
  const lost = (results.counterexamples ?? [])
    .filter(({ grade }) => grade === "not reproduced")
    .map(
      ({ file, grade, reasons }): Failure => ({
        ...{ kind: "counterexample", id: file, verdict: grade, replays: [] },
        why: reasons,
      }),
    );
  return [...statements, ...lemmas, ...lost].map((failure) => ({
    ...failure,
    replays: [...new Set(failure.replays)],
  }));
}

/** The verdicts in Markdown, for the summary of a job. @param from options that say where it is declared */
export function summaryMarkdown(results: Results, from = ""): string {
  const { gate, run, laws, statements, lemmas } = results;
  const failures = failuresOf(results, from);
  const users = laws.flatMap(({ title, user }) =>
    user === undefined
      ? []
      : ["", `On a law of the user's, not on ${user.of} as it is declared: ${markdownOf(title)}.`],
  );
  const lines = [
    `## theorycheck: ${gate.passes ? "passed" : "failed"}`,
    "",
    markdownOf(gate.answer),
    ...users,
    ...failures.flatMap(({ kind, id, verdict, why, replays }) => [
      "",
      `### ${kind} ${markdownOf(id)} is ${verdict}`,
      "",
      ...why.map((line) => `- ${markdownOf(line)}`),
      // indented, so that nothing in it ends the block
      ...(replays.length === 0 ? [] : ["", ...replays.map((line) => `    ${line.replace(/\s+/g, " ")}`)]),
    ]),
    "",
    "| verdict | | statement | models | violated by |",
    "| --- | --- | --- | --- | --- |",
    ...statements.map(({ kind, id, title, verdict, expects, events, claims }) => {
      const word = expects === "measured" || verdict === expects || kind === "finding" ? verdict : `**${verdict}**`;
      const models = Math.max(...claims.map(({ ledger }) => ledger.models));
      const violated = events.map(violationsOf).join("; ");
      return `| ${word} | ${kind} | \`${id}\`: ${markdownOf(title)} | ${models} | ${violated} |`;
    }),
    ...lemmas.map(
      ({ id, title, holds, examples }) =>
        `| ${holds ? "holds" : "**broken**"} | lemma | \`${id}\`: ${markdownOf(title)} | ${examples} examples | |`,
    ),
    "",
    `Seed ${run.seed}, ${run.models} models, ${run.verdicts} verdicts; the chance that anything false is certified is at most ${shortNumber(run.anyFalsePass)}.`,
    "",
  ];
  return lines.join("\n");
}
