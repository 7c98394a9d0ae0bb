import { statSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { readText } from "../laboratory/read-text.ts";
import { diffResults } from "../report/diff.ts";
import { diffMarkdown, diffText } from "../report/diff-text.ts";
import { toJson } from "../report/encode.ts";
import { LARGEST_RESULTS, parseResults } from "../report/results.ts";
import { UsageError } from "./errors.ts";
import { ExitWith } from "./exit.ts";
import { place } from "./places.ts";
import { print } from "./print.ts";

interface DiffOptions {
  readonly common?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** What it ends with where something was lost. */
const REGRESSION = 1;

/** `diff`: what changed from one run to another. */
export function diffCommand(): Command {
  return new Command("diff")
    .argument("<old>", "results.json of a run, of version 1 too; or its folder", place)
    .argument("<new>", "that of another", place)
    .option("--common", "only what both runs judged: where one is of a part of the gate")
    .option("--markdown", "print Markdown, for a pull request")
    .option("--json", "print JSON")
    .action((old: string, now: string, { common, markdown, json }: DiffOptions) => {
      if (markdown && json) throw new UsageError("--markdown and --json are two forms, got both");
      const files = { old: fileIn(old), new: fileIn(now) };
      const diff = diffResults(resultsIn(files.old), resultsIn(files.new), { common });
      print(json ? toJson(diff) : markdown ? diffMarkdown(diff, files) : diffText(diff, files));
      if (diff.regressions > 0) throw new ExitWith(REGRESSION);
    });
}

function fileIn(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, "results.json") : path;
}

function resultsIn(file: string) {
  return parseResults(readText(file, LARGEST_RESULTS), file);
}
