import type { Models } from "../experiment/trial.ts";
import { isInvalidInput } from "../invalid-input.ts";
import {
  brokenHypotheses,
  HYPOTHESIS_OF,
  type HypothesisName,
  type Law,
  type Ranges,
  thetaAt,
  trialAt,
} from "../law/law.ts";
import {
  endsOf,
  integer,
  logUniform,
  logUniformInteger,
  type NumericField,
  type Range,
  real,
  whyOutside,
} from "../law/range.ts";
import type { Theta } from "../transformer/notation.ts";
import { parseTheta, THETA_FIELDS } from "../transformer/theta.ts";
import { requireAffordable } from "../transformer/work.ts";

/**
 * How far a search goes in a field whose hypothesis is released, and an explanation in every field: one or two orders of
 * magnitude beyond the base law, as far as a model still trains in seconds. Numbers only, so that they fit into any law.
 */
export const WIDE: Readonly<Record<NumericField, Range & { readonly from: number; readonly to: number }>> = {
  r: wide(integer(2, 8, 2)),
  M: wide(integer(2, 24)),
  d: wide(integer(2, 32)),
  L: wide(integer(2, 48)),
  m: wide(logUniformInteger(4, 400)),
  ma: wide(logUniformInteger(1, 48)),
  mb: wide(logUniformInteger(1, 48)),
  alphaStar: wide(real(0.05, 1)),
  alphaSharp: wide(real(0, 0.5)),
  tau: wide(real(0, 2)),
  delta: wide(logUniform(0.01, 10)),
  sigma: wide(logUniform(0.01, 10)),
  xi: wide(logUniform(0.001, 1)),
  // below the law's low end SGD only needs more steps than T_max allows: no more is to be learned there
  eta: wide(logUniform(0.1, 32)),
  N: wide(integer(64, 1024, 2)),
  B: wide(logUniformInteger(1, 512)),
  Tmax: wide(integer(0, 6000)),
  testSamples: wide(integer(100, 1000, 2)),
};

function wide(range: Range): Range & { readonly from: number; readonly to: number } {
  return range as Range & { readonly from: number; readonly to: number };
}

/** The values of the fields that are no numbers: a released one takes any of them. */
export const CHOICES = {
  readout: ["shared", "per-position"],
  labels: ["majority", "drawn", "random"],
} as const satisfies Partial<Record<keyof Theta, readonly Theta[keyof Theta][]>>;

export type Choice = keyof typeof CHOICES;

export function isChoice(field: keyof Theta): field is Choice {
  return field in CHOICES;
}

/** Where a search looks: the law, with the ranges of released fields wide. */
export interface Space {
  readonly law: Law;
  readonly ranges: Ranges;
  readonly released: readonly HypothesisName[];
  /** Released fields that are no numbers: each has a coordinate after those of the ranges. */
  readonly choices: readonly Choice[];
}

export function spaceOf(law: Law, released: readonly HypothesisName[] = []): Space {
  const isReleased = (field: keyof Theta) => released.includes(HYPOTHESIS_OF[field]);
  const ranges = Object.fromEntries(
    Object.entries(law.ranges).map(([field, range]) => [
      field,
      isReleased(field as keyof Theta) && !isChoice(field as keyof Theta) ? WIDE[field as NumericField] : range,
    ]),
  ) as unknown as Ranges;
  return { law, ranges, released, choices: (Object.keys(CHOICES) as Choice[]).filter(isReleased) };
}

/** How many coordinates a point of the space has. */
export function dimensionOf({ ranges, choices }: Space): number {
  return Object.keys(ranges).length + choices.length;
}

/** The coordinates that change θ: those of constants and of copied fields do not. */
export function freeCoordinates({ ranges, choices }: Space): readonly number[] {
  const ofRanges = Object.values(ranges).flatMap(({ kind }, i) =>
    kind === "constant" || kind === "equals" ? [] : [i],
  );
  return [...ofRanges, ...choices.map((_, i) => Object.keys(ranges).length + i)];
}

/** θ at a point of the unit cube; undefined where no model has such a θ, or it would take too long. */
export function thetaIn(space: Space, point: readonly number[]): Theta | undefined {
  const { ranges, choices } = space;
  const numbers = thetaAt(ranges, point);
  const chosen = choices.map((field, i) => {
    const values = CHOICES[field];
    const unit = point[Object.keys(ranges).length + i] as number;
    return [field, values[Math.min(values.length - 1, Math.floor(unit * values.length))]];
  });
  return modelsOf(space.law, { ...numbers, ...Object.fromEntries(chosen) }, 0)?.[0].theta;
}

/** The models of a trial of this θ; undefined where a rule of `parseTheta` or the limit of work forbids them. */
export function modelsOf(law: Law, theta: Theta, seed: number): Models | undefined {
  try {
    const models = trialAt(law, parseTheta(theta), seed);
    for (const model of models) requireAffordable(model.theta, "theta");
    return models;
  } catch (error) {
    if (isInvalidInput(error)) return undefined;
    throw error;
  }
}

/** θ with one field changed, and those that the space copies from it; undefined where there is no such model. */
export function withField<F extends keyof Theta>(
  { law, ranges }: Pick<Space, "law" | "ranges">,
  theta: Theta,
  field: F,
  value: Theta[F],
): Theta | undefined {
  const changed: Record<string, unknown> = { ...theta, [field]: value };
  for (const [copy, range] of Object.entries(ranges)) {
    if (range.kind === "equals") changed[copy] = changed[range.field];
  }
  return modelsOf(law, changed as unknown as Theta, 0)?.[0].theta;
}

/** Whether the space's ranges contain θ. */
export function contains({ ranges, choices }: Space, theta: Theta): boolean {
  return THETA_FIELDS.every(
    (field) => (choices as readonly string[]).includes(field) || whyOutside(ranges[field], field, theta) === undefined,
  );
}

/** The ends of what a law allows of a number, given the other fields of θ. */
export function lawInterval(law: Law, field: NumericField, theta: Theta): { from: number; to: number } {
  const range = law.ranges[field];
  switch (range.kind) {
    case "constant":
      return { from: range.value as number, to: range.value as number };
    case "equals":
      return { from: theta[range.field], to: theta[range.field] };
    default:
      return endsOf(range, theta);
  }
}

/** The hypotheses that θ breaks, as text: "within law base", or "outside law base: noise (tau 0.4 > 0.25)". */
export function describeStanding(law: Law, theta: Theta): string {
  const broken = brokenHypotheses(law, theta);
  if (broken.length === 0) return `within law ${law.id}`;
  return `outside law ${law.id}: ${broken.map(({ name, why }) => `${name} (${why})`).join(", ")}`;
}

/** The value half-way between two, to two digits (or a whole step); undefined where none lies between them. */
export function between(range: Range, one: number, other: number): number | undefined {
  if (range.kind === "integer" || range.kind === "log-uniform integer") {
    const step = range.kind === "integer" ? range.step : 1;
    const steps = Math.trunc((other - one) / step / 2);
    return steps === 0 ? undefined : one + steps * step;
  }
  const middle = range.kind === "log-uniform" && one * other > 0 ? Math.sqrt(one * other) : (one + other) / 2;
  const rounded = twoDigits(middle);
  return (rounded - one) * (rounded - other) < 0 ? rounded : undefined;
}

/** A number to two significant digits. */
export function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
