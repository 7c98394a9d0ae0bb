import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { declarationsOf } from "../src/cli/laboratory.ts";
import { hashesOf } from "../src/laboratory/fingerprint.ts";
import { toJson } from "../src/report/encode.ts";
import { writeKept } from "../src/report/made-with.ts";
import type { Timings } from "../src/transformer/report/performance.ts";
import { timeGrowth, timeModels, timePruned, timeSteps, timeWorkers, WORKLOADS, type Workload } from "./timing.ts";
import { inWords } from "./words.ts";

/**
 * `npm run bench`: times training steps of both engines, whole models, all cores, growth with the shape, and pruned
 * models, in about two minutes.
 *
 * --json        print JSON
 * --out FOLDER  write performance.json, from which the report draws what pruning saves, into this folder
 */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, out: { type: "string" } } });

/** How much is timed: enough for a table of reports/performance.md. */
const EFFORT = { stepMs: 1000, models: 10, throughputModels: 60, growthMs: 100, prunedModels: 10, prunedMs: 60 };

const steps: Timings["steps"] = [];
for (const workload of Object.keys(WORKLOADS) as Workload[]) steps.push(...(await timeSteps(workload, EFFORT.stepMs)));
const timed: Timings = {
  steps,
  models: timeModels(EFFORT.models),
  throughput: await timeWorkers(EFFORT.throughputModels),
  growth: await timeGrowth(EFFORT.growthMs),
  pruning: await timePruned(EFFORT.prunedModels, EFFORT.prunedMs),
};
if (values.out !== undefined) {
  const file = join(values.out, "performance.json");
  const made = await hashesOf(await declarationsOf({}));
  writeKept(resolve(values.out), "performance.json", toJson(timed), made);
  process.stderr.write(`Written to ${file}.\n`);
}
process.stdout.write(values.json ? toJson(timed) : inWords(timed));
