import { observed } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { iterationComplexity } from "../iteration-complexity.ts";

export const perPositionControlLaw = leaving(
  "per-position-control",
  "the base law with a per-position readout, and its T_max",
  { readout: constant("per-position") },
);

export const perPositionSteps = control({
  id: "per-position-steps",
  of: iterationComplexity.id,
  title: "With a readout for each position training takes longer",
  leaves: { hypothesis: "readout", how: "a has an entry for each position" },
  provenance: observed(),
  law: perPositionControlLaw,
  claims: iterationComplexity.claimsOn(perPositionControlLaw),
});
