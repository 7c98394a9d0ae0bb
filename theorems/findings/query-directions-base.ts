import { above } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { baseLaw } from "../../src/transformer/laws.ts";

export const queryDirectionsBase = finding({
  id: "query-directions-base",
  title: "How often the update of W_Q does not act most on the relevant patterns",
  expects: "measured",
  provenance: observed(),
  law: baseLaw,
  claims: [above("least relevant over largest irrelevant ‖ΔW_Q μ‖", 1, (run) => run.relevantOverIrrelevant("WQ"))],
});
