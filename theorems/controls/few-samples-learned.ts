import { observed } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { learnability } from "../learnability.ts";

const law = leaving("eight-samples", "the base law with N = 8", { N: constant(8), B: constant(4) });

export const fewSamplesLearned = control({
  id: "few-samples-learned",
  of: learnability.id,
  title: "From eight samples SGD converges, and the model need not generalise",
  leaves: { hypothesis: "sample-size", how: "N = 8, below 128, in batches of 4" },
  provenance: observed(),
  law,
  claims: learnability.claimsOn(law),
  breaks: ["hinge loss on fresh test data"],
});
