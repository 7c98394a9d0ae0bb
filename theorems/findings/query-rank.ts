import { exponent } from "../../src/claim/doubling.ts";
import { abstract } from "../../src/claim/provenance.ts";
import { finding } from "../../src/transformer/experiment.ts";
import { doublingRelevant } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import { rankHolding } from "../../src/transformer/measure/spectrum.ts";

const [, lower] = exponent<Run>("the rank that holds 99 % of ΔW_Q", "r", 1, (run) =>
  rankHolding(run.singularValues("WQ"), 0.99),
);

export const queryRank = finding({
  id: "query-rank",
  title: "The rank of ΔW_Q does not double from r = 4 to r = 8",
  expects: "refuted",
  provenance: abstract(2, "one might expect the rank to grow with the number of label-relevant patterns"),
  law: doublingRelevant,
  p0: 0.5,
  maxModels: 400,
  claims: [lower],
});
