import { afterAll, expect, test, vi } from "vitest";
import type * as streams from "../../../src/random/stream.ts";
import { SMALL_THETA } from "./arbitrary-theta.ts";

const STREAMS = "../../../src/random/stream.ts";

// files share their modules: what is replaced here is loaded anew, here and after
afterAll(() => {
  vi.doUnmock(STREAMS);
  vi.resetModules();
});

test("each thing that is random about a model has a stream of its own: none is read twice", async () => {
  const asked: string[] = [];
  vi.resetModules();
  vi.doMock(STREAMS, async (importOriginal) => {
    const original = await importOriginal<typeof streams>();
    const stream = (seed: number, name: string) => {
      asked.push(name);
      return original.stream(seed, name);
    };
    return { ...original, stream };
  });
  const { sampleDataset, samplePatterns } = await import("../../../src/transformer/data/sample.ts");
  const { initialWeights } = await import("../../../src/transformer/train/initial-weights.ts");
  const { batchOrder } = await import("../../../src/transformer/train/sgd.ts");

  const theta = { ...SMALL_THETA, labels: "random" as const };
  const patterns = samplePatterns(theta, 7);
  sampleDataset(theta, 7, patterns, "train");
  sampleDataset(theta, 7, patterns, "test");
  initialWeights(theta, 7);
  batchOrder(theta, 7);
  expect(asked.length).toBeGreaterThanOrEqual(10);
  expect(asked.filter((name, i) => asked.indexOf(name) !== i)).toEqual([]);
});
