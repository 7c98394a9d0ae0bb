import type { Control, Finding, Statement, Theorem } from "../src/claim/theorem.ts";
import { attentionMovesToRelevant } from "./attention-moves-to-relevant.ts";
import { largeAttention } from "./controls/large-attention.ts";
import { largeOutput } from "./controls/large-output.ts";
import { largeOutputNeurons } from "./controls/large-output-neurons.ts";
import { largeSteps } from "./controls/large-steps.ts";
import { largestFirst } from "./controls/largest-first.ts";
import { noMajority } from "./controls/no-majority.ts";
import { noTraining } from "./controls/no-training.ts";
import { perPositionGradients } from "./controls/per-position-gradients.ts";
import { perPositionSteps } from "./controls/per-position-steps.ts";
import { randomLabels } from "./controls/random-labels.ts";
import { rankOne } from "./controls/rank-one.ts";
import { keyQueryRank } from "./findings/key-query-rank.ts";
import { queryDirections } from "./findings/query-directions.ts";
import { queryDirectionsBase } from "./findings/query-directions-base.ts";
import { rankFollowsClasses } from "./findings/rank-follows-classes.ts";
import { valueDirections } from "./findings/value-directions.ts";
import { iterationComplexity } from "./iteration-complexity.ts";
import { learnability } from "./learnability.ts";
import { lowRankAdaptation } from "./low-rank-adaptation.ts";
import { lowRankStep } from "./low-rank-step.ts";
import { lowRankUpdate } from "./low-rank-update.ts";
import { pruningIsFree } from "./pruning-is-free.ts";
import { pruningMustBeSmall } from "./pruning-must-be-small.ts";
import { rankNeedsR } from "./rank-needs-r.ts";
import { relevantDirections } from "./relevant-directions.ts";
import { scaling } from "./scaling.ts";
import { sparseNeurons } from "./sparse-neurons.ts";

/** The theorems, in the paper's order: convergence, low rank, pruning; then what the companion paper adds. */
export const theorems: readonly Theorem[] = [
  learnability,
  iterationComplexity,
  lowRankUpdate,
  lowRankStep,
  rankNeedsR,
  lowRankAdaptation,
  relevantDirections,
  sparseNeurons,
  pruningIsFree,
  pruningMustBeSmall,
  attentionMovesToRelevant,
  scaling,
];

/** Each leaves one hypothesis of a theorem, and must be refuted. */
export const controls: readonly Control[] = [
  noMajority,
  randomLabels,
  largeSteps,
  largeAttention,
  largeOutput,
  largeOutputNeurons,
  largestFirst,
  noTraining,
  perPositionSteps,
  perPositionGradients,
  rankOne,
];

/** What one might expect of the theory and is not so, or that nobody stated. */
export const findings: readonly Finding[] = [
  queryDirections,
  rankFollowsClasses,
  valueDirections,
  keyQueryRank,
  queryDirectionsBase,
];

/** What modules of declarations export: here, and in a file given to `verify --theorems`. */
export const statements: readonly Statement[] = [...theorems, ...controls, ...findings];
