import { atMost } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { samplesByMargin } from "../src/transformer/laws.ts";

const law = samplesByMargin("samples-by-margin", "N in proportion to the margin to the −2", 0.5);

export const sampleComplexity = theorem({
  id: "sample-complexity",
  title: "So many samples suffice: in proportion to the margin to the −2",
  formula: String.raw`N \ =\ 2 \left\lceil \tfrac14 \Bigl( \frac{L}{n^{*} - n^{\#}} \Bigr)^{2} \right\rceil \quad\Rightarrow\quad \text{SGD converges}, \qquad \operatorname{error}_{\text{test}} \ =\ 0`,
  provenance: companion("on shallow Vision Transformers, arXiv 2302.06015; the constant is ours"),
  deviates:
    "token counts stand for α*·L, α#·L, and the margin between them for α*; 20 to 40 tokens, so that they are not too coarse; batches of at most 32",
  law,
  hypotheses: ["width", "majority", "noise", "step-size", "training-budget", "label-rule", "sample-size"],
  claims: [
    atMost("training hinge where SGD ends, over ε", 1, (run) => run.model.trainHinge / run.theta.epsilon),
    atMost("0-1 error on fresh test data", 0, (run) => run.test.error),
  ],
});
