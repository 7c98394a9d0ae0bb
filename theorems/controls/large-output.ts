import { observed } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { pruningIsFree } from "../pruning-is-free.ts";

export const largeOutputLaw = leaving("large-output", "the base law with ξ = 0.3", { xi: constant(0.3) });

export const largeOutput = control({
  id: "large-output",
  of: pruningIsFree.id,
  title: "From a large output layer pruning is not free",
  leaves: { hypothesis: "output-scale", how: "ξ = 0.3, above 0.02" },
  provenance: observed(),
  law: largeOutputLaw,
  claims: pruningIsFree.claimsOn(largeOutputLaw),
  breaks: ["change of the test hinge without the small cluster"],
});
