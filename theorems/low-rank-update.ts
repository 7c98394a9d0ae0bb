import { atMost } from "../src/claim/claim.ts";
import { abstract } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";

export const lowRankUpdate = theorem({
  id: "low-rank-update",
  title: "The update of each trained matrix is low-rank",
  formula: String.raw`\frac{\sum_{k>r} \sigma_k(\Delta W)^2}{\sum_{k} \sigma_k(\Delta W)^2} \ \le\ b \qquad W \in \{W_Q,\ W_K,\ W_V\}`,
  provenance: abstract(2),
  deviates: "finite N; rank in the sense of energy; the bounds are this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: ["majority", "noise", "attention-scale", "label-rule"],
  claims: [
    atMost("energy of ΔW_Q beyond rank r", 0.03, (run) => run.tailEnergy("WQ", run.theta.r)),
    atMost("energy of ΔW_K beyond rank r", 0.03, (run) => run.tailEnergy("WK", run.theta.r)),
    atMost("energy of ΔW_V beyond rank r", 0.001, (run) => run.tailEnergy("WV", run.theta.r)),
  ],
});
