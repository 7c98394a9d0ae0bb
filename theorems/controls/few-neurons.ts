import { observed } from "../../src/claim/provenance.ts";
import { integer } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { learnability } from "../learnability.ts";

const law = leaving("few-neurons", "the base law with 1 to 4 neurons", { m: integer(1, 4) });

export const fewNeurons = control({
  id: "few-neurons",
  of: learnability.id,
  title: "With one to four neurons SGD need not converge",
  leaves: { hypothesis: "width", how: "m ∈ 1..4, below 50" },
  provenance: observed("the companion on shallow Vision Transformers needs a width that grows with M"),
  law,
  claims: learnability.claimsOn(law),
});
