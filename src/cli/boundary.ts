import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { populationsOf } from "../claim/population.ts";
import {
  type Boundary,
  boundaryCells,
  boundaryCsv,
  boundaryOf,
  type Setting,
  type Varied,
} from "../explore/boundary.ts";
import { laboratoryOn } from "../explore/laboratory.ts";
import { type ReportBoundary, reportBoundaries } from "../explore/report-boundaries.ts";
import { CHOICES, isChoice } from "../explore/space.ts";
import { coreHash, statementHash } from "../laboratory/fingerprint.ts";
import { openPool, type TrialPool } from "../laboratory/pool.ts";
import { loadStatements } from "../laboratory/statements.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import type { NumericField } from "../law/range.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { boundaryCaption, drawBoundary } from "../report/figures/boundary.ts";
import { standaloneSvg } from "../report/figures/draw.ts";
import type { Theta } from "../transformer/notation.ts";
import { THETA_FIELDS } from "../transformer/theta.ts";
import { GATE_SEED } from "../verdict/judge.ts";
import { UsageError } from "./errors.ts";
import { stoppable } from "./interrupt.ts";
import { wholeNumber } from "./options.ts";
import { showCells } from "./progress.ts";
import { claimsNamed, THEOREMS_FILE } from "./registry.ts";
import { aligned } from "./table.ts";

