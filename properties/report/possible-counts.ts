import type { Counts } from "../../src/evidence/e-process.ts";
import { type Decision, decide, evidenceAt, type Standard } from "../../src/evidence/evidence.ts";
import type { EventResultData, Results } from "../../src/report/results.ts";

const decisions = new Map<string, Decision>();

/** What counts alone decide; each asked once, since the same come again and again. */
function decisionAt(counts: Counts, standard: Standard): Decision {
  const key = Object.values({ ...counts, ...standard }).join();
  const known = decisions.get(key) ?? decide(evidenceAt({ ...counts, p0: standard.p0 }), standard);
  decisions.set(key, known);
  return known;
}

/**
 * Whether some models give an event these counts, found by trying: all counts that runs before this one can have left
 * it at, and from there the models of this run, one by one, as the rules have it.
 */
export function isPossible({ p0, verdict, violators, law }: EventResultData, { laws, run }: Results): boolean {
  const { n, violations, later } = verdict;
  if (!(p0 > 0 && p0 < 1)) return false;
  const standard = { p0, alpha: run.alphaPerVerdict, beta: run.beta };
  const trials = laws.find(({ id }) => id === law)!.trials;
  const models = Array.from({ length: Math.min(trials, 10_000) }, (_, index) => violators.includes(index));
  if (models.length !== trials || models.filter(Boolean).length !== violators.length) return false;
  const capped = verdict.kind === "inconclusive" && verdict.because === "cap";

  const most = run.earlier.reduce((sum, each) => sum + (each.trials[law] ?? 0), 0);
  for (const start of reachable(most, standard)) {
    // all models are counted, before the verdict or after it
    if (start.n + trials !== n + later.n || start.violations + violators.length !== violations + later.violations)
      continue;
    if (capped && start.n >= n) continue;
    const counts = { ...start };
    for (const violated of models) {
      if (decisionAt(counts, standard) !== "undecided" || (capped && counts.n === n)) break;
      counts.n++;
      counts.violations += violated ? 1 : 0;
    }
    const decided = decisionAt(counts, standard);
    const said = verdict.kind === "inconclusive" ? "undecided" : verdict.kind;
    if (counts.n === n && counts.violations === violations && decided === said) return true;
  }
  return false;
}

/** The counts after up to so many models: those of models that decided nothing yet, and each that decided. */
function* reachable(most: number, standard: Standard): Generator<Counts> {
  let undecided = new Set<number>();
  for (let n = 0; n <= most; n++) {
    const after = n === 0 ? [0] : new Set([...undecided].flatMap((violations) => [violations, violations + 1]));
    undecided = new Set();
    for (const violations of after) {
      if (decisionAt({ n, violations }, standard) === "undecided") undecided.add(violations);
      yield { n, violations };
    }
  }
}
