import exp from "@stdlib/math-base-special-exp";
import { atLeast, atMost, type Claim, type Observe } from "../src/claim/claim.ts";
import { observed, theorem } from "../src/claim/theorem.ts";
import type { Law } from "../src/law/law.ts";
import { doublingOutputScale, doublingStepSize, doublingWidth } from "../src/law/laws.ts";
import { median } from "../src/transformer/measure/clusters.ts";
import type { Run } from "../src/transformer/measure/run.ts";

/** A median exponent may lie this far from the claimed one. */
const HALF_WIDTH = 0.15;

/** The medians are decided within this many pairs, or are inconclusive. */
const MOST_PAIRS = 200;

type Measure = (run: Run) => number;

const steps: Measure = (run) => run.stepsToConvergence;
const largeNorm: Measure = (run) => median(run.clusters.large.map((i) => run.neuronNorms[i] as number));
const smallNorm: Measure = (run) => median(run.clusters.small.map((i) => run.neuronNorms[i] as number));

const claimsByLaw: Record<Law["id"], readonly Claim[]> = {
  [doublingStepSize.id]: exponent("T", "η", -1, steps),
  [doublingWidth.id]: exponent("large norm", "m", -0.5, largeNorm),
  [doublingOutputScale.id]: exponent("small norm", "ξ", 1, smallNorm),
};

/** y ∝ x^κ, by doubling x: the factor on y is 2^κ, up to a factor of 2^±0.15. */
function exponent(y: string, x: string, kappa: number, measure: Measure): readonly Claim[] {
  const factor: Observe = (run, doubled) => measure(doubled) / measure(run);
  const title = `factor on ${y} where ${x} doubles`;
  return [
    atMost(`${title}, upper side`, powerOfTwo(kappa + HALF_WIDTH), factor),
    atLeast(`${title}, lower side`, powerOfTwo(kappa - HALF_WIDTH), factor),
  ];
}

function powerOfTwo(exponent: number): number {
  return exp(exponent * Math.LN2);
}

export const scaling = theorem({
  id: "scaling",
  title: "Steps scale as 1/η, large norms as m^(−1/2), small norms as ξ",
  formula: String.raw`T \propto \eta^{-1}, \qquad \operatorname{median}_{i \text{ large}} \lVert w_i \rVert \propto m^{-1/2}, \qquad \operatorname{median}_{i \text{ small}} \lVert w_i \rVert \propto \xi`,
  provenance: observed(),
  deviates: "median exponents over doublings inside the base law; consistent on that range, never verified beyond it",
  laws: [doublingStepSize, doublingWidth, doublingOutputScale],
  hypotheses: ["step-size", "width", "output-scale"],
  noControl: "no control known",
  p0: 0.5,
  maxModels: MOST_PAIRS,
  claims: (law) => claimsByLaw[law.id] ?? [],
});
