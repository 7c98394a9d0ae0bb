import type { Claim } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { doublingStepSize } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { stepsDependOnLittle } from "../steps-depend-on-little.ts";

/** The lower sides, of N, M and m, asked of the doubling of η. */
const lowerSides = stepsDependOnLittle.laws.map((law) => {
  const [, lower] = stepsDependOnLittle.claimsOn(law) as readonly [Claim<Run>, Claim<Run>];
  return lower;
});

export const stepsAndStepSize = control({
  id: "steps-and-step-size",
  of: stepsDependOnLittle.id,
  title: "How long training takes does depend on η",
  leaves: { hypothesis: "step-size", how: "η is doubled in the place of N, M or m" },
  provenance: derived("scaling says how"),
  law: doublingStepSize,
  p0: 0.5,
  maxModels: 400,
  claims: lowerSides,
});
