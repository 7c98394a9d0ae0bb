import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { z } from "zod";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import { stream, subSeed } from "../random/stream.ts";
import { checked, identifier, must, requireValid, sentence } from "./declared.ts";
import { hypothesisOf, isChoice, type NumericFieldOf, type Parameters, type Theta } from "./parameters.ts";
import {
  describeRange,
  fieldsReadBy,
  isDrawn,
  type PartialTheta,
  type Range,
  rangeSchema,
  valueAt,
  whyEmpty,
  whyOutside,
} from "./range.ts";

export type Ranges = Readonly<Record<string, Range>>;

/** A range for each field of a θ, which refers to numeric fields only. */
export type RangesOf<T extends Theta> = { readonly [K in keyof T]: Range<NumericFieldOf<T>, T[K]> };

/**
 * The law of (θ, seed) over which a probabilistic theorem is claimed. Data only: a range for each field of θ, drawn in
 * the order in which the ranges stand, each uniform in its range given the earlier ones. Made with `law`, and frozen.
 *
 * @typeParam R its ranges, so that another law may take them over
 */
export interface Law<R = Ranges> {
  readonly id: string;
  readonly title: string;
  readonly ranges: R;
  /** A trial is a pair of models that share θ but for this field, which is doubled, and have independent seeds. */
  readonly doubles?: string;
  /** The table of the fields that it is about. */
  readonly parameters: Parameters;
  /** SHA-256 of the ranges, as `rangesHashed` says: verdicts and stored evidence belong to this law only. */
  readonly hash: string;
}

/** One hypothesis of a law: what a θ from outside may break. */
export interface Hypothesis {
  readonly name: string;
  readonly statement: string;
  /** Undefined where θ satisfies it, otherwise why not. */
  readonly whyBroken: (theta: Theta) => string | undefined;
}

/** What a θ is drawn from. */
export type Drawn = Pick<Law, "ranges" | "parameters">;

/** The range of a field. */
export function rangeOf({ ranges }: Pick<Law, "ranges">, field: string): Range {
  return ranges[field] as Range;
}

/** Uniform coordinates are integers below this, divided by it less one. */
const UNITS = 2 ** 32;

function lawSchema(parameters: Parameters) {
  const numeric = parameters.names.filter((name) => !isChoice(parameters, name));
  return z.strictObject({
    id: identifier,
    title: sentence,
    ranges: z.strictObject(
      Object.fromEntries(parameters.names.map((field) => [field, rangeSchema])),
      must("a range for each field of theta"),
    ),
    doubles: z.enum(numeric, must("a numeric field of theta")).optional(),
  });
}

/** What a law is declared with. */
export interface DeclaredLaw<T extends Theta = Theta> {
  readonly id: string;
  readonly title: string;
  readonly ranges: RangesOf<T>;
  readonly doubles?: NumericFieldOf<T>;
}

/**
 * Declares a law over the θ of a table of fields.
 *
 * @throws InvalidInput naming the field that is wrong: a range that is missing, is none, refers to a field that is drawn
 * later, or leaves nothing to draw
 */
