import { z } from "zod";

const positive = z.number().positive();
const seed = z.int().min(0);

const stepTime = z.object({
  workload: z.enum(["small", "standard", "large"]),
  engine: z.enum(["kernel", "reference"]),
  msPerStep: positive.describe("median"),
  spread: z.number().min(0).describe("median absolute deviation"),
});

const modelTime = z.object({
  law: z.string(),
  seed,
  steps: z.int().min(0),
  ms: positive.describe("theta to the last measurement"),
});

const throughput = z.object({ workers: z.int().min(1), models: z.int().min(1), modelsPerSecond: positive });

const growth = z.object({
  field: z.enum(["N", "L", "m", "d"]),
  rungs: z.array(positive),
  ms: z.array(z.array(positive)).describe("a list a rung: medians of an epoch and a look at the training set"),
  exponent: z.number().describe("fitted"),
  interval: z.object({ lower: z.number(), upper: z.number() }).describe("of the exponent, bootstrap, 95 %"),
  expected: z.number().describe("exponent of the multiply-adds of plain matrix products"),
});

export const prunedCost = z.object({
  seed,
  points: z
    .array(
      z.object({
        pruned: z.number().min(0).max(1).describe("fraction of the neurons that are left out"),
        multiplyAdds: positive.describe("of a forward pass, relative to the whole model"),
        kernel: positive.describe("time of a forward pass in the kernel, relative"),
        reference: positive.describe("time of a forward pass with plain matrix products, relative"),
      }),
    )
    .describe("up to the small cluster, which is free"),
});

/** What `bench` measures: the form of reports/performance.json. Of one machine, and no verdict rests on it. */
export const performanceSchema = z.object({
  steps: z.array(stepTime),
  models: z.array(modelTime),
  throughput: z.array(throughput),
  growth: z.array(growth),
  pruning: z.array(prunedCost),
});

export type Timings = z.infer<typeof performanceSchema>;
export type StepTime = z.infer<typeof stepTime>;
export type ModelTime = z.infer<typeof modelTime>;
export type Throughput = z.infer<typeof throughput>;
export type Growth = z.infer<typeof growth>;
export type PrunedCost = z.infer<typeof prunedCost>;
