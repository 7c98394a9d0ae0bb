import type { Theta } from "../notation.ts";

/**
 * How far rounding may carry what is observed of a trained model, relatively: T steps, each of sums of at most so many
 * terms, each of which errs by their number times ε. First order: it says what rounding explains if no step amplifies it.
 */
export function roundoffOfTraining({ B, L, m, d, ma, mb }: Theta, steps: number): number {
  const longestSum = B * L + L * m + d + ma + mb;
  return (steps + 1) * longestSum * Number.EPSILON;
}
