import { above } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../src/transformer/laws.ts";

export const attentionMovesToRelevant = theorem({
  id: "attention-moves-to-relevant",
  title: "Attention moves to the label-relevant tokens",
  formula: String.raw`\mathbb{E}_{X,\,l} \sum_{s \text{ relevant}} A_{ls}(T) \ >\ \mathbb{E}_{X,\,l} \sum_{s \text{ relevant}} A_{ls}(0)`,
  provenance: companion("on shallow Vision Transformers, arXiv 2302.06015"),
  deviates: "the direction only: in this law attention hardly has to move",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw],
  hypotheses: ["majority", "step-size", "label-rule"],
  claims: [
    above(
      "rise of the mean attention on label-relevant test tokens",
      0,
      ({ relevantAttention: { before, after } }) => after - before,
    ),
  ],
});
