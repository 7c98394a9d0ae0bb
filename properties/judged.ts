import { fileURLToPath } from "node:url";
import { beforeAll, expect, inject, test } from "vitest";
import { describeRelation } from "../src/claim/claim.ts";
import type { Statement } from "../src/claim/theorem.ts";
import { VERSION } from "../src/cli/main.ts";
import { showProgress } from "../src/cli/progress.ts";
import { lawSelection, THEOREMS_FILE } from "../src/cli/registry.ts";
import { buildResults } from "../src/report/build-results.ts";
import { shortNumber } from "../src/report/encode.ts";
import { claimsOf, subjectOf, violationsOf } from "../src/report/events.ts";
import type { ClaimResultData, EventResultData, Results, StatementResult } from "../src/report/results.ts";
import { judge } from "../src/verdict/judge.ts";
import { statements } from "../theorems/index.ts";
import "./selected-names.ts";

/** Where `verify` keeps the models that it has trained: what it trained is not trained again here, nor the other way. */
const STORE = fileURLToPath(new URL("../.theorycheck", import.meta.url));

/** Milliseconds. A cold store means some thousand models to train. */
const PATIENCE = 3_600_000;

/** What the tests of statements judge: as `verify` does unless THEORYCHECK_LAW is set, to a law or to "all". */
const askedLaw = process.env.THEORYCHECK_LAW;

/** One judgement for all files: they share a process, so that nothing is judged twice. */
let judgement: Promise<Results> | undefined;

/**
 * The verdicts of `theorycheck verify`: the same judge, on the same models and the same seed. Where `vitest -t` asks for
 * some tests only, their statements only, as with `verify --theorem`.
 */
function judgedOnce(): Promise<Results> {
  judgement ??= (async () => {
    const names = new RegExp(inject("selectedNames"));
    const selectsLaw = lawSelection(askedLaw, statements);
    const progress = showProgress(process.stderr);
    const judged = await judge({
      statementsFile: THEOREMS_FILE,
      selects: (statement, law) => selectsLaw(law) && names.test(titleOf(statement)),
      storeFolder: STORE,
      onProgress: progress.show,
    });
    progress.stop();
    return buildResults(VERSION, judged, []);
  })();
  return judgement;
}

function titleOf({ id, title }: Pick<Statement, "id" | "title">): string {
  return `${id}: ${title}`;
}

/** Registers the test of a theorem, a control or a finding, titled with what it claims. */
export function judged(statement: Statement): void {
  const laws = statement.laws.filter(lawSelection(askedLaw, statements));
  if (laws.length === 0) {
    const ids = statement.laws.map(({ id }) => id);
    test(`${statement.id} is judged with THEORYCHECK_LAW=all: it is about laws ${ids.join(", ")} only`, () => {
      expect(statements).toContain(statement);
      expect(statement.laws.every(lawSelection("all", statements))).toBe(true);
    });
    return;
  }
  beforeAll(judgedOnce, PATIENCE);
  test(titleOf(statement), async ({ annotate }) => {
    const { statements: results } = await judgedOnce();
    const result = results.find(({ id }) => id === statement.id) as StatementResult;
    for (const event of result.events) await annotate(describeEvent(result, event));
    for (const claim of result.claims) await annotate(describeClaim(claim));
    expect(new Set(result.claims.map(({ law }) => law))).toEqual(new Set(laws.map(({ id }) => id)));
    expect(result.verdict, describeFailure(result)).toBe(result.expects);
  });
}

/** An event with its verdict, in a line. */
export function describeEvent(statement: StatementResult, event: EventResultData): string {
  return `${event.verdict.kind}: ${subjectOf(statement, event)} on law ${event.law}; violated by ${violationsOf(event)} models`;
}

/** A claim with its counts, in a line. */
export function describeClaim({ title, law, relation, ledger }: ClaimResultData): string {
  return (
    `${title} ${describeRelation(relation)} on law ${law}; ` +
    `violated by ${ledger.violations} of ${ledger.models} models, worst ${shortNumber(ledger.worst)}`
  );
}

/** What a failing test prints: each event that is not as it should be, its evidence, its worst models, and the replays. */
export function describeFailure(statement: StatementResult): string {
  const { kind, id, title, verdict, expects, events } = statement;
  return [
    `${kind} ${id} is ${verdict}, and should be ${expects}: ${title}`,
    ...events
      .filter((event) => event.verdict.kind !== expects)
      .flatMap((event) => {
        const { n, violations, logRefute, logCertify } = event.verdict;
        return [
          `  ${describeEvent(statement, event)}`,
          `    evidence at p0 = ${event.p0} after ${n} models with ${violations} violations: ` +
            `ln E = ${shortNumber(logRefute)} that it is false, ln C = ${shortNumber(logCertify)} that it holds`,
          ...claimsOf(statement, event).flatMap((claim) => {
            const { seed, theta, observed } = claim.ledger.decisive;
            return [
              `    ${describeClaim(claim)}`,
              `      observed ${shortNumber(observed)}, bound ${describeRelation(claim.relation)}, in the model of seed ${seed}`,
              `      theta ${JSON.stringify(theta)}`,
              `      replay: npx theorycheck train --law ${claim.law} --seed ${seed}`,
            ];
          }),
        ];
      }),
  ].join("\n");
}
