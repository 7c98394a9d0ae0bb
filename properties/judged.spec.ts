import { describe, expect, test } from "vitest";
import { describeClaim, describeEvent, describeFailure } from "./judged.ts";
import { exampleResults } from "./report/example-results.ts";

const statement = (id: string) => exampleResults().statements.find((each) => each.id === id)!;

describe("the test of a statement that is not as it should be", () => {
  test("prints the event, its evidence, and of its claims the observation and the bound, the worst θ and seed, and what replays it", () => {
    const [upperSide] = statement("scaling").claims;
    expect(describeFailure(statement("scaling")).split("\n")).toEqual([
      "theorem scaling is inconclusive, and should be certified: Steps scale as 1/η, large norms as m^(−1/2)",
      "  inconclusive: factor on T where η doubles, upper side on law base-doubling-eta; violated by 90 of 200 models",
      "    evidence at p0 = 0.5 after 200 models with 90 violations: ln E = −1 that it is false, ln C = 1 that it holds",
      "    factor on T where η doubles, upper side ≤ 0.5548 on law base-doubling-eta; violated by 1 of 161 models, worst 0.0311",
      "      observed 0.0311, bound ≤ 0.5548, in the model of seed 4217935553001",
      `      theta ${JSON.stringify(upperSide!.ledger.decisive.theta)}`,
      "      replay: npx theorycheck train --law base-doubling-eta --seed 4217935553001",
    ]);
  });

  test("prints what is not as it should be only: of two sides the one that is inconclusive", () => {
    expect(describeFailure(statement("scaling"))).not.toContain("lower side");
  });

  test("prints every claim of a theorem that fails as a whole", () => {
    const whole = statement("low-rank-update");
    const text = describeFailure({ ...whole, expects: "refuted" });
    expect(text).toContain("  certified: its 2 claims together on law base; violated by 2 of 161 models\n");
    for (const { title } of whole.claims) expect(text).toContain(`    ${title} ≤ 0.03 on law base; violated by 1 of `);
  });

  test("prints a control that was certified; of a finding of which nothing but a rate is known there is no evidence", () => {
    const control = { ...statement("low-rank-update"), kind: "control" as const, expects: "refuted" as const };
    expect(describeFailure(control)).toMatch(/^control low-rank-update is certified, and should be refuted: /);
    const finding = { ...statement("query-directions"), expects: "refuted" as const };
    expect(describeFailure(finding)).toMatch(/^finding query-directions is measured, and should be refuted: /);
    expect(describeFailure(finding)).not.toContain("evidence");
  });

  test("annotates each event with a line, and each claim with another, whatever the verdict", () => {
    const control = statement("large-attention");
    expect(control.events.map((event) => describeEvent(control, event))).toEqual([
      "refuted: energy of ΔW_Q where δ = 2 on law base; violated by 9 of 9 models",
    ]);
    expect(control.claims.map(describeClaim)).toEqual([
      "energy of ΔW_Q where δ = 2 ≤ 0 on law base; violated by 9 of 9 models, worst not a number",
      "energy of ΔW_V where δ = 2 ≤ 0.03 on law base; violated by 1 of 9 models, worst 0.0311",
    ]);
  });
});
