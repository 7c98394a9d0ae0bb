import { type Counts, requireCounts } from "./e-process.ts";
import { decide, evidenceAt, requireStandard, type Standard } from "./evidence.ts";

/** An event that is not yet decided. */
export interface Awaited extends Standard, Counts {
  /** Models after which it is inconclusive. */
  readonly cap: number;
}

/** When a verdict is to be expected, and which. */
export interface Expected {
  readonly verdict: "certified" | "refuted" | "inconclusive";
  /** Further models until then. */
  readonly trials: number;
  /** At the rate that was given; infinite where that is 0. */
  readonly seconds: number;
}

/**
 * How many further models a verdict takes if they go on to violate the event as often as those so far, and how long that
 * is. Nothing is promised: the rate of a few models says little, and `plan` has the distribution for a known one. Without
 * any model none is supposed to violate it.
 *
 * Cost: two evaluations of the e-processes for each halving of what is left to the cap, about ten.
 */
export function expectedVerdict({ n, violations, cap, ...standard }: Awaited, trialsPerSecond: number): Expected {
  requireCounts("expectedVerdict", { n, violations });
  requireStandard("expectedVerdict", standard);
  const rate = n === 0 ? 0 : violations / n;
  const after = (trials: number) => {
    const counts = { n: n + trials, violations: violations + Math.round(rate * trials) };
    return decide(evidenceAt({ ...counts, p0: standard.p0 }), standard);
  };
  const within = (trials: number, verdict: Expected["verdict"]): Expected => {
    return { verdict, trials, seconds: trials === 0 ? 0 : trials / trialsPerSecond };
  };
  const left = Math.max(0, cap - n);
  const atCap = after(left);
  if (atCap === "undecided") return within(left, "inconclusive");
  // more models of the same kind are more evidence: halve the way to the first that decides
  let [undecided, decided] = [-1, left];
  while (decided - undecided > 1) {
    const middle = Math.floor((undecided + decided) / 2);
    if (after(middle) === "undecided") undecided = middle;
    else decided = middle;
  }
  return within(decided, atCap);
}

/** The first and the last of several verdicts; undefined where none is awaited. */
export function nextAndLast(
  awaited: readonly Awaited[],
  trialsPerSecond: number,
): { readonly next: Expected; readonly last: Expected } | undefined {
  const expected = awaited.map((each) => expectedVerdict(each, trialsPerSecond));
  const [next] = [...expected].sort((one, other) => one.trials - other.trials);
  const [last] = [...expected].sort((one, other) => other.trials - one.trials);
  return next === undefined || last === undefined ? undefined : { next, last };
}
