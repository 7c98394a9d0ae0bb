import { existsSync } from "node:fs";
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

/** SQL knows no upper case, so that M and m need different names: column -> field of θ and its type. */
const THETA_COLUMNS: Readonly<Record<string, readonly [field: string, type: string]>> = {
  patterns: ["M", "INTEGER"],
  r: ["r", "INTEGER"],
  d: ["d", "INTEGER"],
  L: ["L", "INTEGER"],
  neurons: ["m", "INTEGER"],
  ma: ["ma", "INTEGER"],
  mb: ["mb", "INTEGER"],
  alphaStar: ["alphaStar", "DOUBLE"],
  alphaSharp: ["alphaSharp", "DOUBLE"],
  tau: ["tau", "DOUBLE"],
  delta: ["delta", "DOUBLE"],
  sigma: ["sigma", "DOUBLE"],
  xi: ["xi", "DOUBLE"],
  eta: ["eta", "DOUBLE"],
  N: ["N", "INTEGER"],
  B: ["B", "INTEGER"],
  Tmax: ["Tmax", "INTEGER"],
  testSamples: ["testSamples", "INTEGER"],
  readout: ["readout", "VARCHAR"],
  labels: ["labels", "VARCHAR"],
};

const MEASURED_COLUMNS: Readonly<Record<string, readonly [path: string, type: string]>> = {
  steps: ["steps", "INTEGER"],
  trainHinge: ["trainHinge", "DOUBLE"],
  testHinge: ["testHinge", "DOUBLE"],
  testError: ["testError", "DOUBLE"],
  tailWQ: ["tailEnergy.WQ", "DOUBLE"],
  tailWK: ["tailEnergy.WK", "DOUBLE"],
  tailWV: ["tailEnergy.WV", "DOUBLE"],
  singularValuesWQ: ["singularValues.WQ", "DOUBLE[]"],
  singularValuesWK: ["singularValues.WK", "DOUBLE[]"],
  singularValuesWV: ["singularValues.WV", "DOUBLE[]"],
  patternStrengthsWQ: ["patternStrengths.WQ", "DOUBLE[]"],
  patternStrengthsWK: ["patternStrengths.WK", "DOUBLE[]"],
  patternStrengthsWV: ["patternStrengths.WV", "DOUBLE[]"],
  smallNeurons: ["smallNeurons", "INTEGER"],
  medianSmallNorm: ["medianSmallNorm", "DOUBLE"],
  medianLargeNorm: ["medianLargeNorm", "DOUBLE"],
  prunedHinge: ["prunedHinge", "DOUBLE"],
  prunedError: ["prunedError", "DOUBLE"],
  attentionBefore: ["attentionBefore", "DOUBLE"],
  attentionAfter: ["attentionAfter", "DOUBLE"],
};

/** The tables that a query may read, for its help text. */
export const QUERY_TABLES = [
  `models: law, trial, member (1 for the second of a pair), seed, outcome, digest, ${Object.keys(THETA_COLUMNS).join(", ")} ` +
    `(patterns is M, neurons is m), ${Object.keys(MEASURED_COLUMNS).join(", ")}`,
  "observations: law, trial, claim, observed",
] as const;

/**
 * Answers SQL over a models.jsonl, with DuckDB.
 *
 * @throws InvalidInput where the file is missing or is no models.jsonl, the SQL is wrong, or DuckDB is not installed
 */
export async function queryModels(file: string, sql: string): Promise<QueryResult> {
  if (!existsSync(file)) {
    throw new InvalidInput(`query requires the models of a run, got no file ${file}: \`theorycheck verify\` writes it`);
  }
  const { DuckDBInstance } = await duckdb();
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    try {
      await connection.run(createTables(file));
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

function createTables(file: string): string {
  const source =
    `read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = {law: 'VARCHAR', trial: 'INTEGER', ` +
    `member: 'INTEGER', seed: 'BIGINT', outcome: 'VARCHAR', digest: 'VARCHAR', theta: 'JSON', measurements: 'JSON', observed: 'MAP(VARCHAR, VARCHAR)'})`;
  const extracted = (from: string, columns: Readonly<Record<string, readonly [string, string]>>) =>
    Object.entries(columns).map(([name, [path, type]]) =>
      type === "DOUBLE[]"
        ? `CAST(json_extract_string(${from}, '$.${path}[*]') AS DOUBLE[]) AS "${name}"`
        : `CAST(json_extract_string(${from}, '$.${path}') AS ${type}) AS "${name}"`,
    );
  return [
    `CREATE TEMP TABLE lines AS SELECT * FROM ${source};`,
    "CREATE TABLE models AS SELECT law, trial, member, seed, outcome, digest,",
    [...extracted("theta", THETA_COLUMNS), ...extracted("measurements", MEASURED_COLUMNS)].join(", "),
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
