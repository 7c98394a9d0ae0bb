/**
 * theorycheck/transformer: the paper's experiment by itself. A one-layer Transformer and its data under θ, trained by SGD,
 * pruned and measured, without any statement about it.
 *
 * @example
 * const seed = 7;
 * const run = runModel(drawTheta(baseLaw, seed), seed, { engine: kernelEngine });
 * console.log(run.steps, tailEnergy(run.update.WQ, run.theta.r));
 */
export { median } from "../evidence/median.ts";
export { datasetOf, labelOfSample, tokensOfSample } from "./data/dataset.ts";
export { type DatasetRole, type SampledDataset, sampleDataset, samplePatterns } from "./data/sample.ts";
export { control, finding, law, theorem, transformer, transformerBy } from "./experiment.ts";
export { baseLaw, drawTheta, fourPatternsLaw, leaving, perPositionLaw, sixPatternsLaw } from "./laws.ts";
export { type NormClusters, splitByLogNorm } from "./measure/clusters.ts";
export {
  type MergedRows,
  mergedAttentionSpectrum,
  mergedNeuronsSpectrum,
  mergedRows,
} from "./measure/merged.ts";
export {
  costOfSmall,
  riseAtRandom,
  shareNeverMoved,
  shareOfSmall,
  withoutLargest,
  withoutRandom,
} from "./measure/pruned.ts";
export { type Run, runModel, type Trace } from "./measure/run.ts";
export { energyOf, singularValues, tailEnergy, tailEnergyOf, truncate } from "./measure/singular-values.ts";
export { rankHolding, tailNormOf } from "./measure/spectrum.ts";
export { type SteepSteps, watchSteepSteps } from "./measure/steep-steps.ts";
export { type Measurements, measurementsOf } from "./measure/summary.ts";
export { type Performance, performanceOf } from "./measure/test-loss.ts";
export type { Engine, Training } from "./model/engine.ts";
export { type Forward, forward, score } from "./model/forward.ts";
export { backward, gradients, type LossAndGradients, lossAndGradients } from "./model/gradient.ts";
export { kernelEngine } from "./model/kernel/engine.ts";
export { hinge, hingeLoss } from "./model/loss.ts";
export { referenceEngine, sgdStep } from "./model/reference.ts";
export {
  type Dataset,
  EPSILON,
  type Gradients,
  type Labels,
  type PerMatrix,
  type Readout,
  type Shape,
  type Theta,
  TRAINED_MATRICES,
  type TrainedMatrix,
  tokenCounts,
  UPDATED_MATRICES,
  type UpdatedMatrix,
  type Weights,
} from "./notation.ts";
export {
  compactNeurons,
  largestNeurons,
  maskNeurons,
  neuronNorms,
  neuronsByNorm,
  smallestNeurons,
} from "./prune/magnitude.ts";
export { type MultiplyAdds, multiplyAdds, savingByPruning } from "./prune/multiply-adds.ts";
export { pruningBound } from "./prune/pruning-bound.ts";
export { parseTheta, transformerParameters } from "./theta.ts";
export { allFinite, weightsDigest } from "./train/digest.ts";
export { initialWeights } from "./train/initial-weights.ts";
export { batchOrder, type Step, type TrainedModel, type TrainingOptions, train } from "./train/sgd.ts";
