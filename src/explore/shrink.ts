import { rangeOf } from "../law/law.ts";
import { fieldNamed, isChoice, type NumberField, type Theta } from "../law/parameters.ts";
import { isDrawn, type Range } from "../law/range.ts";
import { untilSpent } from "./purse.ts";
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
 * @param onStep is told of each simpler θ; where the budget runs out the last of them is the answer
 */
export async function shrink(
  space: Space,
  theta: Theta,
  { persists }: Pick<Criterion, "persists">,
  onStep?: (theta: Theta) => Promise<void> | void,
): Promise<Shrunk> {
  let simplest = theta;
  const accepts = async (candidate: Theta | undefined): Promise<boolean> => {
    if (candidate === undefined || !contains(space, candidate) || !(await persists(candidate))) return false;
    simplest = candidate;
    await onStep?.(candidate);
    return true;
  };
  const { released, others } = fieldsOf(space);
  const minimal = await untilSpent(async () => {
    // most violations need none of the fields that were not released: then the models are small from here on
    const simple = others.reduce((each, field) => simpler(each, field), theta);
    if (simple !== theta) await accepts(simple);
    // a hypothesis that need not be broken is mended first; how far the others must be broken is asked last, so that it
    // is the only thing about θ that is not simple
    for (const field of released) {
      const mended = simpler(simplest, field);
      if (mended !== simplest) await accepts(mended);
    }
    const fields = [...others, ...released];
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const before = simplest;
      for (const field of fields) {
        await (isChoice(space.law.parameters, field)
          ? shrinkChoice(space, field, () => simplest, accepts)
          : shrinkField(field));
      }
      if (simplest === before) return true;
    }
    return false;
  });
  return { theta: simplest, minimal: minimal ?? false };

  /** With the simplest value of a number, if it is not there already and some model has it. */
  function simpler(from: Theta, field: string): Theta {
    if (isChoice(space.law.parameters, field)) return from;
    const target = simplestValue(space, field, from);
    return target === from[field] ? from : (withField(space, from, field, target) ?? from);
  }

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
