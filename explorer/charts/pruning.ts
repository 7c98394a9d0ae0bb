import { stream } from "../../src/random/stream.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import type { Performance } from "../../src/transformer/measure/test-loss.ts";

/** Which neurons go first. */
export const PRUNING_ORDERS = ["smallest", "random", "largest"] as const;
export type PruningOrder = (typeof PRUNING_ORDERS)[number];

export interface PruningChoice {
  readonly order: PruningOrder;
  /** of the m neurons, in [0, 1] */
  readonly fraction: number;
}

/** Test performance as neurons go: entry i of hinge and error is for counts[i] neurons gone. */
export interface PruningCurve {
  readonly order: PruningOrder;
  readonly counts: readonly number[];
  readonly hinge: readonly number[];
  readonly error: readonly number[];
}

/** Names the stream of the random order, which permutes the neurons' ranks by size. */
const RANDOM_ORDER_STREAM = "explorer pruning order";

/** One evaluation costs testSamples·m additions; curves of larger models have fewer points. */
const MOST_ADDITIONS = 4e8;

/** Ranks by size (0: the smallest of m neurons) in the order in which they go; at random the same for a seed each time. */
export function ranksInOrder(order: PruningOrder, m: number, seed: number): readonly number[] {
  const ranks = Array.from({ length: m }, (_, rank) => rank);
  if (order === "largest") return ranks.reverse();
  return order === "random" ? stream(seed, RANDOM_ORDER_STREAM).shuffle(ranks) : ranks;
}

/** How many neurons a fraction of them is. */
export function prunedCount(fraction: number, m: number): number {
  return Math.round(fraction * m);
}

/** The counts at which a curve is computed: every one where that is cheap, and always none, all and `also`. */
export function curveCounts(m: number, testSamples: number, also: readonly number[] = []): number[] {
  const affordable = Math.floor(MOST_ADDITIONS / (PRUNING_ORDERS.length * testSamples * m));
  const points = Math.max(2, Math.min(m, 400, affordable));
  const counts = Array.from({ length: points + 1 }, (_, i) => Math.round((i * m) / points));
  return [...new Set([...counts, ...also])].sort((x, y) => x - y);
}

export function pruningCurve(run: Run, order: PruningOrder, counts: readonly number[]): PruningCurve {
  const neurons = ranksInOrder(order, run.theta.m, run.model.seed).map((rank) => run.neuronsBySize[rank]!);
  const performances: Performance[] = counts.map((count) => run.withoutNeurons(neurons.slice(0, count)));
  return {
    order,
    counts,
    hinge: performances.map(({ hinge }) => hinge),
    error: performances.map(({ error }) => error),
  };
}

/** The point of a curve nearest to this many neurons. */
export function pointAt(curve: PruningCurve, count: number): { count: number; hinge: number; error: number } {
  let nearest = 0;
  curve.counts.forEach((each, i) => {
    if (Math.abs(each - count) < Math.abs(curve.counts[nearest]! - count)) nearest = i;
  });
  return { count: curve.counts[nearest]!, hinge: curve.hinge[nearest]!, error: curve.error[nearest]! };
}
