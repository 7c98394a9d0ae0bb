import type { Fields, ThetaOf } from "../law/parameters.ts";
import { type Interval, integer, logUniform, logUniformInteger, real } from "../law/range.ts";

/** Values beyond this are no model's. */
const MOST = 1e6;

const count = (least: number) => ({ kind: "integer", from: least, to: MOST }) as const;
const scale = { kind: "real", from: 0, to: MOST } as const;
const fraction = { kind: "real", from: 0, to: 1 } as const;

const wide = (range: Interval): Interval => range;

/** ε of the laws that do not ask how anything depends on it, and of files from before it was a field. */
export const EPSILON = 1e-3;

/**
 * θ: all that describes one model, its data, its architecture, its training. A new field is a line here.
 *
 * Widest ranges go one or two orders of magnitude beyond the base law, as far as a model still trains in seconds. Few
 * tokens, few patterns and few neurons are simplest, and the middle of a law's range for scales.
 */
export const FIELDS = {
  M: {
    ...count(2),
    symbol: "M",
    meaning: "patterns",
    hypothesis: "pattern-count",
    widest: wide(integer(2, 24)),
    simplest: "low",
    cost: 1,
  },
  r: {
    ...count(2),
    symbol: "r",
    meaning: "label-relevant patterns",
    hypothesis: "relevant-patterns",
    widest: wide(integer(2, 8, 2)),
    simplest: "low",
  },
  d: {
    ...count(1),
    symbol: "d",
    meaning: "token dimension",
    hypothesis: "token-dimension",
    widest: wide(integer(2, 32)),
    simplest: "low",
    cost: 4,
  },
  L: {
    ...count(1),
    symbol: "L",
    meaning: "tokens per sample",
    hypothesis: "sequence-length",
    widest: wide(integer(2, 48)),
    simplest: "low",
    cost: 6,
  },
  m: {
    ...count(1),
    symbol: "m",
    meaning: "neurons",
    hypothesis: "width",
    widest: wide(logUniformInteger(4, 400)),
    simplest: "low",
    cost: 7,
  },
  ma: {
    ...count(1),
    symbol: "m_a",
    meaning: "value dimension",
    hypothesis: "value-dimension",
    widest: wide(logUniformInteger(1, 48)),
    simplest: "low",
    cost: 3,
  },
  mb: {
    ...count(1),
    symbol: "m_b",
    meaning: "query and key dimension",
    hypothesis: "key-dimension",
    widest: wide(logUniformInteger(1, 48)),
    simplest: "low",
    cost: 2,
  },
  alphaStar: {
    ...fraction,
    symbol: "α*",
    meaning: "fraction of tokens with the label's own pattern",
    hypothesis: "majority",
    widest: wide(real(0.05, 1)),
    simplest: "middle",
  },
  alphaSharp: {
    ...fraction,
    symbol: "α#",
    meaning: "fraction of tokens with the other class's pattern",
    hypothesis: "confusion",
    widest: wide(real(0, 0.5)),
    simplest: "low",
  },
  tau: {
    ...scale,
    symbol: "τ",
    meaning: "token noise: norm at most τ",
    hypothesis: "noise",
    widest: wide(real(0, 2)),
    simplest: "low",
  },
  delta: {
    ...scale,
    symbol: "δ",
    meaning: "initial scale of W_Q and W_K",
    hypothesis: "attention-scale",
    widest: wide(logUniform(0.01, 10)),
    simplest: "middle",
  },
  sigma: {
    ...scale,
    symbol: "σ",
    meaning: "initial scale of W_V",
    hypothesis: "value-scale",
    widest: wide(logUniform(0.01, 10)),
    simplest: "middle",
  },
  xi: {
    ...scale,
    symbol: "ξ",
    meaning: "initial scale of W_O",
    hypothesis: "output-scale",
    widest: wide(logUniform(0.001, 1)),
    simplest: "middle",
  },
  eta: {
    ...scale,
    open: true,
    symbol: "η",
    meaning: "step size",
    hypothesis: "step-size",
    // below the law's low end SGD only needs more steps than T_max allows: no more is to be learned there
    widest: wide(logUniform(0.1, 32)),
    simplest: "middle",
  },
  N: {
    ...count(2),
    symbol: "N",
    meaning: "training samples",
    hypothesis: "sample-size",
    widest: wide(integer(64, 1024, 2)),
    simplest: "low",
    cost: 5,
  },
  B: {
    ...count(1),
    symbol: "B",
    meaning: "batch",
    hypothesis: "batch-size",
    widest: wide(logUniformInteger(1, 512)),
    simplest: "low",
    cost: 8,
  },
  Tmax: {
    ...count(0),
    symbol: "T_max",
    meaning: "steps at most",
    hypothesis: "training-budget",
    widest: wide(integer(0, 6000)),
    simplest: "middle",
  },
  testSamples: {
    ...count(2),
    symbol: "N_test",
    meaning: "test samples",
    hypothesis: "test-size",
    widest: wide(integer(100, 1000, 2)),
    simplest: "middle",
  },
  readout: {
    kind: "choice",
    values: ["shared", "per-position"],
    symbol: "a",
    meaning: "readout: one for all positions, or one for each",
    hypothesis: "readout",
  },
  /**
   * "majority" is the paper's model, a sample's label is the class with more tokens in it (n* > n#);
   * "drawn" drops that requirement, the label is still the class that owns the n* tokens;
   * "random" gives balanced labels that have nothing to do with the tokens.
   */
  labels: {
    kind: "choice",
    values: ["majority", "drawn", "random"],
    symbol: "y",
    meaning: "how labels come about",
    hypothesis: "label-rule",
  },
  epsilon: {
    ...scale,
    open: true,
    absent: EPSILON,
    symbol: "ε",
    meaning: "training ends when the mean training hinge is at most this",
    hypothesis: "training-target",
    widest: wide(logUniform(1e-4, 0.1)),
    simplest: "middle",
  },
} as const satisfies Fields;

/** All that describes one model. Validated by `parseTheta`. */
export type Theta = ThetaOf<typeof FIELDS>;

export type Readout = Theta["readout"];
export type Labels = Theta["labels"];
