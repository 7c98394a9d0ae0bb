import ln from "@stdlib/math-base-special-ln";
import { above } from "../../src/claim/claim.ts";
import { companion } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";
import { mergedAttentionSpectrum } from "../../src/transformer/measure/merged.ts";
import { tailNormOf } from "../../src/transformer/measure/spectrum.ts";

export const mergedAttentionForm = finding({
  id: "merged-attention-form",
  title: "How often rank 0 already meets the bound M·ε + 1/log M on what Δ(W_Kᵀ W_Q) keeps beyond its rank",
  expects: "measured",
  provenance: companion("on task vectors, arXiv 2504.10957, has this bound: here it says little"),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  claims: [
    above("‖ΔW‖_F, whole, over M·ε + 1/log M", 1, (run) => {
      const { M, epsilon } = run.theta;
      return tailNormOf(mergedAttentionSpectrum(run), 0) / (M * epsilon + 1 / ln(M));
    }),
  ],
});
