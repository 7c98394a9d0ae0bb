import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { fourPatternsLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";
import { mergedNeuronsSpectrum } from "../../src/transformer/measure/merged.ts";
import { tailEnergyOf } from "../../src/transformer/measure/singular-values.ts";
import { rankFollowsClasses } from "../rank-follows-classes.ts";

export const rankOneOfTwoClasses = control({
  id: "rank-one-of-two-classes",
  of: rankFollowsClasses.id,
  title: "Rank 1 is not enough for two classes",
  leaves: { how: "rank 1 in the place of the number of classes" },
  provenance: derived("two classes need two directions"),
  laws: [fourPatternsLaw, sixPatternsLaw],
  inPlaceOf: {
    "energy of ΔW_V beyond rank 1": "energy of ΔW_V beyond rank 2",
    "energy of ΔW_O beyond rank 1": "energy of ΔW_O beyond rank 2",
    "energy of ΔV beyond rank 1": "energy of ΔV beyond rank 2",
  },
  claims: [
    atMost("energy of ΔW_V beyond rank 1", 0.001, (run) => run.tailEnergy("WV", 1)),
    atMost("energy of ΔW_O beyond rank 1", 0.002, (run) => tailEnergyOf(run.singularValues("WO"), 1)),
    atMost("energy of ΔV beyond rank 1", 1e-4, (run) => tailEnergyOf(mergedNeuronsSpectrum(run), 1)),
  ],
});
