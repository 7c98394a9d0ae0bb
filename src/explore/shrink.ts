import { rangeOf } from "../law/law.ts";
import { fieldNamed, isChoice, type NumberField, type Theta } from "../law/parameters.ts";
import { isDrawn, type Range } from "../law/range.ts";
import { between, contains, lawInterval, type Space, twoDigits, withField } from "./space.ts";
import type { Criterion } from "./violation.ts";

/**
 * Makes a θ that violates a claim as simple as the violation allows, field by field: at the low end of the law's range, or
 * in its middle, as the table of fields says. A released field goes as far into the law as it can.
 */

/** Passes over all fields; one that changes nothing ends the shrinking before. */
const MOST_PASSES = 6;

export interface Shrunk {
  readonly theta: Theta;
  /** Whether no field alone can come a step nearer to its simplest value: false where the budget or the passes ran out. */
  readonly minimal: boolean;
}

/**
 * @param theta for which the criterion holds
 * @param models after so many, shrinking ends where it stands
 */
export async function shrink(
  space: Space,
  theta: Theta,
  { persists, models: trained }: Pick<Criterion, "persists" | "models">,
  models: number,
  onStep?: (theta: Theta) => void,
): Promise<Shrunk> {
  const budget = trained() + models;
  let simplest = theta;
  const accepts = async (candidate: Theta | undefined): Promise<boolean> => {
    if (candidate === undefined || !contains(space, candidate) || !(await persists(candidate))) return false;
    simplest = candidate;
    onStep?.(candidate);
    return true;
  };
  const { released, others } = fieldsOf(space);
  // a hypothesis that need not be broken is mended first; how far the others must be broken is asked last, so that it is
  // the only thing about θ that is not simple
  for (const field of released) {
    if (!isChoice(space.law.parameters, field))
      await accepts(withField(space, simplest, field, simplestValue(space, field, simplest)));
  }
  const fields = [...others, ...released];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const before = simplest;
    for (const field of fields) {
      if (trained() >= budget) return { theta: simplest, minimal: false };
      await (isChoice(space.law.parameters, field)
        ? shrinkChoice(space, field, () => simplest, accepts)
        : shrinkField(field));
    }
    if (simplest === before) return { theta: simplest, minimal: true };
  }
  return { theta: simplest, minimal: false };

  async function shrinkField(field: string): Promise<void> {
    const range = rangeOf(space, field);
    const change = (value: number) => withField(space, simplest, field, value);
    const target = simplestValue(space, field, simplest);
    if (simplest[field] === target || (await accepts(change(target)))) return;
    // the simplest value does not violate, and the present one does: halve the way between them
    let fails = target;
    for (;;) {
      const middle = between(range, fails, simplest[field] as number);
      if (middle === undefined) break;
      if (!(await accepts(change(middle)))) fails = middle;
    }
    const rounded = twoDigits(simplest[field] as number);
    if (!isWhole(range) && rounded !== simplest[field]) await accepts(change(rounded));
  }
}

/** The fields that may change. */
function fieldsOf({ ranges, choices, law }: Space) {
  const { parameters } = law;
  const free = parameters.names.filter((field) => {
    return isChoice(parameters, field) ? choices.includes(field) : isDrawn(rangeOf({ ranges }, field));
  });
  // what makes models slow first: the sooner they are small, the cheaper is the rest
  const costOf = (field: string) => (fieldNamed(parameters, field) as Partial<NumberField>).cost ?? 0;
  free.sort((one, other) => costOf(other) - costOf(one));
  const isReleased = (field: string) => ranges[field] !== law.ranges[field] || isChoice(parameters, field);
  return { released: free.filter(isReleased), others: free.filter((field) => !isReleased(field)) };
}

async function shrinkChoice(
  space: Space,
  field: string,
  theta: () => Theta,
  accepts: (candidate: Theta | undefined) => Promise<boolean>,
): Promise<void> {
  const range = rangeOf(space.law, field);
  if (range.kind !== "constant" || theta()[field] === range.value) return;
  await accepts(withField(space, theta(), field, range.value));
}

/** The value of a field to which shrinking goes, in the law, given the other fields. */
export function simplestValue({ law }: Pick<Space, "law">, field: string, theta: Theta): number {
  const range = rangeOf(law, field);
  const { from, to } = lawInterval(law, field, theta);
  if (from === to || (fieldNamed(law.parameters, field) as NumberField).simplest === "low") return from;
  return between(range, from, to) ?? from;
}

function isWhole({ kind }: Range): boolean {
  return kind === "integer" || kind === "log-uniform integer";
}
