import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GATE_SEED } from "../../src/verdict/judge.ts";
import { theorems } from "../../theorems/index.ts";
import {
  HYPOTHESES_SEED,
  hypothesesMarkdown,
  hypothesesSchema,
  type Measured,
  MODELS,
  neededBy,
} from "../../tools/hypotheses/hypotheses.ts";
import { points } from "../../tools/hypotheses/points.ts";
import { PILOT_SEED } from "../../tools/pilot/pilot.ts";

const textOf = (name: string) => readFileSync(new URL(`../../reports/${name}`, import.meta.url), "utf8");
const measured = hypothesesSchema.parse(JSON.parse(textOf("hypotheses.json")));

describe("reports/hypotheses.json", () => {
  test("is of seeds that neither a gate nor the pilot uses, and of the points as they are now", () => {
    expect(measured.seed).toBe(HYPOTHESES_SEED);
    expect([GATE_SEED, PILOT_SEED]).not.toContain(HYPOTHESES_SEED);
    expect(measured.points.map(({ how, law, hypothesis }) => [how, law, hypothesis])).toEqual(
      points.map(({ how, law, hypothesis }) => [how, law.hash, hypothesis]),
    );
    for (const { models } of measured.points) expect(models).toBe(MODELS);
  });

  test("is what hypotheses.md shows", () => {
    expect(textOf("hypotheses.md")).toBe(hypothesesMarkdown(measured));
  });

  test("leaves every hypothesis of θ but the size of the test set, and the base law itself breaks nothing", () => {
    const [base] = measured.points;
    expect(base!.hypothesis).toBeUndefined();
    for (const { id } of base!.theorems) expect([id, neededBy({ ...measured, points: [base!] }, id)]).toEqual([id, []]);
    const left = new Set(points.map(({ hypothesis }) => hypothesis));
    const all = theorems[0]!.experiment.parameters.hypotheses;
    expect(all.filter((name) => !left.has(name as never))).toEqual(["test-size"]);
  });
});

describe("a theorem's hypotheses", () => {
  // of pairs nothing is varied: what they double is theirs
  const ofSingleModels = theorems.filter(({ laws }) => laws.every(({ doubles }) => doubles === undefined));

  test.each(ofSingleModels)("$id: those that broke it where they alone were left", ({ id, hypotheses }) => {
    expect([...hypotheses].sort()).toEqual(neededBy(measured, id).sort());
  });

  test("are not those that break too few of a point's models, or none", () => {
    const point = (violations: number): Measured => ({
      ...measured,
      points: [
        {
          ...measured.points[1]!,
          hypothesis: "noise",
          models: 12,
          theorems: [{ id: "learnability", violations, claims: [] }],
        },
      ],
    });
    expect([3, 4, 12].map((violations) => neededBy(point(violations), "learnability"))).toEqual([
      [],
      ["noise"],
      ["noise"],
    ]);
    expect(neededBy(point(12), "scaling")).toEqual([]);
  });
});
