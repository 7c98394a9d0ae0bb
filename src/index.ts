/**
 * theorycheck as a library: declare a theorem over one-layer Transformers trained under a law, and have it judged.
 *
 * @example
 * export const fewSteps = theorem({
 *   id: "few-steps",
 *   title: "Training takes at most 2000 steps",
 *   provenance: observed(),
 *   law: baseLaw,
 *   claims: [atMost("steps", 2000, (run) => run.stepsToConvergence)],
 * });
 */
export { above, atLeast, atMost, type Claim, type Observe, type Relation, within } from "./claim/claim.ts";
export {
  abstract,
  type Control,
  companion,
  control,
  derived,
  everyClaimOf,
  type Finding,
  finding,
  observed,
  type Provenance,
  type Statement,
  type Theorem,
  theorem,
} from "./claim/theorem.ts";
export type { Verdict } from "./evidence/evidence.ts";
export { InvalidInput } from "./invalid-input.ts";
export { type Hypothesis, type HypothesisName, hypothesesOf, type Law, law, type Ranges } from "./law/law.ts";
export { baseLaw, fourPatternsLaw, leaving, perPositionLaw, sixPatternsLaw } from "./law/laws.ts";
export {
  type Bound,
  constant,
  equalTo,
  integer,
  logUniform,
  logUniformInteger,
  type Range,
  real,
  times,
} from "./law/range.ts";
export { median, type NormClusters, splitByLogNorm } from "./transformer/measure/clusters.ts";
export type { Run } from "./transformer/measure/run.ts";
export { singularValues, tailEnergy, truncate } from "./transformer/measure/singular-values.ts";
export type { Performance } from "./transformer/measure/test-loss.ts";
export type { Theta, Weights } from "./transformer/notation.ts";
export { type ClaimResult, type Judgement, type JudgeOptions, judge, type Progress } from "./verdict/judge.ts";
export type { Ledger } from "./verdict/ledger.ts";
export type { EventResult } from "./verdict/tally.ts";
