import type { Claim } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import type { Law } from "../../src/law/law.ts";
import { control } from "../../src/transformer/experiment.ts";
import { doublingAttentionScale, doublingOutputScale } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { growth } from "../growth.ts";

type Sides = readonly [Claim<Run>, Claim<Run>];

/** The lower sides, each asked of the other's doubling. */
const [, rowLower] = growth.claimsOn(doublingOutputScale) as Sides;
const [, riseLower] = growth.claimsOn(doublingAttentionScale) as Sides;

const claimsByLaw: Record<Law["id"], readonly Claim<Run>[]> = {
  [doublingAttentionScale.id]: [rowLower],
  [doublingOutputScale.id]: [riseLower],
};

export const otherScale = control({
  id: "other-scale",
  of: growth.id,
  title: "Small rows of Δ(W_O W_V) do not grow as δ, nor attention as ξ²",
  leaves: { hypothesis: "output-scale", how: "δ is doubled in the place of ξ, and ξ in the place of δ" },
  provenance: observed(),
  laws: [doublingAttentionScale, doublingOutputScale],
  p0: 0.5,
  maxModels: 400,
  claims: (law) => claimsByLaw[law.id] ?? [],
});
