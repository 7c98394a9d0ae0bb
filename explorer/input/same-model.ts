import { drawTheta } from "../../src/transformer/laws.ts";
import type { Theta } from "../../src/transformer/theta.ts";
import { comparisonLaws } from "./comparison-laws.ts";
import { FIELD_NAMES } from "./fields.ts";

/** The command that trains the same model in a terminal, and prints the same digest. */
export function commandFor(theta: Theta, seed: number, lawId: string): string {
  const law = comparisonLaws.find((each) => sameTheta(drawTheta(each, seed), theta));
  return law === undefined
    ? `npx theorycheck replay --theta '${JSON.stringify(theta)}' --seed ${seed} --law ${lawId}`
    : `npx theorycheck train --law ${law.id} --seed ${seed}`;
}

export function sameTheta(one: Theta, other: Theta): boolean {
  return FIELD_NAMES.every((field) => Object.is(one[field], other[field]));
}
