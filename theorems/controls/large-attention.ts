import { observed } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { lowRankUpdate } from "../low-rank-update.ts";

const law = leaving("large-attention", "the base law with δ = 2, σ as drawn", { delta: constant(2) });

export const largeAttention = control({
  id: "large-attention",
  of: lowRankUpdate.id,
  title: "From large initial attention the update of W_Q is not low-rank",
  leaves: { hypothesis: "attention-scale", how: "δ = 2, above 0.5" },
  provenance: observed(),
  law,
  claims: lowRankUpdate.claimsOn(law),
  breaks: ["energy of ΔW_Q beyond rank r"],
});
