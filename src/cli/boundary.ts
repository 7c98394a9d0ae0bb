import { resolve } from "node:path";
import { Command } from "commander";
import { type ReportBoundary, reportBoundaries } from "../../theorems/boundaries.ts";
import { type JudgedClaim, type Population, populationsOf } from "../claim/population.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import { type Boundary, boundaryCsv, boundaryOf, type Cell } from "../explore/boundary.ts";
import { boundaryCells, type BoundaryOptions as CellOptions, requireSensible } from "../explore/boundary-cells.ts";
import { probe } from "../explore/probe.ts";
import { coreHash, type Declarations, statementHash } from "../laboratory/fingerprint.ts";
import { requireWritable, writeSet } from "../laboratory/write-whole.ts";
import type { Draw } from "../law/law.ts";
import type { Parameters } from "../law/parameters.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { boundaryCaption, drawBoundary } from "../report/figures/boundary.ts";
import { standaloneSvg } from "../report/figures/draw.ts";
import { GATE_SEED } from "../verdict/judge.ts";
import { linesToReplay } from "./again.ts";
import { UsageError } from "./errors.ts";
import { FARM, type FarmOptions } from "./farm.ts";
import { fieldSetting, variedField } from "./fields.ts";
import { stoppable } from "./interrupt.ts";
import { type DeclaredIn, declarationsOf, openLaboratory, SUITE_OPTION } from "./laboratory.ts";
import { collected, wholeNumber } from "./options.ts";
import { place } from "./places.ts";
import { print, tell } from "./print.ts";
import { showCells } from "./progress.ts";
import { claimsNamed } from "./registry.ts";
import { type ProgressMode, progressOption } from "./status.ts";
import { aligned } from "./table.ts";

interface BoundaryOptions extends FarmOptions {
  readonly all?: boolean;
  readonly vary: readonly string[];
  readonly set: readonly string[];
  readonly claim?: string;
  readonly law?: string;
  readonly seeds?: number;
  readonly cells?: number;
  readonly seed: number;
  readonly out?: string;
  readonly theorems?: string;
  readonly suite?: string;
  readonly workers?: number;
  readonly json?: boolean;
  readonly progress: ProgressMode;
}

/** Cells of a grid unless given: of a line, and of a plane. */
const CELLS = { line: 12, plane: 64 };

const SEEDS = 20;

