import { atLeast } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { fourPatternsLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";

export const rankFollowsClasses = finding({
  id: "rank-follows-classes",
  title: "The rank of ΔW_V follows the two classes, not the r patterns: at most r is true and not tight",
  expects: "refuted",
  provenance: observed("one might expect as many ranks as label-relevant patterns"),
  laws: [fourPatternsLaw, sixPatternsLaw],
  claims: [atLeast("energy of ΔW_V beyond rank 2", 0.001, (run) => run.tailEnergy("WV", 2))],
});
