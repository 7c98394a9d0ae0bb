import { resolve } from "node:path";
import { Command } from "commander";
import { writeWhole } from "../laboratory/write-whole.ts";
import { toJson } from "../report/encode.ts";
import { calibrate, calibrated, calibrationMarkdown } from "../verdict/calibrate.ts";
import { calibrateJoint } from "../verdict/calibrate-joint.ts";
import { GATE_SEED } from "../verdict/judge.ts";
import { ExitWith } from "./exit.ts";
import { wholeNumber } from "./options.ts";

/** `calibrate`: how often the gate errs, by simulation and by exact computation. */
export function calibrateCommand(): Command {
  return new Command("calibrate")
    .description("simulate the gate at known violation rates: false alarms, false passes, models to a verdict")
    .option("--seed <n>", "seed of the simulation", wholeNumber(0), GATE_SEED)
    .option("--out <folder>", "folder for calibration.md and calibration.json", "reports")
    .action(({ seed, out }: { seed: number; out: string }) => {
      const calibration = { ...calibrate({ seed }), joint: calibrateJoint({ seed }) };
      const markdown = calibrationMarkdown(calibration);
      process.stdout.write(markdown);
      writeWhole(resolve(out, "calibration.md"), markdown);
      writeWhole(resolve(out, "calibration.json"), toJson(calibration));
      if (!calibrated(calibration)) throw new ExitWith(1);
    });
}
