import { countsOf, foundElsewhere, foundOn, lawColumns } from "../../src/report/by-law.ts";
import type { Results } from "../../src/report/results.ts";
import { presentation } from "../../theorems/presentation.ts";

/** Where the README's table of verdicts begins. */
const MARKER = "<!-- verdicts";

const TABLE = /-->\n\n((?:\|.*\|\n)+)/;

/** The table of verdicts in a README. @throws Error where it has none */
export function tableIn(readme: string): string {
  const [, table] = readme.slice(readme.indexOf(MARKER)).match(TABLE) ?? [];
  if (!readme.includes(MARKER) || table === undefined) throw new Error(`README.md has no table after ${MARKER}`);
  return table;
}

/** A line a theorem, a column a law, as Markdown: "certified, 0 of 158" is no violation in 158 models. */
export function tableOfVerdicts(results: Results): string {
  const columns = lawColumns(results);
  const rows = results.statements
    .filter(({ kind }) => kind === "theorem")
    .map((theorem) => {
      const elsewhere = foundElsewhere(results, theorem, columns);
      const cells = columns.map((law) => {
        const found = foundOn(results, theorem, law);
        return found === undefined ? "" : `${found.verdict}, ${countsOf(found)}`;
      });
      // what it says of laws of its own stands in the first column, since those are near the base law
      if (elsewhere !== undefined) {
        const own = `${elsewhere.verdict}, ${countsOf(elsewhere)}${elsewhere.of === "pairs" ? "" : ", own law"}`;
        cells[0] = [cells[0], own].filter((text) => text !== "").join("; ");
      }
      return [`[${theorem.title}](theorems/${theorem.id}.ts)`, ...cells];
    });
  const names = presentation.lawNames ?? {};
  const table = [["theorem", ...columns.map((law) => names[law] ?? law)], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |\n`;
  const [head, ...body] = table.map(line);
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].join("");
}
