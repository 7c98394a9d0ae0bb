import type { Theta } from "../law/parameters.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "./laws.ts";
import { transformerParameters } from "./theta.ts";

/** The laws that the explorer shows: those of theorems about a single model. */
export const EXPLORED_LAWS = [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw] as const;

/** Where `npm run explore` serves the page, unless something else is there. */
const EXPLORER = "http://localhost:5173/";

/** The version of a link's fields. */
export const LINK_VERSION = "1";

/** A link that opens the explorer. */
export interface Linked {
  readonly theta: Theta;
  readonly seed: number;
  /** The law whose ranges and claims are shown. */
  readonly lawId: string;
  readonly pruning?: { readonly order: string; readonly fraction: number } | undefined;
}

/** The fragment of the explorer's address, without the #. Numbers are written so that reading them gives the same bits. */
export function linkFragment(
  { theta, seed, lawId, pruning = { order: "smallest", fraction: 0 } }: Linked,
  further: readonly (readonly [name: string, value: string])[] = [],
): string {
  const fields: (readonly [string, string])[] = [
    ["v", LINK_VERSION],
    ["law", lawId],
    ["seed", String(seed)],
    ...transformerParameters.names.map((field) => [field, String(theta[field])] as const),
    ["prune", pruning.order],
    ["fraction", String(pruning.fraction)],
    ...further,
  ];
  return fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** The address that opens the explorer at a model; undefined where the explorer does not show the law. */
export function explorerLink(linked: Linked): string | undefined {
  return EXPLORED_LAWS.some(({ id }) => id === linked.lawId) ? `${EXPLORER}#${linkFragment(linked)}` : undefined;
}
