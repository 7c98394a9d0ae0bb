import { DEFAULT_P0 } from "../claim/defaults.ts";
import { eventsOf, type Population, populationsOf } from "../claim/population.ts";
import type { Statement } from "../claim/theorem.ts";
import { alphaPerVerdict, RUN_ALPHA, VERDICT_BETA } from "../evidence/evidence.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { Closure } from "../laboratory/closure.ts";
import { coreHash, declarationsClosure, statementHashes } from "../laboratory/fingerprint.ts";
import { loadStatements } from "../laboratory/statements.ts";
import type { Law } from "../law/law.ts";

/** What is to be judged, and by which standards. */
export interface Question {
  /** Absolute path of the module that declares the statements. */
  readonly statementsFile: string;
  /** Which statements to judge; all unless given. Which ones are asked for changes their share of α, nothing else. */
  readonly selects?: ((statement: Statement, law: Law) => boolean) | undefined;
  /** For statements that declare no p₀ of their own. */
  readonly p0?: number | undefined;
  readonly alpha?: number | undefined;
  readonly beta?: number | undefined;
}

/** A population with the claims that are selected, and the whole of it. */
export interface SelectedPopulation extends Population {
  readonly whole: Population;
}

/** A question before the first model is drawn: all that its evidence belongs to. */
export interface Prepared {
  readonly declared: readonly Statement[];
  /** Of the module that declares them. */
  readonly closure: Closure;
  readonly populations: readonly SelectedPopulation[];
  /** K: events that get a verdict. */
  readonly verdicts: number;
  readonly coreHash: string;
  readonly statementHashes: Readonly<Record<string, string>>;
  readonly p0: number;
  readonly alpha: number;
  /** α/K */
  readonly alphaPerVerdict: number;
  readonly beta: number;
}

/** @throws InvalidInput for declarations or standards that make no sense, and where nothing is selected */
export async function prepare(question: Question): Promise<Prepared> {
  const { statementsFile, selects = () => true, p0 = DEFAULT_P0, alpha = RUN_ALPHA, beta = VERDICT_BETA } = question;
  // before anything is loaded: what changes from here on is found out when the store is written
  const closure = await declarationsClosure(statementsFile);
  const declared = await loadStatements(statementsFile);
  const populations = populationsOf(declared)
    .map((whole) => ({
      ...whole,
      whole,
      claims: whole.claims.filter(({ statement, law }) => selects(statement, law)),
    }))
    .filter(({ claims }) => claims.length > 0);
  if (populations.length === 0) {
    throw new InvalidInput(`judge requires at least one statement to be selected, got none of ${declared.length}`);
  }
  const verdicts = populations.flatMap(({ claims }) => eventsOf(claims)).length;
  return {
    declared,
    closure,
    populations,
    verdicts,
    coreHash: coreHash(),
    statementHashes: await statementHashes(statementsFile, declared, closure),
    p0,
    alpha,
    alphaPerVerdict: alphaPerVerdict(alpha, Math.max(verdicts, 1)),
    beta,
  };
}
