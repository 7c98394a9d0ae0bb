import { DEFAULT_P0 } from "../claim/defaults.ts";
import type { Lemma } from "../claim/lemma.ts";
import type { JudgedClaim } from "../claim/population.ts";
import { describeLeft, type Statement } from "../claim/theorem.ts";
import { RUN_ALPHA, VERDICT_BETA } from "../evidence/evidence.ts";
import { strongestP0 } from "../evidence/strength.ts";
import { experimentOf } from "../experiment/experiment.ts";
import type { Hashes } from "../experiment/hashes.ts";
import { encodeNumbers } from "../json-number.ts";
import { hypothesesOf } from "../law/law.ts";
import type { ClaimResult, Judgement } from "../verdict/judge.ts";
import type { LemmaExamination } from "../verdict/lemma.ts";
import type { MeasuredLadder } from "../verdict/slopes.ts";
import type { EventResult } from "../verdict/tally.ts";
import { type CampaignReport, campaignResult } from "./campaign.ts";
import { encodeNumber, fewDigits } from "./encode.ts";
import { gateOf } from "./gate.ts";
import { marginsOf } from "./margins.ts";
import { matrixOf } from "./matrix.ts";
import type { Presentation } from "./presentation.ts";
import { RESULTS_VERSION, type Results, resultsSchema, type StatementResult } from "./results.ts";
import type { Standing } from "./standing.ts";
import type { StoredReplay } from "./stored.ts";
import { togetherOf } from "./together.ts";

/** A lemma with what was found of it. */
export interface ExaminedLemma {
  readonly lemma: Lemma;
  readonly examination: LemmaExamination;
}

/** What stands beside the verdicts, where it was asked for or is there. */
export interface Beside {
  readonly campaign?: CampaignReport | undefined;
  /** Laws with ranges of the user's own, the law that each is made of, and the options that make it. */
  readonly userLaws?: readonly { readonly id: string; readonly of: string; readonly options: string }[] | undefined;
  readonly slopes?: readonly MeasuredLadder[] | undefined;
  readonly counterexamples?: readonly StoredReplay[] | undefined;
  /** Files of counterexamples that belong to the statements, and were not there. */
  readonly missing?: readonly string[] | undefined;
  readonly boundaries?: Results["boundaries"];
  readonly pruningCost?: Results["pruningCost"];
  readonly teeth?: Results["teeth"];
  readonly strength?: Results["strength"];
  readonly inside?: Results["inside"];
  readonly kept?: readonly Standing[];
  readonly calibration?: Results["calibration"];
}

