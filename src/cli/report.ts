import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { presentation as paper } from "../../theorems/presentation.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import { reportFiles } from "../report/files.ts";
import { plain } from "../report/presentation.ts";
import { parseResults } from "../report/results.ts";
import { transformer } from "../transformer/experiment.ts";
import { UsageError } from "./errors.ts";

/** `report`: every report made anew from a results.json, without a model being trained. */
export function reportCommand(): Command {
  return new Command("report")
    .argument("[file]", "results.json of a run", "reports/results.json")
    .option("--out <folder>", "folder for the reports; that of the file unless given")
    .action(async (file: string, { out = dirname(file) }: { out?: string }) => {
      let text: string;
      try {
        text = readFileSync(file, "utf8");
      } catch (error) {
        throw new UsageError(`report requires the results.json of a run, got ${(error as Error).message}`);
      }
      const results = parseResults(text, file);
      // all is made before anything is written: what cannot be read leaves the earlier reports whole
      const files = await reportFiles(
        results,
        (results.experiment ?? transformer.id) === transformer.id ? paper : plain(),
      );
      for (const [name, content] of Object.entries(files)) writeWhole(resolve(out, name), content);
      process.stderr.write(`Reports written to ${out}.\n`);
    });
}
