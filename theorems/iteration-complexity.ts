import { within } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import type { Run } from "../src/transformer/measure/run.ts";
import { tokenCounts } from "../src/transformer/notation.ts";

export const iterationComplexity = theorem({
  id: "iteration-complexity",
  title: "Training takes as many steps as 1/(η·(α* − α#))",
  formula: String.raw`b_1 \ \le\ T\,\eta\;\frac{n^{*} - n^{\#}}{L} \ \le\ b_2`,
  provenance: companion("on shallow Vision Transformers, arXiv 2302.06015; the constants are observed"),
  deviates:
    "the token counts n*, n# stand for α*·L, α#·L; the interval is this project's. It hardly tests how T depends on the margin: T·η alone stays in an interval as wide but for a few per cent of the models (steps-without-margin), and where α* doubles T falls by less than half (steps-and-margin)",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw],
  hypotheses: ["width", "majority", "noise", "value-scale", "step-size", "training-budget", "readout", "label-rule"],
  claims: [within("T·η·(n* − n#)/L", 4, 30, scaledSteps)],
});

/** A model that did not converge violates the claim, whatever T_max is. */
function scaledSteps({ stepsToConvergence, theta }: Run): number {
  const { nStar, nSharp } = tokenCounts(theta);
  return (stepsToConvergence * theta.eta * (nStar - nSharp)) / theta.L;
}
