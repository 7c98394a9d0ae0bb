import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lawsOf } from "../../src/cli/registry.ts";
import { GATE_SEED } from "../../src/verdict/judge.ts";
import { statements } from "../../theorems/index.ts";
import { PILOT_SEED, pilotMarkdown, pilotSchema } from "../../tools/pilot/pilot.ts";

const textOf = (name: string) => readFileSync(new URL(`../../reports/${name}`, import.meta.url), "utf8");
const pilot = pilotSchema.parse(JSON.parse(textOf("pilot.json")));

describe("reports/pilot.json", () => {
  test("is of seeds that no gate uses, and of laws as they are now", () => {
    expect(pilot.seed).toBe(PILOT_SEED);
    expect(PILOT_SEED).not.toBe(GATE_SEED);
    const hashes = new Map(lawsOf(statements).map(({ id, hash }) => [id, hash]));
    for (const { id, hash, core, declarations } of pilot.laws) {
      expect([id, hash]).toEqual([id, hashes.get(id)]);
      for (const each of [core, declarations]) expect(each).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test("has at least 300 models of each of the four laws: 150 pairs are 300 models", () => {
    const models = new Map(
      pilot.laws.map((law) => [law.id, law.id.startsWith("base-doubling-") ? 2 * law.models : law.models]),
    );
    for (const id of ["base", "r4", "r6", "per-position"]) expect(models.get(id)).toBeGreaterThanOrEqual(300);
    for (const [id, count] of models) expect([id, count >= 60]).toEqual([id, true]);
  });

  test("is what pilot.md shows", () => {
    expect(textOf("pilot.md")).toBe(pilotMarkdown(pilot));
  });

  test("counts a theorem's violations as a whole: at least those of any claim, at most their sum", () => {
    for (const { claims, joint, models } of pilot.laws) {
      for (const { theorem, violations } of joint) {
        const own = claims.filter(({ statement }) => statement === theorem).map((claim) => claim.violations);
        expect(violations).toBeGreaterThanOrEqual(Math.max(...own));
        expect(violations).toBeLessThanOrEqual(
          Math.min(
            models,
            own.reduce((sum, each) => sum + each, 0),
          ),
        );
      }
    }
  });
});
