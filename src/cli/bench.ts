import { Command } from "commander";
import { Bench } from "tinybench";
import { drawTheta } from "../data/law.ts";
import { baseLaw } from "../data/laws.ts";
import { sampleDataset, samplePatterns } from "../data/sample.ts";
import { runModel } from "../measure/run.ts";
import { measurementsOf } from "../measure/summary.ts";
import { engineNamed } from "../model/engines.ts";
import type { Theta } from "../notation.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { initialWeights } from "../train/initial-weights.ts";
import { GATE_SEED } from "../verdict/judge.ts";
import { trialSeed } from "../verdict/population.ts";

/** The shapes at which a step is timed; N = 400 samples, ma = mb = d. */
export const WORKLOADS = {
  small: { B: 64, L: 16, d: 10, m: 64 },
  standard: { B: 100, L: 20, d: 10, m: 100 },
  large: { B: 100, L: 40, d: 16, m: 300 },
} as const;

export type Workload = keyof typeof WORKLOADS;

const ENGINES = ["kernel", "reference"] as const;

/** Small enough that the weights do not move, and so every hinge stays active. */
export const STANDING_STILL = 1e-12;

/** Milliseconds a step: the median, and the median absolute deviation from it. */
export interface StepTime {
  readonly workload: Workload;
  readonly engine: (typeof ENGINES)[number];
  readonly msPerStep: number;
  readonly spread: number;
}

/** Times one mini-batch step (forward, hinge, gradients, update) with every hinge active. */
export async function timeSteps(
  workload: Workload,
  milliseconds: number,
  engines: readonly StepTime["engine"][] = ENGINES,
): Promise<StepTime[]> {
  const times: StepTime[] = [];
  for (const engine of engines) {
    const { step } = preparedStep(workload, engine);
    const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 4 }).add(engine, step);
    const [task] = await bench.run();
    const result = task?.result;
    if (result === undefined || !("latency" in result)) throw new Error(`bench: no time for ${workload}, ${engine}`);
    const { p50, mad } = result.latency;
    times.push({ workload, engine, msPerStep: p50, spread: mad });
  }
  return times;
}

/** The model and data of a workload, weights as at initialisation: scores are near 0, so every hinge is active. */
export function workloadModel(workload: Workload) {
  const { B, L, d, m } = WORKLOADS[workload];
  const theta: Theta = {
    ...drawTheta(baseLaw, GATE_SEED),
    ...{ M: 6, r: 2, d, L, m, ma: d, mb: d, B, N: 400, alphaStar: 0.4, alphaSharp: 0.1 },
    ...{ delta: 0.1, sigma: 0.1, xi: 0.01, tau: 0.1 },
  };
  const data = sampleDataset(theta, GATE_SEED, samplePatterns(theta, GATE_SEED), "train");
  return { B, data, weights: initialWeights(theta, GATE_SEED) };
}

/** A step on the workload's model; it returns the batch's mean hinge. */
export function preparedStep(workload: Workload, engine: StepTime["engine"]): { step: () => number } {
  const { B, data, weights } = workloadModel(workload);
  const training = engineNamed(engine).startTraining(weights, data);
  const batch = Int32Array.from({ length: B }, (_, n) => n);
  return { step: () => training.step(batch, STANDING_STILL) };
}

/** A whole model, θ to the last measurement, timed. */
export interface ModelTime {
  readonly law: string;
  readonly seed: number;
  readonly steps: number;
  readonly ms: number;
}

/** Times the first models of the gate's run on the base law, from θ to the last measurement. */
export function timeModels(models: number): ModelTime[] {
  return Array.from({ length: models }, (_, index) => {
    const seed = trialSeed(GATE_SEED, baseLaw.id, index);
    const start = performance.now();
    const run = runModel(drawTheta(baseLaw, seed), seed, { engine: engineNamed("kernel"), traces: ["gradients"] });
    measurementsOf(run);
    return { law: baseLaw.id, seed, steps: run.steps, ms: performance.now() - start };
  });
}

/** `bench`: how long steps and models take on this machine. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("time training steps of both engines, and whole models")
    .option("--json", "print JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const steps: StepTime[] = [];
      for (const workload of Object.keys(WORKLOADS) as Workload[]) steps.push(...(await timeSteps(workload, 1000)));
      const models = timeModels(10);
      if (json) {
        process.stdout.write(toJson({ steps, models }));
        return;
      }
      const lines = steps.map(({ workload, engine, msPerStep, spread }) => {
        const reference = steps.find((other) => other.workload === workload && other.engine === "reference");
        const ratio = (reference?.msPerStep ?? Number.NaN) / msPerStep;
        return `${workload.padEnd(9)} ${engine.padEnd(10)} ${shortNumber(msPerStep)} ms ± ${shortNumber(spread)}  (${shortNumber(ratio)}× the reference's speed)`;
      });
      for (const { law, seed, steps, ms } of models)
        lines.push(`${law} ${seed}: ${steps} steps, ${shortNumber(ms)} ms`);
      process.stdout.write(`${lines.join("\n")}\n`);
    });
}
