import {
  type DeclaredLaw,
  drawTheta as drawAnyTheta,
  type Law as LawWith,
  lawOver,
  type RangesOf,
} from "../law/law.ts";
import type { Range } from "../law/range.ts";
import { constant, equalTo, integer, logUniform, logUniformInteger, real, times } from "../law/range.ts";
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

/** A law that leaves some of the base law's ranges, for a control: training stops at 1000 steps. */
export function leaving(id: string, title: string, ranges: Partial<Ranges>): Law {
  return law({ id, title, ranges: { ...BASE_RANGES, Tmax: constant(CONTROL_STEPS), ...ranges } });
}

const CONTROL_STEPS = 1000;

/**
 * Pairs of the base law's models that share θ but for one field, which the second has twice as large, both inside the
 * base law's range: the field of the first is log-uniform in the lower part.
 */
function doubling(field: NumericField, range: Range<NumericField, number>): Law {
  return law({
    id: `base-doubling-${field.toLowerCase()}`,
    title: `pairs of the base law's models, ${field} and 2·${field}`,
    ranges: { ...BASE_RANGES, [field]: range },
    doubles: field,
  });
}

export const doublingStepSize = doubling("eta", logUniform(0.1, 0.5));
export const doublingWidth = doubling("m", logUniformInteger(50, 100));
export const doublingOutputScale = doubling("xi", logUniform(0.005, 0.01));

/** The θ that a law of Transformers gives to a seed. @throws InvalidInput where it leaves nothing to draw */
export function drawTheta(law: Pick<LawWith, keyof LawWith>, seed: number): Theta {
  return parseTheta(drawAnyTheta(law, seed));
}
