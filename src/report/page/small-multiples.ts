import { shortNumber } from "../encode.ts";
import { quantile } from "../figures/quantiles.ts";
import type { Presentation } from "../presentation.ts";
import type { Results, StatementResult } from "../results.ts";
import { type Html, html, joined, trusted } from "./html.ts";
import { fieldsHtml } from "./math.ts";
import { lawName } from "./words.ts";

/** A panel, px, and the margins at its lower and upper end: what lies outside is drawn at the end. */
const [WIDTH, HEIGHT, LOW, HIGH] = [210, 110, -0.5, 1];

/** Room for numbers below. */
const FOOT = 16;

/** A theorem's margins against fields of θ, a panel a field; nothing where they were not kept. */
export function smallMultiples(
  { id }: StatementResult,
  { margins = [] }: Results,
  presentation: Presentation,
): Html | undefined {
  const found = margins.flatMap(({ law, fields, theorems }) =>
    theorems.filter(({ theorem }) => theorem === id).map((its) => ({ law, fields, margins: its.margins.map(clamped) })),
  )[0];
  if (found === undefined) return undefined;
  const said = found.fields.map(({ field, values }) => ({ field, ...thirds(values, found.margins) }));
  const words = said.map(
    ({ field, few, many }) => html`${fieldsHtml(field)} ${shortNumber(few)} and ${shortNumber(many)}`,
  );
  return joined([
    html`<div class="multiples" id="margins-${id}"><div class="panels">`,
    ...found.fields.map(({ field, values }) => panel(field, values, found.margins)),
    html`</div><p class="small"><b>How far from its bound.</b> The least margin of its claims, 1 where nothing of the bound is used and 0 at it (dashed; below it a violation), of ${found.margins.length} models of ${lawName(found.law, presentation)}. Its median in the third of the models with the least and the most: ${joined(words, ", ")}.</p></div>`,
  ]);
}

function clamped(margin: number | string): number {
  const value = typeof margin === "number" ? margin : margin === "Infinity" ? HIGH : LOW;
  return Math.min(HIGH, Math.max(LOW, value));
}

/** The median margin in the third of the models with the smallest values of a field, and with the largest. */
function thirds(values: readonly number[], margins: readonly number[]): { few: number; many: number } {
  const order = values.map((_, i) => i).sort((one, other) => (values[one] as number) - (values[other] as number));
  const third = Math.max(1, Math.floor(order.length / 3));
  const median = (some: readonly number[]) =>
    Number(
      quantile(
        some.map((i) => margins[i] as number),
        0.5,
      ).toPrecision(2),
    );
  return { few: median(order.slice(0, third)), many: median(order.slice(-third)) };
}

/** Points as one path, so that hundreds of panels stay small. */
function panel(field: string, values: readonly number[], margins: readonly number[]): Html {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (value: number) => Math.round(4 + ((WIDTH - 8) * (value - least)) / (most - least || 1));
  const y = (margin: number) => Math.round(3 + ((HEIGHT - 6) * (HIGH - margin)) / (HIGH - LOW));
  const path = (kept: (margin: number) => boolean) =>
    values
      .flatMap((value, i) => (kept(margins[i] as number) ? [`M${x(value)} ${y(margins[i] as number)}h0`] : []))
      .join("");
  const { few, many } = thirds(values, margins);
  const words = `Margin against ${field}: median ${shortNumber(few)} where it is small, ${shortNumber(many)} where it is large`;
  const ends = [
    `<text x="2" y="${HEIGHT + 13}">${shortNumber(least)}</text>`,
    `<text x="${WIDTH - 2}" y="${HEIGHT + 13}" text-anchor="end">${shortNumber(most)}</text>`,
  ];
  const drawing = [
    `<path class="bound" d="M0 ${y(0)}H${WIDTH}"/>`,
    `<path class="points" d="${path((margin) => margin >= 0)}"/>`,
    `<path class="points beyond" d="${path((margin) => margin < 0)}"/>`,
    `<path class="axis" d="M0 ${HEIGHT}H${WIDTH}"/>`,
    ...ends,
  ].join("");
  return html`<div role="img" aria-label="${words}"><svg viewBox="0 0 ${WIDTH} ${HEIGHT + FOOT}">${trusted(drawing)}<text x="${WIDTH / 2}" y="${HEIGHT + 13}" text-anchor="middle" class="field">${trusted(fieldsHtml(field).markup.replace(/<[^>]*>/g, ""))}</text></svg></div>`;
}
