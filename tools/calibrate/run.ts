import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { requireSeed } from "../../src/random/stream.ts";
import { toJson } from "../../src/report/encode.ts";
import { calibrate, calibrated, calibrationMarkdown } from "../../src/verdict/calibrate.ts";
import { calibrateJoint } from "../../src/verdict/calibrate-joint.ts";
import { GATE_SEED } from "../../src/verdict/judge.ts";

/**
 * `npm run calibrate`: simulates the gate at known violation rates, and writes down how often it errs and how many models
 * a verdict takes. Exit code 1 where it errs more often than it may.
 *
 * --seed N      seed of the simulation
 * --out FOLDER  folder for calibration.md and calibration.json; reports unless given
 */
const { values } = parseArgs({
  options: { seed: { type: "string", default: String(GATE_SEED) }, out: { type: "string", default: "reports" } },
});

const seed = requireSeed("calibrate", Number(values.seed));
const calibration = { ...calibrate({ seed }), joint: calibrateJoint({ seed }) };
const markdown = calibrationMarkdown(calibration);
process.stdout.write(markdown);
writeWhole(resolve(values.out, "calibration.md"), markdown);
writeWhole(resolve(values.out, "calibration.json"), toJson(calibration));
process.exitCode = calibrated(calibration) ? 0 : 1;
