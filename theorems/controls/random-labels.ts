import { derived } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { learnability } from "../learnability.ts";

/** Nothing can converge here: T_max is the length of training, and is left with the labels. */
export const randomLabelsLaw = leaving(
  "random-labels",
  "the base law with random labels, on training and test data, trained for 400 steps",
  { labels: constant("random"), Tmax: constant(400) },
);

/** What every control on this law leaves. */
export const RANDOM_LABELS = {
  hypothesis: "label-rule",
  how: "labels have nothing to do with the tokens; T_max = 400 with them, since training does not converge",
} as const;

export const randomLabels = control({
  id: "random-labels",
  of: learnability.id,
  title: "Labels that ignore the tokens cannot be learned",
  leaves: RANDOM_LABELS,
  provenance: derived(),
  law: randomLabelsLaw,
  claims: learnability.claimsOn(randomLabelsLaw),
});
