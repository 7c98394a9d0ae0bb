import type { Matrix } from "ml-matrix";
import { safetensorsBytes, type WrittenTensor } from "../inspect/format/write-safetensors.ts";
import { sampleDataset } from "../transformer/data/sample.ts";
import type { Run } from "../transformer/measure/run.ts";
import type { Engine } from "../transformer/model/engine.ts";
import type { Dataset, Weights } from "../transformer/notation.ts";
import { batchOrder } from "../transformer/train/sgd.ts";

/**
 * A model with all that its training began with, as safetensors: trained weights as WQ, WK, WV, WO and a, those before as
 * initial.WQ …, the patterns, training and test data, and the samples of each step's batch. Whoever reads it can train the
 * same model by another program. θ, seed, law, outcome and digest stand in the metadata.
 */
export function exportedModel(run: Run, law: string, engine: Engine): Uint8Array {
  const { theta } = run;
  const { seed, initial, trained, patterns, steps, outcome, digest } = run.model;
  const train = sampleDataset(theta, seed, patterns, "train", engine.noisyTokens);
  return safetensorsBytes(
    {
      ...weightsOf(trained, ""),
      ...weightsOf(initial, "initial."),
      patterns: matrix(patterns),
      ...dataOf(train, "train."),
      ...dataOf(run.testData, "test."),
      "train.batches": batchesOf(run, steps),
    },
    { law, seed: String(seed), theta: JSON.stringify(theta), steps: String(steps), outcome, digest },
  );
}

function weightsOf({ WQ, WK, WV, WO, a }: Weights, prefix: string): Record<string, WrittenTensor> {
  const matrices = { WQ, WK, WV, WO, a };
  return Object.fromEntries(Object.entries(matrices).map(([name, each]) => [`${prefix}${name}`, matrix(each)]));
}

function matrix(each: Matrix): WrittenTensor {
  return { shape: [each.rows, each.columns], values: Float64Array.from(each.to1DArray()) };
}

function dataOf({ samples, L, d, tokens, labels }: Dataset, prefix: string): Record<string, WrittenTensor> {
  return {
    [`${prefix}tokens`]: { shape: [samples, L, d], values: tokens },
    [`${prefix}labels`]: { shape: [samples], values: labels },
  };
}

/** steps x B: the samples of each step, by their index. */
function batchesOf({ theta, model }: Run, steps: number): WrittenTensor {
  const values = new Int32Array(steps * theta.B);
  const nextBatch = batchOrder(theta, model.seed);
  for (let step = 0; step < steps; step++) values.set(nextBatch(), step * theta.B);
  return { shape: [steps, theta.B], values };
}
