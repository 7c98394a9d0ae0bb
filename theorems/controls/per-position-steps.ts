import { control, observed } from "../../src/claim/theorem.ts";
import { leaving } from "../../src/law/laws.ts";
import { constant } from "../../src/law/range.ts";
import { iterationComplexity } from "../iteration-complexity.ts";

export const perPositionControlLaw = leaving(
  "per-position-control",
  "the base law with a per-position readout, stopped at 1000 steps",
  { readout: constant("per-position") },
);

export const perPositionSteps = control({
  id: "per-position-steps",
  of: iterationComplexity.id,
  title: "With a readout for each position training takes longer",
  leaves: "readout: a has an entry for each position",
  provenance: observed(),
  law: perPositionControlLaw,
  claims: iterationComplexity.claimsOn(perPositionControlLaw),
});
