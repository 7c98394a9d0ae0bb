import { above } from "../src/claim/claim.ts";
import { abstract } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw } from "../src/transformer/laws.ts";

export const relevantDirections = theorem({
  id: "relevant-directions",
  title: "The update of W_V acts most on the label-relevant patterns",
  formula: String.raw`\min_{j \le r} \lVert \Delta W_V\, \mu_j \rVert \ >\ \max_{j > r} \lVert \Delta W_V\, \mu_j \rVert`,
  provenance: abstract(2),
  deviates: "r = 2 and W_V only: see the findings for the rest",
  law: baseLaw,
  hypotheses: ["relevant-patterns", "majority", "label-rule"],
  claims: [above("least relevant over largest irrelevant ‖ΔW_V μ‖", 1, (run) => run.relevantOverIrrelevant("WV"))],
});
