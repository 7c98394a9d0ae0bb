import { clopperPearson, type Limits } from "../evidence/limits.ts";

/** How many of a number of simulated judgements, fixed before the first, ended with one verdict. */
export interface Share {
  readonly count: number;
  /** Clopper–Pearson limits of the probability, each exceeded with probability ½ · `MONTE_CARLO_ALPHA` */
  readonly limits: Limits;
  /** the probability computed without simulation, by `outcomes` */
  readonly exact: number;
  /** α where this verdict is a false alarm, β where it is a false pass; null where it is right */
  readonly nominal: number | null;
  readonly holds: boolean;
}

/** The chance that a pair of Monte-Carlo limits misses the truth. */
export const MONTE_CARLO_ALPHA = 1e-4;

/** @param simulable whether the nominal rate is one that a simulation of this length can see: see `shareHolds` */
export function share(
  { count, runs, exact, nominal }: Pick<Share, "count" | "exact" | "nominal"> & { readonly runs: number },
  simulable: boolean,
): Share {
  const limits = clopperPearson({ n: runs, violations: count, alpha: MONTE_CARLO_ALPHA });
  return { count, limits, exact, nominal, holds: shareHolds({ limits, exact, nominal }, simulable) };
}

/**
 * Whether
 *
 *   1. the exact probability lies within the Monte-Carlo limits (simulation and computation agree), and
 *   2. where the verdict is wrong, the exact probability is at most the nominal one, and
 *   3. so is the upper Monte-Carlo limit, where the simulation can see the nominal one.
 */
export function shareHolds({ limits, exact, nominal }: Omit<Share, "count" | "holds">, simulable: boolean): boolean {
  const agrees = limits.lower <= exact && exact <= limits.upper;
  return agrees && (nominal === null || (exact <= nominal && (!simulable || limits.upper <= nominal)));
}

/** Count, limits, exact probability and bound: four cells of a table. */
export function shareCells({ count, limits, exact, nominal, holds }: Share, symbol: string): (string | number)[] {
  const bound = nominal === null ? "" : `≤ ${symbol}`;
  const verdict = holds ? "" : "**fails**";
  return [count, describeInterval(limits), short(exact), [bound, verdict].filter((part) => part !== "").join(" ")];
}

export function describeInterval({ lower, upper }: Limits): string {
  return `${short(lower)} .. ${short(upper)}`;
}

export function tableRow(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Four digits: 0.01801, 3.782e-7. */
export function short(value: number): string {
  const rounded = Number(value.toPrecision(4));
  return rounded !== 0 && rounded < 1e-3 ? rounded.toExponential() : String(rounded);
}
