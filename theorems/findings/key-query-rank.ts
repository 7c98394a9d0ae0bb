import { atMost } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { fourPatternsLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";

export const keyQueryRank = finding({
  id: "key-query-rank",
  title: "How often, with more patterns a class, the updates of W_Q and W_K need more than rank 2",
  expects: "measured",
  provenance: observed(),
  laws: [fourPatternsLaw, sixPatternsLaw],
  claims: [
    atMost("energy of ΔW_Q beyond rank 2", 0.01, (run) => run.tailEnergy("WQ", 2)),
    atMost("energy of ΔW_K beyond rank 2", 0.01, (run) => run.tailEnergy("WK", 2)),
  ],
});