interface BoundaryOptions {
  readonly all?: boolean;
  readonly vary: readonly Varied[];
  readonly set: readonly Setting[];
  readonly claim?: string;
  readonly law?: string;
  readonly seeds?: number;
  readonly cells?: number;
  readonly seed: number;
  readonly out?: string;
  readonly theorems?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** Cells of a grid unless given: of a line, and of a plane. */
const CELLS = { line: 12, plane: 64 };

const SEEDS = 20;

/** `boundary`: the violation rate over a grid of one field or two. */
export function boundaryCommand(version: string): Command {
  return new Command("boundary")
    .argument("[theorem]", "a theorem, control or finding")
    .option("--all", "in the place of a theorem: the boundaries that the report shows")
    .option("--vary <field=from..to>", "a field to vary; once or twice", collected(varied), [])
    .option("--set <field=value>", "a field that is the same in every cell; as often as needed", collected(setting), [])
    .option("--claim <text>", "only claims whose title has this text")
    .option("--law <id>", "the law that the other fields are drawn from; the theorem's first unless given")
    .option("--seeds <n>", `models of each cell; ${SEEDS} unless given`, wholeNumber(1, 10_000))
    .option("--cells <n>", `cells in all; ${CELLS.line} on a line, ${CELLS.plane} on a plane`, wholeNumber(3, 10_000))
    .option("--seed <n>", "seed of the grid", wholeNumber(0), GATE_SEED)
    .option("--out <folder>", "write CSV, JSON and SVG into this folder")
    .option("--theorems <file>", "the module that declares the claims, if they are not the project's own")
    .option("--workers <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .option("--json", "print JSON")
    .action(async (theorem: string | undefined, options: BoundaryOptions) => {
      const asked = askedFor(theorem, options);
      const statementsFile = options.theorems === undefined ? THEOREMS_FILE : resolve(options.theorems);
      const boundaries = await stoppable(async (signal) => {
        const pool = openPool(options.workers, signal);
        try {
          const measured: { id: string; boundary: Boundary }[] = [];
          for (const each of asked) {
            const boundary = await measure(each, options, statementsFile, pool, version);
            // all files of a boundary are made before any is written
            const files = options.out === undefined ? {} : await filesOf(each.id, boundary);
            for (const [name, content] of Object.entries(files)) writeWhole(resolve(join(options.out!, name)), content);
            measured.push({ id: each.id, boundary });
          }
          return measured;
        } finally {
          await pool.close();
        }
      });
      if (options.out !== undefined) process.stderr.write(`Written to ${options.out}.\n`);
      const json = options.all ? boundaries.map(({ boundary }) => boundary) : boundaries[0]!.boundary;
      process.stdout.write(
        options.json ? toJson(json) : boundaries.map(({ boundary }) => describe(boundary)).join("\n"),
      );
    });
}

function askedFor(theorem: string | undefined, options: BoundaryOptions): readonly ReportBoundary[] {
  if (options.all) {
    if (theorem !== undefined || options.vary.length > 0 || options.set.length > 0) {
      throw new UsageError("--all takes no theorem, no --vary and no --set: they are those of the report");
    }
    return reportBoundaries.map((each) => ({
      ...each,
      seeds: options.seeds ?? each.seeds,
      cells: options.cells ?? each.cells,
    }));
  }
  if (theorem === undefined) throw new UsageError("THEOREM must be given, or --all, got neither");
  const { vary, set, seeds = SEEDS } = options;
  const cells = options.cells ?? (vary.length === 2 ? CELLS.plane : CELLS.line);
  const id = [theorem, ...vary.map(({ field }) => field.toLowerCase())].join("-");
  return [{ id, theorem, vary, set, seeds, cells }];
}

async function measure(
  { theorem, vary, set, seeds, cells }: ReportBoundary,
  options: BoundaryOptions,
  statementsFile: string,
  pool: TrialPool,
  version: string,
): Promise<Boundary> {
  const statements = await loadStatements(statementsFile);
  const statement = statements.find(({ id }) => id === theorem);
  if (statement === undefined) {
    throw new UsageError(`THEOREM must be one of ${statements.map(({ id }) => id).join(", ")}, got ${theorem}`);
  }
  const law = statement.laws.find(({ id }) => options.law === undefined || id === options.law);
  if (law === undefined) {
    const laws = statement.laws.map(({ id }) => id).join(", ");
    throw new UsageError(`--law must be one of ${laws}, those of ${theorem}, got ${options.law}`);
  }
  const population = populationsOf(statements).find((each) => each.law.id === law.id)!;
  const progress = showCells(process.stderr, theorem);
  const boundaryOptions = {
    laboratory: laboratoryOn(pool, statementsFile, population),
    claims: claimsNamed(population, theorem, options.claim),
    vary,
    set,
    seeds,
    seed: options.seed,
    cells,
    onProgress: progress.show,
  };
  try {
    const found = await boundaryCells(boundaryOptions);
    const versions = {
      theorycheck: version,
      core: coreHash(),
      statement: await statementHash(statement, statementsFile),
    };
    return boundaryOf(boundaryOptions, found, versions);
  } finally {
    progress.stop();
  }
}

/** The files of a boundary, by name. */
export async function filesOf(id: string, boundary: Boundary): Promise<Record<string, string>> {
  return {
    [`${id}.csv`]: boundaryCsv(boundary),
    [`${id}.json`]: toJson(boundary),
    [`${id}.svg`]: `${standaloneSvg(await drawBoundary(id, boundary))}\n`,
  };
}

function describe(boundary: Boundary): string {
  const { axes, cells } = boundary;
  const rows = cells.map(({ at, models, violations, limits }) => [
    ...at.map((value) => shortNumber(value)),
    models === 0 ? "no model" : `${violations} of ${models}`,
    models === 0 ? "" : `[${shortNumber(limits.lower)}, ${shortNumber(limits.upper)}]`,
  ]);
  const header = [...axes.map(({ field }) => field), "violations", "rate, at 95 %"];
  return `${[boundaryCaption(boundary), "", ...aligned([header, ...rows])].join("\n")}\n`;
}

function collected<T>(parse: (text: string) => T) {
  return (text: string, before: readonly T[]): readonly T[] => [...before, parse(text)];
}

const NUMERIC_FIELDS = THETA_FIELDS.filter((field) => !isChoice(field)) as NumericField[];

function varied(text: string): Varied {
  const [, name, from, to] = /^([A-Za-z]+)=(.+)\.\.(.+)$/.exec(text) ?? [];
  const field = NUMERIC_FIELDS.find((each) => each === name);
  const ends = [Number(from), Number(to)] as const;
  if (field === undefined || !ends.every(Number.isFinite) || !(ends[0] < ends[1])) {
    throw new InvalidArgumentError(
      `It must be a field and two numbers, as in delta=0.01..3, with a field among ${NUMERIC_FIELDS.join(", ")}, got ${JSON.stringify(text)}.`,
    );
  }
  return { field, from: ends[0], to: ends[1] };
}

function setting(text: string): Setting {
  const [, name, value] = /^([A-Za-z]+)=(.+)$/.exec(text) ?? [];
  const field = THETA_FIELDS.find((each) => each === name);
  const fail = (rule: string): never => {
    throw new InvalidArgumentError(`It must be ${rule}, got ${JSON.stringify(text)}.`);
  };
  if (field === undefined || value === undefined) {
    return fail(`a field and a value, as in Tmax=1000, with a field among ${THETA_FIELDS.join(", ")}`);
  }
  if (isChoice(field)) {
    const values: readonly Theta[keyof Theta][] = CHOICES[field];
    const chosen = values.find((each) => each === value);
    return chosen === undefined ? fail(`${field}= one of ${values.join(", ")}`) : { field, value: chosen };
  }
  return Number.isFinite(Number(value)) ? { field, value: Number(value) } : fail(`${field}= a number`);
}
