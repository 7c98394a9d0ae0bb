import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { attentionMovesToRelevant } from "../attention-moves-to-relevant.ts";
import { RANDOM_LABELS, randomLabelsLaw } from "./random-labels.ts";

export const attentionOfRandomLabels = control({
  id: "attention-of-random-labels",
  of: attentionMovesToRelevant.id,
  title: "With random labels attention need not move to the tokens of the label",
  leaves: RANDOM_LABELS,
  provenance: derived(),
  law: randomLabelsLaw,
  claims: attentionMovesToRelevant.claimsOn(randomLabelsLaw),
});
