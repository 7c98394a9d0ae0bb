import { atLeast } from "../../src/claim/claim.ts";
import { companion } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";

export const attentionConcentrates = finding({
  id: "attention-concentrates",
  title: "Attention does not concentrate on the label-relevant tokens: the hinge loss is met first",
  expects: "refuted",
  provenance: companion(
    "on shallow Vision Transformers, arXiv 2302.06015, whose attention on label-relevant tokens tends to nearly 1; 0.9 is ours",
  ),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  claims: [
    atLeast(
      "mean attention on label-relevant test tokens after training",
      0.9,
      ({ relevantAttention: { after } }) => after,
    ),
  ],
});
