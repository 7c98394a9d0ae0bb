import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { InvalidInput } from "../invalid-input.ts";
import type { Theta } from "../notation.ts";
import { stream, subSeed } from "../random/stream.ts";
import {
  describeRange,
  type NumericField,
  type PartialTheta,
  type Range,
  valueAt,
  whyMalformed,
  whyOutside,
} from "./range.ts";
import { parseTheta, THETA_FIELDS } from "./theta.ts";

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
 * the order in which the ranges stand, each uniform in its range given the earlier ones.
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

/**
 * Declares a law.
 *
 * @throws InvalidInput naming the range that is missing, is none, or refers to a field that is drawn later
 */
export function law(declared: { id: string; title: string; ranges: Ranges; doubles?: NumericField }): Law {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(declared.id)) {
    throw new InvalidInput(`law.id must be lower-case words joined by hyphens, got ${JSON.stringify(declared.id)}`);
  }
  for (const field of THETA_FIELDS) {
    if (declared.ranges[field] === undefined) {
      throw new InvalidInput(`law ${declared.id}: ranges.${field} is required, got nothing`);
    }
  }
  const drawn = new Set<string>();
  for (const [field, range] of Object.entries(declared.ranges)) {
    if (!(THETA_FIELDS as readonly string[]).includes(field)) {
      throw new InvalidInput(`law ${declared.id}: ranges.${field} is not a field of theta`);
    }
    const malformed = whyMalformed(range);
    if (malformed !== undefined) throw new InvalidInput(`law ${declared.id}: ranges.${field} ${malformed}`);
    for (const earlier of fieldsReadBy(range)) {
      if (!drawn.has(earlier)) {
        throw new InvalidInput(`law ${declared.id}: ranges.${field} must refer to an earlier field, got ${earlier}`);
      }
    }
    drawn.add(field);
  }
  const { doubles } = declared;
  if (doubles !== undefined && (!drawn.has(doubles) || ["readout", "labels"].includes(doubles))) {
    throw new InvalidInput(`law ${declared.id}: doubles must be a numeric field of theta, got ${doubles}`);
  }
  const hashed = JSON.stringify({ ranges: Object.entries(declared.ranges), doubles: doubles ?? null });
  return { ...declared, hash: bytesToHex(sha256(utf8ToBytes(hashed))) };
}

function fieldsReadBy(range: Range): NumericField[] {
  switch (range.kind) {
    case "constant":
      return [];
    case "equals":
      return [range.field];
    default:
      return [range.from, range.to].flatMap((bound) => (typeof bound === "number" ? [] : [bound.field]));
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
 * @throws InvalidInput where the ranges leave nothing to draw, because an earlier field moved one end past the other
 */
export function drawTheta(law: Law, seed: number): Theta {
  const { value } = thetaArbitrary(law.ranges).generate(new fc.Random(stream(seed, "theta").generator), undefined);
  const theta = parseTheta(value);
  const [outside] = brokenHypotheses(law, theta);
  if (outside !== undefined) throw new InvalidInput(`law ${law.id}: no θ to draw, ${outside.name}: ${outside.why}`);
  return theta;
}

/** One trial of a law: the models to train, one, or two for a law that doubles a field. */
export interface Trial {
  readonly theta: Theta;
  readonly seed: number;
}

/** The models of the trial with this seed. */
export function drawTrial(law: Law, seed: number): readonly [Trial, ...Trial[]] {
  return trialAt(law, drawTheta(law, seed), seed);
}

/** The models of a trial of this law whose θ is given, not drawn: it may lie outside the law. */
export function trialAt(law: Pick<Law, "doubles">, theta: Theta, seed: number): readonly [Trial, ...Trial[]] {
  if (law.doubles === undefined) return [{ theta, seed }];
  const doubled = parseTheta({ ...theta, [law.doubles]: 2 * theta[law.doubles] });
  return [
    { theta, seed },
    { theta: doubled, seed: subSeed(seed, "doubled") },
  ];
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
