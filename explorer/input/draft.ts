import { InvalidInput } from "../../src/invalid-input.ts";
import type { Law } from "../../src/law/law.ts";
import { endsOf, type NumericField, type Range } from "../../src/law/range.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { parseTheta, THETA_FIELDS } from "../../src/transformer/theta.ts";
import { LARGEST_WORK, workOf } from "../../src/transformer/work.ts";

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
    const work = workOf(theta);
    if (work <= LARGEST_WORK) return { theta, problems: new Map() };
    const tooMuch = `must be smaller: this model takes ${shownWork(work)} multiply-adds, the most are ${shownWork(LARGEST_WORK)}`;
    return { theta: undefined, problems: new Map([["Tmax", tooMuch]]) };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const problems = new Map<keyof Theta, string>();
    for (const line of error.message.split("\n")) {
      const [, field, complaint] = /^theta\.(\w+):? (.*)$/.exec(line) ?? [];
      const known = THETA_FIELDS.find((each) => each === field);
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
  for (const [name, range] of Object.entries(law.ranges) as [keyof Theta, Range][]) {
    if (range.kind === "equals" && range.field === field && draft[name] === draft[field]) changed[name] = value;
  }
  return changed as unknown as Draft;
}

/** The field that the law ties this one to, if it does. */
export function tiedTo(law: Law, field: keyof Theta): NumericField | undefined {
  const range = law.ranges[field];
  return range.kind === "equals" ? range.field : undefined;
}

/** The interval that the law allows a field, given the others; a single point for a constant or a tie. */
export function allowedInterval(law: Law, field: keyof Theta, draft: Draft): { from: number; to: number } | undefined {
  const range = law.ranges[field];
  switch (range.kind) {
    case "constant":
      return typeof range.value === "number" ? { from: range.value, to: range.value } : undefined;
    case "equals":
      return { from: draft[range.field], to: draft[range.field] };
    default:
      return endsOf(range, draft);
  }
}
