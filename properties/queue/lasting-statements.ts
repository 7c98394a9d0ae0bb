import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { law, theorem } from "../../src/transformer/experiment.ts";
import { smallLaw } from "../verdict/fixtures/small-laws.ts";

/** Models of a quarter of a second or so each, whose steps are too small to converge: time to be killed in. */
const lastingLaw = law({
  id: "lasting",
  title: "small steps",
  ranges: { ...smallLaw.ranges, m: constant(50), eta: constant(1e-9), Tmax: constant(40_000) },
});

/** Certified by 23 models without a violation. */
export const lasting = theorem({
  id: "lasting",
  title: "Training ends at some time",
  provenance: derived(),
  law: lastingLaw,
  p0: 0.3,
  claims: [atMost("steps", 40_000, (run) => run.steps), atMost("noise", 1, (run) => run.theta.tau)],
});
