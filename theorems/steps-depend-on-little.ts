import type { Claim } from "../src/claim/claim.ts";
import { exponent } from "../src/claim/doubling.ts";
import { companion } from "../src/claim/provenance.ts";
import type { Law } from "../src/law/law.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { doublingNeurons, doublingPatterns, doublingSamples } from "../src/transformer/laws.ts";
import type { Run } from "../src/transformer/measure/run.ts";

const claimsByLaw: Record<Law["id"], readonly Claim<Run>[]> = Object.fromEntries(
  [[doublingSamples, "N"] as const, [doublingPatterns, "M"] as const, [doublingNeurons, "m"] as const].map(
    ([{ id }, x]) => [id, exponent<Run>("T", x, 0, (run) => run.stepsToConvergence)],
  ),
);

export const stepsDependOnLittle = theorem({
  id: "steps-depend-on-little",
  title: "How long training takes hardly depends on N, M and m",
  formula: String.raw`T \propto N^{0}, \qquad T \propto M^{0}, \qquad T \propto m^{0}`,
  provenance: companion("on shallow Vision Transformers, arXiv 2302.06015, whose T has none of N, M and m in it"),
  deviates: "median exponents over doublings with η at most 0.3; consistent on that range, never verified beyond it",
  laws: [doublingSamples, doublingPatterns, doublingNeurons],
  hypotheses: ["sample-size", "pattern-count", "width", "step-size"],
  triedInVain: ["N", "M", "m"].map((x) => ({
    claim: `factor on T where ${x} doubles, upper side`,
    tried: ["doubling η, σ or α* in its place: T falls (pilot)"],
  })),
  p0: 0.5,
  maxModels: 400,
  claims: (law) => claimsByLaw[law.id] ?? [],
});
