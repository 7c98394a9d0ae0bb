import type { Weights } from "../notation.ts";
import { neuronNorms } from "./magnitude.ts";

/**
 * How far zeroing the neurons of a set S can move a score: Σ_{i∈S} max_l|a_{l,i}|·‖w_i‖·max_l‖z_l‖ (lemma pruning-bound).
 * The hinge loss, which follows the score with slope at most 1, moves by no more. `largestZ` is max_l ‖z_l‖ of the
 * sample; with a shared readout max_l|a_{l,i}| is |a_i|.
 */
export function pruningBound(weights: Pick<Weights, "WO" | "a">, pruned: Iterable<number>, largestZ: number): number {
  const norms = neuronNorms(weights);
  let bound = 0;
  for (const i of pruned) bound += largestReadout(weights, i) * norms[i]! * largestZ;
  return bound;
}

/** max_l |a_{l,i}| of neuron i. */
function largestReadout({ a }: Pick<Weights, "a">, i: number): number {
  return Math.max(...a.getColumn(i).map(Math.abs));
}
