import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";
import { tailEnergyOf } from "../../src/transformer/measure/singular-values.ts";
import { lowRankOutput } from "../low-rank-output.ts";

export const rankOneOutput = control({
  id: "rank-one-output",
  of: lowRankOutput.id,
  title: "The update of W_O is not of rank 1",
  leaves: { how: "rank 1 in the place of r" },
  provenance: derived("two classes need two directions"),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  inPlaceOf: { "energy of ΔW_O beyond rank 1": "energy of ΔW_O beyond rank r" },
  claims: [atMost("energy of ΔW_O beyond rank 1", 0.002, (run) => tailEnergyOf(run.singularValues("WO"), 1))],
});
