import { exponent } from "../../src/claim/doubling.ts";
import { companion } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { doublingMajority } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";

export const stepsAndMargin = finding({
  id: "steps-and-margin",
  title: "How often steps fall more slowly than as 1/α* where α* doubles",
  expects: "measured",
  provenance: companion("on shallow Vision Transformers, arXiv 2302.06015, where T is of the order of 1/(α*·η)"),
  law: doublingMajority,
  claims: exponent<Run>("T", "α*", -1, (run) => run.stepsToConvergence),
});
