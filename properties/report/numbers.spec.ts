import { describe, expect, test } from "vitest";
import { reportFiles } from "../../src/report/files.ts";
import { presentation } from "../../theorems/presentation.ts";
import { resultsToReport } from "./example-results.ts";
import { numeralsIn, printableNumerals } from "./numbers.ts";

/** Text of the cells of tables and of lists of facts: where a page shows data. */
function cellsOfHtml(page: string): string[] {
  return [...page.matchAll(/<(td|dd|th)\b[^>]*>(.*?)<\/\1>/gs)]
    .map(([, , cell = ""]) => cell.replace(/<code>.*?<\/code>/gs, (code) => code.replace(/<[^>]*>/g, "")))
    .map((cell) =>
      cell
        .replace(/<[^>]*>/g, " ")
        .replaceAll("&lt;", "<")
        .replaceAll("&amp;", "&"),
    );
}

function cellsOfMarkdown(page: string): string[] {
  return page.split("\n").flatMap((line) => (line.startsWith("|") ? line.split(/(?<!\\)\|/) : []));
}

function cellsOfTex(page: string): string[] {
  return page
    .split("\n")
    .filter((line) => line.includes(" & ") || line.startsWith("\\multicolumn"))
    .map((line) => line.replace(/\\multicolumn\{7\}|\\tfrac12/g, "").replace(/ \\cdot 10\^\{(-?\d+)\}/g, "e$1"));
}

describe.each(resultsToReport())("every number comes from %s", (_, results) => {
  const printable = printableNumerals(results);
  const files = reportFiles(results, presentation);
  const foreign = (cells: readonly string[]) =>
    cells.flatMap((cell) =>
      numeralsIn(cell)
        .filter((numeral) => !printable.has(numeral))
        .map((numeral) => `${numeral} in ${cell}`),
    );

  test.each([
    ["index.html", cellsOfHtml],
    ["tolerances.md", cellsOfMarkdown],
    ["tolerances.tex", cellsOfTex],
  ] as const)("in %s", async (file, cellsOf) => {
    const cells = cellsOf((await files)[file] as string);
    expect(cells.flatMap(numeralsIn).length).toBeGreaterThan(20);
    expect(foreign(cells)).toEqual([]);
  });
});
