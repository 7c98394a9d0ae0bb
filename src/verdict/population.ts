import type { Claim } from "../claim/claim.ts";
import type { Statement } from "../claim/theorem.ts";
import type { Law } from "../data/law.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { Trace } from "../measure/run.ts";
import { subSeed } from "../random/stream.ts";

/** A claim of a statement on one of its laws: what gets a verdict of its own. */
export interface JudgedClaim {
  readonly statement: Statement;
  readonly law: Law;
  readonly claim: Claim;
  /** statement, claim and law in one string; unique */
  readonly key: string;
}

/** The models of one law, and all that is claimed of them: each model is trained once, whoever reads it. */
export interface Population {
  readonly law: Law;
  readonly claims: readonly JudgedClaim[];
  readonly traces: readonly Trace[];
}

/** The populations that statements speak about, in the order in which their laws first occur. */
export function populationsOf(statements: readonly Statement[]): Population[] {
  const byLaw = new Map<string, { law: Law; claims: JudgedClaim[]; traces: Set<Trace> }>();
  for (const statement of statements) {
    for (const law of statement.laws) {
      const population = byLaw.get(law.id) ?? { law, claims: [], traces: new Set() };
      if (population.law.hash !== law.hash) {
        throw new InvalidInput(`laws must have an id each, got two different laws ${law.id}`);
      }
      byLaw.set(law.id, population);
      for (const claim of statement.claimsOn(law)) {
        population.claims.push({ statement, law, claim, key: claimKey(statement.id, claim.title, law.id) });
      }
      for (const trace of statement.traces) population.traces.add(trace);
    }
  }
  return [...byLaw.values()].map(({ law, claims, traces }) => ({ law, claims, traces: [...traces] }));
}

export function claimKey(statementId: string, claimTitle: string, lawId: string): string {
  return `${statementId}: ${claimTitle} @ ${lawId}`;
}

/** The seed of a run's i-th trial under a law. Other runs and other laws have other seeds. */
export function trialSeed(runSeed: number, lawId: string, index: number): number {
  return subSeed(runSeed, "trial", lawId, index);
}
