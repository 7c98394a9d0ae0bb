import { type Law, lawOver } from "../../src/law/law.ts";
import { constant, equalTo, integer, type Range, real, times } from "../../src/law/range.ts";
import { baseLaw, samplesByMargin } from "../../src/transformer/laws.ts";
import { type HypothesisName, transformerParameters } from "../../src/transformer/theta.ts";
import { sampleComplexity } from "../../theorems/sample-complexity.ts";

/** A law that leaves one hypothesis of the base law, and keeps every other. */
export interface Point {
  /** None where it is the base law itself. */
  readonly hypothesis: HypothesisName | undefined;
  /** In words. */
  readonly how: string;
  readonly law: Law;
  /** The one theorem that it is about, where that has a law of its own. */
  readonly only?: string;
}

type Ranges = Partial<Record<keyof typeof baseLaw.ranges, Range>>;

/**
 * How each hypothesis is left: as far as the fields' widest ranges or a control go, at one end or both. Where nothing can
 * converge, T_max is the length of training, and named with it.
 */
const left: readonly (readonly [HypothesisName | undefined, string, Ranges])[] = [
  [undefined, "the base law itself", {}],
  ["pattern-count", "M ∈ 16..24, and d ∈ M..32 with it", { M: integer(16, 24), d: integer(times(1, "M"), 32) }],
  ["relevant-patterns", "r = 4, M ∈ 5..12", { r: constant(4), M: integer(5, 12) }],
  ["relevant-patterns", "r = 8, M ∈ 9..12", { r: constant(8), M: integer(9, 12) }],
  ["token-dimension", "d = 32", { d: constant(32) }],
  ["sequence-length", "L = 5", { L: constant(5), alphaStar: real(0.4, 0.6) }],
  ["sequence-length", "L = 48", { L: constant(48) }],
  ["width", "m ∈ 1..4", { m: integer(1, 4) }],
  ["width", "m = 400", { m: constant(400) }],
  ["value-dimension", "m_a = 1", { ma: constant(1) }],
  ["value-dimension", "m_a = 32", { ma: constant(32) }],
  ["key-dimension", "m_b = 1", { mb: constant(1) }],
  [
    "majority",
    "α# = α* ∈ [0.2, 0.4], labels as drawn",
    { alphaStar: real(0.2, 0.4), alphaSharp: equalTo("alphaStar"), labels: constant("drawn") },
  ],
  [
    "confusion",
    "α# ∈ [0.7·α*, 0.8·α*]",
    { alphaStar: real(0.3, 0.5), alphaSharp: real(times(0.7, "alphaStar"), times(0.8, "alphaStar")) },
  ],
  ["noise", "τ = 1", { tau: constant(1) }],
  ["noise", "τ = 2", { tau: constant(2) }],
  ["attention-scale", "δ = 0.001", { delta: constant(0.001) }],
  ["attention-scale", "δ = 2", { delta: constant(2) }],
  ["value-scale", "σ = 0.001", { sigma: constant(0.001), delta: real(0.01, 0.5) }],
  ["value-scale", "σ = 2", { sigma: constant(2), delta: real(0.01, 0.5) }],
  ["output-scale", "ξ = 0.0005", { xi: constant(0.0005) }],
  ["output-scale", "ξ = 0.3", { xi: constant(0.3) }],
  ["step-size", "η = 0.02", { eta: constant(0.02) }],
  ["step-size", "η = 8", { eta: constant(8) }],
  ["sample-size", "N = 8, and B = 4 with it", { N: constant(8), B: constant(4) }],
  ["batch-size", "B = 2", { B: constant(2) }],
  ["training-budget", "T_max = 20", { Tmax: constant(20) }],
  [
    "readout",
    "per position, T_max = 6000 as its law has it",
    { readout: constant("per-position"), Tmax: constant(6000) },
  ],
  ["label-rule", "random labels, T_max = 400", { labels: constant("random"), Tmax: constant(400) }],
  ["training-target", "ε = 0.1", { epsilon: constant(0.1) }],
  ["training-target", "ε = 1e-5", { epsilon: constant(1e-5) }],
];

const ofBase: readonly Point[] = left.map(([hypothesis, how, ranges], i) => ({
  hypothesis,
  how,
  law: lawOver(transformerParameters, {
    id: `hypotheses-${i}`,
    title: how,
    ranges: { ...baseLaw.ranges, ...ranges } as typeof baseLaw.ranges,
  }),
}));

export const points: readonly Point[] = [
  ...ofBase,
  {
    hypothesis: "sample-size",
    how: "C = 1/64 on the law of sample-complexity, and B with N",
    law: samplesByMargin("hypotheses-samples", "few samples by the margin", 1 / 64),
    only: sampleComplexity.id,
  },
];
