import { aligned } from "../src/cli/table.ts";
import { shortNumber } from "../src/report/encode.ts";
import type { Timings } from "../src/transformer/report/performance.ts";

/** What was timed, for people. */
export function inWords({ steps, models, throughput, growth, pruning }: Timings): string {
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
