import { atMost } from "../src/claim/claim.ts";
import { observed } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { fourPatternsLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import { mergedNeuronsSpectrum } from "../src/transformer/measure/merged.ts";
import { tailEnergyOf } from "../src/transformer/measure/singular-values.ts";

export const rankFollowsClasses = theorem({
  id: "rank-follows-classes",
  title: "With r = 4 and 6 rank 2 is enough: the rank of these updates follows the two classes",
  formula: String.raw`r \in \{4, 6\}: \qquad \frac{\sum_{k>2} \sigma_k(\Delta W)^2}{\sum_{k} \sigma_k(\Delta W)^2} \ \le\ b \qquad W \in \{W_V,\ W_O,\ W_O W_V\}`,
  provenance: observed("one might expect as many ranks as label-relevant patterns: at most r is true and not tight"),
  deviates: "two classes only; the bounds are this project's",
  laws: [fourPatternsLaw, sixPatternsLaw],
  hypotheses: ["majority", "value-scale", "output-scale", "training-budget", "label-rule"],
  claims: [
    atMost("energy of ΔW_V beyond rank 2", 0.001, (run) => run.tailEnergy("WV", 2)),
    atMost("energy of ΔW_O beyond rank 2", 0.002, (run) => tailEnergyOf(run.singularValues("WO"), 2)),
    atMost("energy of ΔV beyond rank 2", 1e-4, (run) => tailEnergyOf(mergedNeuronsSpectrum(run), 2)),
  ],
});
