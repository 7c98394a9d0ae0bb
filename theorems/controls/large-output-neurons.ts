import { observed } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { sparseNeurons } from "../sparse-neurons.ts";
import { largeOutputLaw } from "./large-output.ts";

export const largeOutputNeurons = control({
  id: "large-output-neurons",
  of: sparseNeurons.id,
  title: "From a large output layer there are no two sorts of neurons",
  leaves: { hypothesis: "output-scale", how: "ξ = 0.3, above 0.02" },
  provenance: observed(),
  law: largeOutputLaw,
  claims: sparseNeurons.claimsOn(largeOutputLaw),
  breaks: ["median norm of the others over theirs"],
});
