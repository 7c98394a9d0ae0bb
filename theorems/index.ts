import type { Control, Finding, Statement, Theorem } from "../src/claim/theorem.ts";
import { accuracyOutlastsPruning } from "./accuracy-outlasts-pruning.ts";
import { attentionMovesToRelevant } from "./attention-moves-to-relevant.ts";
import { attentionOfRandomLabels } from "./controls/attention-of-random-labels.ts";
import { directionsOfRandomLabels } from "./controls/directions-of-random-labels.ts";
import { fewNeurons } from "./controls/few-neurons.ts";
import { fewSamples } from "./controls/few-samples.ts";
import { fewSamplesLearned } from "./controls/few-samples-learned.ts";
import { largeAttention } from "./controls/large-attention.ts";
import { largeOutput } from "./controls/large-output.ts";
import { largeOutputNeurons } from "./controls/large-output-neurons.ts";
import { largeOutputRows } from "./controls/large-output-rows.ts";
import { largeSteps } from "./controls/large-steps.ts";
import { largestFirst } from "./controls/largest-first.ts";
import { noMajority } from "./controls/no-majority.ts";
import { oneSidedPruning } from "./controls/one-sided-pruning.ts";
import { oneValueDimension } from "./controls/one-value-dimension.ts";
import { otherDoublings } from "./controls/other-doublings.ts";
import { otherScale } from "./controls/other-scale.ts";
import { perPositionGradients } from "./controls/per-position-gradients.ts";
import { perPositionSteps } from "./controls/per-position-steps.ts";
import { pruningOfRandomLabels } from "./controls/pruning-of-random-labels.ts";
import { randomLabels } from "./controls/random-labels.ts";
import { rankOfRandomLabels } from "./controls/rank-of-random-labels.ts";
import { rankOne } from "./controls/rank-one.ts";
import { rankOneMerged } from "./controls/rank-one-merged.ts";
import { rankOneOfTwoClasses } from "./controls/rank-one-of-two-classes.ts";
import { rankOneOutput } from "./controls/rank-one-output.ts";
import { smallInPlaceOfRandom } from "./controls/small-in-place-of-random.ts";
import { smallInProportion } from "./controls/small-in-proportion.ts";
import { stepsAndStepSize } from "./controls/steps-and-step-size.ts";
import { tooFewSamples } from "./controls/too-few-samples.ts";
import { updateOfRandomLabels } from "./controls/update-of-random-labels.ts";
import { attentionConcentrates } from "./findings/attention-concentrates.ts";
import { keyQueryRank } from "./findings/key-query-rank.ts";
import { mergedAttentionForm } from "./findings/merged-attention-form.ts";
import { mergedTailAndTarget } from "./findings/merged-tail-and-target.ts";
import { queryDirections } from "./findings/query-directions.ts";
import { queryDirectionsBase } from "./findings/query-directions-base.ts";
import { queryRank } from "./findings/query-rank.ts";
import { smallNeuronsRest } from "./findings/small-neurons-rest.ts";
import { stepsAndMargin } from "./findings/steps-and-margin.ts";
import { stepsAndValueScale } from "./findings/steps-and-value-scale.ts";
import { stepsWithoutMargin } from "./findings/steps-without-margin.ts";
import { valueDirections } from "./findings/value-directions.ts";
import { generalisation } from "./generalisation.ts";
import { growth } from "./growth.ts";
import { iterationComplexity } from "./iteration-complexity.ts";
import { learnability } from "./learnability.ts";
import { lowRankAdaptation } from "./low-rank-adaptation.ts";
import { lowRankMerged } from "./low-rank-merged.ts";
import { lowRankOutput } from "./low-rank-output.ts";
import { lowRankStep } from "./low-rank-step.ts";
import { lowRankUpdate } from "./low-rank-update.ts";
import { magnitudeBeatsRandom } from "./magnitude-beats-random.ts";
import { pruningInProportion } from "./pruning-in-proportion.ts";
import { pruningIsFree } from "./pruning-is-free.ts";
import { pruningMustBeSmall } from "./pruning-must-be-small.ts";
import { rankFollowsClasses } from "./rank-follows-classes.ts";
import { rankNeedsR } from "./rank-needs-r.ts";
import { relevantDirections } from "./relevant-directions.ts";
import { sampleComplexity } from "./sample-complexity.ts";
import { scaling } from "./scaling.ts";
import { sparseMerged } from "./sparse-merged.ts";
import { sparseNeurons } from "./sparse-neurons.ts";
import { stepsDependOnLittle } from "./steps-depend-on-little.ts";

/** The theorems, in the paper's order: convergence, low rank, pruning; then what the companion paper adds. */
export const theorems: readonly Theorem[] = [
  learnability,
  generalisation,
  sampleComplexity,
  iterationComplexity,
  lowRankUpdate,
  lowRankOutput,
  lowRankMerged,
  lowRankStep,
  rankNeedsR,
  rankFollowsClasses,
  lowRankAdaptation,
  relevantDirections,
  sparseNeurons,
  sparseMerged,
  pruningIsFree,
  pruningMustBeSmall,
  pruningInProportion,
  magnitudeBeatsRandom,
  accuracyOutlastsPruning,
  attentionMovesToRelevant,
  scaling,
  growth,
  stepsDependOnLittle,
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
  attentionOfRandomLabels,
  perPositionSteps,
  perPositionGradients,
  rankOne,
  fewNeurons,
  fewSamples,
  tooFewSamples,
  rankOneOutput,
  rankOneMerged,
  rankOneOfTwoClasses,
  largeOutputRows,
  smallInProportion,
  smallInPlaceOfRandom,
  oneSidedPruning,
  otherScale,
  stepsAndStepSize,
  fewSamplesLearned,
  updateOfRandomLabels,
  rankOfRandomLabels,
  oneValueDimension,
  directionsOfRandomLabels,
  pruningOfRandomLabels,
  otherDoublings,
];

/** What one might expect of the theory and is not so, or that nobody stated. */
export const findings: readonly Finding[] = [
  queryDirections,
  queryRank,
  valueDirections,
  keyQueryRank,
  queryDirectionsBase,
  attentionConcentrates,
  stepsAndMargin,
  stepsWithoutMargin,
  stepsAndValueScale,
  mergedTailAndTarget,
  mergedAttentionForm,
  smallNeuronsRest,
];

/** What modules of declarations export: here, and in a file given to `verify --theorems`. */
export const statements: readonly Statement[] = [...theorems, ...controls, ...findings];
