import ln from "@stdlib/math-base-special-ln";
import { logCertify, requireProbability } from "./e-process.ts";

/** A sequence of trials of one event: how many, and the indices of those in which it happened, ascending. */
export interface Path {
  readonly trials: number;
  readonly violators: readonly number[];
}

/**
 * The smallest p₀ whose certifying evidence reached 1/β at some moment of the sequence: valid after the fact, since
 * the p₀ whose evidence never reached 1/β form a confidence sequence for the event's probability (at β, by Ville's
 * inequality). Not the upper anytime limit, which is wider. 158 clean trials at β = 1e-3: 0.05.
 *
 * Undefined where no p₀ below 1 was reached. Found by bisection down to two neighbouring numbers, and is the larger.
 */
export function strongestP0({ trials, violators }: Path, beta: number): number | undefined {
  requireProbability("strongestP0", "beta", beta);
  const threshold = -ln(beta);
  // evidence grows with every clean trial: its peaks are just before each violation, and at the end
  const peaks = [...violators, trials].map((n, violations) => ({ n, violations })).filter(({ n }) => n > 0);
  const reached = (p0: number) => peaks.some((peak) => logCertify({ ...peak, p0 }) >= threshold);
  let [out, within] = [0, 1];
  for (;;) {
    const middle = (out + within) / 2;
    if (middle === out || middle === within) return within === 1 ? undefined : within;
    if (reached(middle)) within = middle;
    else out = middle;
  }
}
