import { element, setAttributes, svgElement } from "../page/element.ts";
import { CHART_MARGIN } from "./line-chart.ts";
import { type Interval, type ScaleKind, scaleOf, ticksOf, tickText } from "./scales.ts";

export interface Bar {
  readonly value: number;
  readonly className: string;
}

export interface BarStripContent {
  readonly bars: readonly Bar[];
  readonly y: Interval;
  /** a horizontal line that values are held to */
  readonly rule?: { readonly y: number; readonly label: string } | undefined;
  readonly summary: string;
}

/** Thin bars side by side, as wide as its place: neurons, or tokens. */
export class BarStrip {
  readonly root: HTMLElement;
  readonly #title: string;
  readonly #height: number;
  readonly #yKind: ScaleKind;
  readonly #formatY: (y: number) => string;
  readonly #svg: SVGSVGElement;
  #content: BarStripContent | undefined;
  #width = 0;

  constructor({
    title,
    height,
    yKind,
    formatY = tickText,
  }: {
    readonly title: string;
    readonly height: number;
    readonly yKind: ScaleKind;
    readonly formatY?: (y: number) => string;
  }) {
    this.#title = title;
    this.#height = height;
    this.#yKind = yKind;
    this.#formatY = formatY;
    this.#svg = svgElement("svg", { class: "chart", role: "img", height });
    this.root = element("div", { class: "chart-box" }, this.#svg);
    new ResizeObserver(([entry]) => {
      this.#width = Math.floor(entry?.contentRect.width ?? 0);
      this.#draw();
    }).observe(this.root);
  }

  update(content: BarStripContent): void {
    this.#content = content;
    this.#draw();
  }

  #draw(): void {
    const content = this.#content;
    const width = this.#width;
    if (content === undefined || width < 80) return;
    const { bars, y, rule, summary } = content;
    const { top, right, left } = CHART_MARGIN;
    const bottom = 8;
    const height = this.#height;
    setAttributes(this.#svg, { width, viewBox: `0 0 ${width} ${height}`, "aria-label": `${this.#title}. ${summary}` });
    const scale = scaleOf(this.#yKind, y, { from: height - bottom, to: top });
    const grid = ticksOf(this.#yKind, y, Math.max(2, Math.floor(height / 38))).map((tick) =>
      svgElement(
        "g",
        { transform: `translate(0,${Math.round(scale(tick)) + 0.5})` },
        svgElement("line", { class: "grid", x1: left, x2: width - right }),
        svgElement("text", { class: "tick", x: left - 6, dy: "0.32em", "text-anchor": "end" }, this.#formatY(tick)),
      ),
    );
    // one path a class: hundreds of bars are redrawn ten times a second
    const pitch = (width - left - right) / bars.length;
    const thickness = Math.max(1, Math.min(14, pitch * 0.72));
    const paths = new Map<string, string>();
    bars.forEach(({ value, className }, i) => {
      if (!Number.isFinite(value)) return;
      const x = Math.round((left + (i + 0.5) * pitch) * 10) / 10;
      const end = Math.round(scale(Math.min(y.to, Math.max(y.from, value))) * 10) / 10;
      paths.set(className, `${paths.get(className) ?? ""}M${x},${height - bottom}V${end}`);
    });
    const drawn = [...paths].map(([className, d]) =>
      svgElement("path", { class: `bar ${className}`, d, "stroke-width": thickness }),
    );
    const held =
      rule === undefined || !(rule.y >= y.from && rule.y <= y.to)
        ? []
        : [
            svgElement("line", { class: "rule", x1: left, x2: width - right, y1: scale(rule.y), y2: scale(rule.y) }),
            svgElement("text", { class: "rule-label", x: left + 4, y: scale(rule.y) - 5 }, rule.label),
          ];
    this.#svg.replaceChildren(...grid, ...drawn, ...held);
  }
}