/** `boundary`: the violation rate over a grid of one field or two. */
export function boundaryCommand(version: string, signal: AbortSignal): Command {
  return new Command("boundary")
    .argument("[theorem]", "a theorem, control or finding")
    .option("--all", "in the place of a theorem: the boundaries that the report shows")
    .option("--vary <field=from..to>", "a field to vary; once or twice", collected, [])
    .option("--set <field=value>", "a field that is the same in every cell; as often as needed", collected, [])
    .option("--claim <text>", "only claims whose title has this text")
    .option("--law <id>", "the law that the other fields are drawn from; the theorem's first unless given")
    .option("--seeds <n>", `models of each cell; ${SEEDS} unless given`, wholeNumber(1, 10_000))
    .option("--cells <n>", `cells in all; ${CELLS.line} on a line, ${CELLS.plane} on a plane`, wholeNumber(3, 10_000))
    .option("--seed <n>", "seed of the grid", wholeNumber(0), GATE_SEED)
    .option("--out <folder>", "write CSV, JSON and SVG into this folder", place)
    .option("--theorems <file>", "the module that declares the claims, if they are not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--workers <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .addOption(FARM.queue)
    .addOption(FARM.prefix)
    .addOption(FARM.audit)
    .option("--json", "print JSON")
    .addOption(progressOption())
    .action(async (theorem: string | undefined, options: BoundaryOptions) => {
      const asked = askedFor(theorem, options);
      const declarations = await declarationsOf(options);
      const plans = asked.map((each) => planned(each, options, declarations));
      const { out } = options;
      if (out !== undefined) {
        const names = plans.flatMap(({ id }) => ["csv", "json", "svg"].map((ending) => `${id}.${ending}`));
        requireWritable(resolve(out), names, "--out");
      }
      const failures: unknown[] = [];
      const boundaries = await stoppable(
        signal,
        "files are whole, and those not yet measured as they were",
        async () => {
          const laboratory = await openLaboratory(declarations, {
            workers: options.workers,
            signal,
            farm: { ...options, version },
          });
          try {
            const measured: Measured[] = [];
            for (const plan of plans) {
              const { boundary, violators } = await measure(
                plan,
                options.seed,
                declarations,
                laboratory,
                version,
                options.progress,
              );
              measured.push({ plan, boundary, violators });
              // each as soon as it is measured; what cannot be written is printed all the same, and said at the end
              if (out === undefined || failures.length > 0) continue;
              const files = await filesOf(plan.id, boundary);
              signal.throwIfAborted();
              try {
                writeSet(resolve(out), files);
              } catch (error) {
                failures.push(error);
              }
            }
            return measured;
          } finally {
            await laboratory.close();
          }
        },
      );
      const json = options.all ? boundaries.map(({ boundary }) => boundary) : boundaries[0]!.boundary;
      print(options.json ? toJson(json) : boundaries.map((each) => describe(each, options)).join("\n"));
      if (failures.length > 0) throw failures[0];
      if (out !== undefined) tell(`Written to ${out}.`);
    });
}

/** A boundary as it is asked for: what is varied and what is set are text until the fields are known. */
interface Asked extends Omit<ReportBoundary, "vary" | "set"> {
  readonly fieldsOf: (parameters: Parameters) => Pick<ReportBoundary, "vary" | "set">;
}

function askedFor(theorem: string | undefined, options: BoundaryOptions): readonly Asked[] {
  if (options.all) {
    if (theorem !== undefined || options.vary.length > 0 || options.set.length > 0) {
      throw new UsageError("--all takes no theorem, no --vary and no --set: they are those of the report");
    }
    return reportBoundaries.map((each) => ({
      ...each,
      seeds: options.seeds ?? each.seeds,
      cells: options.cells ?? each.cells,
      fieldsOf: () => each,
    }));
  }
  if (theorem === undefined) throw new UsageError("THEOREM must be given, or --all, got neither");
  const { vary, set, seeds = SEEDS } = options;
  const cells = options.cells ?? (vary.length === 2 ? CELLS.plane : CELLS.line);
  const id = [theorem, ...vary.map((text) => text.replace(/=.*/, "").toLowerCase())].join("-");
  const fieldsOf = (parameters: Parameters) => ({
    vary: vary.map((text) => variedField(parameters, text)),
    set: set.map((text) => fieldSetting(parameters, text)),
  });
  return [{ id, theorem, seeds, cells, fieldsOf }];
}

/** A boundary that can be measured: what was asked for is there, and makes sense. */
interface Plan extends Pick<ReportBoundary, "id" | "vary" | "set" | "seeds" | "cells"> {
  readonly population: Population;
  readonly claims: readonly JudgedClaim[];
}

/** @throws UsageError, InvalidInput */
function planned(
  { id, theorem, fieldsOf, seeds, cells }: Asked,
  options: BoundaryOptions,
  { statements }: Declarations,
): Plan {
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
  const claims = claimsNamed(population, theorem, options.claim);
  const plan = { id, ...fieldsOf(law.parameters), seeds, cells, population, claims };
  requireSensible(plan);
  return plan;
}

interface Measured {
  readonly plan: Plan;
  readonly boundary: Boundary;
  /** For each cell with a violation the first model that shows one. */
  readonly violators: ReadonlyMap<Cell, Draw>;
}

async function measure(
  { population, claims, vary, set, seeds, cells }: Plan,
  seed: number,
  { file, closure }: Declarations,
  laboratory: Laboratory,
  version: string,
  mode: ProgressMode,
): Promise<Pick<Measured, "boundary" | "violators">> {
  const { statement } = claims[0]!;
  const progress = showCells(process.stderr, statement.id, { mode });
  const violators = new Map<Cell, Draw>();
  const boundaryOptions: CellOptions = {
    probe: probe(laboratory, population),
    ...{ claims, vary, set, seeds, seed, cells },
    onProgress: progress.show,
    onCell: (cell, trials) => {
      const first = trials.find(({ violated }) => violated);
      if (first !== undefined) violators.set(cell, first.models[0]);
    },
  };
  try {
    const found = await boundaryCells(boundaryOptions);
    const versions = {
      theorycheck: version,
      core: coreHash(),
      statement: await statementHash(statement, file, closure),
    };
    return { boundary: boundaryOf(boundaryOptions, found, versions), violators };
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

function describe({ plan, boundary, violators }: Measured, from: DeclaredIn): string {
  const { axes, cells } = boundary;
  const rows = cells.map(({ at, models, violations, limits }) => [
    ...at.map((value) => shortNumber(value)),
    models === 0 ? "no model" : `${violations} of ${models}`,
    models === 0 ? "" : `[${shortNumber(limits.lower)}, ${shortNumber(limits.upper)}]`,
  ]);
  const header = [...axes.map(({ field }) => field), "violations", "rate, at 95 %"];
  const again = cells.flatMap((cell) => {
    const violator = violators.get(cell);
    if (violator === undefined) return [];
    const at = axes.map(({ field }, i) => `${field} = ${shortNumber(cell.at[i]!)}`).join(", ");
    return [
      `the first violation at ${at}`,
      ...linesToReplay(plan.claims[0]!, violator, from).map((line) => `  ${line}`),
    ];
  });
  const table = [boundaryCaption(boundary), "", ...aligned([header, ...rows])];
  return `${[...table, ...(again.length === 0 ? [] : ["", ...again])].join("\n")}\n`;
}
