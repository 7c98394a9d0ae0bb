import { Matrix } from "ml-matrix";
import type { Engine } from "../../../src/transformer/model/engine.ts";
import { TRAINED_MATRICES, type Weights } from "../../../src/transformer/notation.ts";

/** What a scripted training was asked to do. */
export interface Protocol {
  /** The sample indices of each step. */
  readonly batches: number[][];
  readonly stepSizes: number[];
  /** After how many steps the training set was looked at to see whether training has converged. */
  readonly checks: number[];
}

/**
 * An engine that trains nothing and writes down what it is asked: the hinge after a number of steps is as scripted, and
 * so is the step from which on a weight is not finite.
 */
export function scriptedEngine(script: {
  readonly hingeAfter?: (steps: number) => number;
  readonly notFiniteFrom?: number;
  readonly notFinite?: number;
}): { engine: Engine; protocol: Protocol } {
  const { hingeAfter = () => 1, notFiniteFrom = Number.POSITIVE_INFINITY, notFinite = Number.NaN } = script;
  const protocol: Protocol = { batches: [], stepSizes: [], checks: [] };
  const unasked = (): never => {
    throw new Error("a scripted engine has no scores");
  };
  const engine: Engine = {
    name: "reference",
    scores: unasked,
    neuronContributions: unasked,
    attentionReceived: unasked,
    startTraining: (initial) => ({
      step: (batch, eta) => {
        protocol.batches.push([...batch]);
        protocol.stepSizes.push(eta);
        return hingeAfter(protocol.batches.length - 1);
      },
      lastGradients: () => gradientsLike(initial),
      meanHinge: (stopAbove) => {
        const hinge = hingeAfter(protocol.batches.length);
        if (stopAbove === undefined) return hinge;
        protocol.checks.push(protocol.batches.length);
        return hinge > stopAbove ? Number.POSITIVE_INFINITY : hinge;
      },
      weights: () => {
        const WO = initial.WO.clone();
        if (protocol.batches.length >= notFiniteFrom) WO.set(WO.rows - 1, WO.columns - 1, notFinite);
        return { ...initial, WO };
      },
    }),
  };
  return { engine, protocol };
}

function gradientsLike(weights: Weights) {
  const [WQ, WK, WV, WO] = TRAINED_MATRICES.map((name) => Matrix.zeros(weights[name].rows, weights[name].columns)) as [
    Matrix,
    Matrix,
    Matrix,
    Matrix,
  ];
  return { WQ, WK, WV, WO };
}
