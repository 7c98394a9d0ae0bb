import { atLeast, atMost, type Claim } from "../src/claim/claim.ts";
import { abstract } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import type { Run } from "../src/transformer/measure/run.ts";
import { tailEnergyOf } from "../src/transformer/measure/singular-values.ts";

const within: readonly Claim<Run>[] = [
  atMost("energy of ΔW_O beyond rank r", 0.002, (run) => tailEnergyOf(run.singularValues("WO"), run.theta.r)),
];
const needed: readonly Claim<Run>[] = [
  atLeast("energy of ΔW_O beyond rank 1", 0.05, (run) => tailEnergyOf(run.singularValues("WO"), 1)),
];

export const lowRankOutput = theorem({
  id: "low-rank-output",
  title: "The update of W_O is low-rank too",
  formula: String.raw`\frac{\sum_{k>r} \sigma_k(\Delta W_O)^2}{\sum_{k} \sigma_k(\Delta W_O)^2} \ \le\ b, \qquad r = 2: \ \frac{\sum_{k>1} \sigma_k(\Delta W_O)^2}{\sum_{k} \sigma_k(\Delta W_O)^2} \ \ge\ b`,
  provenance: abstract(2, "it speaks of the trainable parameters, of which W_O is one; the form is ours"),
  deviates:
    "finite N; rank in the sense of energy; that rank 1 is not enough is claimed for r = 2 only; the bounds are this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: ["width", "value-dimension", "majority", "step-size", "label-rule"],
  claims: (law) => (law.id === baseLaw.id ? [...within, ...needed] : within),
});