export function lawOver<T extends Theta>(parameters: Parameters<T>, declared: DeclaredLaw<T>): Law<RangesOf<T>> {
  const name = `law ${typeof declared?.id === "string" ? declared.id : "?"}`;
  // what is inherited is not among the entries, and so would not be drawn
  const own = typeof declared?.ranges === "object" ? { ...declared, ranges: { ...declared.ranges } } : declared;
  requireValid(lawSchema(parameters), name, own);
  const { id, title, doubles } = declared;
  const ranges: Ranges = structuredClone(own.ranges);
  const drawn = new Set<string>();
  for (const [field, range] of Object.entries(ranges)) {
    for (const earlier of fieldsReadBy(range)) {
      if (!drawn.has(earlier)) {
        throw new InvalidInput(`${name}: ranges.${field} must refer to an earlier field, got ${earlier}`);
      }
      if (isChoice(parameters, earlier)) {
        throw new InvalidInput(`${name}: ranges.${field} must refer to a numeric field, got ${earlier}`);
      }
    }
    drawn.add(field);
  }
  for (const [field, range] of Object.entries(ranges)) {
    // doubled alone, a field would leave the law where another is equal to it or computed from it
    const follows = range.kind === "equals" || range.kind === "formula";
    if (doubles !== undefined && follows && (fieldsReadBy(range).includes(doubles) || field === doubles)) {
      const rule = "doubles must be a field that is drawn by itself and that no other follows from";
      throw new InvalidInput(`${name}: ${rule}, got ${doubles} where ${describeRange(field, range)}`);
    }
  }
  const hashed = JSON.stringify({ ranges: rangesHashed(parameters, ranges), doubles: doubles ?? null });
  const hash = bytesToHex(sha256(utf8ToBytes(hashed)));
  const made: Law = checked("law", {
    id,
    title,
    ranges,
    ...(doubles === undefined ? {} : { doubles }),
    parameters,
    hash,
  });
  for (const point of pointsTried(ranges)) {
    const why = whyNoTrial(made, thetaAt(made, point));
    if (why !== undefined) throw new InvalidInput(`${name} may leave nothing to draw: ${why}`);
  }
  return made as Law<RangesOf<T>>;
}

/**
 * The ranges but for those at the end that only say what was so before their field was there: a law that draws what it
 * always drew is still the same law.
 */
function rangesHashed({ fields }: Parameters, ranges: Ranges): readonly (readonly [string, Range])[] {
  const entries = Object.entries(ranges);
  const isAsBefore = ([field, range]: readonly [string, Range]) =>
    range.kind === "constant" && range.value === fields[field]?.absent;
  return entries.slice(0, entries.findLastIndex((entry) => !isAsBefore(entry)) + 1);
}

/** Points that are tried by chance, beside the corners: so many that a range which is wrong in one half is found. */
const CHANCE_POINTS = 64;

/**
 * Where a law is tried when it is declared: all fields at one end of their ranges, or all but one, and some points by
 * chance. A rule between three fields that a corner of theirs breaks is broken at one of these, and a rule that compares
 * fields has no more. What rounding breaks between the corners is left to chance, and to `drawTheta`.
 */
function* pointsTried(ranges: Ranges): Iterable<readonly number[]> {
  const all = Object.values(ranges);
  for (const end of [0, 1]) {
    yield all.map(() => end);
    for (const [i, range] of all.entries()) {
      if (isDrawn(range)) yield all.map((_, j) => (j === i ? 1 - end : end));
    }
  }
  const chance = stream(0, "points tried");
  for (let n = 0; n < CHANCE_POINTS; n++) yield all.map(() => chance.uniform());
}

/** Undefined where θ, as the law's ranges give it, is one that the law's models can have; otherwise why not. */
function whyNoTrial(law: Law, theta: Theta): string | undefined {
  for (const [field, range] of Object.entries(law.ranges)) {
    const why = whyEmpty(range, field, theta) ?? whyOutside(range, field, theta);
    if (why !== undefined) return why;
  }
  try {
    trialAt(law, law.parameters.parse(theta), 0);
    return undefined;
  } catch (error) {
    if (isInvalidInput(error)) return error.message.replaceAll("\n", "; ");
    throw error;
  }
}

/** θ at a point of the unit cube, one coordinate for each range in drawing order. The table's rules are not checked. */
export function thetaAt({ ranges, parameters }: Drawn, units: readonly number[]): Theta {
  const theta: Record<string, unknown> = {};
  Object.entries(ranges).forEach(([field, range], i) => {
    theta[field] = valueAt(range, units[i] as number, theta as PartialTheta);
  });
  return Object.fromEntries(parameters.names.map((field) => [field, theta[field]])) as Theta;
}

