import type { Claim } from "../src/claim/claim.ts";
import { exponent } from "../src/claim/doubling.ts";
import { observed } from "../src/claim/provenance.ts";
import { median } from "../src/evidence/median.ts";
import type { Law } from "../src/law/law.ts";
import { theorem, transformer } from "../src/transformer/experiment.ts";
import { doublingOutputScale, doublingStepSize, doublingWidth } from "../src/transformer/laws.ts";
import type { Run } from "../src/transformer/measure/run.ts";
import { parseTheta } from "../src/transformer/theta.ts";
import type { Ladder, Ladders } from "../src/verdict/slopes.ts";

/** The medians are decided within this many pairs, or are inconclusive. */
const MOST_PAIRS = 200;

type Measure = (run: Run) => number;

const steps: Measure = (run) => run.stepsToConvergence;
const largeNorm: Measure = (run) => median(run.clusters.large.map((i) => run.neuronNorms[i] as number));
const smallNorm: Measure = (run) => median(run.clusters.small.map((i) => run.neuronNorms[i] as number));

const claimsByLaw: Record<Law["id"], readonly Claim<Run>[]> = {
  [doublingStepSize.id]: exponent("T", "η", -1, steps),
  [doublingWidth.id]: exponent("large norm", "m", -0.5, largeNorm),
  [doublingOutputScale.id]: exponent("small norm", "ξ", 1, smallNorm),
};

export const scaling = theorem({
  id: "scaling",
  title: "Steps scale as 1/η, large norms as m^(−1/2), small norms as ξ",
  formula: String.raw`T \propto \eta^{-1}, \qquad \operatorname{median}_{i \text{ large}} \lVert w_i \rVert \propto m^{-1/2}, \qquad \operatorname{median}_{i \text{ small}} \lVert w_i \rVert \propto \xi`,
  provenance: observed(),
  deviates: "median exponents over doublings inside the base law; consistent on that range, never verified beyond it",
  laws: [doublingStepSize, doublingWidth, doublingOutputScale],
  hypotheses: ["step-size", "width", "output-scale"],
  triedInVain: [
    {
      claim: "factor on T where η doubles, lower side",
      tried: ["doubling N, M, m, σ or α* in the place of η: T falls by less than half, or not at all (pilot)"],
    },
    {
      claim: "factor on large norm where m doubles, lower side",
      tried: ["doubling ξ in the place of m: large norms stay"],
    },
    {
      claim: "factor on small norm where ξ doubles, upper side",
      tried: ["doubling m in the place of ξ: small norms stay"],
    },
  ],
  p0: 0.5,
  maxModels: MOST_PAIRS,
  claims: (law) => claimsByLaw[law.id] ?? [],
});

const stepsTo: Ladder["read"] = ({ outcome, steps }) => (outcome === "converged" ? steps : Number.NaN);

/** The same exponents at one θ: the middle of the base law's ranges, or their geometric middle where they are logarithmic. */
export const scalingLadders: Ladders = {
  experiment: transformer,
  theta: parseTheta({
    ...{ M: 7, r: 2, d: 10, L: 16, m: 100, ma: 10, mb: 10 },
    ...{ alphaStar: 0.4, alphaSharp: 0.1, tau: 0.125, delta: 0.07, sigma: 0.07, xi: 0.01 },
    ...{ eta: 0.316, N: 256, B: 64, Tmax: 4000, testSamples: 500, readout: "shared", labels: "majority" },
  }),
  ladders: [
    { field: "eta", measured: "steps", read: stepsTo, expected: -1, rungs: [0.1, 0.16, 0.25, 0.4, 0.63, 1] },
    {
      field: "m",
      measured: "medianLargeNorm",
      read: ({ measurements }) => measurements.medianLargeNorm as number,
      expected: -0.5,
      rungs: [50, 66, 87, 115, 152, 200],
    },
    {
      field: "xi",
      measured: "medianSmallNorm",
      read: ({ measurements }) => measurements.medianSmallNorm as number,
      expected: 1,
      rungs: [0.005, 0.0066, 0.0087, 0.0115, 0.0152, 0.02],
    },
  ],
};
