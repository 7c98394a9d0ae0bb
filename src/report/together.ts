import { z } from "zod";
import { anytimeLimits } from "../evidence/limits.ts";
import type { PopulationResult } from "../verdict/judge.ts";
import { LIMIT_CONFIDENCE } from "../verdict/ledger.ts";

export const togetherSchema = z.object({
  theorems: z.int().min(2).describe("theorems of this law"),
  models: z.int().min(1).describe("models judged"),
  satisfying: z.int().min(0).describe("models that violate none of them"),
  limits: z.object({ lower: z.number(), upper: z.number() }).describe("of that share, anytime-valid at 95 %"),
});

export type Together = z.infer<typeof togetherSchema>;

/** How many models of a law keep all its theorems at once; undefined where it has fewer than two. */
export function togetherOf({ events, trials }: Pick<PopulationResult, "events" | "trials">): Together | undefined {
  const theorems = events.filter(({ statement, claim }) => statement.kind === "theorem" && claim === undefined);
  if (theorems.length < 2) return undefined;
  const violating = new Set(theorems.flatMap(({ violators }) => violators)).size;
  const models = trials.length;
  const { lower, upper } = anytimeLimits({ n: models, violations: violating, confidence: LIMIT_CONFIDENCE });
  return {
    theorems: theorems.length,
    models,
    satisfying: models - violating,
    limits: { lower: 1 - upper, upper: 1 - lower },
  };
}
