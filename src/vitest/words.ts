import { existsSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeRelation, type Relation, violates } from "../claim/relation.ts";
import type { Statement } from "../claim/theorem.ts";
import { shortNumber } from "../report/encode.ts";
import { shellWord } from "../shell-word.ts";
import type { ClaimResult, Judgement } from "../verdict/judge.ts";
import type { Ledger } from "../verdict/ledger.ts";
import type { EventResult } from "../verdict/tally.ts";
import { claimsOf } from "./found.ts";

/** A statement that is not as it should be. Its stack begins where the statement is declared, so that vitest shows that place. */
export class Unexpected extends Error {
  override readonly name = "Unexpected";

  constructor(message: string, { declaredAt }: Pick<Statement, "declaredAt">) {
    super(message);
    if (declaredAt !== undefined) this.stack = `${this.name}: ${message}\n${declaredAt}`;
  }
}

interface Replays {
  /** The module of the declarations, where it is known. */
  readonly module: string | undefined;
}

/** A claim with its counts, in a line: what a passing test says. */
export function tellClaim({ ledger }: ClaimResult): string {
  const { models, violations, worst, headroom, limits } = ledger;
  const room =
    headroom === undefined
      ? ""
      : `, headroom ${headroom.kind === "ratio" ? `${shortNumber(headroom.value)} times` : shortNumber(headroom.value)}`;
  return `n = ${models}, violated by ${violations} (rate at most ${shortNumber(limits.upper)}), worst ${shortNumber(worst)}${room}`;
}

/** An event with its evidence, in a line. */
export function tellEvent({ verdict, p0, limits }: EventResult): string {
  const { kind, n, violations, logRefute, logCertify } = verdict;
  return (
    `${kind} after ${n} models, ${violations} of which violate it, rate in [${shortNumber(limits.lower)}, ${shortNumber(limits.upper)}] at 95 %; ` +
    `p0 = ${p0}, ln E = ${shortNumber(logRefute)} that it is false, ln C = ${shortNumber(logCertify)} that it holds`
  );
}

/** Why the test of a claim fails, with what replays it in the last line; undefined where it passes. */
export function explainClaim(found: ClaimResult, event: EventResult | undefined, replays: Replays): string | undefined {
  if (event === undefined || isAsExpected(event)) return undefined;
  // of several claims that fail together, those say why that some model violates
  if (event.claim === undefined && event.claims.length > 1 && found.ledger.violations === 0) return undefined;
  return [headline(event), ...linesOf(found), replayOf(found, replays)].join("\n");
}

/** Why the test of a theorem as a whole fails. */
export function explainEvent(event: EventResult, judgement: Judgement, replays: Replays): string | undefined {
  if (isAsExpected(event)) return undefined;
  const claims = claimsOf(judgement, event);
  const violated = claims.filter(({ ledger }) => ledger.violations > 0);
  const worst = violated.reduce<ClaimResult | undefined>(
    (most, each) => (most === undefined || each.ledger.violations > most.ledger.violations ? each : most),
    undefined,
  );
  return [
    headline(event),
    ...violated.flatMap(linesOf),
    ...(worst === undefined ? [] : [replayOf(worst, replays)]),
  ].join("\n");
}

function isAsExpected({ statement, verdict }: EventResult): boolean {
  return verdict.kind === (statement.kind === "theorem" ? "certified" : "refuted");
}

function headline(event: EventResult): string {
  const { statement, law } = event;
  const expected = statement.kind === "theorem" ? "certified" : "refuted";
  return `${statement.kind} ${statement.id} on law ${law.id} should be ${expected}, and is ${tellEvent(event)}`;
}

function linesOf({ claim, law, ledger }: ClaimResult): string[] {
  const { models, violations, limits, decisive } = ledger;
  return [
    `claim "${claim.title}" ${describeRelation(claim.relation)} on law ${law.id}: violated by ${violations} of ${models} models, rate in [${shortNumber(limits.lower)}, ${shortNumber(limits.upper)}] at 95 %`,
    `  worst: ${shortNumber(decisive.observed)}, in the model of seed ${decisive.seed}`,
    `  theta ${JSON.stringify(decisive.theta)}`,
    `  ${passingBound(claim.relation, ledger)}`,
  ];
}

/** The smallest change of the bound with which no model of the run would have violated the claim. */
function passingBound(relation: Relation, { decisive, violations, models }: Ledger): string {
  const { observed } = decisive;
  if (violations === 0 || !violates({ relation }, observed))
    return `no bound is needed but ${describeRelation(relation)}`;
  if (!Number.isFinite(observed)) return "no bound would have passed: what is not finite violates every one";
  const bound: Record<Relation["kind"], string> = {
    "at most": `smallest bound that would have passed these ${models} models: ${observed}`,
    "at least": `largest bound that would have passed these ${models} models: ${observed}`,
    above: `bounds that would have passed these ${models} models: any below ${observed}`,
    within: `the interval would have passed these ${models} models if it had reached ${observed}`,
  };
  return bound[relation.kind];
}

function replayOf({ statement, law, ledger }: ClaimResult, { module = fileOf(statement) }: Replays): string {
  const from = module === undefined ? "" : ` --theorems ${shellWord(module)}`;
  return `npx theorycheck train --law ${law.id} --seed ${ledger.decisive.seed}${from}`;
}

/** The file in which a statement is declared, where that is known. */
export function fileOf({ declaredAt }: Pick<Statement, "declaredAt">): string | undefined {
  const [, place] = /(?:\(|at )([^\s()]+):\d+:\d+\)?$/.exec(declaredAt ?? "") ?? [];
  const file = place?.startsWith("file:") ? fileURLToPath(place) : place;
  return file !== undefined && existsSync(file) ? realpathSync(file) : file;
}
