import { type Law, rangeOf } from "../law/law.ts";
import { hypothesisOf, isChoice, type Theta, type Value } from "../law/parameters.ts";
import { untilSpent } from "./purse.ts";
import { between, lawInterval, type Space, valuesOf, widestOf, withField } from "./space.ts";
import type { Criterion } from "./violation.ts";

/** The range of one field over which a violation persists, the other fields as they are. */
export interface FieldExplanation {
  readonly field: string;
  readonly hypothesis: string;
  readonly value: Value;
  /**
   * needed: no value of the law violates the claim, so the violation needs this hypothesis broken;
   * partly: some values of the law do; no: all do, as far as was tried; not known: the budget ran out before.
   */
  readonly matters: "needed" | "partly" | "no" | "not known";
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
 * In rounds: first both ends of each field, then the middles, all of a round at a time. Where the budget runs out, each
 * field is as well known as the rounds before made it.
 *
 * @param theta for which the criterion holds
 */
export async function explain(
  space: Pick<Space, "experiment" | "law" | "ranges">,
  theta: Theta,
  { persistsAt }: Pick<Criterion, "persistsAt">,
  onRound?: (fields: readonly FieldExplanation[]) => void,
): Promise<readonly FieldExplanation[]> {
  const inquiries = space.law.parameters.names.map((field) =>
    isChoice(space.law.parameters, field) ? choiceInquiry(space, theta, field) : numberInquiry(space, theta, field),
  );
  const explained = () => inquiries.map((each) => each.explained());
  await untilSpent(async () => {
    for (;;) {
      const asked = inquiries.flatMap((inquiry) => inquiry.asks().map((question) => ({ inquiry, question })));
      if (asked.length === 0) return;
      const answers = await persistsAt(asked.map(({ question }) => question.theta));
      asked.forEach(({ question }, i) => {
        question.answer(answers[i]!);
      });
      onRound?.(explained());
    }
  });
  return explained();
}

/** A θ of which it is asked whether the violation persists there. */
interface Inquired {
  readonly theta: Theta;
  readonly answer: (persists: boolean) => void;
}

/** What is asked about one field, round by round, and what is known of it so far. */
interface Inquiry {
  asks(): readonly Inquired[];
  explained(): FieldExplanation;
}

function choiceInquiry(
  { law, ...space }: Pick<Space, "experiment" | "law" | "ranges">,
  theta: Theta,
  field: string,
): Inquiry {
  const all = valuesOf(law, field);
  const answers = new Map<string, boolean>([[theta[field] as string, true]]);
  const range = rangeOf(law, field);
  const allowed = range.kind === "constant" ? [range.value] : [];
  return {
    asks: () =>
      all
        .filter((value) => !answers.has(value))
        .flatMap((value): Inquired[] => {
          const varied = withField({ law, ...space }, theta, field, value);
          if (varied !== undefined) return [{ theta: varied, answer: (persists) => answers.set(value, persists) }];
          answers.set(value, false);
          return [];
        }),
    explained: () => {
      const values = all.filter((value) => answers.get(value));
      const known = answers.size === all.length;
      const inLaw = allowed.some((value) => values.includes(value as string));
      const matters = inLaw ? "no" : known ? "needed" : "not known";
      return { ...named(law, theta, field), violated: { kind: "values", values }, law: allowed, matters };
    },
  };
}

function numberInquiry(space: Pick<Space, "experiment" | "law" | "ranges">, theta: Theta, field: string): Inquiry {
  const { law } = space;
  const widest = widestOf(law, field);
  const sides = [towards(space, theta, field, widest.from), towards(space, theta, field, widest.to)] as const;
  const allowed = lawInterval(law, field, theta);
  return {
    asks: () => sides.flatMap((side) => side.asks()),
    explained: () => {
      const [below, above] = sides.map((side) => side.known()) as [Reached, Reached];
      const violated: Persistence & { readonly kind: "interval" } = {
        kind: "interval",
        from: below.value,
        to: above.value,
        openBelow: below.open,
        openAbove: above.open,
      };
      const matters = mattersOf(violated, allowed);
      // as it is known so far it may seem to end where it was only not yet looked at
      const isKnown = matters === "no" || (below.final && above.final);
      return { ...named(law, theta, field), violated, law: allowed, matters: isKnown ? matters : "not known" };
    },
  };
}

/** The value furthest towards an end at which the violation persists, as far as it is known. */
interface Reached {
  readonly value: number;
  /** Whether nothing beyond was seen that does not violate. */
  readonly open: boolean;
  /** Whether nothing more is to be asked. */
  readonly final: boolean;
}

/** Asks for the end first, and then halves the way to it. */
function towards(
  space: Pick<Space, "experiment" | "law" | "ranges">,
  theta: Theta,
  field: string,
  end: number,
): { asks(): readonly Inquired[]; known(): Reached } {
  const start = theta[field] as number;
  const widest = widestOf(space.law, field);
  const isThere = end < widest.to ? start <= end : start >= end;
  let [inside, outside] = [start, end];
  let beyondModels = isThere;
  let asked = 0;
  let final = isThere;
  const take = (value: number, persists: boolean | undefined) => {
    if (persists === true) {
      inside = value;
      if (value === end) [beyondModels, final] = [true, true];
    } else {
      outside = value;
      beyondModels = persists === undefined;
    }
    if (asked > HALVINGS) final = true;
  };
  return {
    asks: () => {
      // values that no model has are passed over at once: nobody has to be asked about them
      while (!final && asked <= HALVINGS) {
        const value = asked === 0 ? end : between(widest, inside, outside);
        asked++;
        if (value === undefined) break;
        const varied = withField(space, theta, field, value);
        if (varied !== undefined) return [{ theta: varied, answer: (persists) => take(value, persists) }];
        take(value, undefined);
      }
      final = true;
      return [];
    },
    known: () => ({ value: inside, open: beyondModels, final }),
  };
}

function named({ parameters }: Law, theta: Theta, field: string) {
  return { field, hypothesis: hypothesisOf(parameters, field), value: theta[field] as Value };
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
    "not known": "not known: the budget ran out",
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
