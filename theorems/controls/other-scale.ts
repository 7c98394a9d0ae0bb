import { exponent } from "../../src/claim/doubling.ts";
import { observed } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { doublingAttentionScale } from "../../src/transformer/laws.ts";
import { mergedRows } from "../../src/transformer/measure/merged.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { growth } from "../growth.ts";

const [, lower] = exponent<Run>("the median small row of ΔV", "δ", 1, (run) => mergedRows(run).medianSmall);

export const otherScale = control({
  id: "other-scale",
  of: growth.id,
  title: "Small rows of Δ(W_O W_V) do not grow as δ",
  leaves: { hypothesis: "output-scale", how: "δ is doubled in the place of ξ" },
  provenance: observed(),
  law: doublingAttentionScale,
  p0: 0.5,
  maxModels: 400,
  inPlaceOf: {
    "factor on the median small row of ΔV where δ doubles, lower side":
      "factor on the median small row of ΔV where ξ doubles, lower side",
  },
  claims: [lower],
});
