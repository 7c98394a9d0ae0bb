import { describeRelation, equalRelations, isLooser, marginOf } from "../claim/relation.ts";
import { strongestP0 } from "../evidence/strength.ts";
import { type Change, paired } from "./change.ts";
import { eventOf } from "./events.ts";
import type { ClaimResultData, EventResultData, Results, StatementResult } from "./results.ts";

/** What two runs say differently of theorems, controls and findings. */
export function statementChanges(old: Results, now: Results, common: boolean): Change[] {
  const { both, gone, come } = paired(old.statements, now.statements, ({ kind, id }) => `${kind} ${id}`);
  // a finding is no part of the gate: it may go
  const onlyOne = common
    ? []
    : [
        ...gone.map((each) => verdictChange(each, each.verdict, null, each.kind !== "finding")),
        ...come.map((each) => verdictChange(each, null, each.verdict, !isAsExpected(each))),
      ];
  return [
    ...both.flatMap(([before, after]) => {
      const events = eventChanges([old, before], [now, after]);
      // where an event says it, the statement need not
      const told = before.verdict === after.verdict || events.some(({ topic }) => topic === "verdicts");
      return [
        ...(told
          ? []
          : [verdictChange(before, before.verdict, after.verdict, isAsExpected(before) && !isAsExpected(after))]),
        ...events,
        ...declaredChanges(before, after),
        ...claimChanges(before, after),
      ];
    }),
    ...onlyOne,
  ];
}

function isAsExpected({ kind, verdict, expects }: StatementResult): boolean {
  return kind === "finding" || verdict === expects;
}

function verdictChange(
  statement: StatementResult,
  old: string | null,
  now: string | null,
  regression: boolean,
): Change {
  return { topic: "verdicts", subject: subjectOf(statement), what: "verdict", old, new: now, regression };
}

