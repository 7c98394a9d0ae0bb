import { availableParallelism } from "node:os";
import { Bench } from "tinybench";
import { populationsOf, trialSeed } from "../src/claim/population.ts";
import { declarationsOf } from "../src/cli/laboratory.ts";
import { THEOREMS_FILE } from "../src/cli/registry.ts";
import { threads } from "../src/laboratory/threads.ts";
import { drawTrial } from "../src/law/law.ts";
import { subSeed } from "../src/random/stream.ts";
import { sampleDataset, samplePatterns } from "../src/transformer/data/sample.ts";
import { transformer } from "../src/transformer/experiment.ts";
import { baseLaw, drawTheta } from "../src/transformer/laws.ts";
import { runModel } from "../src/transformer/measure/run.ts";
import { measurementsOf } from "../src/transformer/measure/summary.ts";
import { engineNamed } from "../src/transformer/model/engine-names.ts";
import type { Theta } from "../src/transformer/notation.ts";
import { compactNeurons } from "../src/transformer/prune/magnitude.ts";
import { multiplyAdds } from "../src/transformer/prune/multiply-adds.ts";
import type { Growth, ModelTime, PrunedCost, StepTime, Throughput } from "../src/transformer/report/performance.ts";
import { initialWeights } from "../src/transformer/train/initial-weights.ts";
import { GATE_SEED } from "../src/verdict/judge.ts";
import { fitSlope } from "../src/verdict/slopes.ts";

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

/** The median time of a call in ms, and the median absolute deviation from it. */
async function timeCalls(call: () => unknown, milliseconds: number): Promise<{ median: number; spread: number }> {
  const [task] = await new Bench({
    time: milliseconds,
    iterations: 10,
    warmupTime: milliseconds / 4,
    warmupIterations: 2,
  })
    .add("call", call)
    .run();
  const result = task?.result;
  if (result === undefined || !("latency" in result)) throw new Error("tinybench gave no latency");
  return { median: result.latency.p50, spread: result.latency.mad };
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
    const { median, spread } = await timeCalls(step, milliseconds);
    times.push({ workload, engine, msPerStep: median, spread });
  }
  return times;
}

/** θ of these shapes, the rest in the middle of the base law. */
function thetaOf(shape: Partial<Theta> & Pick<Theta, "B" | "L" | "d" | "m">): Theta {
  const { d } = shape;
  return {
    ...drawTheta(baseLaw, GATE_SEED),
    ...{ M: 6, r: 2, ma: d, mb: d, N: 400, alphaStar: 0.4, alphaSharp: 0.1 },
    ...{ delta: 0.1, sigma: 0.1, xi: 0.01, tau: 0.1 },
    ...shape,
  };
}

/** Training data and weights at initialisation: scores are near 0, so every hinge is active. */
function atInitialisation(theta: Theta) {
  const data = sampleDataset(theta, GATE_SEED, samplePatterns(theta, GATE_SEED), "train");
  return { data, weights: initialWeights(theta, GATE_SEED) };
}

/** The model and data of a workload. */
export function workloadModel(workload: Workload) {
  const theta = thetaOf(WORKLOADS[workload]);
  return { B: theta.B, ...atInitialisation(theta) };
}

/** A step on the workload's model; it returns the batch's mean hinge. */
export function preparedStep(workload: Workload, engine: StepTime["engine"]): { step: () => number } {
  const { B, data, weights } = workloadModel(workload);
  const training = engineNamed(engine).startTraining(weights, data);
  const batch = Int32Array.from({ length: B }, (_, n) => n);
  return { step: () => training.step(batch, STANDING_STILL) };
}

/** Milliseconds of CPU that this process has had, of all its threads: other people's work is not in it. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Times the first models of the gate's run on the base law, from θ to the last measurement, in CPU time, after the first
 * of them was trained once without being timed.
 */
export function timeModels(models: number): ModelTime[] {
  const timeModel = (index: number): ModelTime => {
    const seed = trialSeed(GATE_SEED, baseLaw.id, index);
    const start = cpuMilliseconds();
    const run = runModel(drawTheta(baseLaw, seed), seed, { engine: engineNamed("kernel"), traces: ["gradients"] });
    measurementsOf(run);
    return { law: baseLaw.id, seed, steps: run.steps, ms: cpuMilliseconds() - start };
  };
  timeModel(0);
  return Array.from({ length: models }, (_, index) => timeModel(index));
}

