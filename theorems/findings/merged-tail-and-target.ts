import { exponent } from "../../src/claim/doubling.ts";
import { companion } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { doublingTarget } from "../../src/transformer/laws.ts";
import { mergedNeuronsSpectrum, mergedRows } from "../../src/transformer/measure/merged.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { tailNormOf } from "../../src/transformer/measure/spectrum.ts";

const [, tail] = exponent<Run>("‖ΔV‖_F beyond rank r", "ε", 1, (run) =>
  tailNormOf(mergedNeuronsSpectrum(run), run.theta.r),
);
const [, row] = exponent<Run>("the median small row of ΔV", "ε", 1, (run) => mergedRows(run).medianSmall);

export const mergedTailAndTarget = finding({
  id: "merged-tail-and-target",
  title: "What Δ(W_O W_V) keeps beyond rank r, and its small rows, do not shrink with ε: here ξ sets both",
  expects: "refuted",
  provenance: companion("on task vectors, arXiv 2504.10957, which bounds both by multiples of ε"),
  law: doublingTarget,
  p0: 0.5,
  maxModels: 400,
  claims: [tail, row],
});