/** What `verify` writes down, from what was judged. Holds no clock, no path and no machine. */
export function buildResults(
  version: string,
  judgement: Judgement,
  hashes: Hashes,
  presentation: Presentation,
  lemmas: readonly ExaminedLemma[],
  beside: Beside = {},
): Results {
  const { seed, alpha, beta, p0, verdicts, populations } = judgement;
  const figures = presentation.dataOf(populations);
  const statements = judgement.statements.map((statement) =>
    statementResult(
      statement,
      hashes.statements[statement.id] as string,
      populations.flatMap(({ claims }) => claims.filter((claim) => claim.statement === statement)),
      populations.flatMap(({ events }) => events.filter((event) => event.statement === statement)),
      // what an earlier run counted has no order: no moment of it can be looked at
      judgement.earlier.length === 0 ? beta : undefined,
    ),
  );
  const margins = marginsOf(populations, presentation.marginFields ?? []);
  const examined = lemmas.map(lemmaResult);
  const counterexamples = beside.counterexamples?.map(storedResult);
  const campaign = beside.campaign === undefined ? undefined : campaignResult(beside.campaign);
  return resultsSchema.parse({
    format: "theorycheck results",
    version: RESULTS_VERSION,
    theorycheck: version,
    experiment: experimentOf(judgement.statements[0]!).id,
    run: {
      seed,
      alpha,
      beta,
      p0,
      changed: [
        { standard: "p0", declared: DEFAULT_P0, used: p0 },
        { standard: "alpha", declared: RUN_ALPHA, used: alpha },
        { standard: "beta", declared: VERDICT_BETA, used: beta },
      ].filter(({ declared, used }) => declared !== used),
      models: populations.reduce((sum, { trials }) => sum + trials.flatMap(({ models }) => models).length, 0),
      verdicts,
      anyFalsePass: verdicts * beta,
      alphaPerVerdict: judgement.alphaPerVerdict,
      earlier: judgement.earlier,
      coreHash: hashes.core,
      ...(typeof hashes.declarations === "string" ? { declarations: hashes.declarations } : {}),
    },
    gate: gateOf(statements, examined, counterexamples, campaign, beside.missing),
    laws: populations.map((population) => {
      const { law, claims } = population.population;
      const { trials } = population;
      const together = togetherOf(population);
      const outcomes = trials.flatMap(({ models }) => models.map(({ outcome }) => outcome));
      const own = beside.userLaws?.find(({ id }) => id === law.id);
      const countOf = (outcome: string) => outcomes.filter((each) => each === outcome).length;
      return {
        id: law.id,
        title: law.title,
        hash: law.hash,
        hypotheses: hypothesesOf(law).map(({ name, statement }) => ({ name, statement })),
        ...(law.doubles === undefined ? {} : { doubles: law.doubles }),
        ...(own === undefined ? {} : { user: { of: own.of, options: own.options } }),
        trials: trials.length,
        ...(together === undefined ? {} : { together }),
        models: {
          trained: outcomes.length,
          ...Object.fromEntries(outcomesOf(claims).map((outcome) => [outcome, countOf(outcome)])),
        },
      };
    }),
    statements,
    lemmas: examined,
    matrix: matrixOf(judgement),
    ...(campaign === undefined ? {} : { campaign }),
    ...(beside.slopes === undefined ? {} : { slopes: beside.slopes.map(slopeData) }),
    ...(counterexamples === undefined ? {} : { counterexamples }),
    ...(beside.boundaries === undefined ? {} : { boundaries: beside.boundaries }),
    ...(beside.pruningCost === undefined ? {} : { pruningCost: beside.pruningCost }),
    ...(beside.teeth === undefined ? {} : { teeth: beside.teeth }),
    ...(beside.strength === undefined ? {} : { strength: beside.strength }),
    ...(beside.inside === undefined ? {} : { inside: beside.inside }),
    ...(beside.kept === undefined ? {} : { kept: [...beside.kept] }),
    ...(margins.length === 0 ? {} : { margins: [...margins] }),
    ...(beside.calibration === undefined ? {} : { calibration: beside.calibration }),
    ...(figures === undefined ? {} : { figures }),
  });
}

function outcomesOf([first]: readonly JudgedClaim[]): readonly string[] {
  return experimentOf(first!.statement).outcomes;
}

function storedResult({ file, grade, reasons, counterexample }: StoredReplay) {
  if (counterexample === undefined) return { file, grade, reasons: [...reasons] };
  const { theorem, claim, law, observed, note } = counterexample;
  return {
    file,
    grade,
    reasons: [...reasons],
    says: {
      theorem,
      claim: claim.title,
      relation: claim.relation,
      law: law.id,
      broken: law.broken.map(({ hypothesis, why }) => ({ hypothesis, why })),
      observed: encodeNumber(observed),
      ...(note === undefined ? {} : { note }),
    },
  };
}

function slopeData(ladder: MeasuredLadder): NonNullable<Results["slopes"]>[number] {
  const encode = (values: readonly number[]) => values.map((value) => encodeNumber(fewDigits(value)));
  const limits = ({ lower, upper }: { lower: number; upper: number }) => ({
    lower: encodeNumber(lower),
    upper: encodeNumber(upper),
  });
  const { field, measured, expected, rungs, seeds, values, slope, intercept, interval, leaveOneRungOut } = ladder;
  return {
    field,
    measured,
    expected,
    rungs: [...rungs],
    seeds: [...seeds],
    values: values.map(encode),
    slope: encodeNumber(slope),
    intercept: encodeNumber(intercept),
    interval: limits(interval),
    leaveOneRungOut: limits(leaveOneRungOut),
    line: encode(ladder.line),
    lower: encode(ladder.lower),
    upper: encode(ladder.upper),
  };
}

