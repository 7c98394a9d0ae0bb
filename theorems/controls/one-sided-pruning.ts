import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";
import { accuracyOutlastsPruning } from "../accuracy-outlasts-pruning.ts";

export const oneSidedPruning = control({
  id: "one-sided-pruning",
  of: accuracyOutlastsPruning.id,
  title: "Pruning the large neurons of one sign costs accuracy",
  leaves: { how: "the large neurons with a_i > 0 in the place of as many at random" },
  provenance: derived("what is left of a score is then negative or 0"),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw],
  inPlaceOf: {
    "0-1 error without the large neurons of positive a_i":
      "0-1 error without 50 % of the large cluster, in random order",
  },
  claims: [
    atMost("0-1 error without the large neurons of positive a_i", 0, (run) => {
      const { a } = run.model.trained;
      return run.withoutNeurons(run.clusters.large.filter((i) => a.get(0, i) > 0)).error;
    }),
  ],
});
