import { control, derived } from "../../src/claim/theorem.ts";
import { leaving } from "../../src/law/laws.ts";
import { constant } from "../../src/law/range.ts";
import { learnability } from "../learnability.ts";

const law = leaving("random-labels", "the base law with random labels, on training and test data", {
  labels: constant("random"),
});

export const randomLabels = control({
  id: "random-labels",
  of: learnability.id,
  title: "Labels that ignore the tokens cannot be learned",
  leaves: "label-rule: labels have nothing to do with the tokens",
  provenance: derived(),
  law,
  claims: learnability.claimsOn(law),
});
