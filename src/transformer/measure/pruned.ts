import { median } from "../../evidence/median.ts";
import { stream } from "../../random/stream.ts";
import { perRun } from "./per-run.ts";
import type { Run } from "./run.ts";
import type { Performance } from "./test-loss.ts";

/** Test performance without some neurons, chosen by magnitude or by chance, from streams of the model's seed. */

/** Draws of as many neurons as the small cluster has. */
const DRAWS = 5;

/** Without this fraction of the large cluster, rounded to whole neurons: its largest ones. */
export function withoutLargest(run: Run, fraction: number): Performance {
  const { large } = run.clusters;
  return run.withoutNeurons(large.slice(large.length - Math.round(fraction * large.length)));
}

const largeInRandomOrder = perRun((run) => stream(run.model.seed, "order of pruning").shuffle([...run.clusters.large]));

/** Without this fraction of the large cluster, rounded to whole neurons: the first ones in an order that is drawn once. */
export function withoutRandom(run: Run, fraction: number): Performance {
  const order = largeInRandomOrder(run);
  return run.withoutNeurons(order.slice(0, Math.round(fraction * order.length)));
}

/** The share of all neurons that the small cluster has. */
export function shareOfSmall({ clusters: { small }, theta: { m } }: Run): number {
  return small.length / m;
}

/**
 * The rise of the test hinge without as many neurons as the small cluster has, drawn from all of them: the median of five
 * draws. NaN where there is no small cluster.
 */
export const riseAtRandom = perRun((run) => {
  const { small } = run.clusters;
  if (small.length === 0) return Number.NaN;
  const random = stream(run.model.seed, "neurons drawn");
  const neurons = Array.from({ length: run.theta.m }, (_, i) => i);
  const hinges = Array.from({ length: DRAWS }, () => {
    const drawn = random.shuffle([...neurons]).slice(0, small.length);
    return run.withoutNeurons(drawn).hinge;
  });
  return median(hinges) - run.test.hinge;
});

/** |change of the test hinge| without the small cluster. NaN where there is none. */
export function costOfSmall(run: Run): number {
  return Math.abs(run.pruned.hinge - run.test.hinge);
}

/** The share of the small cluster whose w_i is to the bit what it was before training. NaN where there is none. */
export const shareNeverMoved = perRun((run) => {
  const { small } = run.clusters;
  const update = run.update.WO;
  return small.filter((i) => update.getRow(i).every((entry) => entry === 0)).length / small.length;
});
