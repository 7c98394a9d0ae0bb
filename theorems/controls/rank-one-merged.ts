import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";
import { mergedAttentionSpectrum, mergedNeuronsSpectrum } from "../../src/transformer/measure/merged.ts";
import { tailEnergyOf } from "../../src/transformer/measure/singular-values.ts";
import { tailNormOf } from "../../src/transformer/measure/spectrum.ts";
import { lowRankMerged } from "../low-rank-merged.ts";

export const rankOneMerged = control({
  id: "rank-one-merged",
  of: lowRankMerged.id,
  title: "The updates of the merged matrices are not of rank 1",
  leaves: { how: "rank 1 in the place of r" },
  provenance: derived("two classes need two directions"),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  inPlaceOf: {
    "energy of ΔV beyond rank 1": "energy of ΔV beyond rank r",
    "‖ΔV‖_F beyond rank 1 over ε": "‖ΔV‖_F beyond rank r over ε",
    "energy of ΔW beyond rank 1": "energy of ΔW beyond rank r",
  },
  claims: [
    atMost("energy of ΔV beyond rank 1", 1e-4, (run) => tailEnergyOf(mergedNeuronsSpectrum(run), 1)),
    atMost("‖ΔV‖_F beyond rank 1 over ε", 100, (run) => tailNormOf(mergedNeuronsSpectrum(run), 1) / run.theta.epsilon),
    atMost("energy of ΔW beyond rank 1", 0.05, (run) => tailEnergyOf(mergedAttentionSpectrum(run), 1)),
  ],
});