/** Models a second of the base law on one worker and on one a core, each after a first model that is not counted. */
export async function timeWorkers(models: number): Promise<Throughput[]> {
  const times: Throughput[] = [];
  const { statements } = await declarationsOf({});
  const { claims } = populationsOf(statements).find(({ law }) => law.id === baseLaw.id)!;
  for (const workers of new Set([1, availableParallelism()])) {
    const laboratory = threads({ statementsFile: THEOREMS_FILE, workers });
    const train = (index: number) =>
      laboratory.run({
        experiment: transformer.id,
        models: drawTrial(baseLaw, trialSeed(GATE_SEED, baseLaw.id, index)),
        wanted: claims.map(({ key }) => key),
        detail: "none",
      });
    try {
      await Promise.all(Array.from({ length: workers }, (_, index) => train(index)));
      const start = performance.now();
      await Promise.all(Array.from({ length: models }, (_, index) => train(index)));
      times.push({ workers, models, modelsPerSecond: (1000 * models) / (performance.now() - start) });
    } finally {
      await laboratory.close();
    }
  }
  return times;
}

/** One field of the standard workload on a geometric ladder; `d` stands for d = ma = mb. */
const LADDERS = [
  { field: "N", rungs: [200, 400, 800, 1600] },
  { field: "L", rungs: [10, 20, 40, 80] },
  { field: "m", rungs: [50, 100, 200, 400] },
  { field: "d", rungs: [8, 16, 32, 64] },
] as const;

/** Times of a rung: what says how sure the exponent is. */
const SLICES = 5;

/**
 * How the cost of an epoch and a look at the whole training set grows with one field. Expected is the exponent of the
 * multiply-adds of plain matrix products on the same ladder.
 */
export async function timeGrowth(milliseconds: number): Promise<Growth[]> {
  const growth: Growth[] = [];
  for (const { field, rungs } of LADDERS) {
    const thetas = rungs.map((rung) => thetaOf({ ...WORKLOADS.standard, [field]: rung }));
    const ms: number[][] = [];
    for (const theta of thetas) {
      const { data, weights } = atInitialisation(theta);
      const epoch = () => {
        const training = engineNamed("kernel").startTraining(weights, data);
        for (let first = 0; first < theta.N; first += theta.B) {
          training.step(
            Int32Array.from({ length: theta.B }, (_, n) => first + n),
            STANDING_STILL,
          );
        }
        return training.meanHinge();
      };
      const slices: number[] = [];
      for (let slice = 0; slice < SLICES; slice++) slices.push((await timeCalls(epoch, milliseconds)).median);
      ms.push(slices);
    }
    const counted = thetas.map((theta) => [theta.N * multiplyAdds(theta).forward]);
    const { slope, interval } = fitSlope(rungs, ms, subSeed(GATE_SEED, "growth", field));
    growth.push({
      field,
      rungs: [...rungs],
      ms,
      exponent: slope,
      interval,
      expected: fitSlope(rungs, counted, GATE_SEED).slope,
    });
  }
  return growth;
}

/** Shares of the small cluster that are pruned: all of it is the most that is free. */
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** Every share is timed so often, in turn: the least of the medians counts, as other work only ever adds to it. */
const ROUNDS = 3;

/** Samples that a pruned model is timed on. */
const PRUNED_SAMPLES = 100;

/**
 * What models of the base law cost once neurons of the small cluster are left out, smallest first, relative to the whole
 * model: counted multiply-adds, and the time of a forward pass in each engine.
 */
export async function timePruned(models: number, milliseconds: number): Promise<PrunedCost[]> {
  const costs: PrunedCost[] = [];
  for (let index = 0; index < models; index++) {
    const seed = trialSeed(GATE_SEED, baseLaw.id, index);
    const run = runModel(drawTheta(baseLaw, seed), seed, { engine: engineNamed("kernel") });
    const { theta, model, clusters, neuronsBySize } = run;
    const data = sampleDataset({ ...theta, testSamples: PRUNED_SAMPLES }, seed, model.patterns, "test");
    const points = SHARES.map((share) => {
      const pruned = Math.round(share * clusters.small.length);
      return {
        pruned: pruned / theta.m,
        weights: compactNeurons(model.trained, neuronsBySize.slice(0, pruned)),
        multiplyAdds: multiplyAdds({ ...theta, m: theta.m - pruned }).forward,
        kernel: Number.POSITIVE_INFINITY,
        reference: Number.POSITIVE_INFINITY,
      };
    });
    for (let round = 0; round < ROUNDS; round++) {
      for (const point of points) {
        for (const engine of ENGINES) {
          const { median } = await timeCalls(() => engineNamed(engine).scores(point.weights, data), milliseconds);
          point[engine] = Math.min(point[engine], median);
        }
      }
    }
    const whole = points[0]!;
    costs.push({
      seed,
      points: points.map(({ pruned, multiplyAdds, kernel, reference }) => ({
        pruned,
        multiplyAdds: multiplyAdds / whole.multiplyAdds,
        kernel: kernel / whole.kernel,
        reference: reference / whole.reference,
      })),
    });
  }
  return costs;
}
