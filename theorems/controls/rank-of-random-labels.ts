import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { rankNeedsR } from "../rank-needs-r.ts";
import { RANDOM_LABELS, randomLabelsLaw } from "./random-labels.ts";

export const rankOfRandomLabels = control({
  id: "rank-of-random-labels",
  of: rankNeedsR.id,
  title: "With random labels rank 1 does as well as the whole",
  leaves: RANDOM_LABELS,
  provenance: derived(),
  law: randomLabelsLaw,
  claims: rankNeedsR.claimsOn(randomLabelsLaw),
  breaks: ["rise of the test hinge with every update cut to rank 1"],
});
