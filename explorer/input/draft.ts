import { LARGEST_WORK } from "../../src/experiment/affordable.ts";
import { lawInterval } from "../../src/explore/space.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { type Law, rangeOf } from "../../src/law/law.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { type NumericField, parseTheta, type Theta } from "../../src/transformer/theta.ts";
import { FIELD_NAMES } from "./fields.ts";

/** θ as it stands in the fields, which may not be a model. NaN where a field holds no number. */
export type Draft = { readonly [F in keyof Theta]: Theta[F] };

/** What a draft is: a θ, or what is wrong with which field. */
export type Examined =
  | { readonly theta: Theta; readonly problems: ReadonlyMap<keyof Theta, string> }
  | { readonly theta: undefined; readonly problems: ReadonlyMap<keyof Theta, string> };

/** Applies the rules of `parseTheta`, and files each complaint under its field. */
export function examine(draft: Draft): Examined {
  try {
    const theta = parseTheta(draft);
    const work = transformer.cost(theta);
    if (work <= LARGEST_WORK) return { theta, problems: new Map() };
    const tooMuch = `must be smaller: this model takes ${shownWork(work)} multiply-adds, the most are ${shownWork(LARGEST_WORK)}`;
    return { theta: undefined, problems: new Map([["Tmax", tooMuch]]) };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const problems = new Map<keyof Theta, string>();
    for (const line of error.message.split("\n")) {
      const [, field, complaint] = /^theta\.(\w+):? (.*)$/.exec(line) ?? [];
      const known = FIELD_NAMES.find((each) => each === field);
      if (known !== undefined && complaint !== undefined && !problems.has(known)) {
        problems.set(known, plainly(complaint));
      }
    }
    return { theta: undefined, problems };
  }
}

function shownWork(work: number): string {
  return work.toExponential(0).replace("e+", "e");
}

/** The schema's words for people. */
function plainly(complaint: string): string {
  return complaint
    .replace(/^Too small: expected (?:number|int) to be >=?/, "must be at least ")
    .replace(/^Too big: expected (?:number|int) to be <=?/, "must be at most ")
    .replace(/^Invalid input: expected int, received number/, "must be a whole number")
    .replace(/^Invalid input: expected (?:number|int), received \w+/, "must be a number")
    .replace(/, got NaN$/, "");
}

/**
 * The draft with one field changed, and those fields with it that the law ties to it ("ma = d") as long as they were
 * equal before: a tie is undone by giving the tied field a value of its own.
 */
export function withField(draft: Draft, law: Law, field: keyof Theta, value: Theta[keyof Theta]): Draft {
  const changed: Record<string, Theta[keyof Theta]> = { ...draft, [field]: value };
  for (const name of FIELD_NAMES) {
    const range = rangeOf(law, name);
    if (range.kind === "equals" && range.field === field && draft[name] === draft[field]) changed[name] = value;
  }
  return changed as unknown as Draft;
}

/** The field that the law ties this one to, if it does. */
export function tiedTo(law: Law, field: keyof Theta): NumericField | undefined {
  const range = rangeOf(law, field);
  return range.kind === "equals" ? (range.field as NumericField) : undefined;
}

/** The interval that the law allows a field, given the others; a single point for a constant or a tie. */
export function allowedInterval(law: Law, field: keyof Theta, draft: Draft): { from: number; to: number } | undefined {
  return typeof draft[field] === "number" ? lawInterval(law, field, draft) : undefined;
}
