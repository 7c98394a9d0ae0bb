import { derived } from "../../src/claim/provenance.ts";
import { constant, equalTo, real } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { learnability } from "../learnability.ts";

const law = leaving("no-majority", "the base law without a majority: α# = α* in [0.2, 0.4]", {
  alphaStar: real(0.2, 0.4),
  alphaSharp: equalTo("alphaStar"),
  labels: constant("drawn"),
});

export const noMajority = control({
  id: "no-majority",
  of: learnability.id,
  title: "Without a majority nothing is learned",
  leaves: { hypothesis: "majority", how: "as many tokens of the other class as of the label's own" },
  provenance: derived(),
  law,
  claims: learnability.claimsOn(law),
});
