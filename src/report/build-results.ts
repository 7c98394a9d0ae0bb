import type { Lemma } from "../claim/lemma.ts";
import type { Statement } from "../claim/theorem.ts";
import { hypothesesOf } from "../data/law.ts";
import type { ClaimResult, Judgement } from "../verdict/judge.ts";
import type { LemmaExamination } from "../verdict/lemma.ts";
import { encodeNumber } from "./encode.ts";
import { gateOf } from "./gate.ts";
import { RESULTS_VERSION, type Results, resultsSchema, type StatementResult } from "./results.ts";

/** A lemma with what was found of it. */
export interface ExaminedLemma {
  readonly lemma: Lemma;
  readonly examination: LemmaExamination;
}

/** What `verify` writes down, from what was judged. Holds no clock, no path and no machine. */
export function buildResults(version: string, judgement: Judgement, lemmas: readonly ExaminedLemma[]): Results {
  const { seed, alpha, beta, verdicts, coreHash, populations } = judgement;
  const statements = judgement.statements.map((statement) =>
    statementResult(
      statement,
      judgement.statementHashes[statement.id] as string,
      populations.flatMap(({ claims }) => claims.filter((claim) => claim.statement === statement)),
    ),
  );
  const examined = lemmas.map(lemmaResult);
  return resultsSchema.parse({
    format: "theorycheck results",
    version: RESULTS_VERSION,
    theorycheck: version,
    run: { seed, alpha, beta, verdicts, anyFalsePass: verdicts * beta, coreHash },
    gate: gateOf(statements, examined),
    laws: populations.map(({ population: { law }, trials }) => {
      const outcomes = trials.flatMap(({ models }) => models.map(({ outcome }) => outcome));
      const countOf = (outcome: string) => outcomes.filter((each) => each === outcome).length;
      return {
        id: law.id,
        title: law.title,
        hash: law.hash,
        hypotheses: hypothesesOf(law).map(({ name, statement }) => ({ name, statement })),
        ...(law.doubles === undefined ? {} : { doubles: law.doubles }),
        trials: trials.length,
        models: {
          trained: outcomes.length,
          converged: countOf("converged"),
          exhausted: countOf("exhausted"),
          diverged: countOf("diverged"),
        },
      };
    }),
    statements,
    lemmas: examined,
  });
}

function statementResult(statement: Statement, hash: string, claims: readonly ClaimResult[]): StatementResult {
  const { kind, id, title, provenance, deviates } = statement;
  return {
    kind,
    id,
    title,
    provenance,
    deviates,
    hash,
    hypotheses: kind === "theorem" ? [...statement.hypotheses] : [],
    ...(kind === "control" ? { of: statement.of, leaves: statement.leaves } : {}),
    expects: kind === "theorem" ? "certified" : kind === "control" ? "refuted" : statement.expects,
    verdict: overall(claims),
    claims: claims.map(({ claim, law, p0, verdict, ledger }) => ({
      title: claim.title,
      law: law.id,
      relation: claim.relation,
      p0,
      verdict,
      ledger: {
        models: ledger.models,
        violations: ledger.violations,
        worst: encodeNumber(ledger.worst),
        median: encodeNumber(ledger.median),
        best: encodeNumber(ledger.best),
        ...(ledger.headroom === undefined ? {} : { headroom: ledger.headroom }),
        limits: ledger.limits,
        decisive: {
          ...ledger.decisive,
          theta: { ...ledger.decisive.theta },
          observed: encodeNumber(ledger.decisive.observed),
        },
      },
    })),
  };
}

/** A statement is certified where all its claims are, and refuted where any is. */
function overall(claims: readonly ClaimResult[]): StatementResult["verdict"] {
  const kinds = new Set(claims.map(({ verdict }) => verdict.kind));
  for (const kind of ["refuted", "inconclusive", "certified"] as const) if (kinds.has(kind)) return kind;
  return "measured";
}

function lemmaResult({ lemma, examination }: ExaminedLemma): Results["lemmas"][number] {
  const { id, title, provenance, statement, proof } = lemma;
  const { holds, examples, worstMargin, properties, counterexample } = examination;
  return {
    id,
    title,
    provenance,
    statement,
    proof,
    holds,
    examples,
    worstMargin: { error: encodeNumber(worstMargin.error), bound: encodeNumber(worstMargin.bound) },
    properties: properties.map(({ title, holds, examples }) => ({ title, holds, examples })),
    ...(counterexample === undefined ? {} : { counterexample: JSON.stringify(counterexample) }),
  };
}
