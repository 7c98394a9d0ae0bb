import { DEFAULT_P0 } from "../claim/defaults.ts";
import { eventsOf, type Population, populationsOf } from "../claim/population.ts";
import type { Statement } from "../claim/theorem.ts";
import { alphaPerVerdict, RUN_ALPHA, VERDICT_BETA } from "../evidence/evidence.ts";
import { InvalidInput } from "../invalid-input.ts";
import { isChecked, shown } from "../law/declared.ts";
import type { Law } from "../law/law.ts";

/** What is to be judged, and by which standards. */
export interface Question {
  readonly statements: readonly Statement[];
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

/** A question before the first model is drawn. */
export interface Prepared {
  readonly populations: readonly SelectedPopulation[];
  /** K: events that get a verdict. */
  readonly verdicts: number;
  readonly p0: number;
  readonly alpha: number;
  /** α/K */
  readonly alphaPerVerdict: number;
  readonly beta: number;
}

/** @throws InvalidInput for declarations or standards that make no sense, and where nothing is selected */
export function prepare(question: Question): Prepared {
  const { statements, selects = () => true, p0 = DEFAULT_P0, alpha = RUN_ALPHA, beta = VERDICT_BETA } = question;
  requireDeclared(statements);
  requireTheoremsOfControls(statements);
  const populations = populationsOf(statements)
    .map((whole) => ({
      ...whole,
      whole,
      claims: whole.claims.filter(({ statement, law }) => selects(statement, law)),
    }))
    .filter(({ claims }) => claims.length > 0);
  if (populations.length === 0) {
    throw new InvalidInput(`judge requires at least one statement to be selected, got none of ${statements.length}`);
  }
  const verdicts = populations.flatMap(({ claims }) => eventsOf(claims)).length;
  return {
    populations,
    verdicts,
    p0,
    alpha,
    alphaPerVerdict: alphaPerVerdict(alpha, Math.max(verdicts, 1)),
    beta,
  };
}

/** A control shows that a theorem's hypothesis matters: of one that is not there it shows nothing. */
function requireTheoremsOfControls(statements: readonly Statement[]): void {
  const theorems = statements.filter(({ kind }) => kind === "theorem").map(({ id }) => id);
  for (const statement of statements) {
    if (statement.kind === "control" && !theorems.includes(statement.of)) {
      throw new InvalidInput(
        `control ${statement.id}: of must be a theorem that is declared beside it (${theorems.join(", ") || "there is none"}), got ${shown(statement.of)}`,
      );
    }
  }
}

/** What calls itself a statement and was not declared has not been checked: it may claim what it likes. */
function requireDeclared(statements: readonly Statement[]): void {
  for (const [i, statement] of statements.entries()) {
    if (!isChecked("statement", statement)) {
      throw new InvalidInput(
        `judge requires statements made with theorem({...}), control({...}) or finding({...}), got at [${i}] ${shown(statement)}`,
      );
    }
    const twice = statements.findIndex(({ id }) => id === statement.id);
    if (twice !== i && statements[twice] !== statement) {
      throw new InvalidInput(`judge requires an id for each statement, got ${statement.id} twice`);
    }
  }
}
