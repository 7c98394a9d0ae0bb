import { above } from "../../src/claim/claim.ts";
import { finding, observed } from "../../src/claim/theorem.ts";
import { fourPatternsLaw, sixPatternsLaw } from "../../src/law/laws.ts";

export const valueDirections = finding({
  id: "value-directions",
  title: "How often, with more patterns a class, the update of W_V does not act most on the relevant ones",
  expects: "measured",
  provenance: observed(),
  laws: [fourPatternsLaw, sixPatternsLaw],
  claims: [above("least relevant over largest irrelevant ‖ΔW_V μ‖", 1, (run) => run.relevantOverIrrelevant("WV"))],
});
