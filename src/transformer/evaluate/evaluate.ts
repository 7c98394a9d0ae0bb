import type { Matrix } from "ml-matrix";
import { singularValues } from "../measure/singular-values.ts";
import type { Engine } from "../model/engine.ts";
import { everySample } from "../model/loss.ts";
import type { PerMatrix } from "../notation.ts";
import { type EvaluationCase, parseCases } from "./evaluation-cases.ts";

/** A matrix as an array of rows. */
export type Rows = readonly (readonly number[])[];

/** What an engine finds for a case: of the batch as a whole, and of full-batch SGD where the case asks for it. */
export interface Evaluation {
  readonly name: string;
  /** one for each sample */
  readonly scores: readonly number[];
  /** mean over the batch */
  readonly hingeLoss: number;
  /** of the mean hinge loss */
  readonly gradients: PerMatrix<Rows>;
  /** of the gradients, in descending order */
  readonly singularValues: PerMatrix<readonly number[]>;
  readonly afterSgd?: { readonly lossBeforeEachStep: readonly number[]; readonly weights: PerMatrix<Rows> };
}

export interface Evaluations {
  readonly cases: readonly Evaluation[];
}

/**
 * Evaluates every case of a file in the form of golden/one-layer-transformer.json.
 *
 * @throws InvalidInput naming the field that is wrong
 */
export function evaluateCases(file: unknown, engine: Engine): Evaluations {
  return { cases: parseCases(file).map((one) => evaluateCase(one, engine)) };
}

/** One case. Cost: two passes over the batch and one for every SGD step. */
export function evaluateCase({ name, weights, data, sgd }: EvaluationCase, engine: Engine): Evaluation {
  const batch = everySample(data);
  const standing = engine.startTraining(weights, data);
  const hingeLoss = standing.meanHinge();
  standing.step(batch, 0); // no step is taken; it leaves the gradients
  const gradients = standing.lastGradients();
  const evaluation = {
    name,
    scores: Array.from(engine.scores(weights, data)),
    hingeLoss,
    gradients: perMatrix(gradients, rowsOf),
    singularValues: perMatrix(gradients, singularValues),
  };
  if (sgd === undefined) return evaluation;

  const training = engine.startTraining(weights, data);
  const lossBeforeEachStep = Array.from({ length: sgd.steps }, () => training.step(batch, sgd.stepSize));
  return { ...evaluation, afterSgd: { lossBeforeEachStep, weights: perMatrix(training.weights(), rowsOf) } };
}

function rowsOf(matrix: Matrix): Rows {
  return matrix.to2DArray();
}

function perMatrix<T>(matrices: PerMatrix<Matrix>, of: (matrix: Matrix) => T): PerMatrix<T> {
  return { WQ: of(matrices.WQ), WK: of(matrices.WK), WV: of(matrices.WV), WO: of(matrices.WO) };
}
