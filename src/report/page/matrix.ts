import type { ClaimTried, Results } from "../results.ts";
import { describeLimits } from "../tolerances.ts";
import { type Html, html, joined } from "./html.ts";
import { symbolsHtml } from "./math.ts";
import { type Cell, cell, table } from "./table.ts";

/** Claims × controls: a row a claim, with the controls that break it and those whose models it outlives. */
export function matrixSection({ matrix, statements }: Results): Html | undefined {
  if (matrix === undefined || matrix.every(({ controls }) => controls.length === 0)) return undefined;
  const p0Of = new Map(statements.map(({ id, events }) => [id, Math.min(1, ...events.map(({ p0 }) => p0))]));
  const broken = matrix.filter((row) => row.broken).length;
  return joined([
    html`<p>A claim that nothing can break says nothing. Each control leaves something, and its models are held against every claim of every theorem, also those that it was not made for: ${broken} of ${matrix.length} claims are broken by one at least. A claim is broken by a control that is refuted by it, in <strong>bold</strong>, or whose models violate it so often that the limits of their share lie above p₀. These others have no verdict, and enter none.</p>`,
    table({
      className: "matrix",
      caption: "Claims and controls: how many of a control’s models violate a claim, with the limits of their share",
      head: ["claim", "broken by", "not broken by"],
      rows: matrix.map((row): Cell[] => {
        const p0 = p0Of.get(row.theorem) ?? 0;
        const breaks = ({ refuted, limits }: Tried) => refuted || limits.lower > p0;
        const by = row.controls.filter(breaks);
        const not = row.controls.filter((tried) => !breaks(tried));
        return [
          cell(html`${symbolsHtml(row.claim)} <a href="#${row.theorem}"><code>${row.theorem}</code></a>`),
          { content: by.length === 0 ? nothingHtml(row) : listed(by), whole: true },
          { content: not.length === 0 ? html`–` : listed(not), whole: true },
        ];
      }),
    }),
  ]);
}

type Tried = ClaimTried["controls"][number];

function listed(tried: readonly Tried[]): Html {
  return joined(
    tried.map(({ control, models, violations, limits, refuted }, i) => {
      const name = html`<a href="#${control}">${control}</a>`;
      const counts = html`${violations} of ${models} (${describeLimits(limits)})`;
      return html`${i === 0 ? "" : "; "}${refuted ? html`<strong>${name}</strong>` : name} ${counts}`;
    }),
  );
}

function nothingHtml({ triedInVain }: ClaimTried): Html {
  if (triedInVain.length === 0) return html`nothing that was tried`;
  return html`nothing; tried in vain: ${triedInVain.join("; ")}`;
}
