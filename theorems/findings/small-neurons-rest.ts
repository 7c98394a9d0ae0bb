import { atLeast, atMost } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";
import { costOfSmall, shareNeverMoved } from "../../src/transformer/measure/pruned.ts";

export const smallNeuronsRest = finding({
  id: "small-neurons-rest",
  title: "How often pruning the small cluster changes nothing at all, and whether its neurons ever moved",
  expects: "measured",
  provenance: observed(),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  claims: [
    atMost("|change of the test hinge| without the small cluster, exactly", 0, costOfSmall),
    atLeast("share of the small cluster whose w_i never moved", 1, shareNeverMoved),
  ],
});
