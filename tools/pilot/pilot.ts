import { z } from "zod";
import { describeRelation, relationSchema } from "../../src/claim/relation.ts";
import { shortNumber } from "../../src/report/encode.ts";

/** The seed of the pilot. No gate, no night and no search uses it: those have 240617167 or seeds of the day. */
export const PILOT_SEED = 1_302_06015;

const observed = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const count = z.int().min(0);
const hash = z.string();

const lawSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  hash: hash.describe("of the law's ranges"),
  core: hash.describe("of all that a trained model and its measurements depend on, when they were made"),
  declarations: hash.describe("of theorems/ with all that it imports, when they were made"),
  models: count.describe("models, or pairs where the law doubles a field"),
  claims: z.array(
    z.strictObject({
      statement: z.string(),
      claim: z.string(),
      relation: relationSchema,
      violations: count,
      worst: observed,
      median: observed,
      best: observed,
    }),
  ),
  joint: z.array(z.strictObject({ theorem: z.string(), violations: count.describe("models that violate any claim") })),
});

export const pilotSchema = z.strictObject({ seed: count, laws: z.array(lawSchema) });

export type Pilot = z.infer<typeof pilotSchema>;
export type PilotLaw = z.infer<typeof lawSchema>;

/** A table a law: what was seen of each claim, beside its bound. */
export function pilotMarkdown({ seed, laws }: Pilot): string {
  const row = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => `${cell}`.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    "# Pilot",
    "",
    `Models of every law from seed ${seed}, which no gate uses: what each claim showed of them, and how many violate it. A`,
    "control's own law has fewer. Written by `npm run pilot`; nothing here enters a verdict.",
    "",
    ...laws.flatMap(({ id, title, models, claims, joint }) => [
      `## ${id}: ${title}`,
      "",
      `${models} models or pairs. ${joint.map(({ theorem, violations }) => `${theorem}: ${violations} violate it`).join("; ") || "Controls only"}.`,
      "",
      row(["statement", "claim", "bound", "violate", "worst", "median", "best"]),
      row(["---", "---", "---", "---", "---", "---", "---"]),
      ...claims.map(({ statement, claim, relation, violations, worst, median, best }) =>
        row([
          statement,
          claim,
          describeRelation(relation),
          violations,
          ...[worst, median, best].map((each) => shortNumber(each)),
        ]),
      ),
      "",
    ]),
  ].join("\n");
}
