import { Matrix } from "ml-matrix";
import { InvalidInput } from "../../invalid-input.ts";
import { singularValueRoundoff } from "../measure/singular-values.ts";
import { errorNorm, type RoundedMatrix } from "../model/rounding/rounded-matrix.ts";
import { roundedLossAndGradients, roundedSgdStep, roundedWeights } from "../model/rounding/rounding-bounds.ts";
import { TRAINED_MATRICES } from "../notation.ts";
import type { Evaluation, Evaluations } from "./evaluate.ts";
import { type EvaluationCase, parseCases } from "./evaluation-cases.ts";

/** The entry of a quantity at which an evaluation is furthest from the expected value, in units of its tolerance. */
export interface Deviation {
  readonly case: string;
  /** As in the file: "gradients.WQ", "afterSgd.weights.WO". */
  readonly quantity: string;
  /** |evaluated − expected| */
  readonly error: number;
  /** What rounding explains: both sides may be off by the bound of `rounding-bounds.ts`, so twice that. */
  readonly tolerance: number;
}

export function isWithinTolerance({ error, tolerance }: Deviation): boolean {
  return error === 0 || (error <= tolerance && Number.isFinite(tolerance));
}

/**
 * Holds evaluations against the `expected` values of the file they are of: for every case and every quantity the worst
 * entry. All of them are returned, those within tolerance too.
 *
 * @throws InvalidInput if a case has no expected values, or naming the field that is wrong
 */
export function checkCases(evaluations: Evaluations, file: unknown): Deviation[] {
  return parseCases(file).flatMap((one, index) => {
    const evaluation = evaluations.cases[index];
    if (evaluation?.name !== one.name) {
      const got = evaluation === undefined ? "nothing" : evaluation.name;
      throw new RangeError(`checkCases requires the evaluations of this file: case ${one.name}, got ${got}`);
    }
    if (one.expected === undefined) {
      throw new InvalidInput(`cases[${index}].expected: must be given where it is checked, got nothing`);
    }
    return checkCase(evaluation, one);
  });
}

/** One case that has expected values. */
export function checkCase(evaluation: Evaluation, { name, weights, data, sgd, expected }: EvaluationCase): Deviation[] {
  if (expected === undefined) throw new RangeError(`checkCase requires expected values, got none for ${name}`);
  const deviations: Deviation[] = [];
  const compare = (
    quantity: string,
    found: readonly number[],
    wanted: readonly number[],
    bounds: readonly number[],
  ) => {
    const entries = wanted.map((value, i) => {
      // what is no number, or infinite, is right where it is expected
      const error = Object.is(found[i], value) ? 0 : Math.abs(found[i]! - value);
      return { case: name, quantity, error, tolerance: 2 * bounds[i]! };
    });
    deviations.push(entries.reduce((worst, entry) => (ratio(entry) > ratio(worst) ? entry : worst)));
  };

  const bounds = roundedLossAndGradients(roundedWeights(weights), data);
  compare(
    "scores",
    evaluation.scores,
    expected.scores,
    bounds.scores.map((score) => score.error),
  );
  compare("hingeLoss", [evaluation.hingeLoss], [expected.hingeLoss], [bounds.loss.error]);
  for (const which of TRAINED_MATRICES) {
    const bound = bounds.gradients[which];
    compare(
      `gradients.${which}`,
      evaluation.gradients[which].flat(),
      expected.gradients[which].flat(),
      bound.error.to1DArray(),
    );
    // a singular value moves by no more than the matrix does (Weyl)
    const wanted = expected.singularValues[which];
    const ofSingularValues = errorNorm(bound) + singularValueRoundoff(new Matrix(expected.gradients[which]));
    compare(
      `singularValues.${which}`,
      evaluation.singularValues[which],
      wanted,
      wanted.map(() => ofSingularValues),
    );
  }

  if (sgd !== undefined && expected.afterSgd !== undefined && evaluation.afterSgd !== undefined) {
    let trained = roundedWeights(weights);
    const lossBounds: number[] = [];
    for (let step = 0; step < sgd.steps; step++) {
      const { loss, gradients } = roundedLossAndGradients(trained, data);
      lossBounds.push(loss.error);
      trained = roundedSgdStep(trained, gradients, sgd.stepSize);
    }
    const { lossBeforeEachStep, weights: found } = evaluation.afterSgd;
    compare("afterSgd.lossBeforeEachStep", lossBeforeEachStep, expected.afterSgd.lossBeforeEachStep, lossBounds);
    for (const which of TRAINED_MATRICES) {
      const wanted = expected.afterSgd.weights[which].flat();
      const ofWeights: RoundedMatrix = trained[which];
      compare(`afterSgd.weights.${which}`, found[which].flat(), wanted, ofWeights.error.to1DArray());
    }
  }
  return deviations;
}

/** error/tolerance, by which deviations are compared; no error at all is 0, and NaN is the worst there is. */
export function ratio({ error, tolerance }: Deviation): number {
  if (error === 0) return 0;
  const quotient = error / tolerance;
  return Number.isNaN(quotient) ? Number.POSITIVE_INFINITY : quotient;
}
