import { type Strength, type StrengthCell, strengthRows, strengthSentence, togetherSentence } from "./strength.ts";
import { markdownOf } from "./tolerances.ts";

/** As a terminal shows it. */
export function strengthTable(strength: Strength): string {
  const { laws, rows } = strengthRows(strength);
  const cells = rows.map((row) => row.cells.map((cell) => (cell === undefined ? "" : wordsOf(cell))));
  const widths = laws.map((law, i) => Math.max(law.length, ...cells.map((row) => row[i]!.length)));
  const width = Math.max("strongest p₀".length, ...rows.map(({ id }) => id.length));
  const line = (first: string, others: readonly string[]) =>
    [first.padEnd(width), ...others.map((text, i) => text.padEnd(widths[i]!))].join("  ").trimEnd();
  return [
    line("strongest p₀", laws),
    ...rows.map(({ id }, i) => line(id, cells[i]!)),
    "",
    ...strength.laws.map(({ law, together }) => `${law}: ${togetherSentence(together)}`),
    strengthSentence(strength),
    "",
  ].join("\n");
}

/** As Markdown, for docs. */
export function strengthMarkdown(strength: Strength): string {
  const { laws, rows } = strengthRows(strength);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(["strongest p₀", ...laws.map(markdownOf)]),
    line(["---", ...laws.map(() => "---")]),
    ...rows.map(({ title, cells }) => line([markdownOf(title), ...cells.map((cell) => (cell ? wordsOf(cell) : ""))])),
    "",
    strengthSentence(strength),
    "",
    ...strength.laws.map(({ title, together }) => `- ${markdownOf(title)}: ${togetherSentence(together)}`),
    "",
  ].join("\n");
}

/** "0.84 % (3/1999)"; with a word where it is not certified at the p₀ that was asked for. */
function wordsOf({ strongest, verdict, counts }: StrengthCell): string {
  return `${strongest} (${verdict === "certified" ? "" : `${verdict}, `}${counts.replace(" of ", "/")})`;
}
