import { observed } from "../../src/claim/provenance.ts";
import { constant, logUniform } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { generalisation } from "../generalisation.ts";

const law = leaving("few-samples", "the base law with N = 8, trained to an ε that is drawn", {
  N: constant(8),
  B: constant(4),
  epsilon: logUniform(3e-4, 1e-2),
});

export const fewSamples = control({
  id: "few-samples",
  of: generalisation.id,
  title: "From eight samples a model converges and does not generalise",
  leaves: { hypothesis: "sample-size", how: "N = 8, below 128, in batches of 4" },
  provenance: observed(),
  law,
  claims: generalisation.claimsOn(law),
});
