import { InvalidInput } from "../invalid-input.ts";
import { shown } from "../law/declared.ts";
import type { Claim } from "./claim.ts";
import { forbidExit } from "./exit.ts";

/**
 * The number that a claim reads off a trained model, or off a pair. NaN and the infinities are numbers, and violate it.
 *
 * @throws InvalidInput where it returns anything else, throws, or would end the process: then nothing was observed, and
 * nothing may be counted
 */
export function numberObserved(claim: Claim, run: unknown, doubled: unknown): number {
  let value: unknown;
  const allowExit = forbidExit();
  try {
    value = claim.observe(run, doubled);
  } catch (error) {
    throw new InvalidInput(`observe must return a number, it threw ${thrown(error)}`);
  } finally {
    allowExit();
  }
  if (typeof value === "number") return value;
  // of a promise nobody waits for the outcome: a rejection must not end the process before this is said
  if (value instanceof Promise) value.catch(() => {});
  throw new InvalidInput(`observe must return a number, got ${shown(value)}`);
}

/** An error with the place that it comes from, which its own stack names first. */
export function thrown(error: unknown): string {
  if (!(error instanceof Error)) return shown(error);
  const [place] = error.stack?.match(/^ +at .*$/m) ?? [];
  return place === undefined ? `${error}` : `${error} ${place.trim()}`;
}