function subjectOf({ kind, id }: Pick<StatementResult, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/** An event of one run, with the event of the other that is about the same. */
function eventPairs(
  [old, before]: readonly [Results, StatementResult],
  [now, after]: readonly [Results, StatementResult],
) {
  // before version 2 each claim of a theorem had a verdict: these are not about what the whole theorem's is about
  const comparable = old.formerVersion === now.formerVersion || before.kind !== "theorem";
  const single = (results: Results) => (event: EventResultData) =>
    comparable || results.laws.some(({ id, doubles }) => id === event.law && doubles !== undefined);
  return paired(before.events.filter(single(old)), after.events.filter(single(now)), ({ law, claim }) =>
    JSON.stringify([law, claim ?? null]),
  );
}

function eventChanges(one: readonly [Results, StatementResult], other: readonly [Results, StatementResult]): Change[] {
  const { both, gone, come } = eventPairs(one, other);
  const [old, before] = one;
  const [now, after] = other;
  const isGate = before.kind !== "finding";
  const about = ({ law, claim }: EventResultData) => ({
    subject: subjectOf(before),
    law,
    ...(claim === undefined ? {} : { claim }),
  });
  const verdict = (event: EventResultData, old: string | null, now: string | null, regression: boolean): Change => ({
    topic: "verdicts",
    ...about(event),
    what: "verdict",
    old,
    new: now,
    regression,
  });
  return [
    ...both.flatMap(([was, is]): Change[] => {
      const lost = was.verdict.kind === before.expects && is.verdict.kind !== after.expects;
      const asked: Change = {
        topic: "what is stated",
        ...about(was),
        what: "p0",
        old: was.p0,
        new: is.p0,
        worse: is.p0 > was.p0,
        regression: before.kind === "theorem" && is.p0 > was.p0,
      };
      return [
        ...(verdictOf(was) === verdictOf(is) ? [] : [verdict(was, verdictOf(was), verdictOf(is), isGate && lost)]),
        ...(was.p0 === is.p0 ? [] : [asked]),
        ...strengthChange(about(was), [old, was], [now, is], before),
      ];
    }),
    ...gone.map((was) => verdict(was, verdictOf(was), null, isGate)),
    ...come.map((is) => verdict(is, null, verdictOf(is), isGate && is.verdict.kind !== after.expects)),
  ];
}

/**
 * "certified at 272, 2 violate it". How many models came after the verdict is left out: they were trained for other
 * statements' sake.
 */
function verdictOf({ verdict: { kind, n, violations, later } }: EventResultData): string {
  const all = violations + later.violations;
  return `${kind} at ${n}, ${all} ${all === 1 ? "violates" : "violate"} it`;
}

/** The smallest p₀ that a theorem's evidence certifies: to three digits, since nobody cares for more. */
function strengthChange(
  about: Pick<Change, "subject" | "law" | "claim">,
  [old, was]: readonly [Results, EventResultData],
  [now, is]: readonly [Results, EventResultData],
  { kind }: StatementResult,
): Change[] {
  if (kind !== "theorem") return [];
  const [before, after] = [strengthOf(old, was), strengthOf(now, is)];
  if (before === after || before === undefined || after === undefined) return [];
  const worse = after > before;
  return [
    { topic: "strength", ...about, what: "certified down to p0", old: before, new: after, worse, regression: false },
  ];
}

function strengthOf({ run }: Results, { verdict: { n, later }, violators }: EventResultData): number | undefined {
  // violators are those of this run: where an earlier one's models were counted too, they are not all
  if (run.earlier.length > 0) return undefined;
  const strongest = strongestP0({ trials: n + later.n, violators }, run.beta);
  return strongest === undefined ? undefined : Number(strongest.toPrecision(3));
}

function declaredChanges(before: StatementResult, after: StatementResult): Change[] {
  const subject = subjectOf(before);
  const told = (what: string, old: string, now: string, regression = false): Change[] =>
    old === now ? [] : [{ topic: "what is stated", subject, what, old, new: now, regression }];
  const needs = ({ hypotheses }: StatementResult) => hypotheses.join(", ");
  const isGate = before.kind !== "finding";
  return [
    ...told("title", before.title, after.title),
    ...told("expects", before.expects, after.expects, isGate),
    ...told("hypotheses", needs(before), needs(after)),
    ...told("deviates", before.deviates, after.deviates),
    ...told("leaves", before.leaves ?? "", after.leaves ?? ""),
    ...told("no control", before.noControl ?? "", after.noControl ?? ""),
  ];
}

function claimChanges(before: StatementResult, after: StatementResult): Change[] {
  const { both, gone, come } = paired(before.claims, after.claims, ({ title, law }) => JSON.stringify([title, law]));
  const subject = subjectOf(before);
  const isTheorem = before.kind === "theorem";
  const about = ({ title, law }: ClaimResultData) => ({ subject, law, claim: title });
  const stated = ({ relation }: ClaimResultData) => describeRelation(relation);
  return [
    ...both.flatMap(([was, is]): Change[] => {
      const worst = worstChange(about(was), was, is);
      if (equalRelations(was.relation, is.relation)) return worst;
      const looser = isLooser(was.relation, is.relation);
      return [
        {
          topic: "what is stated",
          ...about(was),
          what: "bound",
          old: stated(was),
          new: stated(is),
          worse: looser,
          regression: isTheorem && looser,
        },
        ...worst,
      ];
    }),
    // a whole law that is no longer judged is told of with its verdict
    ...gone
      .filter(({ law }) => after.claims.some((claim) => claim.law === law))
      .map(
        (was): Change => ({
          topic: "what is stated",
          ...about(was),
          what: "claim",
          old: stated(was),
          new: null,
          regression: isTheorem || eventOf(before, was) !== undefined,
        }),
      ),
    ...come
      .filter(({ law }) => before.claims.some((claim) => claim.law === law))
      .map(
        (is): Change => ({
          topic: "what is stated",
          ...about(is),
          what: "claim",
          old: null,
          new: stated(is),
          regression: false,
        }),
      ),
  ];
}

function worstChange(
  about: Pick<Change, "subject" | "law" | "claim">,
  was: ClaimResultData,
  is: ClaimResultData,
): Change[] {
  const [old, now] = [was.ledger.worst, is.ledger.worst];
  if (old === now) return [];
  const [before, after] = [marginOf(was, Number(old)), marginOf(is, Number(now))];
  return [{ topic: "worst cases", ...about, what: "worst", old, new: now, worse: after < before, regression: false }];
}
