import { above } from "../../src/claim/claim.ts";
import { finding, observed } from "../../src/claim/theorem.ts";
import { baseLaw } from "../../src/law/laws.ts";

export const queryDirectionsBase = finding({
  id: "query-directions-base",
  title: "How often the update of W_Q does not act most on the relevant patterns",
  expects: "measured",
  provenance: observed(),
  law: baseLaw,
  claims: [above("least relevant over largest irrelevant ‖ΔW_Q μ‖", 1, (run) => run.relevantOverIrrelevant("WQ"))],
});
