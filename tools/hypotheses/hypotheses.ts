import { z } from "zod";

/** The seed of these models. No gate, no night, no search and no pilot uses it. */
export const HYPOTHESES_SEED = 2402_15607;

/** Models of each point. */
export const MODELS = 12;

/** The share of a point's models that must violate a theorem before its hypothesis is said to matter to it. */
export const SHARE = 1 / 3; // 4 of 12: of a theorem that 5 % violate, 2 in a thousand points have as many

const count = z.int().min(0);

export const hypothesesSchema = z.strictObject({
  seed: count,
  core: z.string().describe("of all that a trained model and its measurements depend on, when it was measured"),
  points: z.array(
    z.strictObject({
      hypothesis: z.string().optional().describe("which is left; none where it is the base law itself"),
      how: z.string(),
      law: z.string().describe("hash of the law's ranges"),
      models: count,
      converged: count,
      theorems: z.array(
        z.strictObject({
          id: z.string(),
          violations: count.describe("models that violate any claim"),
          claims: z.array(z.strictObject({ title: z.string(), violations: count })),
        }),
      ),
    }),
  ),
});

export type Measured = z.infer<typeof hypothesesSchema>;
type MeasuredPoint = Measured["points"][number];

/** Which hypotheses a theorem needs: those that broke it at any point at which they alone were left. */
export function neededBy(measured: Measured, theorem: string): string[] {
  const needed = new Set<string>();
  for (const point of measured.points) {
    if (point.hypothesis !== undefined && breaks(point, theorem)) needed.add(point.hypothesis);
  }
  return [...needed];
}

function breaks({ models, theorems }: MeasuredPoint, theorem: string): boolean {
  const found = theorems.find(({ id }) => id === theorem);
  return found !== undefined && found.violations >= SHARE * models;
}

/** A row a point, a column a theorem: how many of the point's models violate it. */
export function hypothesesMarkdown(measured: Measured): string {
  const { seed, points } = measured;
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const ids = points[0]?.theorems.map(({ id }) => id) ?? [];
  return [
    "# Which hypotheses matter",
    "",
    `Each row leaves one hypothesis of the base law and keeps the others: ${MODELS} models from seed ${seed}, which no gate uses,`,
    "and how many of them violate each theorem. Bold: at least a third. A theorem lists the hypotheses that have such a row. What",
    "is said of pairs that double a field is not varied here. Written by `npm run hypotheses`; nothing here enters a verdict.",
    "",
    row(["left", "how", "converged", ...ids]),
    row(["left", "how", "converged", ...ids].map(() => "---")),
    ...points.map((point) =>
      row([
        point.hypothesis ?? "none",
        point.how,
        `${point.converged} of ${point.models}`,
        ...ids.map((id) => {
          const violations = point.theorems.find((each) => each.id === id)?.violations ?? "";
          return breaks(point, id) ? `**${violations}**` : `${violations}`;
        }),
      ]),
    ),
    "",
    "## What follows",
    "",
    row(["theorem", "hypotheses that can break it, in these ranges"]),
    row(["---", "---"]),
    ...ids.map((id) => row([id, neededBy(measured, id).join(", ") || "none"])),
    "",
  ].join("\n");
}
