import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { z } from "zod";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import { stream, subSeed } from "../random/stream.ts";
import type { Theta } from "../transformer/notation.ts";
import { parseTheta, THETA_FIELDS } from "../transformer/theta.ts";
import { checked, identifier, must, requireValid, sentence } from "./declared.ts";
import {
  describeRange,
  fieldsReadBy,
  type NumericField,
  numericField,
  type PartialTheta,
  type Range,
  rangeSchema,
  valueAt,
  whyEmpty,
  whyOutside,
} from "./range.ts";

/** The name that a report and a search give to the hypothesis on each field of θ. */
export const HYPOTHESIS_OF = {
  M: "pattern-count",
  r: "relevant-patterns",
  d: "token-dimension",
  L: "sequence-length",
  m: "width",
  ma: "value-dimension",
  mb: "key-dimension",
  alphaStar: "majority",
  alphaSharp: "confusion",
  tau: "noise",
  delta: "attention-scale",
  sigma: "value-scale",
  xi: "output-scale",
  eta: "step-size",
  N: "sample-size",
  B: "batch-size",
  Tmax: "training-budget",
  testSamples: "test-size",
  readout: "readout",
  labels: "label-rule",
} as const satisfies Record<keyof Theta, string>;

export type HypothesisName = (typeof HYPOTHESIS_OF)[keyof Theta];

export type Ranges = Readonly<Record<keyof Theta, Range>>;

/**
 * The law of (θ, seed) over which a probabilistic theorem is claimed. Data only: a range for each field of θ, drawn in
 * the order in which the ranges stand, each uniform in its range given the earlier ones. Made with `law`, and frozen.
 */
export interface Law {
  readonly id: string;
  readonly title: string;
  readonly ranges: Ranges;
  /** A trial is a pair of models that share θ but for this field, which is doubled, and have independent seeds. */
  readonly doubles?: NumericField;
  /** SHA-256 of the ranges: verdicts and stored evidence belong to this law only. */
  readonly hash: string;
}

/** One hypothesis of a law: what a θ from outside may break. */
export interface Hypothesis {
  readonly name: HypothesisName;
  readonly statement: string;
  /** Undefined where θ satisfies it, otherwise why not. */
  readonly whyBroken: (theta: Theta) => string | undefined;
}

/** Uniform coordinates are integers below this, divided by it less one. */
const UNITS = 2 ** 32;

const lawSchema = z.strictObject({
  id: identifier,
  title: sentence,
  ranges: z.strictObject(
    Object.fromEntries(THETA_FIELDS.map((field) => [field, rangeSchema])),
    must("a range for each field of theta"),
  ),
  doubles: numericField.optional(),
});

/**
 * Declares a law.
 *
 * @throws InvalidInput naming the field that is wrong: a range that is missing, is none, refers to a field that is drawn
 * later, or leaves nothing to draw
 */
export function law(declared: { id: string; title: string; ranges: Ranges; doubles?: NumericField }): Law {
  const name = `law ${typeof declared?.id === "string" ? declared.id : "?"}`;
  // what is inherited is not among the entries, and so would not be drawn
  const own = typeof declared?.ranges === "object" ? { ...declared, ranges: { ...declared.ranges } } : declared;
  requireValid(lawSchema, name, own);
  const { id, title, doubles } = declared;
  const ranges = structuredClone(own.ranges);
  const drawn = new Set<string>();
  for (const [field, range] of Object.entries(ranges)) {
    for (const earlier of fieldsReadBy(range)) {
      if (!drawn.has(earlier)) {
        throw new InvalidInput(`${name}: ranges.${field} must refer to an earlier field, got ${earlier}`);
      }
    }
    drawn.add(field);
  }
  for (const [field, range] of Object.entries(ranges)) {
    // doubled alone, one of two that are equal would leave the law
    if (doubles !== undefined && range.kind === "equals" && (range.field === doubles || field === doubles)) {
      const rule = "doubles must be a field that is drawn by itself and that no other is equal to";
      throw new InvalidInput(`${name}: ${rule}, got ${doubles} where ${describeRange(field as keyof Theta, range)}`);
    }
  }
  const hashed = JSON.stringify({ ranges: Object.entries(ranges), doubles: doubles ?? null });
  const hash = bytesToHex(sha256(utf8ToBytes(hashed)));
  const made = checked("law", { id, title, ranges, ...(doubles === undefined ? {} : { doubles }), hash });
  for (const point of pointsTried(ranges)) {
    const why = whyNoTrial(made, thetaAt(ranges, point));
    if (why !== undefined) throw new InvalidInput(`${name} may leave nothing to draw: ${why}`);
  }
  return made;
}

/** Points that are tried by chance, beside the corners: so many that a range which is wrong in one half is found. */
const CHANCE_POINTS = 64;

/**
 * Where a law is tried when it is declared: all fields at one end of their ranges, or all but one, and some points by
 * chance. A rule between three fields that a corner of theirs breaks is broken at one of these, and a rule that compares
 * fields has no more. What rounding breaks between the corners is left to chance, and to `drawTheta`.
 */
