import { atMost } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { targetLaw } from "../src/transformer/laws.ts";

export const generalisation = theorem({
  id: "generalisation",
  title: "The test loss is of the order of the training loss that SGD stops at",
  formula: String.raw`\operatorname{hinge}_{\text{test}} \ \le\ b\,\varepsilon`,
  provenance: companion("on shallow Vision Transformers, arXiv 2302.06015; the form is ours"),
  deviates:
    "the companion states zero generalisation error; ε is drawn from [3e-4, 1e-2]; the factor is this project's",
  law: targetLaw,
  hypotheses: ["width", "majority", "noise", "step-size", "sample-size", "training-budget", "label-rule"],
  claims: [atMost("test hinge over ε", 10, (run) => run.test.hinge / run.theta.epsilon)],
});
