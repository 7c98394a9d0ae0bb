import { atLeast } from "../src/claim/claim.ts";
import { observed } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw } from "../src/transformer/laws.ts";

export const rankNeedsR = theorem({
  id: "rank-needs-r",
  title: "Rank r = 2 is needed: rank 1 is not enough",
  formula: String.raw`\frac{\sum_{k>1} \sigma_k(\Delta W_V)^2}{\sum_{k} \sigma_k(\Delta W_V)^2} \ \ge\ b, \qquad \operatorname{hinge}_{\text{test}}\bigl(W(0) + [\Delta W]_1\bigr) - \operatorname{hinge}_{\text{test}}\bigl(W(T)\bigr) \ \ge\ b`,
  provenance: observed(),
  deviates: "r = 2 only; the bounds are this project's",
  law: baseLaw,
  hypotheses: [
    "width",
    "value-dimension",
    "majority",
    "noise",
    "value-scale",
    "step-size",
    "training-budget",
    "label-rule",
  ],
  claims: [
    atLeast("energy of ΔW_V beyond rank 1", 0.05, (run) => run.tailEnergy("WV", 1)),
    atLeast(
      "rise of the test hinge with every update cut to rank 1",
      0.02,
      (run) => run.testAtRank(1).hinge - run.test.hinge,
    ),
  ],
});
