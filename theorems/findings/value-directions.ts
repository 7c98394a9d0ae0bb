import { above } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { fourPatternsLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";

export const valueDirections = finding({
  id: "value-directions",
  title: "How often, with more patterns a class, the update of W_V does not act most on the relevant ones",
  expects: "measured",
  provenance: observed(),
  laws: [fourPatternsLaw, sixPatternsLaw],
  claims: [above("least relevant over largest irrelevant ‖ΔW_V μ‖", 1, (run) => run.relevantOverIrrelevant("WV"))],
});
