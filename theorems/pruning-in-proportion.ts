import { atLeast, type Claim, within } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import { withoutLargest, withoutRandom } from "../src/transformer/measure/pruned.ts";
import type { Run } from "../src/transformer/measure/run.ts";

/** R, and the least rise over R with a shared and with a per-position readout. */
const LARGEST_FIRST = [
  { R: 0.5, shared: 0.45, perPosition: 1.2 },
  { R: 0.75, shared: 0.75, perPosition: 1.05 },
];
const AT_RANDOM = [0.3, 0.5, 0.7, 0.9];

/** A bound as a decimal fraction, without what the sum or product of two of them leaves behind. */
const decimal = (bound: number) => Number(bound.toPrecision(6));

const riseOf = (R: number) => `rise of the test hinge without the largest ${100 * R} % of the large cluster`;
const rise = (run: Run, R: number) => withoutLargest(run, R).hinge - run.test.hinge;

const shared: readonly Claim<Run>[] = [
  ...LARGEST_FIRST.map(({ R, shared }) =>
    within(riseOf(R), decimal(shared * R), decimal(R + 0.15), (run: Run) => rise(run, R)),
  ),
  ...AT_RANDOM.map((R) =>
    within(
      `rise of the test hinge without ${100 * R} % of the large cluster, in random order`,
      decimal(R - 0.25),
      decimal(R + 0.05),
      (run: Run) => withoutRandom(run, R).hinge - run.test.hinge,
    ),
  ),
];
const perPosition: readonly Claim<Run>[] = LARGEST_FIRST.map(({ R, perPosition }) =>
  atLeast(riseOf(R), decimal(perPosition * R), (run: Run) => rise(run, R)),
);

export const pruningInProportion = theorem({
  id: "pruning-in-proportion",
  title: "Pruning a fraction R of the large neurons raises the loss in proportion to R",
  formula: String.raw`c\,R \ \le\ \operatorname{hinge}_{\text{test}}(\text{without the fraction } R \text{ of the large cluster}) - \operatorname{hinge}_{\text{test}} \ \le\ R + b`,
  provenance: companion(
    "on in-context learning, arXiv 2402.15607, which has a lower bound in R; the constants are ours",
  ),
  deviates:
    "fractions of the large cluster, largest first or in an order drawn from a stream of the model's seed; the upper bounds, and those in random order, are nobody's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: ["width", "majority", "noise", "output-scale", "step-size", "training-budget", "readout", "label-rule"],
  claims: (law) => (law.id === perPositionLaw.id ? perPosition : shared),
});
