import { requireAffordable } from "../experiment/affordable.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { isInvalidInput } from "../invalid-input.ts";
import { brokenHypotheses, type Draws, type Law, type Ranges, rangeOf, thetaAt, trialAt } from "../law/law.ts";
import {
  type ChoiceField,
  fieldNamed,
  hypothesisOf,
  isChoice,
  type NumberField,
  type Theta,
  type Value,
} from "../law/parameters.ts";
import { endsOf, type Interval, isDrawn, type Range, valueFollowing, whyOutside } from "../law/range.ts";

/** Where a search looks: the law, with the ranges of released fields as wide as their table says. */
export interface Space {
  readonly experiment: Experiment;
  readonly law: Law;
  readonly ranges: Ranges;
  /** names of hypotheses */
  readonly released: readonly string[];
  /** Released fields that are no numbers: each has a coordinate after those of the ranges. */
  readonly choices: readonly string[];
}

export function spaceOf(experiment: Experiment, law: Law, released: readonly string[] = []): Space {
  const { parameters } = law;
  const isReleased = (field: string) => released.includes(hypothesisOf(parameters, field));
  const ranges = Object.fromEntries(
    Object.entries(law.ranges).map(([field, range]) => [
      field,
      isReleased(field) && !isChoice(parameters, field) ? widestOf(law, field) : range,
    ]),
  );
  const choices = parameters.names.filter((field) => isChoice(parameters, field) && isReleased(field));
  return { experiment, law, ranges, released, choices };
}

/** How far a number is varied: numbers only, so that it fits into any law. */
export function widestOf({ parameters }: Pick<Law, "parameters">, field: string): Interval {
  return (fieldNamed(parameters, field) as NumberField).widest;
}

/** The values of a field that is no number. */
export function valuesOf({ parameters }: Pick<Law, "parameters">, field: string): readonly string[] {
  return (fieldNamed(parameters, field) as ChoiceField).values;
}

/** How many coordinates a point of the space has. */
export function dimensionOf({ ranges, choices }: Space): number {
  return Object.keys(ranges).length + choices.length;
}

/** The coordinates that change θ: those of constants and of fields that follow from others do not. */
export function freeCoordinates({ ranges, choices }: Space): readonly number[] {
  const ofRanges = Object.values(ranges).flatMap((range, i) => (isDrawn(range) ? [i] : []));
  return [...ofRanges, ...choices.map((_, i) => Object.keys(ranges).length + i)];
}

/** θ at a point of the unit cube; undefined where no model has such a θ, or it would take too long. */
export function thetaIn(space: Space, point: readonly number[]): Theta | undefined {
  const { law, ranges, choices } = space;
  const numbers = thetaAt({ ranges, parameters: law.parameters }, point);
  const chosen = choices.map((field, i) => {
    const values = valuesOf(law, field);
    const unit = point[Object.keys(ranges).length + i] as number;
    return [field, values[Math.min(values.length - 1, Math.floor(unit * values.length))] as string];
  });
  return modelsOf(space, { ...numbers, ...Object.fromEntries(chosen) }, 0)?.[0].theta;
}

/** The models of a trial of this θ; undefined where a rule between fields or the limit of work forbids them. */
export function modelsOf(
  { experiment, law }: Pick<Space, "experiment" | "law">,
  theta: Theta,
  seed: number,
): Draws | undefined {
  try {
    const models = trialAt(law, law.parameters.parse(theta), seed);
    for (const model of models) requireAffordable(experiment, model.theta, "theta");
    return models;
  } catch (error) {
    if (isInvalidInput(error)) return undefined;
    throw error;
  }
}

/** θ with one field changed, and those that follow from it in the space; undefined where there is no such model. */
export function withField(
  { experiment, law, ranges }: Pick<Space, "experiment" | "law" | "ranges">,
  theta: Theta,
  field: string,
  value: Value,
): Theta | undefined {
  const changed: Record<string, Value> = { ...theta, [field]: value };
  for (const [following, range] of Object.entries(ranges)) {
    // a field that follows, changed by itself, leaves the law: that is what an explanation asks about
    if (following !== field) changed[following] = valueFollowing(range, changed) ?? (changed[following] as Value);
  }
  return modelsOf({ experiment, law }, changed, 0)?.[0].theta;
}

/** Whether the space's ranges contain θ. */
export function contains({ law, ranges, choices }: Space, theta: Theta): boolean {
  return law.parameters.names.every(
    (field) => choices.includes(field) || whyOutside(rangeOf({ ranges }, field), field, theta) === undefined,
  );
}

/** The ends of what a law allows of a number, given the other fields of θ. */
export function lawInterval(law: Law, field: string, theta: Theta): { from: number; to: number } {
  const range = rangeOf(law, field);
  switch (range.kind) {
    case "constant":
      return { from: range.value as number, to: range.value as number };
    case "equals":
    case "formula": {
      const follows = valueFollowing(range, theta) as number;
      return { from: follows, to: follows };
    }
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
