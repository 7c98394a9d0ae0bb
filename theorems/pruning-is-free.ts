import { atMost } from "../src/claim/claim.ts";
import { abstract } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";

/** The pilot's worst model with a per-position readout moved by 0.0126. */
const PER_POSITION_BOUND = 0.02;

export const pruningIsFree = theorem({
  id: "pruning-is-free",
  title: "Pruning the small neurons costs next to nothing",
  formula: String.raw`\bigl|\operatorname{hinge}_{\text{test}}(\text{without the small cluster}) - \operatorname{hinge}_{\text{test}}\bigr| \ \le\ b, \qquad \operatorname{error}_{\text{test}}(\text{without it}) \ \le\ b`,
  provenance: abstract(3),
  deviates: "small neurons: lower part of the exact two-cluster split of log‖w_i‖; the bounds are this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: ["width", "value-dimension", "majority", "noise", "output-scale", "step-size", "label-rule"],
  claims: (law) => [
    atMost(
      "change of the test hinge without the small cluster",
      law.id === perPositionLaw.id ? PER_POSITION_BOUND : 0.002,
      (run) => Math.abs(run.pruned.hinge - run.test.hinge),
    ),
    atMost("0-1 error without the small cluster", 0, (run) => run.pruned.error),
  ],
});
