import { observed } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { relevantDirections } from "../relevant-directions.ts";
import { RANDOM_LABELS, randomLabelsLaw } from "./random-labels.ts";

export const directionsOfRandomLabels = control({
  id: "directions-of-random-labels",
  of: relevantDirections.id,
  title: "With random labels the update of W_V need not act most on the label-relevant patterns",
  leaves: RANDOM_LABELS,
  provenance: observed(),
  law: randomLabelsLaw,
  claims: relevantDirections.claimsOn(randomLabelsLaw),
});
