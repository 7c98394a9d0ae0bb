import type { Field } from "../../src/law/parameters.ts";
import { FIELDS, type Theta } from "../../src/transformer/fields.ts";

/** θ's fields, in the order in which they are always written. */
export const FIELD_NAMES = Object.keys(FIELDS) as readonly (keyof Theta)[];

/** What the experiment's table says of a field. */
export function fieldOf(name: keyof Theta): Field {
  return FIELDS[name];
}

/** The parts of a field's symbol: "m_a" is m with the subscript a. */
export function symbolOf(name: keyof Theta): { readonly letter: string; readonly subscript: string | undefined } {
  const [letter = name, subscript] = FIELDS[name].symbol.split("_");
  return { letter, subscript };
}

/** A symbol where it cannot be set: "ma". */
export function symbolText(name: keyof Theta): string {
  const { letter, subscript = "" } = symbolOf(name);
  return letter + subscript;
}

export interface FieldGroup {
  readonly title: string;
  readonly names: readonly (keyof Theta)[];
}

const GROUPS: readonly FieldGroup[] = [
  { title: "Data", names: ["alphaStar", "alphaSharp", "tau", "L", "r", "M", "d", "labels"] },
  { title: "Initial scales", names: ["delta", "sigma", "xi"] },
  { title: "Training", names: ["eta", "N", "B", "Tmax", "epsilon", "testSamples"] },
];

/** Where the page shows each field. The last group has what no other has. */
export const FIELD_GROUPS: readonly FieldGroup[] = [
  ...GROUPS,
  { title: "Architecture", names: FIELD_NAMES.filter((name) => !GROUPS.some(({ names }) => names.includes(name))) },
];

/** The page's words for the values of choices. */
export const CHOICE_LABELS: Readonly<Record<string, string>> = {
  majority: "the majority of the tokens",
  drawn: "as drawn, majority or not",
  random: "at random",
  shared: "shared by all positions",
  "per-position": "one for each position",
};
