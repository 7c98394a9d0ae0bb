import { above } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { fourPatternsLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";

export const queryDirections = finding({
  id: "query-directions",
  title: "With more patterns a class, the update of W_Q does not act most on the relevant ones",
  expects: "refuted",
  provenance: observed("one might expect it of item 2 of the abstract"),
  laws: [fourPatternsLaw, sixPatternsLaw],
  claims: [above("least relevant over largest irrelevant ‖ΔW_Q μ‖", 1, (run) => run.relevantOverIrrelevant("WQ"))],
});
