import { derived } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { rankNeedsR } from "../rank-needs-r.ts";

const law = leaving("one-value-dimension", "the base law with m_a = 1", { ma: constant(1) });

export const oneValueDimension = control({
  id: "one-value-dimension",
  of: rankNeedsR.id,
  title: "Where values have one dimension, rank 1 is all there is, and enough",
  leaves: { hypothesis: "value-dimension", how: "m_a = 1 in the place of d" },
  provenance: derived("W_V has one row"),
  law,
  claims: rankNeedsR.claimsOn(law),
});
