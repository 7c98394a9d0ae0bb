import { join, resolve } from "node:path";
import { Command } from "commander";
import { writeWhole } from "../laboratory/write-whole.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import type { Performance } from "../report/performance.ts";
import { aligned } from "./table.ts";
import { timeGrowth, timeModels, timePruned, timeSteps, timeWorkers, WORKLOADS, type Workload } from "./timing.ts";

/** How much is timed: enough for a table of reports/performance.md, in about two minutes. */
const EFFORT = { stepMs: 1000, models: 10, throughputModels: 60, growthMs: 100, prunedModels: 10, prunedMs: 60 };

/** `bench`: how long steps and models take on this machine, how cost grows, and what pruning saves. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("time training steps of both engines, whole models, all cores, growth with the shape, pruned models")
    .option("--json", "print JSON")
    .option(
      "--out <folder>",
      "write performance.json, from which the report draws what pruning saves, into this folder",
    )
    .action(async ({ json, out }: { json?: boolean; out?: string }) => {
      const performance = await timeAll();
      if (out !== undefined) {
        writeWhole(resolve(join(out, "performance.json")), toJson(performance));
        process.stderr.write(`Written to ${join(out, "performance.json")}.\n`);
      }
      process.stdout.write(json ? toJson(performance) : describe(performance));
    });
}

async function timeAll(): Promise<Performance> {
  const steps: Performance["steps"] = [];
  for (const workload of Object.keys(WORKLOADS) as Workload[])
    steps.push(...(await timeSteps(workload, EFFORT.stepMs)));
  return {
    steps,
    models: timeModels(EFFORT.models),
    throughput: await timeWorkers(EFFORT.throughputModels),
    growth: await timeGrowth(EFFORT.growthMs),
    pruning: await timePruned(EFFORT.prunedModels, EFFORT.prunedMs),
  };
}

/** What was timed, for people. */
export function describe({ steps, models, throughput, growth, pruning }: Performance): string {
  const stepRows = steps.map(({ workload, engine, msPerStep, spread }) => {
    const reference = steps.find((other) => other.workload === workload && other.engine === "reference");
    const ratio = (reference?.msPerStep ?? Number.NaN) / msPerStep;
    return [workload, engine, `${shortNumber(msPerStep)} ± ${shortNumber(spread)}`, `${shortNumber(ratio)}×`];
  });
  const modelRows = models.map(({ law, seed, steps, ms }) => [law, String(seed), String(steps), shortNumber(ms)]);
  const growthRows = growth.map(({ field, rungs, exponent, interval, expected }) => [
    field,
    `${rungs[0]} to ${rungs.at(-1)}`,
    `${exponent.toFixed(2)} [${interval.lower.toFixed(2)}, ${interval.upper.toFixed(2)}]`,
    expected.toFixed(2),
  ]);
  const mostPruned = pruning.map(({ points }) => points.at(-1)!);
  const median = (of: (point: (typeof mostPruned)[number]) => number) => {
    const sorted = mostPruned.map(of).sort((one, other) => one - other);
    return `${Math.round(100 * sorted[Math.floor(sorted.length / 2)]!)} %`;
  };
  return [
    ...aligned([["workload", "engine", "ms a step", "the reference's speed"], ...stepRows]),
    "",
    ...aligned([["law", "seed", "steps", "ms from θ to the last measurement"], ...modelRows]),
    "",
    ...throughput.map(
      ({ workers, models, modelsPerSecond }) =>
        `${shortNumber(modelsPerSecond)} models a second on ${workers} ${workers === 1 ? "core" : "cores"} (${models} models of the base law)`,
    ),
    "",
    ...aligned([["cost against", "from", "exponent", "of plain products"], ...growthRows]),
    "",
    `Without the small neurons (${median(({ pruned }) => pruned)} of all, median of ${pruning.length} models) a forward pass takes ` +
      `${median(({ multiplyAdds }) => multiplyAdds)} of the multiply-adds, ${median(({ reference }) => reference)} of the time with plain products, ` +
      `${median(({ kernel }) => kernel)} in the kernel.`,
    "",
  ].join("\n");
}
