import { exponent } from "../../src/claim/doubling.ts";
import { derived } from "../../src/claim/provenance.ts";
import { control } from "../../src/transformer/experiment.ts";
import { doublingStepSize } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { stepsDependOnLittle } from "../steps-depend-on-little.ts";

const [, lower] = exponent<Run>("T", "η", 0, (run) => run.stepsToConvergence);

export const stepsAndStepSize = control({
  id: "steps-and-step-size",
  of: stepsDependOnLittle.id,
  title: "How long training takes does depend on η",
  leaves: { hypothesis: "step-size", how: "η is doubled in the place of N, M or m" },
  provenance: derived("scaling says how"),
  law: doublingStepSize,
  p0: 0.5,
  maxModels: 400,
  inPlaceOf: { "factor on T where η doubles, lower side": "factor on T where N doubles, lower side" },
  claims: [lower],
});
