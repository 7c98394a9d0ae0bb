import { atMost } from "../src/claim/claim.ts";
import { abstract } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../src/transformer/laws.ts";

export const lowRankStep = theorem({
  id: "low-rank-step",
  title: "Single gradients are low-rank while the loss is large",
  formula: String.raw`\frac{\sum_{k>r} \sigma_k(\nabla_{\!W})^2}{\sum_{k} \sigma_k(\nabla_{\!W})^2} \ \le\ b \qquad \text{at every step whose batch has } \operatorname{hinge} \ge \tfrac12`,
  provenance: abstract(2),
  deviates: "steps whose batch has a mean hinge of at least ½; the bounds are this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw],
  hypotheses: ["width", "majority", "attention-scale", "readout", "label-rule"],
  trace: ["gradients"],
  claims: [
    atMost("energy of ∂W_Q beyond rank r, worst step", 0.15, (run) => run.steepGradientTail("WQ")),
    atMost("energy of ∂W_K beyond rank r, worst step", 0.15, (run) => run.steepGradientTail("WK")),
    atMost("energy of ∂W_V beyond rank r, worst step", 0.05, (run) => run.steepGradientTail("WV")),
  ],
});
