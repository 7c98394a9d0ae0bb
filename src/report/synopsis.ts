import type { Lemma } from "../claim/lemma.ts";
import { describeRelation, marginOf } from "../claim/relation.ts";
import type { SourceList, SourceStatement } from "../claim/source.ts";
import { describeLeft, type Statement } from "../claim/theorem.ts";
import { type EncodedNumber, encodeNumber } from "../json-number.ts";
import { claimsOf, subjectOf } from "./events.ts";
import type { ClaimResultData, Results, StatementResult } from "./results.ts";

/** One claim as it is declared, and how near the run came to its bound, on whichever law it came nearest. */
export interface ClaimSynopsis {
  readonly claim: string;
  readonly bound: string;
  readonly laws: readonly string[];
  /** Undefined where no run judged it with this bound. */
  readonly nearest?: NearestMiss;
}

/** The worst model of a claim. */
export interface NearestMiss {
  readonly claim: string;
  readonly bound: string;
  readonly law: string;
  readonly observed: EncodedNumber;
  /** Slack over the bound's magnitude: negative where the claim is violated. */
  readonly margin: EncodedNumber;
  readonly headroom?: ClaimResultData["ledger"]["headroom"];
  readonly violations: number;
  readonly models: number;
  readonly seed: number;
  readonly theta: Readonly<Record<string, number | string>>;
}

/** What the last run found of a statement. */
interface Judged {
  readonly verdict: StatementResult["verdict"];
  readonly expects: StatementResult["expects"];
  readonly seed: number;
  readonly events: readonly {
    readonly about: string;
    readonly law: string;
    readonly verdict: string;
    readonly p0: number;
    readonly models: number;
    readonly violations: number;
    readonly limits: { readonly lower: number; readonly upper: number };
  }[];
  /** Of all its claims the one with the least margin. */
  readonly nearest: NearestMiss;
  /** Why the verdict may not be one on what is declared now; empty where nothing was changed. */
  readonly since: readonly string[];
}

/** All that is known of one statement, in a screen. */
export interface Synopsis {
  readonly kind: Statement["kind"];
  readonly id: string;
  readonly title: string;
  readonly formula?: string;
  readonly provenance: Statement["provenance"];
  readonly sources: readonly SourceStatement[];
  readonly deviates: string;
  readonly p0: number;
  readonly laws: readonly string[];
  /** Hypotheses that a theorem needs. */
  readonly hypotheses: readonly string[];
  /** Of a control: its theorem, and what it leaves. */
  readonly of?: string;
  readonly leaves?: string;
  readonly noControl?: string;
  readonly claims: readonly ClaimSynopsis[];
  /** Undefined where the results have nothing of it. */
  readonly judged?: Judged;
  /** The controls of a theorem, which break it. */
  readonly brokenBy: readonly {
    readonly id: string;
    readonly leaves: string;
    readonly hypothesis?: string;
    readonly verdict?: string;
    readonly models?: number;
  }[];
  /** Stored counterexamples to its claims. */
  readonly counterexamples: readonly {
    readonly file: string;
    readonly grade: string;
    readonly claim: string;
    readonly observed: EncodedNumber;
    readonly broken: readonly string[];
  }[];
}

/** What a synopsis is made of, beside the statement. */
export interface Known {
  /** All that is declared beside it. */
  readonly statements: readonly Statement[];
  readonly sources: SourceList["statements"];
  /** The last run's; undefined where there is none. */
  readonly results?: Results | undefined;
  /** SHA-256 of the statement's declaration as it is now; undefined where it is not known. */
  readonly hash?: string | undefined;
}

export function synopsisOf(statement: Statement, { statements, sources, results, hash }: Known): Synopsis {
  const { kind, id, title, formula, provenance, deviates, p0, laws } = statement;
  const found = results?.statements.find((each) => each.id === id && each.kind === kind);
  return {
    kind,
    id,
    title,
    ...(formula === undefined ? {} : { formula }),
    provenance,
    sources: sources.filter(({ formalisedBy }) => formalisedBy.includes(id)),
    deviates,
    p0,
    laws: laws.map((law) => law.id),
    hypotheses: kind === "theorem" ? statement.hypotheses : [],
    ...(kind === "control" ? { of: statement.of, leaves: describeLeft(statement.leaves) } : {}),
    ...(kind === "theorem" && statement.noControl !== undefined ? { noControl: statement.noControl } : {}),
    claims: claimsDeclared(statement, found),
    ...(results === undefined || found === undefined
      ? {}
      : { judged: judgedIn(results, found, sinceThen(statement, found, results, hash)) }),
    brokenBy: statements.flatMap((other) => {
      if (other.kind !== "control" || other.of !== id) return [];
      const control = results?.statements.find((each) => each.id === other.id);
      const ran =
        control === undefined
          ? {}
          : { verdict: control.verdict, models: Math.max(...control.claims.map(({ ledger }) => ledger.models)) };
      const { hypothesis } = other.leaves;
      return [
        {
          id: other.id,
          leaves: describeLeft(other.leaves),
          ...(hypothesis === undefined ? {} : { hypothesis }),
          ...ran,
        },
      ];
    }),
    counterexamples: (results?.counterexamples ?? []).flatMap(({ file, grade, says }) =>
      says?.theorem !== id
        ? []
        : [{ file, grade, claim: says.claim, observed: says.observed, broken: says.broken.map(({ why }) => why) }],
    ),
  };
}

