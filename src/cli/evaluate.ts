import { Command, Option } from "commander";
import { jsonIn } from "../json.ts";
import { encodeNumbers } from "../json-number.ts";
import { readText } from "../laboratory/read-text.ts";
import { toJson } from "../report/encode.ts";
import { checkCases, type Deviation, isWithinTolerance, ratio } from "../transformer/evaluate/check-evaluation.ts";
import { evaluateCases } from "../transformer/evaluate/evaluate.ts";
import { ENGINE_NAMES, engineNamed } from "../transformer/model/engine-names.ts";
import { visible, visibleLines } from "../visible-text.ts";
import { ExitWith } from "./exit.ts";
import { print } from "./print.ts";

/** Numbers of a file are text: a million of them have some 20 MB. */
const LARGEST_CASES = 50_000_000;

/** `theorycheck evaluate FILE`: scores, losses, gradients and a short SGD of the cases in a file, as JSON on stdout. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .argument("<file>", "JSON file of cases")
    .addOption(new Option("--engine <name>", "which engine evaluates them").choices(ENGINE_NAMES).default("reference"))
    .option(
      "--check",
      "hold the result against the file's `expected` values instead of printing it; exit 1 if it is off",
    )
    .option("--json", "print JSON, also of what --check finds; what is evaluated is JSON in any case")
    .action((path: string, options: { engine: string; check?: true; json?: true }) => {
      const file = jsonIn(readText(path, LARGEST_CASES), path);
      const evaluations = evaluateCases(file, engineNamed(options.engine));
      if (options.check === undefined) {
        print(`${visible(JSON.stringify(evaluations, encodeNumbers))}\n`);
        return;
      }
      const deviations = checkCases(evaluations, file);
      if (options.json) {
        print(toJson(deviations.map((each) => ({ ...each, within: isWithinTolerance(each) }))));
      } else {
        print(`${visibleLines(deviationTable(deviations))}\n`);
      }
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
