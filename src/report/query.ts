import { createReadStream, statSync } from "node:fs";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import { jsonIn } from "../json.ts";

/** What a query found: names of the columns, and a list of values a row. */
export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly QueryRow[];
}

export type QueryRow = readonly QueryValue[];

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

/** Most bytes of a line: a model with its portraits has some 10 kB. */
const LONGEST_LINE = 1_000_000;

/** What a query may hold in memory. */
const MEMORY_LIMIT = "2GB";

/**
 * Answers SQL over a models.jsonl, with DuckDB.
 *
 * @throws InvalidInput where the file is missing or is no models.jsonl, the SQL is wrong or no query, or DuckDB is not
 * installed
 */
export async function queryModels(file: string, sql: string, known?: QueryColumns): Promise<QueryResult> {
  return streamModels(file, sql, known, async ({ columns, chunks }) => {
    const rows: QueryRow[] = [];
    for await (const chunk of chunks) for (const row of chunk) rows.push(row);
    return { columns, rows };
  });
}

/** An answer as it comes, some thousand rows at a time: there may be more of them than memory has room for. */
export interface StreamedResult {
  readonly columns: readonly string[];
  /** The same, each once. */
  readonly uniqueColumns: readonly string[];
  readonly chunks: AsyncIterable<readonly QueryRow[]>;
}

/**
 * The same, for a consumer of rows as they come. DuckDB never opens a file: what it may know is read here, from the file
 * that was named and no other, and it is shut in before it sees the SQL, which has to be one query.
 *
 * @throws InvalidInput as `queryModels`
 */
