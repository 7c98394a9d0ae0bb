import { atMost } from "../src/claim/claim.ts";
import { abstract, theorem } from "../src/claim/theorem.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/data/laws.ts";
import { EPSILON } from "../src/notation.ts";

export const learnability = theorem({
  id: "learnability",
  title: "SGD converges, and the trained model generalises",
  provenance: abstract(1),
  deviates: "finite samples and steps; the bounds are this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: ["majority", "confusion", "label-rule", "step-size", "noise"],
  claims: [
    atMost("training hinge where SGD ends", EPSILON, (run) => run.model.trainHinge),
    atMost("0-1 error on fresh test data", 0, (run) => run.test.error),
    atMost("hinge loss on fresh test data", 0.01, (run) => run.test.hinge),
  ],
});
