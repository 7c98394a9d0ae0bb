import { beforeEach, expect, test, vi } from "vitest";
import { sampleDataset, samplePatterns } from "../../src/data/sample.ts";
import { parseTheta } from "../../src/data/theta.ts";
import type * as streams from "../../src/random/stream.ts";
import { initialWeights } from "../../src/train/initial-weights.ts";
import { batchOrder } from "../../src/train/sgd.ts";
import { SMALL_THETA } from "./arbitrary-theta.ts";

const asked = vi.hoisted((): string[] => []);

vi.mock("../../src/random/stream.ts", async (importOriginal) => {
  const original = await importOriginal<typeof streams>();
  return {
    ...original,
    stream: (seed: number, name: string) => {
      asked.push(name);
      return original.stream(seed, name);
    },
  };
});

beforeEach(() => {
  asked.length = 0;
});

test("each thing that is random about a model has a stream of its own: none is read twice", () => {
  const theta = parseTheta({ ...SMALL_THETA, labels: "random" });
  const patterns = samplePatterns(theta, 7);
  sampleDataset(theta, 7, patterns, "train");
  sampleDataset(theta, 7, patterns, "test");
  initialWeights(theta, 7);
  batchOrder(theta, 7);
  expect(asked.length).toBeGreaterThanOrEqual(10);
  expect(asked.filter((name, i) => asked.indexOf(name) !== i)).toEqual([]);
});
