import { atMost } from "../src/claim/claim.ts";
import { derived } from "../src/claim/provenance.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../src/transformer/laws.ts";

export const lowRankAdaptation = theorem({
  id: "low-rank-adaptation",
  title: "Rank-r updates are as good as the whole ones",
  formula: String.raw`\Bigl|\operatorname{hinge}_{\text{test}}\bigl(W(0) + [\Delta W]_r\bigr) - \operatorname{hinge}_{\text{test}}\bigl(W(T)\bigr)\Bigr| \ \le\ b`,
  provenance: derived("from item 2 of the abstract"),
  deviates: "the bound is this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw],
  hypotheses: ["noise", "attention-scale"],
  claims: [
    atMost("change of the test hinge with every update cut to rank r", 0.001, (run) =>
      Math.abs(run.testAtRank(run.theta.r).hinge - run.test.hinge),
    ),
  ],
});
