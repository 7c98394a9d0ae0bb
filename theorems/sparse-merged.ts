import { atLeast, atMost } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import { mergedRows } from "../src/transformer/measure/merged.ts";

/** Norms of one sort have 0.64. The pilot's worst of 300 models a law (reports/pilot.md): 0.872 and 0.776. */
const SHARE_BETWEEN = { shared: 0.85, perPosition: 0.75 };

export const sparseMerged = theorem({
  id: "sparse-merged",
  title: "The rows of Δ(W_O W_V) are of two sorts, small and large",
  formula: String.raw`u_i = (\Delta V)_{i\cdot}: \qquad \frac{\operatorname{median}_{i \text{ small}} \lVert u_i \rVert}{\operatorname{median}_{i \text{ large}} \lVert u_i \rVert} \ \le\ b, \qquad \sqrt{m}\,\operatorname{median}_{i \text{ large}} \lVert u_i \rVert \ \ge\ b`,
  provenance: companion("on task vectors, arXiv 2504.10957; the form and the constants are ours"),
  deviates:
    "two sorts: the exact two-cluster split of log‖u_i‖. A share of small rows is no claim, since the split has it at initialisation as well; that the small ones shrink with ε is a finding",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: ["width", "value-dimension", "majority", "output-scale", "step-size", "training-budget", "label-rule"],
  claims: (law) => [
    atMost("median small row of ΔV over the median large one", 0.15, (run) => {
      const { medianSmall, medianLarge } = mergedRows(run);
      return medianSmall / medianLarge;
    }),
    atLeast("median large row of ΔV times √m", 3, (run) => mergedRows(run).medianLarge * Math.sqrt(run.theta.m)),
    atLeast(
      "share of the variance of log‖u_i‖ between the two sorts",
      law.id === perPositionLaw.id ? SHARE_BETWEEN.perPosition : SHARE_BETWEEN.shared,
      (run) => mergedRows(run).shareBetween,
    ),
  ],
});
