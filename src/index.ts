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
import * as claim from "./claim/claim.ts";
import type { Run } from "./transformer/measure/run.ts";

/** A claim about the runs of an experiment: about trained Transformers unless it says otherwise. */
export type Claim<R = Run> = claim.Claim<R>;
/** What a claim reads off a run, or off a pair of runs. */
export type Observe<R = Run> = claim.Observe<R>;

type Bounded = <R = Run>(title: string, bound: number, observe: Observe<R>) => Claim<R>;

/** observed <= bound. @throws InvalidInput naming the field that is wrong */
export const atMost: Bounded = claim.atMost;
/** observed >= bound. @throws InvalidInput naming the field that is wrong */
export const atLeast: Bounded = claim.atLeast;
/** observed > bound. @throws InvalidInput naming the field that is wrong */
export const above: Bounded = claim.above;
/** low <= observed <= high. @throws InvalidInput naming the field that is wrong */
export const within: <R = Run>(title: string, low: number, high: number, observe: Observe<R>) => Claim<R> =
  claim.within;

export { abstract, companion, derived, observed, type Provenance } from "./claim/provenance.ts";
export type { Relation } from "./claim/relation.ts";
export { type Control, everyClaimOf, type Finding, type Statement, type Theorem } from "./claim/theorem.ts";
export type { Verdict } from "./evidence/evidence.ts";
export { median } from "./evidence/median.ts";
export {
  type DeclaredExperiment,
  type Experiment,
  experiment,
  type Measured,
  type Random,
} from "./experiment/experiment.ts";
export type { Hashes } from "./experiment/hashes.ts";
export { here, type Laboratory } from "./experiment/laboratory.ts";
export { type StatementsOf, statementsOf } from "./experiment/statements-of.ts";
export type { Order, RunRecord, TrialRecord } from "./experiment/trial.ts";
export { InvalidInput } from "./invalid-input.ts";
export { type Declarations, declarationsIn, hashesOf } from "./laboratory/fingerprint.ts";
export { type RememberingOptions, remembering } from "./laboratory/remembering.ts";
export { type ThreadsOptions, threads } from "./laboratory/threads.ts";
export {
  ceiling,
  type Expression,
  least,
  minus,
  product,
  quotient,
  rounded,
  square,
} from "./law/expression.ts";
export { type Draw, type Draws, type Hypothesis, hypothesesOf, type Law, type Ranges } from "./law/law.ts";
export type { ChoiceField, Field, Fields, NumberField, Parameters, Rule, ThetaOf } from "./law/parameters.ts";
export {
  type Bound,
  constant,
  equalTo,
  formula,
  type Interval,
  integer,
  logUniform,
  logUniformInteger,
  type Range,
  real,
  times,
} from "./law/range.ts";
export { control, finding, law, theorem, transformer } from "./transformer/experiment.ts";
export { baseLaw, fourPatternsLaw, leaving, perPositionLaw, sixPatternsLaw } from "./transformer/laws.ts";
export { type NormClusters, splitByLogNorm } from "./transformer/measure/clusters.ts";
export type { Run } from "./transformer/measure/run.ts";
export { singularValues, tailEnergy, truncate } from "./transformer/measure/singular-values.ts";
export type { Performance } from "./transformer/measure/test-loss.ts";
export type { Theta, Weights } from "./transformer/notation.ts";
export type { HypothesisName } from "./transformer/theta.ts";
export { type ClaimResult, type Judgement, type JudgeOptions, judge, type Progress } from "./verdict/judge.ts";
export type { Ledger } from "./verdict/ledger.ts";
export type { EventResult } from "./verdict/tally.ts";
