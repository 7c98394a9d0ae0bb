import { atLeast } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import type { Run } from "../src/transformer/measure/run.ts";

const FRACTIONS = [0.5, 0.7, 0.9];

export const pruningMustBeSmall = theorem({
  id: "pruning-must-be-small",
  title: "Pruning the large neurons is costly, in proportion",
  formula: String.raw`\operatorname{hinge}_{\text{test}}(\text{without the fraction } R \text{ of the large cluster}) - \operatorname{hinge}_{\text{test}} \ \ge\ R - 0.3`,
  provenance: companion("on in-context learning, arXiv 2402.15607, in spirit; observed here"),
  deviates: "fractions of the large cluster, largest first; the bounds are this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw],
  hypotheses: ["width", "majority", "noise", "step-size", "training-budget", "label-rule"],
  claims: FRACTIONS.map((fraction) =>
    atLeast(
      `rise of the test hinge without the largest ${100 * fraction} % of the large cluster`,
      Math.round(10 * (fraction - 0.3)) / 10,
      (run) => run.withoutNeurons(largest(run, fraction)).hinge - run.test.hinge,
    ),
  ),
});

/** The largest neurons of the large cluster, this fraction of it. */
function largest({ clusters: { large } }: Run, fraction: number): readonly number[] {
  return large.slice(large.length - Math.round(fraction * large.length));
}
