import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { presentation as paper } from "../../theorems/presentation.ts";
import { jsonIn } from "../json.ts";
import { readText } from "../laboratory/read-text.ts";
import { readSuite } from "../laboratory/suite-file.ts";
import { writeSet } from "../laboratory/write-whole.ts";
import type { Parameters } from "../law/parameters.ts";
import { toJson } from "../report/encode.ts";
import { reportFiles } from "../report/files.ts";
import { plain } from "../report/presentation.ts";
import { LARGEST_RESULTS, parseResults } from "../report/results.ts";
import { checkSet, wholeSet } from "../report/set.ts";
import { transformer } from "../transformer/experiment.ts";
import { UsageError } from "./errors.ts";
import { ExitWith } from "./exit.ts";
import { place } from "./places.ts";
import { print, tell } from "./print.ts";

const RESULTS = "results.json";

/** What `--check` ends with where a set is not whole: the reports say something else than what was found. */
const NOT_WHOLE = 1;

interface ReportOptions {
  readonly out?: string;
  readonly check?: boolean;
  readonly suite?: string;
  readonly json?: boolean;
}

/** `report`: every report made anew from a results.json, without a model being trained. */
export function reportCommand(): Command {
  return new Command("report")
    .argument("[file]", "results.json of a run; a folder with --check", place, "reports/results.json")
    .option("--out <folder>", "folder for the reports; that of the file unless given", place)
    .option("--suite <file>", "the suite that was judged: the schema of counterexamples then has its fields")
    .option("--check", "write nothing: say whether the files of a folder belong together; exit code 1 if not")
    .option("--json", "print JSON: the files that were written, or what --check found")
    .action(async (file: string, { out = dirname(file), check, suite, json }: ReportOptions) => {
      if (check) {
        tellWhetherWhole(basename(file) === RESULTS ? dirname(file) : file, json);
        return;
      }
      const text = readText(file, LARGEST_RESULTS);
      const results = parseResults(text, file);
      const others = join(out, RESULTS);
      if (dirname(file) === out && basename(file) !== RESULTS && existsSync(others)) {
        throw new UsageError(`--out must be given for ${file}: its reports would take the place of those of ${others}`);
      }
      // all is made before anything is written: what cannot be read leaves the earlier reports whole
      const files = await reportFiles(
        results,
        (results.experiment ?? transformer.id) === transformer.id ? paper : plain(parametersIn(suite)),
      );
      // models.jsonl is the run's own: it stays, where it is
      const models = results.files?.["models.jsonl"];
      const stays = resolve(out) === resolve(dirname(file)) && models !== undefined ? { "models.jsonl": models } : {};
      const set = wholeSet(jsonIn(text, file) as object, files, stays);
      writeSet(resolve(out), set);
      if (json) print(toJson({ out, files: Object.keys(set).sort() }));
      tell(`Reports written to ${out}.`);
    });
}

function tellWhetherWhole(folder: string, json = false): void {
  const faults = checkSet(folder);
  if (json) {
    print(toJson({ folder, whole: faults.length === 0, faults }));
    if (faults.length > 0) throw new ExitWith(NOT_WHOLE);
    return;
  }
  const whole = faults.length === 0 ? "are of one run, and as it wrote them" : "do not belong together";
  print(`The files of ${folder} ${whole}.\n${faults.map((fault) => `  ${fault}\n`).join("")}`);
  if (faults.length > 0) throw new ExitWith(NOT_WHOLE);
}

function parametersIn(suite: string | undefined): Parameters | undefined {
  return suite === undefined ? undefined : readSuite(resolve(suite)).experiment.parameters;
}
