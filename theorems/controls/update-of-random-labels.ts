import { observed } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { lowRankUpdate } from "../low-rank-update.ts";
import { RANDOM_LABELS, randomLabelsLaw } from "./random-labels.ts";

export const updateOfRandomLabels = control({
  id: "update-of-random-labels",
  of: lowRankUpdate.id,
  title: "With random labels the update of W_V is not of rank 2",
  leaves: RANDOM_LABELS,
  provenance: observed(),
  law: randomLabelsLaw,
  claims: lowRankUpdate.claimsOn(randomLabelsLaw),
  breaks: ["energy of ΔW_V beyond rank r"],
});
