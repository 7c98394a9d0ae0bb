import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { lowRankAdaptation } from "../low-rank-adaptation.ts";

export const rankOne = control({
  id: "rank-one",
  of: lowRankAdaptation.id,
  title: "Rank-1 updates are not as good as the whole ones",
  leaves: { how: "rank 1 in the place of r = 2" },
  provenance: derived("this is rank-needs-r turned round"),
  law: baseLaw,
  inPlaceOf: {
    "change of the test hinge with every update cut to rank 1":
      "change of the test hinge with every update cut to rank r",
  },
  claims: [
    atMost("change of the test hinge with every update cut to rank 1", 0.001, (run) =>
      Math.abs(run.testAtRank(1).hinge - run.test.hinge),
    ),
  ],
});
