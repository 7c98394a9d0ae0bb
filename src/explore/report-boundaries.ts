import type { Setting, Varied } from "./boundary.ts";

/** A boundary that the report shows. */
export interface ReportBoundary {
  /** Base name of its files in reports/boundaries/. */
  readonly id: string;
  readonly theorem: string;
  readonly vary: readonly Varied[];
  readonly set: readonly Setting[];
  readonly seeds: number;
  readonly cells: number;
}

/** Training stops here, as it does for controls: what has not converged by then costs the most and says the least. */
const STEPS: Setting = { field: "Tmax", value: 1000 };

/** The base law's slowest models need 3000 steps, so that 1000 would refuse some that do converge. */
const ENOUGH_STEPS: Setting = { field: "Tmax", value: 3000 };

/** The boundaries of the report: each leaves one hypothesis of a theorem, or two, as far as it takes. */
export const reportBoundaries: readonly ReportBoundary[] = [
  {
    id: "low-rank-update-delta",
    theorem: "low-rank-update",
    vary: [{ field: "delta", from: 0.01, to: 5 }],
    set: [STEPS],
    seeds: 20,
    cells: 14,
  },
  {
    id: "pruning-is-free-xi",
    theorem: "pruning-is-free",
    vary: [{ field: "xi", from: 0.005, to: 1 }],
    set: [STEPS],
    seeds: 20,
    cells: 14,
  },
  {
    id: "learnability-eta",
    theorem: "learnability",
    vary: [{ field: "eta", from: 0.1, to: 32 }],
    set: [ENOUGH_STEPS],
    seeds: 20,
    cells: 12,
  },
  {
    id: "learnability-alpha",
    theorem: "learnability",
    vary: [
      { field: "alphaStar", from: 0, to: 0.6 },
      { field: "alphaSharp", from: 0, to: 0.6 },
    ],
    // without a majority the paper's label rule has no label to give: the class that owns the n* tokens keeps it
    set: [STEPS, { field: "labels", value: "drawn" }],
    seeds: 8,
    cells: 64,
  },
  {
    id: "learnability-tau",
    theorem: "learnability",
    vary: [{ field: "tau", from: 0, to: 2 }],
    set: [ENOUGH_STEPS],
    seeds: 20,
    cells: 12,
  },
];
