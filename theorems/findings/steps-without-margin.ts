import { within } from "../../src/claim/claim.ts";
import { observed } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../../src/transformer/laws.ts";

export const stepsWithoutMargin = finding({
  id: "steps-without-margin",
  title: "How often T·η alone, without the margin, leaves an interval that is as wide",
  expects: "measured",
  provenance: observed("so that iteration-complexity does not test how T depends on the margin"),
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw],
  claims: [within("T·η", 16, 120, ({ stepsToConvergence, theta }) => stepsToConvergence * theta.eta)],
});
