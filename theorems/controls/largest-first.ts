import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { pruningIsFree } from "../pruning-is-free.ts";

export const largestFirst = control({
  id: "largest-first",
  of: pruningIsFree.id,
  title: "Pruning as many neurons, the largest first, is not free",
  leaves: { how: "magnitude order: the largest neurons go, in the share of the small cluster" },
  provenance: derived(),
  law: baseLaw,
  inPlaceOf: {
    "change of the test hinge without as many of the largest neurons":
      "change of the test hinge without the small cluster",
  },
  claims: [
    atMost("change of the test hinge without as many of the largest neurons", 0.002, (run) => {
      const { small } = run.clusters;
      const largest = run.neuronsBySize.slice(run.theta.m - small.length);
      return Math.abs(run.withoutNeurons(largest).hinge - run.test.hinge);
    }),
  ],
});
