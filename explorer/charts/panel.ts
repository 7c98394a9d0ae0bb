import { element } from "../page/element.ts";

/** A panel: a heading, a sentence, a legend, charts. */
export function panel(heading: Node | string, sentence: string, ...content: readonly Node[]): HTMLElement {
  return element(
    "section",
    { class: "panel" },
    element("h2", {}, heading),
    element("p", { class: "panel-sentence" }, sentence),
    ...content,
  );
}

export function legend(...entries: readonly (readonly [className: string, label: string])[]): HTMLElement {
  return element(
    "ul",
    { class: "legend" },
    ...entries.map(([className, label]) => element("li", {}, element("span", { class: `swatch ${className}` }), label)),
  );
}

/** Of a fraction, with the digits that are needed to see small changes. */
export function percent(fraction: number): string {
  if (!Number.isFinite(fraction)) return "not a number";
  const hundredfold = 100 * fraction;
  if (hundredfold !== 0 && hundredfold < 0.01) return `${hundredfold.toExponential(1).replace("-", "−")} %`;
  return `${Number(hundredfold.toPrecision(4))} %`;
}
