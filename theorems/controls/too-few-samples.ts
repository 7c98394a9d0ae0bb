import { observed } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { samplesByMargin } from "../../src/transformer/laws.ts";
import { sampleComplexity } from "../sample-complexity.ts";

const law = samplesByMargin(
  "too-few-samples",
  "N in proportion to the margin to the −2, an eighth of the theorem's",
  1 / 16,
);

export const tooFewSamples = control({
  id: "too-few-samples",
  of: sampleComplexity.id,
  title: "An eighth of these samples does not suffice",
  leaves: { hypothesis: "sample-size", how: "C = 1/16 in the place of 1/2, and B with N" },
  provenance: observed(),
  law,
  claims: sampleComplexity.claimsOn(law),
  breaks: ["0-1 error on fresh test data"],
});
