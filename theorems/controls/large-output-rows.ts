import { observed } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { sparseMerged } from "../sparse-merged.ts";
import { largeOutputLaw } from "./large-output.ts";

export const largeOutputRows = control({
  id: "large-output-rows",
  of: sparseMerged.id,
  title: "From a large output layer the rows of Δ(W_O W_V) are not of two sorts",
  leaves: { hypothesis: "output-scale", how: "ξ = 0.3, above 0.02" },
  provenance: observed(),
  law: largeOutputLaw,
  claims: sparseMerged.claimsOn(largeOutputLaw),
  breaks: [
    "median small row of ΔV over the median large one",
    "share of the variance of log‖u_i‖ between the two sorts",
  ],
});
