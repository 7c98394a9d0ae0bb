import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { encodeNumbers } from "../json-number.ts";
import { checkCases, type Deviation, isWithinTolerance, ratio } from "../transformer/evaluate/check-evaluation.ts";
import { evaluateCases } from "../transformer/evaluate/evaluate.ts";
import { ENGINE_NAMES, engineNamed } from "../transformer/model/engine-names.ts";
import { UsageError } from "./errors.ts";
import { ExitWith } from "./exit.ts";

/** `theorycheck evaluate FILE`: scores, losses, gradients and a short SGD of the cases in a file, as JSON on stdout. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .argument("<file>", "JSON file of cases")
    .addOption(new Option("--engine <name>", "which engine evaluates them").choices(ENGINE_NAMES).default("reference"))
    .option(
      "--check",
      "hold the result against the file's `expected` values instead of printing it; exit 1 if it is off",
    )
    .action((path: string, options: { engine: string; check?: true }) => {
      const file = readCases(path);
      const evaluations = evaluateCases(file, engineNamed(options.engine));
      if (options.check === undefined) {
        console.log(JSON.stringify(evaluations, encodeNumbers));
        return;
      }
      const deviations = checkCases(evaluations, file);
      console.log(deviationTable(deviations));
      if (!deviations.every(isWithinTolerance)) throw new ExitWith(1);
    });
}

/** For every quantity the case that is furthest off, in units of its tolerance. */
function deviationTable(deviations: readonly Deviation[]): string {
  const worst = new Map<string, Deviation>();
  for (const deviation of deviations) {
    const before = worst.get(deviation.quantity);
    if (before === undefined || ratio(deviation) > ratio(before)) worst.set(deviation.quantity, deviation);
  }
  const line = (...cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd([30, 14, 14, 8][i] ?? 0))
      .join("")
      .trimEnd();
  const rows = [...worst.values()].map((deviation) => {
    const { quantity, error, tolerance } = deviation;
    const verdict = isWithinTolerance(deviation) ? "ok" : "OFF";
    return line(quantity, error.toExponential(2), tolerance.toExponential(2), verdict, deviation.case);
  });
  return [line("quantity", "worst error", "tolerance", "", "in case"), ...rows].join("\n");
}

function readCases(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`FILE: must be a readable JSON file, got ${path} (${reason})`, { cause });
  }
}
