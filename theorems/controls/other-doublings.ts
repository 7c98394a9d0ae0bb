import type { Claim } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import type { Law } from "../../src/law/law.ts";
import { control } from "../../src/transformer/experiment.ts";
import { doublingNeurons, doublingOutputScale, doublingStepSize, doublingWidth } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { scaling } from "../scaling.ts";

/** The sides that claim a change, asked of a doubling that should not bring it. */
const [stepsUpper] = scaling.claimsOn(doublingStepSize) as Sides;
const [largeUpper] = scaling.claimsOn(doublingWidth) as Sides;
const [, smallLower] = scaling.claimsOn(doublingOutputScale) as Sides;

type Sides = readonly [Claim<Run>, Claim<Run>];

const claimsByLaw: Record<Law["id"], readonly Claim<Run>[]> = {
  [doublingNeurons.id]: [stepsUpper, smallLower],
  [doublingOutputScale.id]: [largeUpper],
};

export const otherDoublings = control({
  id: "other-doublings",
  of: scaling.id,
  title: "Neither steps nor norms change so where another field doubles",
  leaves: { hypothesis: "step-size", how: "m is doubled in the place of η and ξ, and ξ in the place of m" },
  provenance: observed(),
  laws: [doublingNeurons, doublingOutputScale],
  p0: 0.5,
  maxModels: 400,
  claims: (law) => claimsByLaw[law.id] ?? [],
});
