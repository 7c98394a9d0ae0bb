import { derived } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { learnability } from "../learnability.ts";

const law = leaving("random-labels", "the base law with random labels, on training and test data", {
  labels: constant("random"),
});

export const randomLabels = control({
  id: "random-labels",
  of: learnability.id,
  title: "Labels that ignore the tokens cannot be learned",
  leaves: { hypothesis: "label-rule", how: "labels have nothing to do with the tokens" },
  provenance: derived(),
  law,
  claims: learnability.claimsOn(law),
});
