import { atMost } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import { mergedAttentionSpectrum, mergedNeuronsSpectrum } from "../src/transformer/measure/merged.ts";
import { tailEnergyOf } from "../src/transformer/measure/singular-values.ts";
import { tailNormOf } from "../src/transformer/measure/spectrum.ts";

export const lowRankMerged = theorem({
  id: "low-rank-merged",
  title: "The updates of the merged matrices W_O W_V and W_Kᵀ W_Q are low-rank",
  formula: String.raw`\Delta V = \Delta(W_O W_V),\ \Delta W = \Delta(W_K^\top W_Q): \qquad \frac{\sum_{k>r} \sigma_k^2}{\sum_{k} \sigma_k^2} \ \le\ b, \qquad \lVert \Delta V - [\Delta V]_r \rVert_F \ \le\ b\,\varepsilon`,
  provenance: companion("on task vectors, arXiv 2504.10957, with r in the place of rank 1"),
  deviates:
    "rank in the sense of energy; the companion's own form for ΔW says nothing here and is a finding; the constants are this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: [
    "majority",
    "noise",
    "attention-scale",
    "value-scale",
    "output-scale",
    "step-size",
    "training-budget",
    "label-rule",
    "training-target",
  ],
  claims: [
    atMost("energy of ΔV beyond rank r", 1e-4, (run) => tailEnergyOf(mergedNeuronsSpectrum(run), run.theta.r)),
    atMost("‖ΔV‖_F beyond rank r over ε", 100, (run) => {
      const { r, epsilon } = run.theta;
      return tailNormOf(mergedNeuronsSpectrum(run), r) / epsilon;
    }),
    atMost("energy of ΔW beyond rank r", 0.05, (run) => tailEnergyOf(mergedAttentionSpectrum(run), run.theta.r)),
  ],
});
