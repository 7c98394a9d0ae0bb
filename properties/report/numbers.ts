import { describeRelation } from "../../src/claim/relation.ts";
import { shortNumber } from "../../src/report/encode.ts";
import { violationsOf } from "../../src/report/events.ts";
import { percent } from "../../src/report/percent.ts";
import type { Results } from "../../src/report/results.ts";

/**
 * Every numeral that a report may print: each number of the results in each of its forms (whole, to three digits, as a
 * bound, as a percentage to two, also rounded up or down), the sums of an event's counts before and after its verdict, and the numerals within
 * the results' texts.
 */
export function printableNumerals(results: Results): ReadonlySet<string> {
  const numerals = new Set<string>();
  const add = (text: string) => {
    for (const numeral of numeralsIn(text)) numerals.add(numeral);
  };
  const visit = (value: unknown): void => {
    if (typeof value === "number") {
      add(String(value));
      add(shortNumber(value));
      add(describeRelation({ kind: "at most", bound: value }));
      add(shortNumber(Number((100 * value).toPrecision(2))));
      for (const towards of ["up", "down"] as const) add(percent(value, towards));
    } else if (typeof value === "string") add(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(results);
  for (const event of results.statements.flatMap(({ events }) => events)) add(violationsOf(event));
  return numerals;
}

/** The numerals of a text, without signs: "−0.5 to 3e-7" holds 0.5 and 3e-7. */
export function numeralsIn(text: string): string[] {
  return text.match(/\d+(?:\.\d+)?(?:e-?\d+)?/g) ?? [];
}
