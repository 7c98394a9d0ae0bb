import type { Presentation } from "../src/report/presentation.ts";
import {
  attentionFigure,
  directionsFigure,
  gradientTailsFigure,
  iterationsFigure,
  neuronsFigure,
  pruningCostFigure,
  pruningFigure,
  rankAgainstRFigure,
  ranksFigure,
  scalingFigure,
  spectraFigure,
  trainingFigure,
  transformerPresentation,
} from "../src/transformer/report/index.ts";
import { sourceStatements, works } from "./abstract.ts";
import { accuracyOutlastsPruning } from "./accuracy-outlasts-pruning.ts";
import { attentionMovesToRelevant } from "./attention-moves-to-relevant.ts";
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

/** What the paper's abstract says, item by item, in this project's words. */
const ABSTRACT: Readonly<Record<number, string>> = {
  1: "SGD on data of label-relevant and label-irrelevant patterns converges, and the trained model can be characterised",
  2: "the gradient updates are low-rank, with a rank that depends on the number of label-relevant patterns",
  3: "proper magnitude-based pruning changes the test performance only slightly",
};

/** What the reports of the paper's theorems show beside their verdicts. */
export const presentation: Presentation = {
  ...transformerPresentation,
  heading: {
    kicker:
      'theorycheck · Li, Wang, Zhang, Liu, Chen (IEEE SAM 2024), <a href="https://arxiv.org/abs/2406.17167">arXiv 2406.17167</a>',
    title: "Learning on Transformers is Provable Low-Rank and Sparse, checked",
    question:
      "Do the paper’s theorems hold for one-layer Transformers that are actually trained, and within which tolerances?",
  },
  model: [
    "Data: L tokens of dimension d, each one of M orthonormal patterns plus noise of norm at most τ. The first r patterns are label-relevant, half of them for each label; a sample has α*·L tokens of its own label’s patterns and α#·L, fewer, of the other’s.",
    "Model: score(X) = (1/L) Σ_l a·ReLU(W_O z_l) with z_l = Σ_s softmax_s((W_K x_s)·(W_Q x_l)) W_V x_s; m neurons, the rows w_i of W_O; a = ±1/√m is fixed, the same for all tokens or (per position) one for each.",
    "Start: W_Q = W_K = δ·I, W_V = σ times an orthonormal matrix, entries of W_O normal with deviation ξ.",
    "Training: SGD on the hinge loss with step size η and batches of B of the N samples, until the training hinge is at most ε = 0.001, after T steps; ΔW is what training added to a matrix.",
    "Law: the ranges that θ = (r, M, d, L, m, α*, α#, τ, δ, σ, ξ, η, N, B, …) is drawn from. The base law has r = 2 and a shared readout; the others have r = 4, r = 6, and a readout per position.",
    "Theorem: all its claims about one trained model, with probability at least 1 − p₀ over (θ, seed) of its law; p₀ = 5 % unless it says otherwise. Constants and bounds are ours, not the paper’s.",
  ],
  sources: {
    abstract: (item) =>
      `The paper’s abstract says that ${ABSTRACT[item]}. This is our formalisation of it, and the bounds are ours: the abstract states no constants.`,
    companion: "A companion work by the same first author says it in spirit; this form of it and its bounds are ours.",
    list: { works, statements: sourceStatements },
  },
  figuresOf: {
    [learnability.id]: [trainingFigure.id],
    [iterationComplexity.id]: [iterationsFigure.id],
    [lowRankUpdate.id]: [spectraFigure.id],
    [lowRankStep.id]: [gradientTailsFigure.id],
    [rankNeedsR.id]: [ranksFigure.id],
    [lowRankAdaptation.id]: [ranksFigure.id],
    [relevantDirections.id]: [directionsFigure.id],
    [sparseNeurons.id]: [neuronsFigure.id],
    [pruningIsFree.id]: [pruningFigure.id, pruningCostFigure.id],
    [pruningMustBeSmall.id]: [pruningFigure.id],
    [attentionMovesToRelevant.id]: [attentionFigure.id],
    [scaling.id]: [scalingFigure.id],
    [generalisation.id]: [trainingFigure.id],
    [sampleComplexity.id]: [trainingFigure.id],
    [lowRankOutput.id]: [spectraFigure.id],
    [lowRankMerged.id]: [spectraFigure.id],
    [rankFollowsClasses.id]: [rankAgainstRFigure.id],
    [sparseMerged.id]: [neuronsFigure.id],
    [pruningInProportion.id]: [pruningFigure.id],
    [magnitudeBeatsRandom.id]: [pruningFigure.id],
    [accuracyOutlastsPruning.id]: [pruningFigure.id],
    [growth.id]: [scalingFigure.id],
    [stepsDependOnLittle.id]: [iterationsFigure.id],
  },
  findingsOf: {
    [iterationComplexity.id]: [stepsWithoutMargin.id, stepsAndMargin.id],
    [rankFollowsClasses.id]: [keyQueryRank.id, queryRank.id],
    [relevantDirections.id]: [queryDirectionsBase.id, queryDirections.id, valueDirections.id],
    [lowRankMerged.id]: [mergedAttentionForm.id, mergedTailAndTarget.id],
    [pruningIsFree.id]: [smallNeuronsRest.id],
    [attentionMovesToRelevant.id]: [attentionConcentrates.id],
    [stepsDependOnLittle.id]: [stepsAndValueScale.id],
  },
};
