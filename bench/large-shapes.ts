import { sampleDataset, samplePatterns } from "../src/transformer/data/sample.ts";
import { KernelInstance } from "../src/transformer/model/kernel/instance.ts";
import { kernelNoisyTokens } from "../src/transformer/model/kernel/noisy-tokens.ts";
import { parseTheta } from "../src/transformer/theta.ts";
import { initialWeights } from "../src/transformer/train/initial-weights.ts";
import { GATE_SEED } from "../src/verdict/judge.ts";
import { STANDING_STILL } from "./timing.ts";

/**
 * `npm run bench:large`: what the kernel takes beyond the law's ends, up to ten times as far, as a table of Markdown: its
 * memory, and CPU time for each of its multiply-adds, which shows a cliff where there is one.
 */
const ENDS = { L: 24, d: 16, m: 200, N: 512 };

const SHAPES = [
  ENDS,
  ...[3, 10].flatMap((times) =>
    (["L", "d", "m", "N"] as const).map((field) => ({ ...ENDS, [field]: times * ENDS[field] })),
  ),
];

/** Steps that are timed; the fastest counts, as other work only ever adds to it. */
const STEPS = 5;

console.log("| L | d | m | N | kernel memory, MB | ms a step | ns a multiply-add |");
console.log("|---:|---:|---:|---:|---:|---:|---:|");
for (const { L, d, m, N } of SHAPES) {
  const theta = parseTheta({
    ...{ M: 6, r: 2, ma: d, mb: d, alphaStar: 0.5, alphaSharp: 0.25, tau: 0.1, delta: 0.1, sigma: 0.1, xi: 0.01 },
    ...{ L, d, m, N, B: 32, eta: 0.1, Tmax: 10, testSamples: 10, readout: "shared", labels: "majority" },
  });
  const data = sampleDataset(theta, GATE_SEED, samplePatterns(theta, GATE_SEED), "train", kernelNoisyTokens);
  const instance = new KernelInstance();
  instance.load(initialWeights(theta, GATE_SEED), data);
  const { kernel } = instance;
  kernel.reserveBatch(theta.B);
  // spread over the data, so that their size tells
  const batch = Int32Array.from({ length: theta.B }, (_, i) => Math.floor((i * N) / theta.B));
  instance.int32(kernel.addressOfBatch(), theta.B).set(batch);
  let fastest = Number.POSITIVE_INFINITY;
  const before = kernel.multiplyAdds.value;
  for (let step = 0; step < STEPS; step++) {
    const start = process.cpuUsage();
    kernel.step(theta.B, STANDING_STILL);
    const { user, system } = process.cpuUsage(start);
    fastest = Math.min(fastest, (user + system) / 1000);
  }
  const each = (kernel.multiplyAdds.value - before) / STEPS;
  const cells = [L, d, m, N, Math.round(kernel.memory.buffer.byteLength / 1e6)];
  console.log(`| ${cells.join(" | ")} | ${fastest.toPrecision(3)} | ${((1e6 * fastest) / each).toPrecision(2)} |`);
}
