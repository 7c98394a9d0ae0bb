import { z } from "zod";
import { relationSchema } from "../claim/relation.ts";
import { id } from "./id.ts";
import type { StatementResult } from "./results.ts";

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const count = z.int().min(0);

/**
 * reports/search.json: of each theorem on each law the worst model that a search found inside the law. What is searched
 * for is chosen and not drawn, so that it says nothing about a rate; a violation among it does not contradict a verdict.
 */
export const insideSchema = z.object({
  format: z.literal("theorycheck search inside"),
  version: z.literal(1),
  theorycheck: z.string().describe("version of the package"),
  seed: count,
  budget: count.describe("models tried for each theorem on a law"),
  worst: z.array(
    z.object({
      theorem: id,
      law: id,
      claim: z.string().describe("the claim with the least margin"),
      relation: relationSchema,
      observed: number,
      margin: number,
      violated: z.boolean(),
      onMostSeeds: z.boolean().describe("whether the same theta violates it on four of five seeds"),
      theta: z.record(z.string(), z.union([z.number(), z.string()])),
      seed: count,
    }),
  ),
});

export type Inside = z.infer<typeof insideSchema>;
export type InsideModel = Inside["worst"][number];

/** The worst models that the search found of a theorem, law by law. */
export function insideOf({ id }: Pick<StatementResult, "id">, inside: Inside | undefined): readonly InsideModel[] {
  return inside?.worst.filter(({ theorem }) => theorem === id) ?? [];
}

/** The command that trains it again, and what else is claimed of that law. */
export function insideReplay({ theorem, law, theta, seed }: InsideModel): string {
  // a quote within would end the shell's
  const json = JSON.stringify(theta).replaceAll("'", "'\\''");
  return `npx theorycheck replay --theta '${json}' --seed ${seed} --law ${law} --theorem ${theorem}`;
}

/** What a reader has to know who sees violations beside a certificate. */
export function insideSentence({ worst, budget }: Inside): string {
  const violated = worst.filter((each) => each.violated).length;
  return (
    `A search for the worst model inside the law, with ${budget} models of each theorem on each law, found a violation of ${violated} of ${worst.length}. ` +
    "That is no contradiction: certified says that fewer than a share p₀ of the law’s models violate a theorem, and a search looks for just those."
  );
}
