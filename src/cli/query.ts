import { once } from "node:events";
import { resolve } from "node:path";
import { Command } from "commander";
import { encodeNumbers } from "../json-number.ts";
import { firstLineOf, type QueryValue, queryTables, type StreamedResult, streamModels } from "../report/query.ts";
import { transformerColumns } from "../transformer/report/columns.ts";
import { transformerParameters } from "../transformer/theta.ts";
import { visible } from "../visible-text.ts";
import { print } from "./print.ts";

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
      const first = await firstLineOf(file);
      await streamModels(file, sql, isTransformers(first) ? transformerColumns : undefined, (answer) =>
        write(options.json ? asJson(answer) : asTable(answer)),
      );
    });
}

/** Whether a model is the paper's: a file does not say which experiment it is of. */
function isTransformers(line: string): boolean {
  return line === "" || transformerParameters.names.every((name) => line.includes(`"${name}":`));
}

/** No faster than it is read: an answer may be larger than memory. */
async function write(text: AsyncIterable<string>): Promise<void> {
  for await (const part of text) {
    if (!print(part)) await once(process.stdout, "drain");
  }
}

async function* asJson({ uniqueColumns, chunks }: StreamedResult): AsyncIterable<string> {
  let before = "[\n";
  for await (const rows of chunks) {
    const objects = rows.map((row) => Object.fromEntries(uniqueColumns.map((name, i) => [name, row[i]])));
    yield before + objects.map((each) => `  ${visible(JSON.stringify(each, encodeNumbers))}`).join(",\n");
    before = ",\n";
  }
  yield before === ",\n" ? "\n]\n" : "[]\n";
}

/** Columns in line, numbers to the right. Wide enough for the first rows: later ones are not waited for. */
async function* asTable({ columns, chunks }: StreamedResult): AsyncIterable<string> {
  let line: ((cells: readonly string[]) => string) | undefined;
  for await (const rows of chunks) {
    const shown = rows.map((row) => row.map(asText));
    let head = "";
    if (line === undefined) {
      const widths = columns.map((name, i) => shown.reduce((most, row) => Math.max(most, row[i]!.length), name.length));
      const isNumber = columns.map((_, i) => rows.every((row) => typeof row[i] === "number" || row[i] === null));
      line = (cells) =>
        `${cells
          .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
          .join("  ")
          .trimEnd()}\n`;
      head = line(columns.map(visible)) + line(widths.map((width) => "-".repeat(width)));
    }
    yield head + shown.map(line).join("");
  }
  if (line === undefined) yield `${columns.map(visible).join("  ")}\n`;
}

function asText(value: QueryValue): string {
  if (value === null) return "";
  return visible(typeof value === "object" ? JSON.stringify(value, encodeNumbers) : String(value));
}
