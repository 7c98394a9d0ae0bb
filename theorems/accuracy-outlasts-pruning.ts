import { atMost } from "../src/claim/claim.ts";
import { observed } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import { withoutRandom } from "../src/transformer/measure/pruned.ts";

export const accuracyOutlastsPruning = theorem({
  id: "accuracy-outlasts-pruning",
  title: "Pruning half or 70 % of the large neurons at random costs margin, not accuracy",
  formula: String.raw`\operatorname{error}_{\text{test}}(\text{without the fraction } R \text{ of the large cluster, at random}) \ =\ 0, \qquad R \in \{0.5,\ 0.7\}`,
  provenance: observed(),
  deviates: "an order drawn from a stream of the model's seed; a shared readout only",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw],
  hypotheses: ["width", "majority", "noise", "step-size", "label-rule"],
  claims: [0.5, 0.7].map((R) =>
    atMost(
      `0-1 error without ${100 * R} % of the large cluster, in random order`,
      0,
      (run) => withoutRandom(run, R).error,
    ),
  ),
});
