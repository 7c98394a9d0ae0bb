import { expect, test } from "vitest";
import { claimsOn } from "../../explorer/input/comparison-laws.ts";
import { numbersIn, worked } from "../../explorer/page/worked.ts";
import { observe, pruningCurvesOf } from "../../explorer/worker/judged-model.ts";
import { Session } from "../../explorer/worker/session.ts";
import { drawTheta } from "../../src/law/law.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { parseTheta } from "../../src/transformer/theta.ts";

test("what is worked out of a formula is what the claim observes", () => {
  let compared = 0;
  for (const seed of [1, 2, 3]) {
    const theta = parseTheta({ ...drawTheta(baseLaw, seed), N: 128, B: 32, m: 60, testSamples: 50, Tmax: 1000 });
    const session = new Session(theta, seed, kernelEngine);
    while (session.outcome === "under way") session.advance();
    const run = session.run();
    const claims = claimsOn("base");
    const judged = {
      steps: session.steps,
      ended: true,
      observations: observe(claims, run, true),
      pruning: pruningCurvesOf(run),
      small: run.clusters.small.length,
    };
    for (const { key, statement, claim } of claims) {
      const shown = worked(statement.id, claim.title, { snapshot: session.snapshot(), judged });
      const observation = judged.observations[key]!;
      if (shown === undefined || observation.kind !== "observed") continue;
      compared++;
      expect([statement.id, claim.title, shown.value]).toEqual([
        statement.id,
        claim.title,
        expect.closeTo(observation.value, 10),
      ]);
    }
  }
  // ten claims are worked out, in each of three models
  expect(compared).toBe(3 * 10);
});

test.each([
  [String.raw`b_1 \le T\,\eta\;\frac{n^{*} - n^{\#}}{L} \le b_2`, "T = 7, L = 17, n* = 7, n# = 2, η = 0.5"],
  [String.raw`\frac{\sum_{k>r} \sigma_k(\Delta W)^2}{\sum_{k} \sigma_k(\Delta W)^2} \ \le\ b`, "r = 2"],
  [String.raw`\operatorname{error}_{\text{test}}(\text{without it}) \ \le\ b`, ""],
  [String.raw`\lVert w_i \rVert \le 3\,\xi \sqrt{m_a}, \frac{|S|}{m}`, "m = 30, mₐ = 12, ξ = 0.01"],
])("the symbols of %s", (tex, said) => {
  const theta = parseTheta({
    ...drawTheta(baseLaw, 1),
    r: 2,
    M: 8,
    d: 12,
    ma: 12,
    mb: 12,
    L: 17,
    alphaStar: 0.4,
    alphaSharp: 0.1,
    m: 30,
    eta: 0.5,
    xi: 0.01,
  });
  expect(numbersIn(tex, { theta, steps: 7 })).toBe(said);
});
