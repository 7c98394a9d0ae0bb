import type { Theta as AnyTheta } from "../../law/parameters.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../laws.ts";
import { transformerParameters } from "../theta.ts";

/** The laws that the explorer shows: those of theorems about a single model. */
const EXPLORED: readonly string[] = [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw].map(({ id }) => id);

/** Where `npm run explore` serves the page, unless something else is there. */
const EXPLORER = "http://localhost:5173/";

/** The address that opens the explorer at a model; undefined where the explorer does not show the law. */
export function explorerLink(law: string, theta: AnyTheta, seed: number): string | undefined {
  if (!EXPLORED.includes(law)) return undefined;
  const fields: (readonly [string, string])[] = [
    ["v", "1"],
    ["law", law],
    ["seed", String(seed)],
    ...transformerParameters.names.map((field) => [field, String(theta[field])] as const),
    ["prune", "smallest"],
    ["fraction", "0"],
  ];
  return `${EXPLORER}#${fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}
