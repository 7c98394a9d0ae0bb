import { observed } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { lowRankStep } from "../low-rank-step.ts";
import { perPositionControlLaw } from "./per-position-steps.ts";

export const perPositionGradients = control({
  id: "per-position-gradients",
  of: lowRankStep.id,
  title: "With a readout for each position single gradients are not low-rank",
  leaves: { hypothesis: "readout", how: "a has an entry for each position" },
  provenance: observed(),
  law: perPositionControlLaw,
  trace: ["gradients"],
  claims: lowRankStep.claimsOn(perPositionControlLaw),
  breaks: ["energy of ∂W_Q beyond rank r, worst step", "energy of ∂W_K beyond rank r, worst step"],
});
