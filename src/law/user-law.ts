import { type Law, lawOver, type RangesOf, rangeOf } from "./law.ts";
import { fieldNamed, hypothesisOf, isChoice, type Theta, type Value } from "./parameters.ts";
import { constant, describeRange, integer, logUniform, logUniformInteger, type Range, real } from "./range.ts";

/** What somebody changes of a declared law: a field's range, or its value. */
export type OwnRange =
  | { readonly field: string; readonly from: number; readonly to: number }
  | { readonly field: string; readonly value: Value };

/** Ids have at most 200 characters: room for the ranges of many fields, not for those of all. */
const LONGEST_ID = 200;

/**
 * A declared law with ranges of one's own: "base with δ log-uniform in [0.5, 1], L = 40". A field is drawn as it was, where it
 * was drawn: log-uniform, in whole steps. Others follow as they did.
 *
 * @throws InvalidInput where they leave nothing to draw, or no model of such a θ can be
 */
export function userLaw(law: Law, changes: readonly OwnRange[]): Law {
  const { parameters, doubles } = law;
  const changed = changes.map((change) => ({ ...change, range: rangeFor(law, change) }));
  const ranges = { ...law.ranges, ...Object.fromEntries(changed.map(({ field, range }) => [field, range])) };
  const words = changed.map(({ field, range }) => describeRange(fieldNamed(parameters, field).symbol, range));
  const names = changes.map((change) => `${hypothesisOf(parameters, change.field)}-${valueName(change)}`);
  return lawOver(parameters, {
    id: `${law.id}-with-${names.join("-")}`.slice(0, LONGEST_ID).replace(/-+$/, ""),
    title: `${law.id} with ${words.join(", ")}`,
    ranges: ranges as RangesOf<Theta>,
    ...(doubles === undefined ? {} : { doubles: doubles as never }),
  });
}

function rangeFor(law: Law, change: OwnRange): Range {
  if ("value" in change) return constant(change.value);
  const { field, from, to } = change;
  const before = rangeOf(law, field);
  const drawn = "from" in before || isChoice(law.parameters, field) ? before : widestOf(law, field);
  switch (drawn.kind) {
    case "integer":
      return integer(from, to, drawn.step);
    case "log-uniform integer":
      return logUniformInteger(from, to);
    case "log-uniform":
      return logUniform(from, to);
    default:
      return real(from, to);
  }
}

/** A field that the law does not draw is drawn as where its hypothesis is released. */
function widestOf({ parameters }: Law, field: string): Range {
  const described = fieldNamed(parameters, field);
  return described.kind === "choice" ? constant(described.values[0] as string) : described.widest;
}

/** As an id has it: 0.5 is 0p5, 1e-7 is 1em7. */
function valueName(change: OwnRange): string {
  const named = (value: Value) =>
    `${value}`
      .toLowerCase()
      .replace(/^-/, "minus-")
      .replace("e-", "em")
      .replace("e+", "e")
      .replaceAll(".", "p")
      .replace(/[^a-z0-9]+/g, "-");
  return "value" in change ? named(change.value) : `${named(change.from)}-${named(change.to)}`;
}
