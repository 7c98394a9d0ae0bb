import type { Shape } from "../notation.ts";

/** What one forward pass of one sample costs, in multiply-adds; softmax, ReLU and the final 1/L are left out. */
export interface MultiplyAdds {
  /** W_Q x, W_K x, W_V x for L tokens: L·d·(2mb + ma) */
  readonly projections: number;
  /** logits and attended values: L²·(mb + ma) */
  readonly attention: number;
  /** W_O z and a·ReLU for L tokens: L·m·(ma + 1), all of it in proportion to the number of neurons */
  readonly neuronLayer: number;
  /** the sum of the three */
  readonly forward: number;
}

/** Multiply-adds of a model of this shape; give it the kept neurons as `m` for a pruned and compacted one. */
export function multiplyAdds({ d, L, m, ma, mb }: Pick<Shape, "d" | "L" | "m" | "ma" | "mb">): MultiplyAdds {
  const projections = L * d * (2 * mb + ma);
  const attention = L * L * (mb + ma);
  const neuronLayer = L * m * (ma + 1);
  return { projections, attention, neuronLayer, forward: projections + attention + neuronLayer };
}

/** The fraction of multiply-adds that leaving out `pruned` of the m neurons saves, of the neuron layer and of the whole. */
export function savingByPruning(shape: Pick<Shape, "d" | "L" | "m" | "ma" | "mb">, pruned: number) {
  if (!Number.isInteger(pruned) || pruned < 0 || pruned > shape.m) {
    throw new RangeError(`savingByPruning requires an integer number of neurons in 0..${shape.m}, got ${pruned}`);
  }
  const full = multiplyAdds(shape);
  const rest = multiplyAdds({ ...shape, m: shape.m - pruned });
  return {
    ofNeuronLayer: 1 - rest.neuronLayer / full.neuronLayer,
    ofForward: 1 - rest.forward / full.forward,
  };
}