/** Claims of one title and one bound are one, on all the laws that have it. */
function claimsDeclared(statement: Statement, found: StatementResult | undefined): ClaimSynopsis[] {
  const claims = new Map<string, { claim: string; bound: string; laws: string[] }>();
  for (const law of statement.laws) {
    for (const { title, relation } of statement.claimsOn(law)) {
      const bound = describeRelation(relation);
      const key = JSON.stringify([title, bound]);
      claims.set(key, { claim: title, bound, laws: [...(claims.get(key)?.laws ?? []), law.id] });
    }
  }
  return [...claims.values()].map((each) => {
    const judged = found?.claims.filter(
      ({ title, law, relation }) =>
        title === each.claim && each.laws.includes(law) && describeRelation(relation) === each.bound,
    );
    return judged === undefined || judged.length === 0 ? each : { ...each, nearest: nearestOf(judged) };
  });
}

function nearestOf(claims: readonly ClaimResultData[]): NearestMiss {
  const margin = (claim: ClaimResultData) => marginOf(claim, Number(claim.ledger.worst));
  // what lies on its bound and holds, as an error of 0 that may not be above 0, is no near miss
  const movable = claims.filter((each) => margin(each) !== 0 || each.ledger.violations > 0);
  const least = (movable.length > 0 ? movable : claims).reduce((least, each) =>
    margin(each) < margin(least) ? each : least,
  );
  const { title, law, relation, ledger } = least;
  const { worst, headroom, violations, models, decisive } = ledger;
  return {
    claim: title,
    bound: describeRelation(relation),
    law,
    observed: worst,
    margin: encodeNumber(margin(least)),
    ...(headroom === undefined ? {} : { headroom }),
    violations,
    models,
    seed: decisive.seed,
    theta: decisive.theta,
  };
}

function judgedIn(results: Results, found: StatementResult, since: readonly string[]): Judged {
  const { verdict, expects, events, claims } = found;
  return {
    verdict,
    expects,
    seed: results.run.seed,
    events: events.map((event) => ({
      about: subjectOf(found, event),
      law: event.law,
      verdict: event.verdict.kind,
      p0: event.p0,
      models: event.verdict.n + event.verdict.later.n,
      violations: event.verdict.violations + event.verdict.later.violations,
      limits: event.limits,
    })),
    // of a control, what must be refuted and comes nearest to holding is no miss: its worst is the plainest
    nearest: nearestOf(events.length === 0 ? claims : events.flatMap((event) => claimsOf(found, event))),
    since,
  };
}

/** What was changed since the run, as far as hashes and bounds tell. */
function sinceThen(
  statement: Statement,
  found: StatementResult,
  results: Results,
  hash: string | undefined,
): readonly string[] {
  const lawIds = [...new Set(found.claims.map(({ law }) => law))];
  const changedLaws = lawIds.filter((id) => {
    const [now, then] = [statement.laws.find((law) => law.id === id), results.laws.find((law) => law.id === id)];
    return now?.hash !== then?.hash;
  });
  const rebound = found.claims.filter(({ title, law: id, relation }) => {
    const law = statement.laws.find((each) => each.id === id);
    const now = law && statement.claimsOn(law).find((claim) => claim.title === title);
    return law !== undefined && (now === undefined || describeRelation(now.relation) !== describeRelation(relation));
  });
  return [
    ...changedLaws.map((id) => `law ${id} is another one now`),
    ...[...new Set(rebound.map(({ title }) => title))].map((title) => `"${title}" has another bound now, or none`),
    ...(hash === undefined || hash === found.hash || changedLaws.length + rebound.length > 0
      ? []
      : ["its declaration, or what that imports, was edited"]),
  ];
}

/** The same of a lemma. */
export interface LemmaSynopsis extends Pick<Lemma, "kind" | "id" | "title" | "provenance" | "statement" | "proof"> {
  readonly sources: readonly SourceStatement[];
  readonly properties: readonly string[];
  readonly judged?: Pick<Results["lemmas"][number], "holds" | "examples" | "worstMargin" | "counterexample">;
}

export function lemmaSynopsisOf(lemma: Lemma, { sources, results }: Pick<Known, "sources" | "results">): LemmaSynopsis {
  const { kind, id, title, provenance, statement, proof, properties } = lemma;
  const found = results?.lemmas.find((each) => each.id === id);
  return {
    ...{ kind, id, title, provenance, statement, proof },
    sources: sources.filter(({ formalisedBy }) => formalisedBy.includes(id)),
    properties: properties.map((each) => each.title),
    ...(found === undefined
      ? {}
      : {
          judged: {
            ...{ holds: found.holds, examples: found.examples, worstMargin: found.worstMargin },
            ...(found.counterexample === undefined ? {} : { counterexample: found.counterexample }),
          },
        }),
  };
}
