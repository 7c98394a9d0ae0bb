import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Matrix } from "ml-matrix";
import { subSeed } from "../src/random/stream.ts";
import { shortNumber } from "../src/report/encode.ts";
import { type SampledDataset, sampleDataset, samplePatterns } from "../src/transformer/data/sample.ts";
import { baseLaw, drawTheta } from "../src/transformer/laws.ts";
import { kernelNoisyTokens } from "../src/transformer/model/kernel/noisy-tokens.ts";
import { EPSILON, type Theta, TRAINED_MATRICES, type Weights } from "../src/transformer/notation.ts";
import { initialWeights } from "../src/transformer/train/initial-weights.ts";
import { batchOrder } from "../src/transformer/train/sgd.ts";
import { STANDING_STILL, timeModels, timeSteps, WORKLOADS, type Workload, workloadModel } from "./timing.ts";

/** Both peers at their best: one thread, and memory kept rather than given back after every temporary array. */
const PEER_ENVIRONMENT = {
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  MALLOC_TRIM_THRESHOLD_: "4294967296",
  MALLOC_MMAP_THRESHOLD_: "4294967296",
  MALLOC_TOP_PAD_: "268435456",
};

/**
 * `npm run bench:peers`: steps and whole models in the kernel, NumPy and PyTorch, each on one thread. Peers are taken one
 * model by one, as the kernel is, and as who has many seeds would take them: one θ with all its seeds at a time.
 *
 * --json       print {"steps": [...], "models": {"kernel", "numpy", "pytorch", "numpyBatched", "pytorchBatched"}}:
 *              milliseconds a step, and for all models; null where a library is missing
 * --models N   the first models of the gate's run on the base law; 10 unless given
 * --seeds S    seeds of each θ at a time; 32 unless given
 */
const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    models: { type: "string", default: "10" },
    seeds: { type: "string", default: "32" },
  },
});
const MODELS = Number(values.models);
const SEEDS = Number(values.seeds);

/** Arrays in one file of doubles, referred to by offset and shape. */
class ArrayFile {
  readonly #parts: Float64Array[] = [];
  #length = 0;

  add(values: ArrayLike<number>, shape: readonly number[], integers = false) {
    const reference = { offset: this.#length, shape, integers };
    this.#parts.push(Float64Array.from(values));
    this.#length += values.length;
    return reference;
  }

  addMatrix(matrix: Matrix) {
    return this.add(matrix.to1DArray(), [matrix.rows, matrix.columns]);
  }

  addWeights(weights: Weights) {
    const { a } = weights;
    return {
      weights: Object.fromEntries(TRAINED_MATRICES.map((name) => [name, this.addMatrix(weights[name])])),
      a: a.rows === 1 ? this.add(a.to1DArray(), [a.columns]) : this.addMatrix(a),
    };
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts.map((part) => Buffer.from(part.buffer)));
  }
}

/** What a model begins with: initial weights, training and test data. */
function beginning(theta: Theta, seed: number, arrays: ArrayFile) {
  const patterns = samplePatterns(theta, seed);
  const [train, test] = (["train", "test"] as const).map((role) =>
    sampleDataset(theta, seed, patterns, role, kernelNoisyTokens),
  ) as [SampledDataset, SampledDataset];
  return {
    tokens: arrays.add(train.tokens, [train.samples, train.L, train.d]),
    labels: arrays.add(train.labels, [train.samples]),
    testTokens: arrays.add(test.tokens, [test.samples, test.L, test.d]),
    testLabels: arrays.add(test.labels, [test.samples]),
    ...arrays.addWeights(initialWeights(theta, seed)),
  };
}

/** Writes for peers.py to read, each with its arrays beside it: the workloads, the models, and each θ with its seeds. */
function exportCases(folder: string, models: ReturnType<typeof timeModels>): void {
  const write = (name: string, cases: unknown, arrays: ArrayFile) => {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(cases));
    writeFileSync(join(folder, `${name}.f64`), arrays.bytes());
  };
  const arrays = new ArrayFile();
  const steps = (Object.keys(WORKLOADS) as Workload[]).map((workload) => {
    const { data, weights, B } = workloadModel(workload);
    return {
      workload,
      B,
      eta: STANDING_STILL,
      tokens: arrays.add(data.tokens, [data.samples, data.L, data.d]),
      labels: arrays.add(data.labels, [data.samples]),
      ...arrays.addWeights(weights),
    };
  });
  const exported = models.map(({ seed, steps }) => {
    const theta = drawTheta(baseLaw, seed);
    const nextBatch = batchOrder(theta, seed);
    const batches = Array.from({ length: steps }, () => [...nextBatch()]).flat();
    const { eta, B } = theta;
    return { seed, steps, eta, batches: arrays.add(batches, [steps, B], true), ...beginning(theta, seed, arrays) };
  });
  write("cases", { steps, models: exported, thetas: models.length }, arrays);
  models.forEach(({ seed }, index) => {
    const theta = drawTheta(baseLaw, seed);
    const ofTheta = new ArrayFile();
    const { eta, B, Tmax } = theta;
    const seeds = Array.from({ length: SEEDS }, (_, i) =>
      beginning(theta, i === 0 ? seed : subSeed(seed, "peer", i), ofTheta),
    );
    write(`theta-${index}`, { eta, B, Tmax, epsilon: EPSILON, seeds }, ofTheta);
  });
}

