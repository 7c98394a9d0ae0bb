import { InvalidInput } from "../invalid-input.ts";
import type { Counts } from "../verdict/e-process.ts";
import { eventKey } from "../verdict/population.ts";
import type { EarlierRun } from "../verdict/resume.ts";
import { decide, evidenceAt } from "../verdict/verdict.ts";
import type { EventResultData, Results } from "./results.ts";

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
  const trials = new Map(laws.map((law) => [law.id, law.trials]));
  const counts = new Map<string, Counts & { p0: number }>();
  for (const { id, events } of statements) {
    for (const event of events) {
      const key = eventKey(id, event.claim, event.law);
      const why = whyImpossible(event, trials.get(event.law), run);
      if (why !== undefined) throw new InvalidInput(`${name}: no run can have had these counts of ${key}: ${why}`);
      counts.set(key, { n: event.verdict.n, violations: event.verdict.violations, p0: event.p0 });
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
  { law, p0, verdict, violators }: EventResultData,
  trials: number | undefined,
  { alphaPerVerdict, beta, earlier }: Results["run"],
): string | undefined {
  const { kind, n, violations, later } = verdict;
  if (trials === undefined) return `law ${law} is not among those of the run`;
  if (!(p0 > 0 && p0 < 1)) return `p0 is ${p0}`;
  if (violations > n || later.violations > later.n) return `${violations} violations of ${n} models`;
  const before = n + later.n - trials;
  const most = earlier.reduce((sum, each) => sum + (each.trials[law] ?? 0), 0);
  if (before < 0 || before > most) {
    return `${n} and ${later.n} models, where the run had ${trials} and those before it ${most}`;
  }
  const ascending = violators.every((index, i) => index < trials && (i === 0 || index > (violators[i - 1] as number)));
  if (!ascending) return `violators must be indices of its ${trials} models in ascending order`;
  const violatedBefore = violations + later.violations - violators.length;
  if (violatedBefore < 0 || violatedBefore > before) {
    return `${violations} and ${later.violations} violations, where ${violators.length} models are named`;
  }
  // the models of this run that count: those before `later`
  const counted = violators.filter((index) => index < trials - later.n).length;
  if (violations !== violatedBefore + counted) {
    return `${violations} violations, where ${counted} of the models named come before the verdict`;
  }
  const standard = { p0, alpha: alphaPerVerdict, beta };
  const decision = decide(evidenceAt({ n, violations, p0 }), standard);
  const said = kind === "inconclusive" ? "undecided" : kind;
  if (decision !== said) return `it says ${kind}, where ${violations} violations in ${n} models leave it ${decision}`;
  if (n > before) {
    const last = violators.includes(n - before - 1) ? 1 : 0;
    const previous = decide(evidenceAt({ n: n - 1, violations: violations - last, p0 }), standard);
    if (previous !== "undecided") return `it was ${previous} before the last of ${n} models, which does not count then`;
  }
  return undefined;
}
