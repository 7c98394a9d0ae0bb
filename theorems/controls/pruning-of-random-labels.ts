import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { pruningMustBeSmall } from "../pruning-must-be-small.ts";
import { RANDOM_LABELS, randomLabelsLaw } from "./random-labels.ts";

export const pruningOfRandomLabels = control({
  id: "pruning-of-random-labels",
  of: pruningMustBeSmall.id,
  title: "With random labels pruning the large neurons costs nothing",
  leaves: RANDOM_LABELS,
  provenance: derived(),
  law: randomLabelsLaw,
  claims: pruningMustBeSmall.claimsOn(randomLabelsLaw),
});
