import { resolve } from "node:path";
import { Command } from "commander";
import { toJson } from "../report/encode.ts";
import { QUERY_TABLES, type QueryResult, type QueryValue, queryModels } from "../report/query.ts";

/** `query`: SQL over the models of the last run. */
export function queryCommand(): Command {
  return new Command("query")
    .argument("<sql>", "for instance: SELECT round(delta, 1) AS delta, max(tailWQ) FROM models GROUP BY ALL ORDER BY 1")
    .option("--models <file>", "models.jsonl of a run", "reports/models.jsonl")
    .option("--json", "print JSON: an object a row")
    .addHelpText("after", `\nTables:\n${QUERY_TABLES.map((table) => `  ${table}`).join("\n")}`)
    .action(async (sql: string, options: { models: string; json?: boolean }) => {
      const found = await queryModels(resolve(options.models), sql);
      process.stdout.write(options.json ? toJson(asObjects(found)) : asTable(found));
    });
}

function asObjects({ columns, rows }: QueryResult) {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

/** Columns in line: numbers to the right. */
function asTable({ columns, rows }: QueryResult): string {
  const shown = rows.map((row) => row.map(asText));
  const widths = columns.map((name, i) => Math.max(name.length, ...shown.map((row) => (row[i] ?? "").length)));
  const isNumber = columns.map((_, i) => rows.every((row) => typeof row[i] === "number" || row[i] === null));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return `${[line(columns), line(widths.map((width) => "-".repeat(width))), ...shown.map(line)].join("\n")}\n`;
}

function asText(value: QueryValue): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
