import { observed } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { learnability } from "../learnability.ts";

const law = leaving("large-steps", "the base law with η = 8", { eta: constant(8) });

export const largeSteps = control({
  id: "large-steps",
  of: learnability.id,
  title: "With steps that are too large SGD need not converge",
  leaves: { hypothesis: "step-size", how: "η = 8, above 1" },
  provenance: observed(),
  law,
  claims: learnability.claimsOn(law),
});
