import { atMost, within } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import type { RangesOf } from "../../src/law/law.ts";
import { constant, equalTo, integer, logUniform, real, times } from "../../src/law/range.ts";
import { law, theorem } from "../../src/transformer/experiment.ts";
import { EPSILON, type Theta } from "../../src/transformer/notation.ts";

/** Models of a few numbers, trained in a millisecond, with claims whose edges are known: they read θ and the seed. */
const TINY: RangesOf<Theta> = {
  r: constant(2),
  M: integer(3, 4),
  d: integer(times(1, "M"), 5),
  L: integer(4, 6),
  m: integer(4, 8),
  ma: equalTo("d"),
  mb: equalTo("d"),
  alphaStar: real(0.5, 0.75),
  alphaSharp: constant(0),
  tau: real(0, 0.1),
  sigma: logUniform(0.05, 0.2),
  delta: equalTo("sigma"),
  xi: real(0.01, 0.05),
  eta: logUniform(0.5, 2),
  N: integer(16, 24, 2),
  B: integer(4, 8),
  Tmax: constant(10),
  testSamples: constant(12),
  readout: constant("shared"),
  labels: constant("majority"),
  epsilon: constant(EPSILON),
};

export const tinyLaw = law({ id: "tiny", title: "a law of tiny models", ranges: TINY });

export const tinyPairs = law({
  id: "tiny-pairs",
  title: "pairs of tiny models",
  ranges: { ...TINY, eta: logUniform(0.5, 1) },
  doubles: "eta",
});

/** The law keeps δ at most 0.2, so that only a released attention-scale violates it. */
export const ATTENTION_EDGE = 0.5;

export const attentionEdge = theorem({
  id: "attention-edge",
  title: "δ is at most a half",
  provenance: observed(),
  law: tinyLaw,
  claims: [atMost("δ", ATTENTION_EDGE, (run) => run.theta.delta), atMost("nothing at all", 0, () => 0)],
});

/** Violated by one seed in five or so, whatever θ is. */
export const rarely = theorem({
  id: "rarely",
  title: "Seeds leave a remainder",
  provenance: observed(),
  law: tinyLaw,
  claims: [atMost("whether the seed is a multiple of five", 0, (run) => (run.model.seed % 5 === 0 ? 1 : 0))],
});

/** Violated where L·τ is too large: an edge in two fields. */
export const noisyTokens = theorem({
  id: "noisy-tokens",
  title: "L·τ is at most 0.6",
  provenance: observed(),
  law: tinyLaw,
  claims: [atMost("L·τ", 0.6, (run) => run.theta.L * run.theta.tau)],
});

export const pairs = theorem({
  id: "pairs",
  title: "The second model's step size is the double of the first's",
  provenance: observed(),
  law: tinyPairs,
  claims: [within("quotient of the step sizes", 1.5, 2.5, (run, doubled) => doubled.theta.eta / run.theta.eta)],
});

/** Trained in earnest: what the engines compute. */
export const hinge = theorem({
  id: "hinge",
  title: "The test hinge is at most 0.5",
  provenance: observed(),
  law: tinyLaw,
  claims: [atMost("test hinge", 0.5, (run) => run.test.hinge)],
});
