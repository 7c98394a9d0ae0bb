import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { median } from "../../../src/evidence/median.ts";
import { stream } from "../../../src/random/stream.ts";
import {
  costOfSmall,
  riseAtRandom,
  shareNeverMoved,
  shareOfSmall,
  withoutLargest,
  withoutRandom,
} from "../../../src/transformer/measure/pruned.ts";
import { Run, runModel } from "../../../src/transformer/measure/run.ts";
import { performanceOf } from "../../../src/transformer/measure/test-loss.ts";
import { kernelEngine } from "../../../src/transformer/model/kernel/engine.ts";
import { maskNeurons } from "../../../src/transformer/prune/magnitude.ts";
import { parseTheta } from "../../../src/transformer/theta.ts";
import { SMALL_THETA } from "../data/arbitrary-theta.ts";

const SEED = 7;
const THETA = parseTheta({ ...SMALL_THETA, m: 40, eta: 1, Tmax: 600, testSamples: 100 });
const run = runModel(THETA, SEED, { engine: kernelEngine });
const { small, large } = run.clusters;
const byNorm = (neurons: readonly number[]) => [...neurons].sort((i, j) => run.neuronNorms[i]! - run.neuronNorms[j]!);

/** By another way: the scores of the model whose rows of W_O are 0 there. */
function hingeWithout(pruned: readonly number[]): number {
  const scores = kernelEngine.scores(maskNeurons(run.model.trained, pruned), run.testData);
  return performanceOf(scores, run.testData.labels).hinge;
}

test("the run has both sorts of neurons, and is one on which pruning shows", () => {
  expect(small.length).toBeGreaterThanOrEqual(5);
  expect(large.length).toBeGreaterThanOrEqual(10);
  expect(run.test.hinge).toBeLessThan(0.1);
});

describe("a fraction of the large cluster", () => {
  test.each([0.1, 0.5, 0.75, 1])("%d of it, largest first, are the last in the order of norms", (fraction) => {
    const gone = byNorm(large).slice(large.length - Math.round(fraction * large.length));
    expect(gone.every((i) => !small.includes(i))).toBe(true);
    expect(withoutLargest(run, fraction).hinge).toBeCloseTo(hingeWithout(gone), 12);
  });

  test.each([0.3, 0.5, 0.7, 0.9])(
    "%d of it at random are the first of one order, from the stream of that name",
    (fraction) => {
      const order = stream(SEED, "order of pruning").shuffle([...large]);
      const gone = order.slice(0, Math.round(fraction * large.length));
      expect(withoutRandom(run, fraction).hinge).toBeCloseTo(hingeWithout(gone), 12);
      // not the same neurons as by size, nor in the order of their indices
      expect(new Set(gone)).not.toEqual(new Set(byNorm(large).slice(-gone.length)));
      expect(new Set(gone)).not.toEqual(new Set([...large].sort((i, j) => i - j).slice(0, gone.length)));
    },
  );

  test("is nothing at 0, and all but the small cluster at 1, in either order", () => {
    for (const without of [withoutLargest, withoutRandom]) {
      expect(without(run, 0)).toEqual(run.test);
      expect(without(run, 1).hinge).toBeCloseTo(hingeWithout(large), 12);
    }
  });

  test("is the same whoever asked before, and however often", () => {
    const again = runModel(THETA, SEED, { engine: kernelEngine });
    const first = withoutRandom(again, 0.7);
    withoutRandom(again, 0.3);
    riseAtRandom(again);
    expect(withoutRandom(again, 0.7)).toEqual(first);
    expect(withoutRandom(run, 0.7)).toEqual(first);
    expect(riseAtRandom(again)).toBe(riseAtRandom(run));
    const other = runModel(THETA, SEED + 1, { engine: kernelEngine });
    expect(withoutRandom(other, 0.7)).not.toEqual(first);
  });
});

describe("as many neurons as the small cluster has", () => {
  test("at random raise the hinge by the median of five draws from all neurons", () => {
    const random = stream(SEED, "neurons drawn");
    const neurons = Array.from({ length: THETA.m }, (_, i) => i);
    const hinges = Array.from({ length: 5 }, () => hingeWithout(random.shuffle([...neurons]).slice(0, small.length)));
    expect(new Set(hinges).size).toBe(5);
    expect(riseAtRandom(run)).toBeCloseTo(median(hinges) - run.test.hinge, 12);
  });

  test("have its share, and cost what the small cluster costs in either direction", () => {
    expect(shareOfSmall(run)).toBe(small.length / 40);
    expect(costOfSmall(run)).toBeCloseTo(Math.abs(hingeWithout(small) - run.test.hinge), 12);
    expect(costOfSmall(run)).toBeGreaterThanOrEqual(0);
    // a run whose small neurons helped the wrong way: without them the hinge falls
    fc.assert(
      fc.property(fc.nat({ max: 200 }), (seed) => {
        const early = runModel({ ...THETA, Tmax: 20 }, seed, { engine: kernelEngine });
        expect(costOfSmall(early)).toBe(Math.abs(early.pruned.hinge - early.test.hinge));
      }),
      { numRuns: 10 },
    );
  });

  test("are none of a single neuron, so that nothing is measured", () => {
    const single = runModel({ ...THETA, m: 1 }, SEED, { engine: kernelEngine });
    expect([riseAtRandom(single), costOfSmall(single), shareNeverMoved(single)]).toEqual([NaN, NaN, NaN]);
  });
});

test("a neuron never moved where its row of W_O is to the bit what it was", () => {
  const { model } = run;
  const WO = model.initial.WO.clone();
  // of four small neurons two moved, one of them in the last bit of one entry; the large ones all did
  for (const i of [0, 1, 2, 3]) WO.setRow(i, [1e-3, 2e-3, 0, 0]);
  for (let i = 4; i < 40; i++) WO.setRow(i, [1, 2, 3, 4]);
  const trained = WO.clone();
  trained.set(0, 1, 2e-3 * (1 + 2 ** -50));
  trained.set(1, 2, 1e-3);
  for (let i = 4; i < 40; i++) trained.setRow(i, [2, 2, 3, 4]);
  const made = new Run(
    { ...model, initial: { ...model.initial, WO }, trained: { ...model.trained, WO: trained } },
    kernelEngine,
  );
  expect([...made.clusters.small].sort()).toEqual([0, 1, 2, 3]);
  expect(shareNeverMoved(made)).toBe(0.5);
  const still = new Run({ ...model, trained: model.initial }, kernelEngine);
  expect(shareNeverMoved(still)).toBe(1);
  expect(Matrix.sub(still.model.trained.WO, still.model.initial.WO).norm()).toBe(0);
});
