import { atLeast } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { pruningInProportion } from "../pruning-in-proportion.ts";

/** The fraction R of the small cluster, largest first. */
const riseWithout = (run: Run, R: number) => {
  const { small } = run.clusters;
  return run.withoutNeurons(small.slice(small.length - Math.round(R * small.length))).hinge - run.test.hinge;
};

export const smallInProportion = control({
  id: "small-in-proportion",
  of: pruningInProportion.id,
  title: "Pruning a fraction of the small neurons does not raise the loss in proportion",
  leaves: { how: "the small cluster in the place of the large one" },
  provenance: derived("pruning-is-free says so"),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  inPlaceOf: Object.fromEntries(
    [50, 75].map((percent) => [
      `rise of the test hinge without the largest ${percent} % of the small cluster`,
      `rise of the test hinge without the largest ${percent} % of the large cluster`,
    ]),
  ),
  claims: [
    [0.5, 0.225],
    [0.75, 0.5625],
  ].map(([R, bound]) =>
    atLeast(`rise of the test hinge without the largest ${100 * R!} % of the small cluster`, bound!, (run) =>
      riseWithout(run, R!),
    ),
  ),
});
