import { exponent } from "../../src/claim/doubling.ts";
import { companion } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { doublingMajority } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";

const [upper] = exponent<Run>("T", "α*", -1, (run) => run.stepsToConvergence);

export const stepsAndMargin = finding({
  id: "steps-and-margin",
  title: "Steps do not fall as fast as 1/α*: the exponent lies above −0.85",
  expects: "refuted",
  provenance: companion("on shallow Vision Transformers, arXiv 2302.06015, where T is of the order of 1/(α*·η)"),
  law: doublingMajority,
  p0: 0.5,
  maxModels: 400,
  claims: [upper],
});
