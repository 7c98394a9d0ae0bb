import type { Matrix } from "ml-matrix";
import type { Theta } from "./fields.ts";

export { EPSILON, type Labels, type Readout, type Theta } from "./fields.ts";

/**
 * The glossary: one name for each symbol of the paper, used everywhere else.
 *
 * symbol        in code               shape, range
 * d, L          d, L                  token dimension, tokens per sample
 * M, r          M, r                  patterns; the first r are label-relevant (r even, r/2 a class)
 * m, m_a, m_b   m, ma, mb             neurons, value dimension, query/key dimension
 * W_Q, W_K      WQ, WK                mb x d
 * W_V           WV                    ma x d
 * W_O           WO                    m x ma; row i is neuron w_i
 * a             a                     ±1/√m, never trained; 1 x m (shared readout) or L x m (per-position)
 * X, x_l        tokens                L x d, a row a token
 * α*, α#        alphaStar, alphaSharp fraction of tokens with the label's own pattern, with the other class's
 * n*, n#        nStar, nSharp         the token counts round(α*·L), round(α#·L)
 * τ             tau                   token noise: norm at most τ
 * δ, σ, ξ       delta, sigma, xi      initial scales of W_Q and W_K, of W_V, of W_O
 * η, B, N, T    eta, B, N, steps      step size, batch, training samples, steps taken
 * ε             epsilon               training ends when the mean training hinge is at most this
 */

/** Steps between two looks at the whole training set. */
export const STEPS_BETWEEN_CHECKS = 10;

/** The dimensions that an engine needs; a Theta is one. */
export type Shape = Pick<Theta, "d" | "L" | "m" | "ma" | "mb" | "readout">;

export type TrainedMatrix = "WQ" | "WK" | "WV" | "WO";

/** The order of the trained matrices wherever they are listed, hashed or written. */
export const TRAINED_MATRICES = ["WQ", "WK", "WV", "WO"] as const satisfies readonly TrainedMatrix[];

/** The matrices whose updates the paper's low-rank statements are about ("the updates"). */
export const UPDATED_MATRICES = ["WQ", "WK", "WV"] as const satisfies readonly TrainedMatrix[];
export type UpdatedMatrix = (typeof UPDATED_MATRICES)[number];

/** The matrices as titles show them. */
export const MATRIX_NAMES = { WQ: "W_Q", WK: "W_K", WV: "W_V" } as const;

/** One matrix for each of the four trained ones, of the same shapes: weights, gradients, updates. */
export type PerMatrix<T> = Readonly<Record<TrainedMatrix, T>>;

/** ∂(mean hinge)/∂W for each trained matrix. */
export type Gradients = PerMatrix<Matrix>;

/** The model: four trained matrices and the fixed readout a (1 x m shared, L x m per-position). */
export type Weights = PerMatrix<Matrix> & { readonly a: Matrix };

/** Samples in flat memory, as both engines read them. */
export interface Dataset {
  readonly samples: number;
  readonly L: number;
  readonly d: number;
  /** samples x L x d, row-major */
  readonly tokens: Float64Array;
  /** samples, each +1 or -1 */
  readonly labels: Float64Array;
}

/** round(x) = floor(x + ½): the rounding of token counts. */
export function roundHalfUp(x: number): number {
  return Math.floor(x + 0.5);
}

/** n* and n#: how many tokens of a sample carry its own class's patterns, and the other class's. */
export function tokenCounts(theta: Pick<Theta, "L" | "alphaStar" | "alphaSharp">) {
  return {
    nStar: roundHalfUp(theta.alphaStar * theta.L),
    nSharp: roundHalfUp(theta.alphaSharp * theta.L),
  };
}
