import { above, atLeast } from "../src/claim/claim.ts";
import { companion } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import { costOfSmall, riseAtRandom, shareOfSmall } from "../src/transformer/measure/pruned.ts";

/** How many times the cost of the small cluster is exceeded. */
const TIMES = { shared: 100, perPosition: 20 };

export const magnitudeBeatsRandom = theorem({
  id: "magnitude-beats-random",
  title: "Pruning as many neurons at random costs far more than pruning the small ones",
  formula: String.raw`\rho = \tfrac{|\text{small}|}{m}: \qquad \Delta_{\text{random}} \ \ge\ b\,\rho, \qquad \Delta_{\text{random}} - c\,|\Delta_{\text{small}}| \ >\ 0`,
  provenance: companion(
    "on in-context learning, arXiv 2402.15607, where a figure shows it; the form and the constants are ours",
  ),
  deviates:
    "at random: the median of five draws, of all neurons, from a stream of the model's seed. Compared as a difference, since the small cluster often costs exactly nothing",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: [
    "width",
    "value-dimension",
    "majority",
    "noise",
    "output-scale",
    "step-size",
    "training-budget",
    "label-rule",
  ],
  claims: (law) => {
    const times = law.id === perPositionLaw.id ? TIMES.perPosition : TIMES.shared;
    return [
      atLeast(
        "rise of the test hinge at random over the share that is pruned",
        0.1,
        (run) => riseAtRandom(run) / shareOfSmall(run),
      ),
      above(
        `rise of the test hinge at random less ${times} times the cost of the small cluster`,
        0,
        (run) => riseAtRandom(run) - times * costOfSmall(run),
      ),
    ];
  },
});
