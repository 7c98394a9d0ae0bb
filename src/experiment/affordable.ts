import { InvalidInput } from "../invalid-input.ts";
import type { Theta } from "../law/parameters.ts";
import type { Experiment } from "./experiment.ts";

/**
 * Most work that a file or a command may ask for with one run, in multiply-adds (some 10^10 a second on one core): a
 * quarter of an hour. The costliest θ of the first experiment takes 4·10^11.
 */
export const LARGEST_WORK = 5e12;

/**
 * Refuses a run that would keep a machine busy for hours.
 *
 * @throws InvalidInput with the work, the limit, and the fields that it grows with
 */
export function requireAffordable(experiment: Experiment, theta: Theta, name: string): void {
  const work = experiment.cost(theta);
  if (work <= LARGEST_WORK) return;
  const { names, fields } = experiment.parameters;
  const costly = names.filter((field) => fields[field]?.kind !== "choice" && "cost" in (fields[field] ?? {}));
  throw new InvalidInput(
    `${name} must take at most ${LARGEST_WORK.toExponential(0)} multiply-adds, got ${work.toExponential(1)} (${costly.map((field) => `${field} = ${theta[field]}`).join(", ")})`,
  );
}
