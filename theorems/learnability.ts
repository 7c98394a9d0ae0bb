import { atMost } from "../src/claim/claim.ts";
import { abstract } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import { EPSILON } from "../src/transformer/notation.ts";

export const learnability = theorem({
  id: "learnability",
  title: "SGD converges, and the trained model generalises",
  formula: String.raw`\frac1N \sum_{n=1}^{N} \max\bigl(0,\ 1 - y_n\, s(X_n)\bigr) \le \varepsilon, \qquad \operatorname{error}_{\text{test}} \le b, \qquad \operatorname{hinge}_{\text{test}} \le b`,
  provenance: abstract(1),
  deviates:
    "finite samples and steps; the bounds are this project's; SGD ends at the first check below ε, so that the first claim has a headroom near 1 by construction",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: [
    "width",
    "majority",
    "noise",
    "step-size",
    "sample-size",
    "training-budget",
    "label-rule",
    "training-target",
  ],
  claims: [
    atMost("training hinge where SGD ends", EPSILON, (run) => run.model.trainHinge),
    atMost("0-1 error on fresh test data", 0, (run) => run.test.error),
    atMost("hinge loss on fresh test data", 0.01, (run) => run.test.hinge),
  ],
});