function statementResult(
  statement: Statement,
  hash: string,
  claims: readonly ClaimResult[],
  events: readonly EventResult[],
  beta: number | undefined,
): StatementResult {
  const { kind, id, title, formula, provenance, deviates } = statement;
  const expects = kind === "theorem" ? "certified" : kind === "control" ? "refuted" : statement.expects;
  return {
    kind,
    id,
    title,
    ...(formula === undefined ? {} : { formula }),
    provenance,
    deviates,
    hash,
    hypotheses: kind === "theorem" ? [...statement.hypotheses] : [],
    ...(kind === "control" ? { of: statement.of, leaves: describeLeft(statement.leaves) } : {}),
    ...(kind === "theorem" && statement.noControl !== undefined ? { noControl: statement.noControl } : {}),
    expects,
    verdict: overall(expects, events),
    ...notJudged(statement, claims),
    events: events.map(({ law, claim, p0, verdict, limits, violators }) => ({
      law: law.id,
      ...(claim === undefined ? {} : { claim }),
      p0,
      verdict,
      limits,
      ...(kind === "theorem" && beta !== undefined ? strongest({ verdict, violators }, beta) : {}),
      violators: [...violators],
    })),
    claims: claims.map(({ claim, law, ledger }) => ({
      title: claim.title,
      law: law.id,
      relation: claim.relation,
      ledger: {
        models: ledger.models,
        violations: ledger.violations,
        worst: encodeNumber(ledger.worst),
        median: encodeNumber(ledger.median),
        best: encodeNumber(ledger.best),
        ...(ledger.headroom === undefined ? {} : { headroom: ledger.headroom }),
        limits: ledger.limits,
        quantiles: ledger.quantiles.map((value) => fewDigits(value)),
        violators: [...ledger.violators],
        decisive: {
          ...ledger.decisive,
          theta: { ...ledger.decisive.theta },
          observed: encodeNumber(ledger.decisive.observed),
        },
      },
    })),
  };
}

function strongest(
  { verdict: { n, later }, violators }: Pick<EventResult, "verdict" | "violators">,
  beta: number,
): { strongestP0?: number } {
  const p0 = strongestP0({ trials: n + later.n, violators }, beta);
  return p0 === undefined ? {} : { strongestP0: p0 };
}

/** So that nobody takes a verdict on one law for one on all. */
function notJudged({ laws }: Statement, claims: readonly ClaimResult[]): Pick<StatementResult, "notJudgedOn"> {
  const left = laws.map(({ id }) => id).filter((id) => !claims.some(({ law }) => law.id === id));
  return left.length === 0 ? {} : { notJudgedOn: left };
}

/**
 * A theorem is certified where every event of it is, and refuted where one is; what is expected to be refuted is refuted
 * where every event of it is, and else not: certified where one is.
 */
function overall(expects: StatementResult["expects"], events: readonly EventResult[]): StatementResult["verdict"] {
  const kinds = new Set(events.map(({ verdict }) => verdict.kind));
  const worstFirst =
    expects === "refuted"
      ? (["certified", "inconclusive", "refuted"] as const)
      : (["refuted", "inconclusive", "certified"] as const);
  return worstFirst.find((kind) => kinds.has(kind)) ?? "measured";
}

function lemmaResult({ lemma, examination }: ExaminedLemma): Results["lemmas"][number] {
  const { id, title, provenance, statement, proof } = lemma;
  const { holds, examples, nonTrivial, worstMargin, properties, counterexample } = examination;
  return {
    id,
    title,
    provenance,
    statement,
    proof,
    holds,
    examples,
    nonTrivial,
    worstMargin: { error: encodeNumber(worstMargin.error), bound: encodeNumber(worstMargin.bound) },
    properties: properties.map(({ title, holds, examples, nonTrivial }) => ({ title, holds, examples, nonTrivial })),
    ...(counterexample === undefined ? {} : { counterexample: JSON.stringify(counterexample, encodeNumbers) }),
  };
}
