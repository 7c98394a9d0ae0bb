import { Matrix } from "ml-matrix";
import { tokensOfSample } from "../../src/transformer/data/dataset.ts";
import type { SampledDataset } from "../../src/transformer/data/sample.ts";
import { splitByLogNorm } from "../../src/transformer/measure/clusters.ts";
import { singularValues } from "../../src/transformer/measure/singular-values.ts";
import { forward } from "../../src/transformer/model/forward.ts";
import type { Theta, UpdatedMatrix, Weights } from "../../src/transformer/notation.ts";
import { ascendingByNorm, neuronNorms } from "../../src/transformer/prune/magnitude.ts";
import { perUpdatedMatrix } from "../page/history.ts";

/** A model as it stands after a step: what the charts of one moment show. Plain data. */
export interface Frame {
  readonly step: number;
  /** of ΔW, in descending order */
  readonly singularValues: Readonly<Record<UpdatedMatrix, readonly number[]>>;
  /** ‖ΔW μ_j‖ of each pattern; the first r are label-relevant */
  readonly strengths: Readonly<Record<UpdatedMatrix, readonly number[]>>;
  readonly neurons: Neurons;
  /** (1/L) Σ_l A[l,s], the mean attention that token s of one test sample receives; at most `MOST_TOKENS_SHOWN` */
  readonly received: readonly number[];
}

export interface Neurons {
  /** ‖w_i‖, ascending; at most `MOST_NEURONS_SHOWN` of them, evenly chosen */
  readonly norms: readonly number[];
  /** how many of all neurons lie in the small cluster */
  readonly small: number;
}

/** Whose pattern each token of the sample has that frames show. */
export interface SampleTokens {
  readonly groups: readonly TokenGroup[];
  readonly label: number;
}

export type TokenGroup = "own" | "other" | "irrelevant";

const MOST_NEURONS_SHOWN = 400;
const MOST_TOKENS_SHOWN = 64;

/** Takes the frames of one training. */
export class FrameTaker {
  readonly sample: SampleTokens;
  readonly #initial: Weights;
  readonly #patterns: Matrix;
  readonly #testData: SampledDataset;

  /** @param patterns M x d, a pattern a row */
  constructor(theta: Theta, initial: Weights, patterns: Matrix, testData: SampledDataset) {
    this.#initial = initial;
    this.#patterns = patterns;
    this.#testData = testData;
    this.sample = sampleTokens(theta, testData);
  }

  singularValues(weights: Weights): Record<UpdatedMatrix, readonly number[]> {
    return perUpdatedMatrix((name) => singularValues(this.#update(weights, name)));
  }

  take(step: number, weights: Weights): Frame {
    const { attention } = forward(weights, tokensOfSample(this.#testData, 0));
    return {
      step,
      singularValues: this.singularValues(weights),
      strengths: perUpdatedMatrix((name) => rowNorms(this.#patterns.mmul(this.#update(weights, name).transpose()))),
      neurons: neuronsOf(weights.WO),
      received: attention.mean("column").slice(0, MOST_TOKENS_SHOWN),
    };
  }

  #update(weights: Weights, name: UpdatedMatrix): Matrix {
    return Matrix.sub(weights[name], this.#initial[name]);
  }
}

function rowNorms(matrix: Matrix): number[] {
  return matrix.to2DArray().map((row) => Math.hypot(...row));
}

function neuronsOf(WO: Matrix): Neurons {
  const norms = neuronNorms({ WO });
  const ascending = ascendingByNorm(norms).map((i) => norms[i]!);
  const shown = Math.min(ascending.length, MOST_NEURONS_SHOWN);
  return {
    norms: Array.from({ length: shown }, (_, i) => ascending[Math.floor((i * ascending.length) / shown)]!),
    small: splitByLogNorm(norms).small.length,
  };
}

function sampleTokens({ r }: Theta, { L, patternOf, labels }: SampledDataset): SampleTokens {
  const label = labels[0]!;
  return {
    label,
    groups: Array.from({ length: Math.min(L, MOST_TOKENS_SHOWN) }, (_, s) => {
      const pattern = patternOf[s]!;
      if (pattern >= r) return "irrelevant";
      return (pattern < r / 2 ? 1 : -1) === label ? "own" : "other";
    }),
  };
}
