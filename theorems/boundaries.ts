import type { Setting, Varied } from "../src/explore/boundary.ts";
import { learnability } from "./learnability.ts";
import { lowRankUpdate } from "./low-rank-update.ts";
import { pruningIsFree } from "./pruning-is-free.ts";

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

/** Training stops here: what has not converged by then costs the most and says the least. */
const STEPS: Setting = { field: "Tmax", value: 1000 };

/** Where convergence itself is in question: all but a few in a thousand models of the base law need fewer. */
const MORE_STEPS: Setting = { field: "Tmax", value: 2000 };

/** The low ends of the base law's ranges: the cheapest models that it has, where many never converge. */
const FEW_NEURONS: Setting = { field: "m", value: 50 };
const SMALL_BATCH: Setting = { field: "B", value: 32 };

/** The boundaries of the report: each leaves one hypothesis of a theorem, or two, as far as it takes. */
export const reportBoundaries: readonly ReportBoundary[] = [
  {
    id: "low-rank-update-delta",
    theorem: lowRankUpdate.id,
    vary: [{ field: "delta", from: 0.01, to: 5 }],
    set: [STEPS],
    seeds: 20,
    cells: 14,
  },
  {
    id: "pruning-is-free-xi",
    theorem: pruningIsFree.id,
    vary: [{ field: "xi", from: 0.005, to: 1 }],
    set: [STEPS],
    seeds: 20,
    cells: 14,
  },
  {
    id: "learnability-eta",
    theorem: learnability.id,
    // with still larger steps models that never converge take minutes each
    vary: [{ field: "eta", from: 0.2, to: 8 }],
    set: [STEPS, FEW_NEURONS, SMALL_BATCH],
    seeds: 12,
    cells: 10,
  },
  {
    id: "learnability-alpha",
    theorem: learnability.id,
    vary: [
      { field: "alphaStar", from: 0, to: 0.6 },
      { field: "alphaSharp", from: 0, to: 0.6 },
    ],
    // without a majority the paper's label rule has no label to give: the class that owns the n* tokens keeps it
    set: [STEPS, FEW_NEURONS, SMALL_BATCH, { field: "labels", value: "drawn" }],
    seeds: 8,
    cells: 64,
  },
  {
    id: "learnability-tau",
    theorem: learnability.id,
    vary: [{ field: "tau", from: 0, to: 2 }],
    set: [MORE_STEPS, FEW_NEURONS, SMALL_BATCH],
    seeds: 12,
    cells: 10,
  },
];