interface PeerTimes {
  readonly missing: readonly string[];
  readonly steps: readonly { workload: string; library: string; msPerStep: number }[];
  readonly models: readonly { seed: number; library: string; ms: number; trainHinge: number }[];
  /** All seeds of a θ at a time: milliseconds divided by their number. */
  readonly batched: readonly { library: string; ms: number; converged: number; seeds: number; steps: number }[];
}

function timePeers(folder: string): PeerTimes | undefined {
  const script = fileURLToPath(new URL("./peers.py", import.meta.url));
  // Debian's python3 has Debian's python3-torch; another one may stand before it in the path
  for (const python of ["/usr/bin/python3", "python3"]) {
    const run = spawnSync(python, [script, folder], {
      encoding: "utf8",
      env: { ...process.env, ...PEER_ENVIRONMENT },
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (run.status === 0) {
      const times = JSON.parse(run.stdout) as PeerTimes;
      if (times.steps !== undefined) return times;
    }
  }
  return undefined;
}

const total = (times: readonly { ms: number }[]) => times.reduce((sum, { ms }) => sum + ms, 0);

const folder = mkdtempSync(join(tmpdir(), "theorycheck-peers-"));
try {
  const models = timeModels(MODELS);
  exportCases(folder, models);
  const peers = timePeers(folder);
  if (peers === undefined) {
    console.error("NumPy was not found. On Debian: apt-get install python3-numpy libopenblas0 python3-torch");
    process.exitCode = 2;
  } else {
    if (peers.missing.length > 0) console.error("PyTorch was not found. On Debian: apt-get install python3-torch");
    const steps: Record<string, string | number>[] = [];
    for (const workload of Object.keys(WORKLOADS) as Workload[]) {
      const kernel = (await timeSteps(workload, 2000, ["kernel"]))[0]?.msPerStep ?? Number.NaN;
      const ofPeers = peers.steps.filter((step) => step.workload === workload);
      steps.push({ workload, kernel, ...Object.fromEntries(ofPeers.map((step) => [step.library, step.msPerStep])) });
    }
    const ofLibrary = <T extends { library: string; ms: number }>(times: readonly T[], library: string) => {
      const its = times.filter((time) => time.library === library);
      return its.length === 0 ? null : total(its);
    };
    const times = {
      kernel: total(models),
      numpy: ofLibrary(peers.models, "numpy"),
      pytorch: ofLibrary(peers.models, "pytorch"),
      numpyBatched: ofLibrary(peers.batched, "numpy"),
      pytorchBatched: ofLibrary(peers.batched, "pytorch"),
    };
    if (values.json) {
      console.log(JSON.stringify({ steps, models: times }));
    } else {
      const against = (ms: number, kernel: number) => `${shortNumber(ms)} ms (${shortNumber(ms / kernel)}×)`;
      for (const { workload, kernel, ...ofPeers } of steps) {
        const line = Object.entries(ofPeers).map(
          ([library, ms]) => `${library} ${against(ms as number, kernel as number)}`,
        );
        console.log(`${workload} kernel ${shortNumber(kernel as number)} ms a step; ${line.join(", ")}`);
      }
      for (const [library, ms] of Object.entries(times)) {
        console.log(`${MODELS} models ${library} ${ms === null ? "missing" : against(ms, times.kernel)}`);
      }
      const highest = Math.max(...peers.models.map(({ trainHinge }) => trainHinge));
      console.log(`highest training hinge of a peer's model after the same steps: ${shortNumber(highest)}`);
      const batched = peers.batched.map(
        ({ library, converged, seeds, steps }) => `${library} ${converged}/${seeds} in ${steps}`,
      );
      console.log(`converged with all seeds at a time, in steps until the last: ${batched.join(", ")}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
