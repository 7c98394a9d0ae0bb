import { control, observed } from "../../src/claim/theorem.ts";
import { leaving } from "../../src/law/laws.ts";
import { constant } from "../../src/law/range.ts";
import { pruningIsFree } from "../pruning-is-free.ts";

export const largeOutputLaw = leaving("large-output", "the base law with ξ = 0.3", { xi: constant(0.3) });

export const largeOutput = control({
  id: "large-output",
  of: pruningIsFree.id,
  title: "From a large output layer pruning is not free",
  leaves: "output-scale: ξ = 0.3, above 0.02",
  provenance: observed(),
  law: largeOutputLaw,
  claims: pruningIsFree.claimsOn(largeOutputLaw),
  breaks: ["change of the test hinge without the small cluster"],
});