function* pointsTried(ranges: Ranges): Iterable<readonly number[]> {
  const kinds = Object.values(ranges).map(({ kind }) => kind);
  for (const end of [0, 1]) {
    yield kinds.map(() => end);
    for (const [i, kind] of kinds.entries()) {
      if (kind !== "constant" && kind !== "equals") yield kinds.map((_, j) => (j === i ? 1 - end : end));
    }
  }
  const chance = stream(0, "points tried");
  for (let n = 0; n < CHANCE_POINTS; n++) yield kinds.map(() => chance.uniform());
}

/** Undefined where θ, as the law's ranges give it, is one that the law's models can have; otherwise why not. */
function whyNoTrial(law: Law, theta: Theta): string | undefined {
  for (const [field, range] of Object.entries(law.ranges) as [keyof Theta, Range][]) {
    const why = whyEmpty(range, field, theta) ?? whyOutside(range, field, theta);
    if (why !== undefined) return why;
  }
  try {
    trialAt(law, parseTheta(theta), 0);
    return undefined;
  } catch (error) {
    if (isInvalidInput(error)) return error.message.replaceAll("\n", "; ");
    throw error;
  }
}

/** θ at a point of the unit cube, one coordinate for each range in drawing order. Rules of `parseTheta` are not checked. */
export function thetaAt(ranges: Ranges, units: readonly number[]): Theta {
  const theta: Record<string, unknown> = {};
  Object.entries(ranges).forEach(([field, range], i) => {
    theta[field] = valueAt(range, units[i] as number, theta as PartialTheta);
  });
  return Object.fromEntries(THETA_FIELDS.map((field) => [field, theta[field]])) as unknown as Theta;
}

/** fast-check's view of the unit cube: a coordinate for each range, with its bias towards both ends. */
export function pointArbitrary(ranges: Ranges): fc.Arbitrary<readonly number[]> {
  return fc
    .tuple(...Object.values(ranges).map(() => fc.integer({ min: 0, max: UNITS - 1 })))
    .map((integers) => integers.map((integer) => integer / (UNITS - 1)));
}

/** fast-check's view of the ranges: the same map from the unit cube, with its shrinking towards low ends. */
export function thetaArbitrary(ranges: Ranges): fc.Arbitrary<Theta> {
  return pointArbitrary(ranges).map((point) => thetaAt(ranges, point));
}

/**
 * The θ that the law gives to a model seed: independent and identically distributed over independent seeds, since
 * generation is unbiased (fast-check's bias factor is left out) and starts from a hashed state each time.
 *
 * @throws InvalidInput with law, seed and field where the ranges leave nothing to draw. Declaring the law tries its
 * corners and some points by chance, so that this is left to what is rare and far from every corner
 */
export function drawTheta(law: Law, seed: number): Theta {
  const { value } = thetaArbitrary(law.ranges).generate(new fc.Random(stream(seed, "theta").generator), undefined);
  const why = whyNoTrial(law, value);
  if (why !== undefined) throw new InvalidInput(`law ${law.id} leaves nothing to draw for seed ${seed}: ${why}`);
  return value;
}

/** One trial of a law: the models to train, one, or two for a law that doubles a field. */
export interface Trial {
  readonly theta: Theta;
  readonly seed: number;
}

/**
 * The models of the trial with this seed.
 *
 * @throws InvalidInput where there is no θ to draw, or where the doubled field takes another one out of its range
 */
export function drawTrial(law: Law, seed: number): readonly [Trial, ...Trial[]] {
  const trial = trialAt(law, drawTheta(law, seed), seed);
  for (const { theta } of trial.slice(1)) {
    const left = brokenHypotheses(law, theta).find(({ name }) => name !== HYPOTHESIS_OF[law.doubles as NumericField]);
    if (left !== undefined) {
      throw new InvalidInput(`law ${law.id}: with ${law.doubles} doubled, ${left.name} is left: ${left.why}`);
    }
  }
  return trial;
}

/**
 * The models of a trial of this law whose θ is given, not drawn: it may lie outside the law.
 *
 * @throws InvalidInput where θ with the doubled field breaks a rule of `parseTheta`
 */
export function trialAt(law: Pick<Law, "doubles">, theta: Theta, seed: number): readonly [Trial, ...Trial[]] {
  if (law.doubles === undefined) return [{ theta, seed }];
  return [
    { theta, seed },
    { theta: withDoubled(theta, law.doubles), seed: subSeed(seed, "doubled") },
  ];
}

function withDoubled(theta: Theta, field: NumericField): Theta {
  try {
    return parseTheta({ ...theta, [field]: 2 * theta[field] });
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    throw new InvalidInput(`with ${field} doubled, ${error.message}`);
  }
}

/** The hypotheses of a law, in θ's order. */
export function hypothesesOf(law: Law): readonly Hypothesis[] {
  return THETA_FIELDS.map((field) => ({
    name: HYPOTHESIS_OF[field],
    statement: describeRange(field, law.ranges[field]),
    whyBroken: (theta) => whyOutside(law.ranges[field], field, theta),
  }));
}

/** The hypotheses that θ breaks, for instance `noise (tau 0.4 > 0.25)`; empty for a θ of the law. */
export function brokenHypotheses(law: Law, theta: Theta): readonly { name: HypothesisName; why: string }[] {
  return hypothesesOf(law).flatMap(({ name, whyBroken }) => {
    const why = whyBroken(theta);
    return why === undefined ? [] : [{ name, why }];
  });
}
