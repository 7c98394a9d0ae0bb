import { exponent } from "../../src/claim/doubling.ts";
import { observed } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { doublingValueScale } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";

export const stepsAndValueScale = finding({
  id: "steps-and-value-scale",
  title: "How often training is shorter by more than a tenth where σ doubles: T depends on σ, weakly",
  expects: "measured",
  provenance: observed(
    "the pilot's median exponent is −0.19: a doubling by the half-width of the others decides nothing",
  ),
  law: doublingValueScale,
  claims: exponent<Run>("T", "σ", 0, (run) => run.stepsToConvergence),
});
