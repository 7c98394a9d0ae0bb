import { type NumericFieldOf, parameters, type Rule } from "../law/parameters.ts";
import { FIELDS, type Theta } from "./fields.ts";
import { tokenCounts } from "./notation.ts";

/** Most numbers that a single array of one model may hold: 2^24 doubles are 128 MiB. */
export const LARGEST_ARRAY = 2 ** 24;

const countsOf = (theta: Theta) => {
  const { nStar, nSharp } = tokenCounts(theta);
  return `n* = ${nStar}, n# = ${nSharp}, L = ${theta.L}`;
};

const rulesBetweenFields: readonly Rule<Theta>[] = [
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

/** The table of θ's fields, with every rule of the data model, the architecture and the training. */
export const transformerParameters = parameters(FIELDS, rulesBetweenFields, "transformer");

/**
 * Checks every rule of the data model, the architecture and the training.
 *
 * @throws InvalidInput naming each field that breaks a rule, the rule, and what was got
 */
export const parseTheta = transformerParameters.parse;

export type NumericField = NumericFieldOf<Theta>;

/** The name of the hypothesis on a field. */
export type HypothesisName = (typeof transformerParameters.hypotheses)[number];

export type { Theta } from "./fields.ts";
