import type { Results } from "../results.ts";
import { type KeptReport, standingSentence } from "../standing.ts";
import { type Html, html } from "./html.ts";

/** A line where a committed report that this run did not write again is not of the code that there is now. */
export function standingHtml({ kept = [] }: Pick<Results, "kept">, file: KeptReport): Html | undefined {
  const standing = kept.find((each) => each.file === file);
  const said = standing === undefined ? undefined : standingSentence(standing);
  return said === undefined ? undefined : html`<p class="small open">${said} (<code>${file}</code>)</p>`;
}
