import { eventKey } from "../claim/population.ts";
import { type Counts, MAX_MODELS } from "../evidence/e-process.ts";
import { Evidence, exactRule, type Standard } from "../evidence/evidence.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { EarlierRun } from "../verdict/resume.ts";
import { claimsOf } from "./events.ts";
import type { EventResultData, Results, StatementResult } from "./results.ts";

/** Models over all verdicts: the committed run has some 10,000. Counting them again takes seconds. */
const LARGEST_COUNT = 100 * MAX_MODELS;

/**
 * A run's results as evidence for a later run to go on from.
 *
 * @throws InvalidInput where they have no joint counts, or counts that no run can have had
 */
export function earlierRunOf(results: Results, name: string): EarlierRun {
  const { run, laws, statements, formerVersion } = results;
  if (formerVersion !== undefined) {
    throw new InvalidInput(
      `${name} must have joint counts of each theorem's claims to be resumed, got results of version ${formerVersion}, ` +
        "which counted each claim by itself",
    );
  }
  const impossible = (what: string, why: string): never => {
    throw new InvalidInput(`${name}: no run can have had ${what}: ${why}`);
  };
  const seeds = [...run.earlier, run].map(({ seed }) => seed);
  if (new Set(seeds).size < seeds.length) impossible("these runs before it", `got the seeds ${seeds.join(", ")}`);
  const events = statements.flatMap((statement) => statement.events.map((event) => ({ statement, event })));
  if (events.length !== run.verdicts) impossible("these verdicts", `K is ${run.verdicts}, got ${events.length}`);
  if (run.alphaPerVerdict > run.alpha / Math.max(run.verdicts, 1)) {
    impossible("this share of alpha", `got ${run.alphaPerVerdict} of ${run.alpha} for ${run.verdicts} verdicts`);
  }

  // each is counted again
  const counted = events.reduce((sum, { event }) => sum + event.verdict.n, 0);
  if (counted > LARGEST_COUNT)
    impossible("so many models", `${counted} over all verdicts, of ${LARGEST_COUNT} at most`);

  const trials = new Map(laws.map((law) => [law.id, law.trials]));
  const counts = new Map<string, Counts & { p0: number }>();
  for (const { statement, event } of events) {
    const key = eventKey(statement.id, event.claim, event.law);
    const why = counts.has(key) ? "they stand there twice" : whyImpossible(statement, event, trials, run);
    if (why !== undefined) impossible(`these counts of ${key}`, why);
    counts.set(key, { n: event.verdict.n, violations: event.verdict.violations, p0: event.p0 });
  }
  const doubling = new Set(laws.filter(({ doubles }) => doubles !== undefined).map(({ id }) => id));
  for (const { kind, id, claims } of statements) {
    const uncounted = claims.find(
      ({ law, title }) => !counts.has(eventKey(id, doubling.has(law) ? title : undefined, law)),
    );
    if (kind === "theorem" && uncounted !== undefined) {
      throw new InvalidInput(
        `${name} must have joint counts of each theorem's claims to be resumed, got none of ${id} on law ${uncounted.law}`,
      );
    }
  }
  return {
    seed: run.seed,
    trials: Object.fromEntries(trials),
    coreHash: run.coreHash,
    declarations: run.declarations,
    lawHashes: Object.fromEntries(laws.map(({ id, hash }) => [id, hash])),
    statementHashes: Object.fromEntries(statements.map(({ id, hash }) => [id, hash])),
    counts,
    alphaPerVerdict: run.alphaPerVerdict,
    beta: run.beta,
    earlier: run.earlier,
  };
}

/** Why an event cannot have been counted so; undefined where it can. */
function whyImpossible(
  statement: StatementResult,
  event: EventResultData,
  trialsOf: ReadonlyMap<string, number>,
  { alphaPerVerdict, beta, earlier }: Results["run"],
): string | undefined {
  const { law, p0, verdict, violators } = event;
  const { n, violations, later } = verdict;
  const trials = trialsOf.get(law);
  if (trials === undefined) return `law ${law} is not among those of the run`;
  if (!(p0 > 0 && p0 < 1)) return `p0 is ${p0}`;
  if (n >= MAX_MODELS) return `${n} models are too many`;

  // who violated it is said twice: of the event, and of each of its claims
  const ledgers = claimsOf(statement, event).map(({ ledger }) => ledger);
  if (ledgers.length === 0) return "the statement has no such claim";
  const named = [...new Set(ledgers.flatMap((ledger) => ledger.violators))].sort((one, other) => one - other);
  if (ledgers.some(({ models }) => models !== trials)) return `its claims were not held against all ${trials} models`;
  if (named.join() !== violators.join()) return "its violators are not those of its claims";
  if (violators.some((index) => index >= trials)) return `violators must be among the ${trials} models of the run`;

  const before = {
    n: n + later.n - trials,
    violations: violations + later.violations - violators.length,
  };
  const most = earlier.reduce((sum, { trials }) => sum + (Object.hasOwn(trials, law) ? (trials[law] as number) : 0), 0);
  if (before.n < 0 || before.n > most || later.n > trials) {
    return `${n} and ${later.n} models, where the run had ${trials} and those before it ${most}`;
  }
  if (before.violations < 0 || before.violations > before.n) {
    return `${violations} and ${later.violations} violations, where the run names ${violators.length}`;
  }
  return whyNotReplayed({ p0, alpha: alphaPerVerdict, beta }, before, verdict, new Set(violators));
}

/** Counts the models of the run again, from where it began to where it says that the verdict fell. */
function whyNotReplayed(
  standard: Standard,
  before: Counts,
  { n, violations, ...said }: EventResultData["verdict"],
  violators: ReadonlySet<number>,
): string | undefined {
  const capped = said.kind === "inconclusive" && said.because === "cap";
  if (capped && n === before.n) return "its cap had been reached before the run began";
  const evidence = new Evidence({ ...standard, cap: capped ? n : MAX_MODELS, continues: before });
  if (evidence.settled && overshoots(standard, before))
    return "it was decided before the last of them, whatever that was";
  for (let counted = before.n; counted < n; counted++) {
    if (evidence.settled) return `it was ${evidence.decision} after ${counted}, and what came later does not count`;
    evidence.observe(violators.has(counted - before.n));
  }
  const got = evidence.verdict();
  if (got.violations !== violations)
    return `${violations} violations of ${n} models, where ${got.violations} are named`;
  if (got.kind !== said.kind) {
    return `it says ${said.kind}, where ${violations} violations in ${n} models leave it ${evidence.decision}`;
  }
  if (said.kind === "inconclusive" && said.because === "stopped" && said.later.n > 0) {
    return `it says that the sampling stopped, where ${said.later.n} models came later`;
  }
  return undefined;
}

/** Whether these counts had been decided already without their last model, whether that one was a violation or not. */
function overshoots(standard: Standard, { n, violations }: Counts): boolean {
  const rule = exactRule(standard);
  return [violations - 1, violations]
    .filter((earlier) => earlier >= 0 && earlier < n)
    .every((earlier) => rule({ n: n - 1, violations: earlier }) !== "undecided");
}
