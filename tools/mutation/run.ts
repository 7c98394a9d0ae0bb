import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PARTS, type Part, partNamed } from "./parts.ts";

/**
 * `npm run test:mutation [-- PART ...]`: mutates the parts of `parts.ts` one after the other, all unless some are named,
 * and prints the table of all that were ever run here, and every mutant that no test noticed. Results are kept in
 * .theorycheck/mutation: a second run tries again only what changed. Exit code 1 if the total is below `LEAST_SCORE`.
 */
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = join(".theorycheck", "mutation");

/** Per cent, of all parts together. */
const LEAST_SCORE = 85;

interface Mutant {
  readonly status: "Killed" | "Timeout" | "Survived" | "NoCoverage" | "Ignored" | "CompileError" | "RuntimeError";
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** What Stryker's JSON reporter writes, as far as it is read here. */
interface StrykerReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

const reportOf = ({ name }: Part) => join(PROJECT, FOLDER, `${name}.json`);

function mutate(part: Part): void {
  const { name, room, statics = false } = part;
  const config = {
    ...(JSON.parse(readFileSync(join(PROJECT, "stryker.config.json"), "utf8")) as object),
    mutate: part.mutate.map((glob) => `src/${room}/${glob}`),
    ignoreStatic: !statics,
    tempDirName: join(FOLDER, `sandbox-${name}`),
    incrementalFile: join(FOLDER, `incremental-${name}.json`),
    jsonReporter: { fileName: join(FOLDER, `${name}.json`) },
  };
  mkdirSync(join(PROJECT, FOLDER), { recursive: true });
  const file = join(PROJECT, FOLDER, `stryker-${name}.json`);
  writeFileSync(file, JSON.stringify(config));
  const env = { ...process.env, MUTATION_PART: name };
  const { status } = spawnSync("npx", ["stryker", "run", file], { cwd: PROJECT, env, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** Every mutant of these parts, with the file it is in. */
function mutantsOf(parts: readonly Part[]) {
  return parts
    .filter((part) => existsSync(reportOf(part)))
    .flatMap((part) => {
      const { files } = JSON.parse(readFileSync(reportOf(part), "utf8")) as StrykerReport;
      return Object.entries(files).flatMap(([file, { source, mutants }]) =>
        mutants.map((mutant) => ({ ...mutant, file, source, room: part.room })),
      );
    });
}

type Found = ReturnType<typeof mutantsOf>;

function tableRow(title: string, mutants: Found): string {
  const count = (status: Mutant["status"]) => mutants.filter((mutant) => mutant.status === status).length;
  const [killed, timedOut, survived] = [count("Killed"), count("Timeout"), count("Survived")];
  const [uncovered, ignored] = [count("NoCoverage"), count("Ignored")];
  const tried = killed + timedOut + survived + uncovered;
  const score = tried === 0 ? "" : `${((100 * (killed + timedOut)) / tried).toFixed(1)} %`;
  return `| ${[title, mutants.length, killed, timedOut, survived, uncovered, ignored, score].join(" | ")} |`;
}

function shown({ file, source, location: { start, end }, mutatorName, replacement, status }: Found[number]): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const original = lines
    .map((line, i) =>
      line.slice(i === 0 ? start.column - 1 : 0, i === lines.length - 1 ? end.column - 1 : line.length).trim(),
    )
    .join(" ");
  const uncovered = status === "NoCoverage" ? " (no coverage)" : "";
  return `${file}:${start.line}:${start.column} ${mutatorName}: ${original} -> ${replacement ?? ""}${uncovered}`;
}

for (const part of process.argv.length > 2 ? process.argv.slice(2).map(partNamed) : PARTS) mutate(part);

const found = mutantsOf(PARTS);
const rooms = [...new Set(PARTS.map(({ room }) => room))];
const unnoticed = found.filter(({ status }) => status === "Survived" || status === "NoCoverage");
const noticed = found.filter(({ status }) => status === "Killed" || status === "Timeout");
process.stdout.write(
  [
    "| room | mutants | killed | timed out | survived | no coverage | not tried | score |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
    ...rooms.map((room) =>
      tableRow(
        room,
        found.filter((mutant) => mutant.room === room),
      ),
    ),
    tableRow("all", found),
    "",
    ...unnoticed.map(shown),
    "",
  ].join("\n"),
);
if (100 * noticed.length < LEAST_SCORE * (noticed.length + unnoticed.length)) process.exitCode = 1;
