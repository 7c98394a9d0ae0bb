import { existsSync, readFileSync } from "node:fs";
import { InvalidInput } from "../invalid-input.ts";

/** What a query found: names of the columns, and a list of values a row. */
export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly QueryValue[])[];
}

/** A value as JSON has it; lists are lists, whole numbers beyond 2^53 are text. */
export type QueryValue =
  | string
  | number
  | boolean
  | null
  | readonly QueryValue[]
  | { readonly [key: string]: QueryValue };

/** Columns by name: where in a line of models.jsonl their value stands, and its SQL type. */
export interface QueryColumns {
  readonly theta: Columns;
  readonly measurements: Columns;
  /** For a help text. */
  readonly note?: string;
}

type Columns = Readonly<Record<string, readonly [path: string, type: string]>>;

/** The tables that a query may read, for its help text. */
export function queryTables({ theta, measurements, note }: QueryColumns): readonly string[] {
  const columns = [Object.keys(theta).join(", "), Object.keys(measurements).join(", ")];
  return [
    `models: law, trial, member (1 for the second of a pair), seed, outcome, digest, ${columns.join(note === undefined ? ", " : ` (${note}), `)}`,
    "observations: law, trial, claim, observed",
  ];
}

/** The columns of the models of a file, from its first line: numbers and text of θ, and of what was measured. */
function columnsIn(file: string): QueryColumns {
  try {
    const [line = ""] = readFileSync(file, "utf8").split("\n", 1);
    const { theta, measurements } = JSON.parse(line) as Record<string, Record<string, unknown>>;
    const columnsOf = (values: Record<string, unknown> = {}) =>
      Object.fromEntries(
        Object.entries(values).flatMap(([name, value]) =>
          typeof value === "object" ? [] : [[name, [name, typeof value === "number" ? "DOUBLE" : "VARCHAR"]] as const],
        ),
      );
    return { theta: columnsOf(theta), measurements: columnsOf(measurements) };
  } catch (error) {
    throw new InvalidInput(`query requires a models.jsonl, got ${file}: ${firstLine(error)}`);
  }
}

/**
 * Answers SQL over a models.jsonl, with DuckDB.
 *
 * @throws InvalidInput where the file is missing or is no models.jsonl, the SQL is wrong, or DuckDB is not installed
 */
export async function queryModels(file: string, sql: string, known?: QueryColumns): Promise<QueryResult> {
  if (!existsSync(file)) {
    throw new InvalidInput(`query requires the models of a run, got no file ${file}: \`theorycheck verify\` writes it`);
  }
  const { DuckDBInstance } = await duckdb();
  const columns = known ?? columnsIn(file);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    try {
      await connection.run(createTables(file, columns));
    } catch (error) {
      throw new InvalidInput(`query requires a models.jsonl, got ${file}: ${firstLine(error)}`);
    }
    try {
      const reader = await connection.runAndReadAll(sql);
      const rows = reader.getRowsJson() as QueryValue[][];
      const types = reader.columnTypes().map(String);
      return {
        columns: reader.columnNames(),
        rows: rows.map((row) => row.map((value, i) => plain(value, types[i] ?? ""))),
      };
    } catch (error) {
      throw new InvalidInput(`query: ${error instanceof Error ? error.message : String(error)}`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function createTables(file: string, columns: QueryColumns): string {
  const source =
    `read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = {law: 'VARCHAR', trial: 'INTEGER', ` +
    `member: 'INTEGER', seed: 'BIGINT', outcome: 'VARCHAR', digest: 'VARCHAR', theta: 'JSON', measurements: 'JSON', observed: 'MAP(VARCHAR, VARCHAR)'})`;
  const extracted = (from: string, columns: Columns) =>
    Object.entries(columns).map(([name, [path, type]]) =>
      type === "DOUBLE[]"
        ? `CAST(json_extract_string(${from}, '$.${path}[*]') AS DOUBLE[]) AS "${name}"`
        : `CAST(json_extract_string(${from}, '$.${path}') AS ${type}) AS "${name}"`,
    );
  return [
    `CREATE TEMP TABLE lines AS SELECT * FROM ${source};`,
    "CREATE TABLE models AS SELECT law, trial, member, seed, outcome, digest,",
    [...extracted("theta", columns.theta), ...extracted("measurements", columns.measurements)].join(", "),
    "FROM lines;",
    "CREATE TABLE observations AS",
    "SELECT law, trial, entry.key AS claim, CAST(entry.value AS DOUBLE) AS observed",
    "FROM (SELECT law, trial, unnest(map_entries(observed)) AS entry FROM lines WHERE member = 0);",
  ].join("\n");
}

/** 70 MB that only queries need: whoever asks them installs it. */
async function duckdb(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("'@duckdb/node-api'")) throw error;
    throw new InvalidInput(
      "query requires the package @duckdb/node-api, got none installed: `npm install @duckdb/node-api`",
    );
  }
}

/** DuckDB gives 64-bit integers as text: those that a double holds become numbers again. */
function plain(value: QueryValue, type: string): QueryValue {
  if (typeof value !== "string" || !/^(U?(BIG|HUGE)INT)$/.test(type)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
