import { control, derived } from "../../src/claim/theorem.ts";
import { leaving } from "../../src/law/laws.ts";
import { constant, equalTo, real } from "../../src/law/range.ts";
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
  leaves: "majority: as many tokens of the other class as of the label's own",
  provenance: derived(),
  law,
  claims: learnability.claimsOn(law),
});
