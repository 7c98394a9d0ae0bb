import type { JudgedClaim } from "../../src/claim/population.ts";
import { slack, violates } from "../../src/claim/relation.ts";
import { observedOf } from "../../src/experiment/trial.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { curveCounts, PRUNING_ORDERS, type PruningCurve, pruningCurve } from "../charts/pruning.ts";

/** What a single model shows of each claim, by the claim's key. */
export type Observations = Readonly<Record<string, Observation>>;

export type Observation =
  | { readonly kind: "observed"; readonly value: number; readonly violated: boolean; readonly slack: number }
  /** Not to be had of this model, for instance because its gradients were too large to watch. */
  | { readonly kind: "unknown"; readonly why: string };

/** Everything that is computed once a training has come to rest. */
export interface JudgedModel {
  /** the step at which it was judged */
  readonly steps: number;
  /** Claims are about models whose training has ended: of any other they say nothing yet. */
  readonly ended: boolean;
  readonly observations: Observations;
  readonly pruning: readonly PruningCurve[];
  /** neurons in the small cluster */
  readonly small: number;
}

/** Each claim held against one model. A model that diverged violates them all. */
export function observe(claims: readonly JudgedClaim[], run: Run, gradientsWatched: boolean): Observations {
  const { theta, seed } = run.model;
  return Object.fromEntries(
    claims.map((judged): [string, Observation] => {
      const { key, claim, statement } = judged;
      if (statement.traces.includes("gradients") && !gradientsWatched) {
        return [key, { kind: "unknown", why: "gradients this large are not watched in the page" }];
      }
      const value = observedOf(judged, [{ theta, seed }], [run]);
      return [key, { kind: "observed", value, violated: violates(claim, value), slack: slack(claim, value) }];
    }),
  );
}

/** The curve of each pruning order. Empty where the model diverged. */
export function pruningCurvesOf(run: Run): readonly PruningCurve[] {
  if (run.diverged) return [];
  const counts = curveCounts(run.theta.m, run.theta.testSamples, [run.clusters.small.length]);
  return PRUNING_ORDERS.map((order) => pruningCurve(run, order, counts));
}
