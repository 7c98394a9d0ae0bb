import { describe, expect, test } from "vitest";
import { describeClaim, describeFailure } from "./judged.ts";
import { exampleResults } from "./report/example-results.ts";

const statement = (id: string) => exampleResults().statements.find((each) => each.id === id)!;

describe("the test of a statement that is not as it should be", () => {
  test("prints the claim, its evidence, the observation and the bound, the worst θ and seed, and what replays it", () => {
    const { statements } = exampleResults();
    const [decisive] = statements.find(({ id }) => id === "scaling")!.claims.map(({ ledger }) => ledger.decisive);
    expect(describeFailure(statement("scaling")).split("\n").slice(0, 6)).toEqual([
      "theorem scaling is inconclusive, and should be certified: Steps scale as 1/η, large norms as m^(−1/2)",
      "  inconclusive: factor on T where η doubles, upper side ≤ 0.5548 on law base; violated by 1 of 161 models, worst 0.0311",
      "    evidence at p0 = 0.5 after 200 models with 90 violations: ln E = −1 that it is false, ln C = 1 that it holds",
      "    observed 0.0311, bound ≤ 0.5548, in the model of seed 4217935553001",
      `    theta ${JSON.stringify(decisive!.theta)}`,
      "    replay: npx theorycheck train --law base --seed 4217935553001",
    ]);
  });

  test("prints what is not as it should be only: of two claims the one that is inconclusive", () => {
    expect(describeFailure(statement("scaling"))).not.toContain("T·η·(n* − n#)/L");
  });

  test("prints a control that was certified, or a finding of which nothing but a rate is known", () => {
    const control = { ...statement("low-rank-update"), kind: "control" as const, expects: "refuted" as const };
    expect(describeFailure(control)).toMatch(/^control low-rank-update is certified, and should be refuted: /);
    const finding = { ...statement("query-directions"), expects: "refuted" as const };
    expect(describeFailure(finding)).toContain("  measured: energy of ΔW_Q beyond rank r ≤ 0.03 on law base");
    expect(describeFailure(finding)).not.toContain("evidence");
  });

  test("annotates each claim with a line, whatever its verdict", () => {
    expect(statement("large-attention").claims.map(describeClaim)).toEqual([
      "refuted: violated claims of low-rank-update ≤ 0 on law base; violated by 9 of 9 models, worst not a number",
    ]);
  });
});
