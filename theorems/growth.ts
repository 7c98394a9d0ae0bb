import type { Claim } from "../src/claim/claim.ts";
import { exponent } from "../src/claim/doubling.ts";
import { observed } from "../src/claim/provenance.ts";
import type { Law } from "../src/law/law.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { doublingAttentionScale, doublingOutputScale } from "../src/transformer/laws.ts";
import { mergedRows } from "../src/transformer/measure/merged.ts";
import type { Run } from "../src/transformer/measure/run.ts";

/** Of the exponent of attention: twice that of a scale, and read off numbers near 1e-4. */
const HALF_WIDTH = 0.5;

const smallRow = (run: Run) => mergedRows(run).medianSmall;
const rise = ({ relevantAttention: { before, after } }: Run) => after - before;

const claimsByLaw: Record<Law["id"], readonly Claim<Run>[]> = {
  [doublingOutputScale.id]: exponent("the median small row of ΔV", "ξ", 1, smallRow),
  [doublingAttentionScale.id]: exponent("the rise of attention", "δ", 2, rise, HALF_WIDTH),
};

export const growth = theorem({
  id: "growth",
  title: "Small rows of Δ(W_O W_V) grow as ξ, attention on relevant tokens as δ²",
  formula: String.raw`\operatorname{median}_{i \text{ small}} \lVert u_i \rVert \propto \xi, \qquad \mathbb{E} \sum_{s \text{ relevant}} A_{ls}(T) - \mathbb{E} \sum_{s \text{ relevant}} A_{ls}(0) \propto \delta^{2}`,
  provenance: observed(),
  deviates:
    "median exponents over doublings, of δ up to 0.2; consistent on that range, never verified beyond it. The companion on task vectors has ε in the place of ξ: a finding",
  laws: [doublingOutputScale, doublingAttentionScale],
  hypotheses: ["output-scale", "attention-scale"],
  triedInVain: [
    {
      claim: "factor on the median small row of ΔV where ξ doubles, upper side",
      tried: ["doubling δ in the place of ξ: the rows do not double"],
    },
    {
      claim: "factor on the rise of attention where δ doubles, upper side",
      tried: ["doubling ξ in the place of δ: attention rises by less than four times as much"],
    },
  ],
  p0: 0.5,
  maxModels: 400,
  claims: (law) => claimsByLaw[law.id] ?? [],
});
