import { z } from "zod";
import { theorems } from "../../theorems/index.ts";

/** What was found of each theorem on each of its laws: counts up to the verdict. */
export const lawsSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.strictObject({
      verdict: z.enum(["certified", "refuted", "inconclusive"]),
      models: z.int().min(1),
      violations: z.int().min(0),
    }),
  ),
);

export type VerdictsByLaw = z.infer<typeof lawsSchema>;

const COLUMNS = [
  ["base", "r = 2"],
  ["r4", "r = 4"],
  ["r6", "r = 6"],
  ["per-position", "per-position readout"],
] as const;

/** Laws of pairs: what is certified is a median, so that violations are no failures. */
const PAIRS_OF_BASE = /^base-doubling-/;

/** A line a theorem, a column a law, as Markdown: "certified, 0 of 158" is no violation in 158 models. */
export function tableOfLaws(byTheorem: VerdictsByLaw): string {
  const rows = theorems.map(({ id, title }) => [
    `[${title}](theorems/${id}.ts)`,
    ...COLUMNS.map(([law], column) => cellOf(byTheorem[id] ?? {}, law, column === 0)),
  ]);
  const table = [["theorem", ...COLUMNS.map(([, heading]) => heading)], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |\n`;
  const [head, ...body] = table.map(line);
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].join("");
}

function cellOf(byLaw: VerdictsByLaw[string], law: string, ofBase: boolean): string {
  const found = byLaw[law];
  if (found !== undefined) return `${found.verdict}, ${found.violations} of ${found.models}`;
  if (!ofBase) return "";
  const pairs = Object.entries(byLaw).filter(([id]) => PAIRS_OF_BASE.test(id));
  if (pairs.length === 0) {
    // a law of the theorem's own, near the base law
    const [own] = Object.entries(byLaw).filter(([id]) => COLUMNS.every(([column]) => column !== id));
    return own === undefined ? "" : `${own[1].verdict}, ${own[1].violations} of ${own[1].models}, own law`;
  }
  const verdicts = pairs.map(([, { verdict }]) => verdict);
  const worst = (["refuted", "inconclusive", "certified"] as const).find((verdict) => verdicts.includes(verdict));
  return `${worst}, up to ${Math.max(...pairs.map(([, { models }]) => models))} pairs`;
}
