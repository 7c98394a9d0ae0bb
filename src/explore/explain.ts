import { type Law, rangeOf } from "../law/law.ts";
import { hypothesisOf, isChoice, type Theta, type Value } from "../law/parameters.ts";
import { between, lawInterval, type Space, valuesOf, widestOf, withField } from "./space.ts";
import type { Criterion } from "./violation.ts";

/** The range of one field over which a violation persists, the other fields as they are. */
export interface FieldExplanation {
  readonly field: string;
  readonly hypothesis: string;
  readonly value: Value;
  /**
   * needed: no value of the law violates the claim, so the violation needs this hypothesis broken;
   * partly: some values of the law do; no: all do, as far as was tried.
   */
  readonly matters: "needed" | "partly" | "no";
  readonly violated: Persistence;
  /** What the law allows, given the other fields. */
  readonly law: readonly Value[] | { readonly from: number; readonly to: number };
}

export type Persistence =
  | { readonly kind: "values"; readonly values: readonly Value[] }
  | {
      readonly kind: "interval";
      readonly from: number;
      readonly to: number;
      /** Whether it goes on to the end of what was tried: to its widest range, or to where no model exists. */
      readonly openBelow: boolean;
      readonly openAbove: boolean;
    };

type Explained = Omit<FieldExplanation, "field" | "hypothesis" | "value">;

/**
 * Where to explain a violation whose θ was shrunk: each released field that could not go back into the law stands
 * half-way between its shrunk value and the one that was found. At the shrunk value, on the edge of the violation, every
 * field would seem to matter.
 *
 * @returns the shrunk θ itself where the violation does not persist half-way
 */
export async function awayFromEdge(
  space: Space,
  shrunk: Theta,
  found: Theta,
  { persists }: Pick<Criterion, "persists">,
): Promise<Theta> {
  let theta = shrunk;
  const { parameters } = space.law;
  for (const field of parameters.names) {
    if (isChoice(parameters, field) || space.ranges[field] === space.law.ranges[field]) continue;
    const { from, to } = lawInterval(space.law, field, shrunk);
    const [there, then] = [shrunk[field] as number, found[field] as number];
    if (there >= from && there <= to) continue;
    const middle = between(rangeOf(space, field), there, then);
    if (middle !== undefined) theta = withField(space, theta, field, middle) ?? theta;
  }
  return theta === shrunk || (await persists(theta)) ? theta : shrunk;
}

/** Halvings of the way to an end: an edge is known to 1/32 of the way. */
const HALVINGS = 5;

/**
 * For each field the range over which the violation persists: an interval around its value, found by bisection towards
 * both ends of the field's widest range. Beyond the interval the violation may come back; that is not looked at.
 *
 * @param theta for which the criterion holds
 */
export async function explain(
  space: Pick<Space, "experiment" | "law" | "ranges">,
  theta: Theta,
  { persists }: Pick<Criterion, "persists">,
  onField?: (field: string) => void,
): Promise<readonly FieldExplanation[]> {
  const { law } = space;
  return Promise.all(
    law.parameters.names.map(async (field): Promise<FieldExplanation> => {
      const explained = isChoice(law.parameters, field) ? await explainChoice(field) : await explainNumber(field);
      onField?.(field);
      return { field, hypothesis: hypothesisOf(law.parameters, field), value: theta[field] as Value, ...explained };
    }),
  );

  async function explainChoice(field: string): Promise<Explained> {
    const values: Value[] = [];
    for (const value of valuesOf(law, field)) {
      const varied = value === theta[field] ? theta : withField(space, theta, field, value);
      if (varied !== undefined && (varied === theta || (await persists(varied)))) values.push(value);
    }
    const range = rangeOf(law, field);
    const allowed = range.kind === "constant" ? [range.value] : [];
    const matters = allowed.some((value) => values.includes(value)) ? "no" : "needed";
    return { violated: { kind: "values", values }, law: allowed, matters };
  }

  async function explainNumber(field: string): Promise<Explained> {
    const widest = widestOf(law, field);
    const [below, above] = await Promise.all([outermost(field, widest.from), outermost(field, widest.to)]);
    const violated: Persistence & { readonly kind: "interval" } = {
      kind: "interval",
      from: below.value,
      to: above.value,
      openBelow: below.open,
      openAbove: above.open,
    };
    const allowed = lawInterval(law, field, theta);
    return { violated, law: allowed, matters: mattersOf(violated, allowed) };
  }

  /** The value furthest towards an end at which the violation still persists. */
  async function outermost(field: string, end: number): Promise<{ value: number; open: boolean }> {
    const start = theta[field] as number;
    const widest = widestOf(law, field);
    const downwards = end < widest.to;
    if (downwards ? start <= end : start >= end) return { value: start, open: true };
    const violates = async (value: number) => {
      const varied = withField(space, theta, field, value);
      return varied === undefined ? undefined : await persists(varied);
    };
    const atEnd = await violates(end);
    if (atEnd === true) return { value: end, open: true };
    let [inside, outside] = [start, end];
    let beyondModels = atEnd === undefined;
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = between(widest, inside, outside);
      if (middle === undefined) break;
      const there = await violates(middle);
      if (there === true) inside = middle;
      else {
        outside = middle;
        beyondModels = there === undefined;
      }
    }
    return { value: inside, open: beyondModels };
  }
}

function mattersOf(
  { from, to, openBelow, openAbove }: Persistence & { readonly kind: "interval" },
  allowed: { readonly from: number; readonly to: number },
): FieldExplanation["matters"] {
  if (from > allowed.to || to < allowed.from) return "needed";
  // where no model lies beyond, no value was seen that does not violate
  return (openBelow || from <= allowed.from) && (openAbove || to >= allowed.to) ? "no" : "partly";
}

/** The rows of a table for people: field, value, what the law allows, where the violation persists, what that means. */
export function describeExplanation(law: Law, explanations: readonly FieldExplanation[]): readonly string[][] {
  const shown = (value: Value) => (typeof value === "number" ? String(Number(value.toPrecision(3))) : value);
  const meaning = {
    needed: `yes: gone for every value of law ${law.id}`,
    partly: "in part of the law's range",
    no: "no",
  };
  return [
    ["field", "hypothesis", "value", "law", "violated for", "matters"],
    ...explanations.map(({ field, hypothesis, value, law: allowed, violated, matters }) => [
      field,
      hypothesis,
      shown(value),
      "from" in allowed ? interval(shown(allowed.from), shown(allowed.to)) : allowed.map(shown).join(", "),
      violated.kind === "values"
        ? violated.values.map(shown).join(", ")
        : `${interval(shown(violated.from), shown(violated.to))}${ends(violated)}`,
      meaning[matters],
    ]),
  ];
}

function interval(from: string, to: string): string {
  return from === to ? from : `${from} .. ${to}`;
}

function ends({ openBelow, openAbove }: { openBelow: boolean; openAbove: boolean }): string {
  if (openBelow && openAbove) return " (all that was tried)";
  if (openBelow) return " and below";
  return openAbove ? " and above" : "";
}