/** fast-check's view of the unit cube: a coordinate for each range, with its bias towards both ends. */
export function pointArbitrary(ranges: Ranges): fc.Arbitrary<readonly number[]> {
  return fc
    .tuple(...Object.values(ranges).map(() => fc.integer({ min: 0, max: UNITS - 1 })))
    .map((integers) => integers.map((integer) => integer / (UNITS - 1)));
}

/** fast-check's view of the ranges: the same map from the unit cube, with its shrinking towards low ends. */
export function thetaArbitrary(drawn: Drawn): fc.Arbitrary<Theta> {
  return pointArbitrary(drawn.ranges).map((point) => thetaAt(drawn, point));
}

/**
 * The θ that the law gives to a model seed: independent and identically distributed over independent seeds, since
 * generation is unbiased (fast-check's bias factor is left out) and starts from a hashed state each time.
 *
 * @throws InvalidInput with law, seed and field where the ranges leave nothing to draw. Declaring the law tries its
 * corners and some points by chance, so that this is left to what is rare and far from every corner
 */
export function drawTheta(law: Law, seed: number): Theta {
  const { value } = thetaArbitrary(law).generate(new fc.Random(stream(seed, "theta").generator), undefined);
  const why = whyNoTrial(law, value);
  if (why !== undefined) throw new InvalidInput(`law ${law.id} leaves nothing to draw for seed ${seed}: ${why}`);
  return value;
}

/** One model: which it is, is said by θ and a seed alone. */
export interface Draw {
  readonly theta: Theta;
  readonly seed: number;
}

/** The models of a trial: one, or two for a law that doubles a field. */
export type Draws = readonly [Draw, ...Draw[]];

/**
 * The models of the trial with this seed.
 *
 * @throws InvalidInput where there is no θ to draw, or where the doubled field takes another one out of its range
 */
export function drawTrial(law: Law, seed: number): Draws {
  const trial = trialAt(law, drawTheta(law, seed), seed);
  const { doubles } = law;
  if (doubles === undefined) return trial;
  const doubled = hypothesisOf(law.parameters, doubles);
  for (const { theta } of trial.slice(1)) {
    const left = brokenHypotheses(law, theta).find(({ name }) => name !== doubled);
    if (left !== undefined) {
      throw new InvalidInput(`law ${law.id}: with ${doubles} doubled, ${left.name} is left: ${left.why}`);
    }
  }
  return trial;
}

/**
 * The models of a trial of this law whose θ is given, not drawn: it may lie outside the law.
 *
 * @throws InvalidInput where θ with the doubled field breaks a rule of its table
 */
export function trialAt(
  { doubles, parameters }: Pick<Law, "doubles" | "parameters">,
  theta: Theta,
  seed: number,
): Draws {
  if (doubles === undefined) return [{ theta, seed }];
  return [
    { theta, seed },
    { theta: withDoubled(parameters, theta, doubles), seed: subSeed(seed, "doubled") },
  ];
}

function withDoubled(parameters: Parameters, theta: Theta, field: string): Theta {
  try {
    return parameters.parse({ ...theta, [field]: 2 * (theta[field] as number) });
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    throw new InvalidInput(`with ${field} doubled, ${error.message}`);
  }
}

/** The hypotheses of a law, in θ's order. */
export function hypothesesOf(law: Law): readonly Hypothesis[] {
  return law.parameters.names.map((field) => {
    const range = rangeOf(law, field);
    return {
      name: hypothesisOf(law.parameters, field),
      statement: describeRange(field, range),
      whyBroken: (theta) => whyOutside(range, field, theta),
    };
  });
}

/** The hypotheses that θ breaks, for instance `noise (tau 0.4 > 0.25)`; empty for a θ of the law. */
export function brokenHypotheses(law: Law, theta: Theta): readonly { name: string; why: string }[] {
  return hypothesesOf(law).flatMap(({ name, whyBroken }) => {
    const why = whyBroken(theta);
    return why === undefined ? [] : [{ name, why }];
  });
}
