import { ceiling, least, minus, product, quotient, rounded, square } from "../law/expression.ts";
import {
  type DeclaredLaw,
  drawTheta as drawAnyTheta,
  type Law as LawWith,
  lawOver,
  type RangesOf,
} from "../law/law.ts";
import { constant, equalTo, formula, integer, logUniform, logUniformInteger, real, times } from "../law/range.ts";
import { EPSILON } from "./notation.ts";
import { type NumericField, parseTheta, type Theta, transformerParameters } from "./theta.ts";

type Ranges = RangesOf<Theta>;
type Law = LawWith<Ranges>;

const law = (declared: DeclaredLaw<Theta>): Law => lawOver(transformerParameters, declared);

const BASE_RANGES: Ranges = {
  r: constant(2),
  M: integer(3, 12),
  d: integer(times(1, "M"), 16),
  L: integer(10, 24),
  m: integer(50, 200),
  ma: equalTo("d"),
  mb: equalTo("d"),
  alphaStar: real(0.2, 0.6),
  alphaSharp: real(0, times(0.5, "alphaStar")),
  tau: real(0, 0.25),
  sigma: logUniform(0.01, 0.5),
  delta: equalTo("sigma"),
  xi: real(0.005, 0.02),
  eta: logUniform(0.1, 1),
  N: integer(128, 512, 2),
  B: integer(32, times(0.5, "N")),
  Tmax: constant(4000),
  testSamples: constant(500),
  readout: constant("shared"),
  labels: constant("majority"),
  epsilon: constant(EPSILON),
};

/** The law of almost every theorem: r = 2, shared readout, ma = mb = d. */
export const baseLaw: Law = law({ id: "base", title: "the base law", ranges: BASE_RANGES });

export const fourPatternsLaw: Law = law({
  id: "r4",
  title: "the base law with r = 4",
  ranges: { ...BASE_RANGES, r: constant(4), M: integer(5, 12) },
});

export const sixPatternsLaw: Law = law({
  id: "r6",
  title: "the base law with r = 6",
  ranges: { ...BASE_RANGES, r: constant(6), M: integer(7, 12) },
});

export const perPositionLaw: Law = law({
  id: "per-position",
  title: "the base law with a per-position readout",
  ranges: { ...BASE_RANGES, readout: constant("per-position"), Tmax: constant(6000) },
});

/** A law that leaves some of the base law's ranges, for a control: the others are the base law's, T_max among them. */
export function leaving(id: string, title: string, ranges: Partial<Ranges>): Law {
  return law({ id, title, ranges: { ...BASE_RANGES, ...ranges } });
}

/** The base law with ε drawn: how well a model generalises that was trained so far. */
export const targetLaw: Law = law({
  id: "base-target",
  title: "the base law, trained to an ε that is drawn",
  ranges: { ...BASE_RANGES, epsilon: logUniform(3e-4, 1e-2) },
});

/** n* − n#, in tokens. */
const MARGIN = minus(rounded(product("alphaStar", "L")), rounded(product("alphaSharp", "L")));

/**
 * The base law with longer samples and fewer relevant tokens in them, and with N = 2·⌈C·L²/2(n* − n#)²⌉ training samples
 * at this C.
 */
export function samplesByMargin(id: string, title: string, C: number): Law {
  return law({
    id,
    title,
    ranges: {
      ...BASE_RANGES,
      L: integer(20, 40),
      alphaStar: real(0.1, 0.4),
      N: formula(product(2, ceiling(quotient(product(C / 2, square("L")), square(MARGIN))))),
      B: formula(least(32, quotient("N", 2))),
    },
  });
}

/**
 * Pairs of models that share θ but for one field, which the second has twice as large, both inside the base law's range
 * unless its own ranges say otherwise.
 */
function doubling(field: NumericField, ranges: Partial<Ranges>, id = `base-doubling-${field.toLowerCase()}`): Law {
  return law({
    id,
    title: `pairs of the base law's models, ${field} and 2·${field}`,
    ranges: { ...BASE_RANGES, ...ranges },
    doubles: field,
  });
}

// what an exponent is asked of is log-uniform in the lower part of its range
export const doublingStepSize = doubling("eta", { eta: logUniform(0.1, 0.5) });
export const doublingWidth = doubling("m", { m: logUniformInteger(50, 100) });
export const doublingOutputScale = doubling("xi", { xi: logUniform(0.005, 0.01) });

export const doublingAttentionScale = doubling("delta", { delta: logUniform(0.01, 0.1) });

/** T stands on a grid of 10 steps: with small steps it is long enough for a ratio. */
const SMALL_STEPS = { eta: logUniform(0.1, 0.3) };

export const doublingSamples = doubling("N", { ...SMALL_STEPS, N: integer(128, 256, 2) });
/** d ≥ 2M, so that both models have room for their patterns. */
export const doublingPatterns = doubling(
  "M",
  { ...SMALL_STEPS, M: integer(3, 6), d: integer(12, 16) },
  "base-doubling-patterns",
);
export const doublingNeurons = doubling(
  "m",
  { ...SMALL_STEPS, m: logUniformInteger(50, 100) },
  "base-doubling-m-small-steps",
);
export const doublingValueScale = doubling("sigma", {
  ...SMALL_STEPS,
  sigma: logUniform(0.01, 0.25),
  delta: logUniform(0.01, 0.5),
});
/** Without confusing tokens, so that the margin doubles with α*, up to the rounding of token counts. */
export const doublingMajority = doubling("alphaStar", {
  ...SMALL_STEPS,
  alphaStar: real(0.2, 0.3),
  alphaSharp: constant(0),
});
export const doublingTarget = doubling("epsilon", { epsilon: logUniform(5e-4, 5e-3) });
/** r = 4 and r = 8. */
export const doublingRelevant = doubling("r", { r: constant(4), M: integer(9, 12) });

/** The θ that a law of Transformers gives to a seed. @throws InvalidInput where it leaves nothing to draw */
export function drawTheta(law: Pick<LawWith, keyof LawWith>, seed: number): Theta {
  return parseTheta(drawAnyTheta(law, seed));
}