export async function streamModels<T>(
  file: string,
  sql: string,
  known: QueryColumns | undefined,
  use: (answer: StreamedResult) => Promise<T>,
): Promise<T> {
  const fail = (error: unknown): never => {
    throw isInvalidInput(error)
      ? error
      : new InvalidInput(`query requires a models.jsonl, got ${file}: ${firstLine(error)}`);
  };
  const duckdb = await loadDuckdb();
  const instance = await duckdb.DuckDBInstance.create(":memory:", {
    enable_external_access: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    memory_limit: MEMORY_LIMIT,
  });
  const connection = await instance.connect();
  try {
    await connection.run("CREATE TEMP TABLE texts (line VARCHAR)");
    const columns = await load(connection, file, known).catch(fail);
    await connection.run(createTables(columns)).catch(fail);
    await connection.run("DROP TABLE lines; DROP TABLE texts; SET lock_configuration = true");
    const result = await started(connection, duckdb.StatementType, sql);
    return await use({
      columns: result.columnNames(),
      uniqueColumns: result.deduplicatedColumnNames(),
      chunks: chunksOf(result),
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Reads the lines of a file into the table `texts`, and finds the columns that are not known. */
async function load(connection: Connection, file: string, known: QueryColumns | undefined): Promise<QueryColumns> {
  const found = { theta: new Map<string, ColumnType>(), measurements: new Map<string, ColumnType>() };
  const appender = await connection.createAppender("texts");
  for await (const line of linesOf(file)) {
    if (known === undefined) {
      const data = jsonIn(line, file) as Record<string, Record<string, unknown>>;
      for (const part of ["theta", "measurements"] as const) addColumns(found[part], data[part]);
    }
    appender.appendVarchar(line);
    appender.endRow();
  }
  appender.closeSync();
  const taken = new Set(["law", "trial", "member", "seed", "outcome", "digest"]);
  return known ?? { theta: named(found.theta, taken), measurements: named(found.measurements, taken) };
}

/** The lines of a regular file, one after the other, without those that are empty. */
async function* linesOf(file: string): AsyncIterable<string> {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) {
    throw new InvalidInput(`query requires the models of a run, got no file ${file}: \`theorycheck verify\` writes it`);
  }
  if (!status.isFile()) throw new InvalidInput(`query requires a regular file, got ${file}`);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const bytes of createReadStream(file)) {
    const lines = `${rest}${decoder.decode(bytes as Buffer, { stream: true })}`.split("\n");
    rest = lines.pop() as string;
    if (rest.length > LONGEST_LINE)
      throw new InvalidInput(`query: a line of ${file} has more than ${LONGEST_LINE} characters`);
    yield* lines.filter((line) => line.trim() !== "");
  }
  const last = rest + decoder.decode();
  if (last.trim() !== "") yield last;
}

/** The first line of a models.jsonl; empty where there is none. @throws InvalidInput where the file is none */
export async function firstLineOf(file: string): Promise<string> {
  for await (const line of linesOf(file)) return line;
  return "";
}

type ColumnType = "DOUBLE" | "VARCHAR" | "DOUBLE[]" | "JSON";

function addColumns(columns: Map<string, ColumnType>, values: Record<string, unknown> = {}): void {
  for (const [name, value] of Object.entries(values)) {
    const type = typeOf(value);
    const before = columns.get(name);
    // NaN is text in a file, among numbers
    if (before === undefined || before === type) columns.set(name, type);
    else columns.set(name, isNumeric(before) && isNumber(value) ? before : "JSON");
  }
}

function typeOf(value: unknown): ColumnType {
  if (isNumber(value)) return "DOUBLE";
  if (Array.isArray(value)) return value.every(isNumber) ? "DOUBLE[]" : "JSON";
  return typeof value === "string" ? "VARCHAR" : "JSON";
}

const isNumeric = (type: ColumnType) => type === "DOUBLE";

const isNumber = (value: unknown) =>
  typeof value === "number" || ["NaN", "Infinity", "-Infinity"].includes(value as string);

/** Columns under names of their own: SQL takes m for M, and has columns of its own in the table. */
function named(found: ReadonlyMap<string, ColumnType>, taken: Set<string>): Columns {
  const free = (name: string): string => {
    if (taken.has(name.toLowerCase())) return free(`${name}_1`);
    taken.add(name.toLowerCase());
    return name;
  };
  return Object.fromEntries([...found].map(([name, type]) => [free(name), [JSON.stringify(name), type] as const]));
}

/** Prepares and starts the only statement, which has to be a query. */
async function started(connection: Connection, { SELECT, EXPLAIN }: StatementTypes, sql: string): Promise<Result> {
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw new InvalidInput(`query must be one statement, got ${statements.count}`);
    const statement = await statements.prepare(0);
    if (![SELECT, EXPLAIN].includes(statement.statementType)) {
      throw new InvalidInput("query must ask, as SELECT does, and change nothing, got another kind of statement");
    }
    return await statement.stream();
  } catch (error) {
    throw isInvalidInput(error) ? error : new InvalidInput(`query: ${error instanceof Error ? error.message : error}`);
  }
}

async function* chunksOf(result: Result): AsyncIterable<readonly QueryRow[]> {
  for (;;) {
    let chunk: Awaited<ReturnType<Result["fetchChunk"]>>;
    try {
      chunk = await result.fetchChunk();
    } catch (error) {
      throw new InvalidInput(`query: ${error instanceof Error ? error.message : error}`);
    }
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows().map((row) => row.map(plain));
  }
}

function createTables({ theta, measurements }: QueryColumns): string {
  const form = {
    ...{ law: "VARCHAR", trial: "INTEGER", member: "INTEGER", seed: "BIGINT", outcome: "VARCHAR", digest: "VARCHAR" },
    ...{ theta: "JSON", measurements: "JSON", observed: "MAP(VARCHAR, VARCHAR)" },
  };
  const extracted = (from: string, columns: Columns) =>
    Object.entries(columns).map(([name, [path, type]]) => {
      const place = textLiteral(`$.${path}${type === "DOUBLE[]" ? "[*]" : ""}`);
      const function_ = type === "JSON" ? "json_extract" : "json_extract_string";
      return `CAST(${function_}(${from}, ${place}) AS ${type}) AS "${name.replaceAll('"', '""')}"`;
    });
  return [
    `CREATE TEMP TABLE lines AS SELECT unnest(from_json_strict(line, ${textLiteral(JSON.stringify(form))})) FROM texts;`,
    "CREATE TABLE models AS SELECT",
    [
      "law, trial, member, seed, outcome, digest",
      ...extracted("theta", theta),
      ...extracted("measurements", measurements),
    ].join(", "),
    "FROM lines;",
    "CREATE TABLE observations AS",
    "SELECT law, trial, entry.key AS claim, CAST(entry.value AS DOUBLE) AS observed",
    "FROM (SELECT law, trial, unnest(map_entries(observed)) AS entry FROM lines WHERE member = 0);",
  ].join("\n");
}

const textLiteral = (text: string) => `'${text.replaceAll("'", "''")}'`;

type Duckdb = typeof import("@duckdb/node-api");
type Connection = Awaited<ReturnType<Awaited<ReturnType<Duckdb["DuckDBInstance"]["create"]>>["connect"]>>;
type Result = Awaited<ReturnType<Connection["stream"]>>;
type StatementTypes = Duckdb["StatementType"];

/** 70 MB that only queries need: whoever asks them installs it. */
async function loadDuckdb(): Promise<Duckdb> {
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

/** A value of DuckDB as JSON has it: numbers are numbers, but for whole ones that no double holds, and dates are text. */
function plain(value: unknown): QueryValue {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value as QueryValue;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== "object") return String(value);
  if ("scale" in value && "value" in value) return Number(String(value));
  if ("items" in value) return (value.items as readonly unknown[]).map(plain);
  if ("entries" in value) return entriesOf(value.entries);
  return String(value);
}

/** Of a struct, by name; of a map, a list of keys with their values. */
function entriesOf(entries: unknown): QueryValue {
  if (Array.isArray(entries)) return entries.map(({ key, value }) => ({ key: plain(key), value: plain(value) }));
  return Object.fromEntries(Object.entries(entries as object).map(([name, value]) => [name, plain(value)]));
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
