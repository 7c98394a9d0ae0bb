import { Matrix } from "ml-matrix";
import { tokensOfSample } from "../data/dataset.ts";
import type { Dataset, Gradients, PerMatrix, Weights } from "../notation.ts";
import type { Engine, Training } from "./engine.ts";
import { forward, neuronContributionsOf } from "./forward.ts";
import { lossAndGradients } from "./gradient.ts";
import { everySample, hingeLoss } from "./loss.ts";

/**
 * The reference engine: the equations of `forward.ts`, `loss.ts` and `gradient.ts` in ml-matrix, one sample at a time.
 * It is what the WebAssembly kernel is held against, and what people check against the paper.
 */
export const referenceEngine: Engine = {
  name: "reference",

  scores(weights, data) {
    return Float64Array.from(everySample(data), (n) => forward(weights, tokensOfSample(data, n)).score);
  },

  neuronContributions(weights, data) {
    const m = weights.WO.rows;
    const contributions = new Float64Array(data.samples * m);
    for (const n of everySample(data)) {
      const { preactivation } = forward(weights, tokensOfSample(data, n));
      contributions.set(neuronContributionsOf(preactivation, weights.a), n * m);
    }
    return contributions;
  },

  attentionReceived(weights, data) {
    const { L } = data;
    const received = new Float64Array(data.samples * L);
    for (const n of everySample(data)) {
      const { attention } = forward(weights, tokensOfSample(data, n));
      received.set(attention.mean("column"), n * L);
    }
    return received;
  },

  startTraining: (weights, data) => new ReferenceTraining(weights, data),
};

class ReferenceTraining implements Training {
  readonly #data: Dataset;
  #weights: Weights;
  #gradients: Gradients | undefined;

  constructor(weights: Weights, data: Dataset) {
    this.#weights = copyOf(weights);
    this.#data = data;
  }

  step(batch: Int32Array, eta: number): number {
    const { loss, gradients } = lossAndGradients(this.#weights, this.#data, batch);
    this.#gradients = gradients;
    this.#weights = sgdStep(this.#weights, gradients, eta);
    return loss;
  }

  lastGradients(): Gradients {
    if (this.#gradients === undefined) throw new Error("lastGradients requires a step before it, got none");
    return copyOfTrained(this.#gradients);
  }

  meanHinge(): number {
    return hingeLoss(this.#weights, this.#data);
  }

  weights(): Weights {
    return copyOf(this.#weights);
  }
}

/** W ← W − η ∂loss/∂W for the four trained matrices; a stays. */
export function sgdStep(weights: Weights, gradients: Gradients, eta: number): Weights {
  const step = (W: Matrix, dW: Matrix) => Matrix.sub(W, Matrix.mul(dW, eta));
  return {
    WQ: step(weights.WQ, gradients.WQ),
    WK: step(weights.WK, gradients.WK),
    WV: step(weights.WV, gradients.WV),
    WO: step(weights.WO, gradients.WO),
    a: weights.a,
  };
}

function copyOf(weights: Weights): Weights {
  return { ...copyOfTrained(weights), a: weights.a.clone() };
}

function copyOfTrained({ WQ, WK, WV, WO }: PerMatrix<Matrix>): PerMatrix<Matrix> {
  return { WQ: WQ.clone(), WK: WK.clone(), WV: WV.clone(), WO: WO.clone() };
}
