import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Matrix } from "ml-matrix";

import { shortNumber } from "../src/report/encode.ts";
import { sampleDataset, samplePatterns } from "../src/transformer/data/sample.ts";
import { baseLaw, drawTheta } from "../src/transformer/laws.ts";
import { TRAINED_MATRICES, type Weights } from "../src/transformer/notation.ts";
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

const MODELS = 10;

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

/** Writes the workloads and the models of `timeModels` for peers.py to read. */
function exportCases(folder: string, models: ReturnType<typeof timeModels>): void {
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
    const patterns = samplePatterns(theta, seed);
    const train = sampleDataset(theta, seed, patterns, "train");
    const test = sampleDataset(theta, seed, patterns, "test");
    const nextBatch = batchOrder(theta, seed);
    const batches = Array.from({ length: steps }, () => [...nextBatch()]).flat();
    return {
      seed,
      steps,
      eta: theta.eta,
      batches: arrays.add(batches, [steps, theta.B], true),
      tokens: arrays.add(train.tokens, [train.samples, train.L, train.d]),
      labels: arrays.add(train.labels, [train.samples]),
      testTokens: arrays.add(test.tokens, [test.samples, test.L, test.d]),
      testLabels: arrays.add(test.labels, [test.samples]),
      ...arrays.addWeights(initialWeights(theta, seed)),
    };
  });
  writeFileSync(join(folder, "cases.json"), JSON.stringify({ steps, models: exported }));
  writeFileSync(join(folder, "arrays.f64"), arrays.bytes());
}

interface PeerTimes {
  readonly missing: readonly string[];
  readonly steps: readonly { workload: string; library: string; msPerStep: number }[];
  readonly models: readonly { seed: number; library: string; ms: number; trainHinge: number }[];
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

const folder = mkdtempSync(join(tmpdir(), "theorycheck-peers-"));
try {
  const models = timeModels(MODELS);
  exportCases(folder, models);
  const peers = timePeers(folder);
  if (peers === undefined) {
    console.log("NumPy was not found. On Debian: apt-get install python3-numpy libopenblas0 python3-torch");
    process.exitCode = 2;
  } else {
    if (peers.missing.length > 0) console.log("PyTorch was not found. On Debian: apt-get install python3-torch");
    for (const workload of Object.keys(WORKLOADS) as Workload[]) {
      const kernel = (await timeSteps(workload, 2000, ["kernel"]))[0]?.msPerStep ?? Number.NaN;
      const line = peers.steps
        .filter((step) => step.workload === workload)
        .map(
          ({ library, msPerStep }) => `${library} ${shortNumber(msPerStep)} ms (${shortNumber(msPerStep / kernel)}×)`,
        );
      console.log(`${workload.padEnd(9)} kernel ${shortNumber(kernel)} ms a step; ${line.join(", ")}`);
    }
    const total = (times: readonly { ms: number }[]) => times.reduce((sum, { ms }) => sum + ms, 0);
    const kernelTotal = total(models);
    console.log(`${MODELS} models kernel ${shortNumber(kernelTotal)} ms, from θ to the last measurement`);
    for (const library of new Set(peers.models.map((model) => model.library))) {
      const peerTotal = total(peers.models.filter((model) => model.library === library));
      console.log(
        `${MODELS} models ${library} ${shortNumber(peerTotal)} ms (${shortNumber(peerTotal / kernelTotal)}×)`,
      );
    }
    const highest = Math.max(...peers.models.map(({ trainHinge }) => trainHinge));
    console.log(`highest training hinge of a peer's model after the same steps: ${shortNumber(highest)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
