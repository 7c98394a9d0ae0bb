import { HYPOTHESIS_OF, type HypothesisName, type Law } from "../law/law.ts";
import type { NumericField } from "../law/range.ts";
import type { Theta } from "../transformer/notation.ts";
import { THETA_FIELDS } from "../transformer/theta.ts";
import { between, CHOICES, type Choice, isChoice, lawInterval, type Space, WIDE, withField } from "./space.ts";
import type { Criterion } from "./violation.ts";

/** The range of one field over which a violation persists, the other fields as they are. */
export interface FieldExplanation {
  readonly field: keyof Theta;
  readonly hypothesis: HypothesisName;
  readonly value: Theta[keyof Theta];
  /**
   * needed: no value of the law violates the claim, so the violation needs this hypothesis broken;
   * partly: some values of the law do; no: all do, as far as was tried.
   */
  readonly matters: "needed" | "partly" | "no";
  readonly violated: Persistence;
  /** What the law allows, given the other fields. */
  readonly law: readonly Theta[keyof Theta][] | { readonly from: number; readonly to: number };
}

export type Persistence =
  | { readonly kind: "values"; readonly values: readonly Theta[keyof Theta][] }
  | {
      readonly kind: "interval";
      readonly from: number;
      readonly to: number;
      /** Whether it goes on to the end of what was tried: to `WIDE`, or to where no model exists. */
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
  for (const field of THETA_FIELDS) {
    if (isChoice(field) || space.ranges[field] === space.law.ranges[field]) continue;
    const { from, to } = lawInterval(space.law, field, shrunk);
    if (shrunk[field] >= from && shrunk[field] <= to) continue;
    const middle = between(space.ranges[field], shrunk[field], found[field]);
    if (middle !== undefined) theta = withField(space, theta, field, middle) ?? theta;
  }
  return theta === shrunk || (await persists(theta)) ? theta : shrunk;
}

/** Halvings of the way to an end: an edge is known to 1/32 of the way. */
const HALVINGS = 5;

/**
 * For each field the range over which the violation persists: an interval around its value, found by bisection towards
 * both ends of `WIDE`. Beyond the interval the violation may come back; that is not looked at.
 *
 * @param theta for which the criterion holds
 */
export async function explain(
  space: Pick<Space, "law" | "ranges">,
  theta: Theta,
  { persists }: Pick<Criterion, "persists">,
  onField?: (field: keyof Theta) => void,
): Promise<readonly FieldExplanation[]> {
  const { law } = space;
  return Promise.all(
    THETA_FIELDS.map(async (field): Promise<FieldExplanation> => {
      const explained = isChoice(field) ? await explainChoice(field) : await explainNumber(field);
      onField?.(field);
      return { field, hypothesis: HYPOTHESIS_OF[field], value: theta[field], ...explained };
    }),
  );

  async function explainChoice(field: Choice): Promise<Explained> {
    const values: Theta[keyof Theta][] = [];
    for (const value of CHOICES[field]) {
      const varied = value === theta[field] ? theta : withField(space, theta, field, value);
      if (varied !== undefined && (varied === theta || (await persists(varied)))) values.push(value);
    }
    const range = law.ranges[field];
    const allowed = range.kind === "constant" ? [range.value] : [];
    const matters = allowed.some((value) => values.includes(value)) ? "no" : "needed";
    return { violated: { kind: "values", values }, law: allowed, matters };
  }

  async function explainNumber(field: NumericField): Promise<Explained> {
    const [below, above] = await Promise.all([outermost(field, WIDE[field].from), outermost(field, WIDE[field].to)]);
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
  async function outermost(field: NumericField, end: number): Promise<{ value: number; open: boolean }> {
    const start = theta[field];
    const downwards = end < WIDE[field].to;
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
      const middle = between(WIDE[field], inside, outside);
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
  const shown = (value: Theta[keyof Theta]) =>
    typeof value === "number" ? String(Number(value.toPrecision(3))) : value;
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
