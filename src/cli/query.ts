import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { toJson } from "../report/encode.ts";
import { type QueryResult, type QueryValue, queryModels, queryTables } from "../report/query.ts";
import { transformerColumns } from "../transformer/report/columns.ts";
import { transformerParameters } from "../transformer/theta.ts";

/** `query`: SQL over the models of the last run. */
export function queryCommand(): Command {
  return new Command("query")
    .argument("<sql>", "for instance: SELECT round(delta, 1) AS delta, max(tailWQ) FROM models GROUP BY ALL ORDER BY 1")
    .option("--models <file>", "models.jsonl of a run", "reports/models.jsonl")
    .option("--json", "print JSON: an object a row")
    .addHelpText(
      "after",
      `\nTables:\n${queryTables(transformerColumns)
        .map((table) => `  ${table}`)
        .join("\n")}`,
    )
    .action(async (sql: string, options: { models: string; json?: boolean }) => {
      const file = resolve(options.models);
      const found = await queryModels(file, sql, isTransformers(file) ? transformerColumns : undefined);
      process.stdout.write(options.json ? toJson(asObjects(found)) : asTable(found));
    });
}

/** Whether the first model of a file is the paper's: a file does not say which experiment it is of. */
function isTransformers(file: string): boolean {
  if (!existsSync(file)) return true;
  const [line = ""] = readFileSync(file, "utf8").split("\n", 1);
  return line === "" || transformerParameters.names.every((name) => line.includes(`"${name}":`));
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
