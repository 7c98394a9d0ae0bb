import { InvalidInput } from "../invalid-input.ts";
import type { Law } from "../law/law.ts";
import { sameTable } from "../law/parameters.ts";
import { subSeed } from "../random/stream.ts";
import type { Claim } from "./claim.ts";
import type { Statement } from "./theorem.ts";

/** A claim of a statement on one of its laws: what is observed of each of the law's models. */
export interface JudgedClaim {
  readonly statement: Statement;
  readonly law: Law;
  readonly claim: Claim;
  /** statement, claim and law in one string; unique */
  readonly key: string;
}

/**
 * What gets a verdict: the event that a model violates any of these claims, which belong to one statement on one law.
 * A theorem is one event with all its claims, so that p₀ bounds how often the theorem fails, not how often each of its
 * claims does. What must be refuted is refuted claim by claim.
 */
export interface JudgedEvent {
  readonly statement: Statement;
  readonly law: Law;
  readonly claims: readonly JudgedClaim[];
  /** The claim's title where the event is about a single one; undefined where it is about the theorem as a whole. */
  readonly claim: string | undefined;
  /** statement, claim (if any) and law in one string; unique */
  readonly key: string;
}

/**
 * The events among these claims, in the order of the claims: a theorem on a law; each side of a doubling, which is about
 * a median of its own; each claim that a control breaks or that a finding expects to be refuted. What is only measured
 * has none.
 */
export function eventsOf(claims: readonly JudgedClaim[]): JudgedEvent[] {
  const events = new Map<string, JudgedEvent>();
  for (const judged of claims) {
    const { statement, law } = judged;
    if (!hasVerdict(judged)) continue;
    const whole = statement.kind === "theorem" && law.doubles === undefined;
    const claim = whole ? undefined : judged.claim.title;
    const key = eventKey(statement.id, claim, law.id);
    events.set(key, { statement, law, claims: [...(events.get(key)?.claims ?? []), judged], claim, key });
  }
  return [...events.values()];
}

function hasVerdict({ statement, claim }: JudgedClaim): boolean {
  switch (statement.kind) {
    case "theorem":
      return true;
    case "control":
      return statement.breaks.includes(claim.title);
    case "finding":
      return statement.expects === "refuted";
  }
}

/** The models of one law, and all that is claimed of them: each model is trained once, whoever reads it. */
export interface Population {
  readonly law: Law;
  readonly claims: readonly JudgedClaim[];
  /**
   * Claims of theorems that are counted on a law that controls alone speak about, without a verdict: which of them its
   * models violate too.
   */
  readonly beside: readonly JudgedClaim[];
  readonly traces: readonly string[];
}

/** The populations that statements speak about, in the order in which their laws first occur. */
export function populationsOf(statements: readonly Statement[]): Population[] {
  const byLaw = new Map<string, { law: Law; claims: JudgedClaim[]; traces: Set<string> }>();
  for (const statement of statements) {
    for (const law of statement.laws) {
      const population = byLaw.get(law.id) ?? { law, claims: [], traces: new Set() };
      if (population.law.hash !== law.hash || !sameTable(population.law.parameters, law.parameters)) {
        throw new InvalidInput(`laws must have an id each, got two different laws ${law.id}`);
      }
      byLaw.set(law.id, population);
      for (const claim of statement.claimsOn(law)) {
        population.claims.push({ statement, law, claim, key: claimKey(statement.id, claim.title, law.id) });
      }
      for (const trace of statement.traces) population.traces.add(trace);
    }
  }
  return [...byLaw.values()].map(({ law, claims, traces }) => {
    const beside = countedBeside(statements, law, claims);
    return { law, claims, beside, traces: [...traces] };
  });
}

/** Every claim of a theorem about single models, on the first of its laws, where a control leaves these laws. */
function countedBeside(statements: readonly Statement[], law: Law, claims: readonly JudgedClaim[]): JudgedClaim[] {
  if (law.doubles !== undefined || claims.some(({ statement }) => statement.kind !== "control")) return [];
  const own = new Set(claims.map(({ statement, claim }) => besideKey(ofTheorem(statement), claim.title)));
  return statements.flatMap((statement) => {
    const [first] = statement.laws;
    if (statement.kind !== "theorem" || first!.doubles !== undefined) return [];
    return statement
      .claimsOn(first!)
      .filter(({ title }) => !own.has(besideKey(statement.id, title)))
      .map((claim) => ({ statement, law, claim, key: claimKey(statement.id, claim.title, law.id) }));
  });
}

const ofTheorem = (statement: Statement) => (statement.kind === "control" ? statement.of : statement.id);
const besideKey = (theorem: string, title: string) => `${theorem}: ${title}`;

export function claimKey(statementId: string, claimTitle: string, lawId: string): string {
  return `${statementId}: ${claimTitle} @ ${lawId}`;
}

export function eventKey(statementId: string, claimTitle: string | undefined, lawId: string): string {
  return claimTitle === undefined ? `${statementId} @ ${lawId}` : claimKey(statementId, claimTitle, lawId);
}

/** The seed of a run's i-th trial under a law. Other runs and other laws have other seeds. */
export function trialSeed(runSeed: number, lawId: string, index: number): number {
  return subSeed(runSeed, "trial", lawId, index);
}
