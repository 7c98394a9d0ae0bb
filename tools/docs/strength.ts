import { parseStrength } from "../../src/report/strength.ts";
import { strengthMarkdown } from "../../src/report/strength-table.ts";

/** The page that has the table of strengths, and what it is made from. */
export const STRENGTH_PAGE = "docs/verdicts.md";
export const STRENGTH = "reports/strength.json";

const [START, END] = [
  "<!-- strength: npm run docs writes this from reports/strength.json -->",
  "<!-- end of strength -->",
];

/** The page with the table of this strength.json in its place; with a sentence there where there is none. */
export function withStrength(page: string, strength: string | undefined): string {
  const [before, after] = [page.indexOf(START), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${STRENGTH_PAGE} has no place for the table of strengths`);
  const table = strength === undefined ? "Not measured yet.\n" : strengthMarkdown(parseStrength(strength, STRENGTH));
  return `${page.slice(0, before + START.length)}\n\n${table}\n${page.slice(after)}`;
}
