import { z } from "zod";
import { InvalidInput } from "../invalid-input.ts";
import { type Theta, tokenCounts } from "./notation.ts";

/** Most numbers that a single array of one model may hold: 2^24 doubles are 128 MiB. */
export const LARGEST_ARRAY = 2 ** 24;

const count = (least: number) => z.int().min(least).max(1e6);
const scale = z.number().min(0).max(1e6);
const fraction = z.number().min(0).max(1);

/**
 * θ. Rules on a single field; `rulesBetweenFields` has the others.
 *
 * labels: "majority" is the paper's model, a sample's label is the class with more tokens in it (n* > n#);
 * "drawn" drops that requirement, the label is still the class that owns the n* tokens;
 * "random" gives balanced labels that have nothing to do with the tokens.
 */
export const thetaSchema = z.strictObject({
  M: count(2),
  r: count(2),
  d: count(1),
  L: count(1),
  m: count(1),
  ma: count(1),
  mb: count(1),
  alphaStar: fraction,
  alphaSharp: fraction,
  tau: scale,
  delta: scale,
  sigma: scale,
  xi: scale,
  eta: z.number().positive().max(1e6),
  N: count(2),
  B: count(1),
  Tmax: count(0),
  testSamples: count(2),
  readout: z.enum(["shared", "per-position"]),
  labels: z.enum(["majority", "drawn", "random"]),
});

interface Rule {
  readonly field: keyof Theta;
  readonly rule: string;
  readonly holds: (theta: Theta) => boolean;
  readonly got: (theta: Theta) => string;
}

const countsOf = (theta: Theta) => {
  const { nStar, nSharp } = tokenCounts(theta);
  return `n* = ${nStar}, n# = ${nSharp}, L = ${theta.L}`;
};

const rulesBetweenFields: readonly Rule[] = [
  {
    field: "r",
    rule: "even (half of the label-relevant patterns a class)",
    holds: (t) => t.r % 2 === 0,
    got: (t) => `${t.r}`,
  },
  { field: "r", rule: "at most M", holds: (t) => t.r <= t.M, got: (t) => `r = ${t.r}, M = ${t.M}` },
  {
    field: "M",
    rule: "at most d (the patterns are orthonormal)",
    holds: (t) => t.M <= t.d,
    got: (t) => `M = ${t.M}, d = ${t.d}`,
  },
  { field: "N", rule: "even (labels are balanced)", holds: (t) => t.N % 2 === 0, got: (t) => `${t.N}` },
  {
    field: "testSamples",
    rule: "even (labels are balanced)",
    holds: (t) => t.testSamples % 2 === 0,
    got: (t) => `${t.testSamples}`,
  },
  { field: "B", rule: "at most N", holds: (t) => t.B <= t.N, got: (t) => `B = ${t.B}, N = ${t.N}` },
  {
    field: "alphaSharp",
    rule: "such that n* + n# is at most L",
    holds: (t) => relevantTokens(t) <= t.L,
    got: countsOf,
  },
  {
    field: "alphaStar",
    rule: 'such that n* > n# (labels: "majority")',
    holds: (t) => t.labels !== "majority" || tokenCounts(t).nStar > tokenCounts(t).nSharp,
    got: countsOf,
  },
  {
    field: "M",
    rule: "above r unless n* + n# = L (every other token needs a label-irrelevant pattern)",
    holds: (t) => t.M > t.r || relevantTokens(t) === t.L,
    got: (t) => `M = ${t.M}, r = ${t.r}, ${countsOf(t)}`,
  },
  ...(
    [
      ["N", "training tokens N·L·d", (t: Theta) => t.N * t.L * t.d],
      ["testSamples", "test tokens testSamples·L·d", (t: Theta) => t.testSamples * t.L * t.d],
      ["L", "attention L·L", (t: Theta) => t.L * t.L],
      ["m", "neurons' contributions testSamples·m", (t: Theta) => t.testSamples * t.m],
      ["m", "hidden layer L·m", (t: Theta) => t.L * t.m],
      ["ma", "W_O m·ma", (t: Theta) => t.m * t.ma],
      ["ma", "W_V ma·d", (t: Theta) => t.ma * t.d],
      ["mb", "W_Q mb·d", (t: Theta) => t.mb * t.d],
      ["d", "P = W_Q^T W_K d·d", (t: Theta) => t.d * t.d],
    ] as const
  ).map(([field, array, size]) => ({
    field,
    rule: `such that ${array} is at most ${LARGEST_ARRAY} numbers`,
    holds: (t: Theta) => size(t) <= LARGEST_ARRAY,
    got: (t: Theta) => `${size(t)}`,
  })),
];

function relevantTokens(theta: Theta): number {
  const { nStar, nSharp } = tokenCounts(theta);
  return nStar + nSharp;
}

/**
 * Fields that θ was given after the first release, each with the constant that every θ from before has. None so far. A
 * field that is added stands here too, so that counterexamples and links from before are read on.
 */
export const LATER_FIELDS: Partial<Theta> = {};

/** A θ as a file has it, with the constants of the fields that are younger than the file. */
export function completed(theta: unknown, later: Readonly<Record<string, unknown>> = LATER_FIELDS): unknown {
  const isRecord = typeof theta === "object" && theta !== null && !Array.isArray(theta);
  return isRecord ? { ...later, ...theta } : theta;
}

/**
 * Checks every rule of the data model, the architecture and the training.
 *
 * @throws InvalidInput naming each field that breaks a rule, the rule, and what was got
 */
export function parseTheta(input: unknown): Theta {
  const parsed = thetaSchema.safeParse(completed(input));
  if (!parsed.success) {
    const fields = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
    throw new InvalidInput(
      parsed.error.issues
        .map(({ path, message }) =>
          path.length === 0
            ? `theta: ${message}`
            : `theta.${path.join(".")}: ${message}, got ${shown(fields[String(path[0])])}`,
        )
        .join("\n"),
    );
  }
  const theta: Theta = parsed.data;
  const broken = rulesBetweenFields.filter(({ holds }) => !holds(theta));
  if (broken.length > 0) {
    throw new InvalidInput(
      broken.map(({ field, rule, got }) => `theta.${field} must be ${rule}, got ${got(theta)}`).join("\n"),
    );
  }
  return theta;
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
}

/** θ's fields, in the order in which they are always written. */
export const THETA_FIELDS = Object.keys(thetaSchema.shape) as readonly (keyof Theta)[];
