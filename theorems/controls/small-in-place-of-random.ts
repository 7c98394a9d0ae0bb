import { above, atLeast } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";
import { costOfSmall, shareOfSmall } from "../../src/transformer/measure/pruned.ts";
import { magnitudeBeatsRandom } from "../magnitude-beats-random.ts";

export const smallInPlaceOfRandom = control({
  id: "small-in-place-of-random",
  of: magnitudeBeatsRandom.id,
  title: "The small neurons in the place of a random draw cost next to nothing",
  leaves: { how: "the small cluster itself in the place of as many neurons at random" },
  provenance: derived("pruning-is-free says so"),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  inPlaceOf: {
    "cost of the small cluster over its share of the neurons":
      "rise of the test hinge at random over the share that is pruned",
    "cost of the small cluster less 20 times itself":
      "rise of the test hinge at random less 20 times the cost of the small cluster",
  },
  claims: [
    atLeast(
      "cost of the small cluster over its share of the neurons",
      0.1,
      (run) => costOfSmall(run) / shareOfSmall(run),
    ),
    above("cost of the small cluster less 20 times itself", 0, (run) => costOfSmall(run) - 20 * costOfSmall(run)),
  ],
});
