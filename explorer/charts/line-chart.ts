import { shortNumber } from "../../src/report/encode.ts";
import { element, setAttributes, setText, svgElement } from "../page/element.ts";
import {
  extentOf,
  type Interval,
  linePath,
  roomFor,
  type Scale,
  type ScaleKind,
  scaleOf,
  ticksOf,
  tickText,
} from "./scales.ts";

export interface Line {
  readonly label: string;
  /** colours are the style sheet's: "line-accent", "line-muted", ... */
  readonly className: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface LineChartOptions {
  readonly title: string;
  readonly yKind: ScaleKind;
  readonly xLabel: string;
  readonly height: number;
  readonly formatX?: (x: number) => string;
  readonly formatY?: (y: number) => string;
  /** the y axis spans at least this: changes that are smaller are flat, and rounding is never drawn large */
  readonly leastSpan?: number;
}

export interface LineChartContent {
  readonly lines: readonly Line[];
  readonly x: Interval;
  /** the extent of the lines unless given */
  readonly y?: Interval;
  /** horizontal lines that values are held to */
  readonly rules?: readonly { readonly y: number; readonly label: string }[];
  /** a vertical line, for instance where a slider stands */
  readonly cursor?: number | undefined;
  /** what the chart shows, for those who do not see it */
  readonly summary: string;
}

export const CHART_MARGIN = { top: 10, right: 12, bottom: 24, left: 46 };

/** A line chart in SVG, as wide as its place. Pointing at it shows the values of the nearest x. */
export class LineChart {
  readonly root: HTMLElement;
  readonly #options: LineChartOptions;
  readonly #svg: SVGSVGElement;
  readonly #readout: HTMLElement;
  #content: LineChartContent | undefined;
  #width = 0;
  #pointed: number | undefined;
  #scales: { readonly x: Scale; readonly y: Scale } | undefined;

  constructor(options: LineChartOptions) {
    this.#options = options;
    this.#svg = svgElement("svg", { class: "chart", role: "img", height: options.height });
    this.#readout = element("p", { class: "readout", "aria-hidden": "true" });
    this.root = element("div", { class: "chart-box" }, this.#svg, this.#readout);
    new ResizeObserver(([entry]) => {
      this.#width = Math.floor(entry?.contentRect.width ?? 0);
      this.#draw();
    }).observe(this.root);
    this.#svg.addEventListener("pointermove", (event) => {
      this.#pointed = event.offsetX;
      this.#point();
    });
    this.#svg.addEventListener("pointerleave", () => {
      this.#pointed = undefined;
      this.#point();
    });
  }

  update(content: LineChartContent): void {
    this.#content = content;
    this.#draw();
  }

  #draw(): void {
    const { height, yKind, xLabel, title, formatX = String, formatY = tickText, leastSpan = 0 } = this.#options;
    const content = this.#content;
    const width = this.#width;
    if (content === undefined || width < 80) return;
    const { lines, rules = [], x, cursor, summary } = content;
    setAttributes(this.#svg, { width, viewBox: `0 0 ${width} ${height}`, "aria-label": `${title}. ${summary}` });

    const y = roomFor(
      content.y ?? extentOf([...lines.flatMap((line) => line.y), ...rules.map((rule) => rule.y)], yKind),
      yKind,
      leastSpan,
    );
    const { top, right, bottom, left } = CHART_MARGIN;
    const xScale = scaleOf("linear", x, { from: left, to: width - right });
    const yScale = scaleOf(yKind, y, { from: height - bottom, to: top });
    this.#scales = { x: xScale, y: yScale };

    const grid = ticksOf(yKind, y, Math.max(3, Math.floor(height / 38))).map((tick) =>
      svgElement(
        "g",
        { transform: `translate(0,${Math.round(yScale(tick)) + 0.5})` },
        svgElement("line", { class: "grid", x1: left, x2: width - right }),
        svgElement("text", { class: "tick", x: left - 6, dy: "0.32em", "text-anchor": "end" }, formatY(tick)),
      ),
    );
    const xTicks = ticksOf("linear", x, Math.max(2, Math.floor(width / 90)));
    const axis = xTicks.map((tick, i) =>
      svgElement(
        "text",
        {
          class: "tick",
          x: xScale(tick),
          y: height - 8,
          "text-anchor": tick === x.from ? "start" : xScale(tick) > width - right - 16 ? "end" : "middle",
        },
        i === xTicks.length - 1 && xLabel !== "" ? `${formatX(tick)} ${xLabel}` : formatX(tick),
      ),
    );
    const held = rules
      .filter((rule) => rule.y >= y.from && rule.y <= y.to)
      .flatMap((rule) => [
        svgElement("line", { class: "rule", x1: left, x2: width - right, y1: yScale(rule.y), y2: yScale(rule.y) }),
        svgElement(
          "text",
          { class: "rule-label", x: width - right - 2, y: yScale(rule.y) - 4, "text-anchor": "end" },
          rule.label,
        ),
      ]);
    const drawn = lines.map((line) =>
      svgElement("path", { class: `line ${line.className}`, d: linePath(line.x, line.y, { xScale, yScale, yKind }) }),
    );
    const dots = lines.flatMap((line) => {
      const [last] = line.y.slice(-1);
      if (line.y.length !== 1 || last === undefined || !Number.isFinite(last) || (yKind === "log" && last <= 0))
        return [];
      return [
        svgElement("circle", { class: `dot ${line.className}`, cx: xScale(line.x[0]!), cy: yScale(last), r: 2.5 }),
      ];
    });
    const cursorLine =
      cursor === undefined
        ? []
        : [
            svgElement("line", {
              class: "cursor",
              x1: xScale(cursor),
              x2: xScale(cursor),
              y1: top,
              y2: height - bottom,
            }),
          ];
    this.#svg.replaceChildren(...grid, ...axis, ...cursorLine, ...drawn, ...dots, ...held);
    this.#point();
  }

  /** The values at the pointer, and a line through it. */
  #point(): void {
    this.#svg.querySelector(".crosshair")?.remove();
    const scales = this.#scales;
    const content = this.#content;
    if (this.#pointed === undefined || scales === undefined || content === undefined) {
      setText(this.#readout, "");
      return;
    }
    const { formatX = String, formatY = shortNumber, xLabel, height } = this.#options;
    const pointed = this.#pointed;
    const xs = content.lines.flatMap((line) => line.x);
    const nearest = xs.reduce(
      (best, each) => (Math.abs(scales.x(each) - pointed) < Math.abs(scales.x(best) - pointed) ? each : best),
      xs[0] ?? Number.NaN,
    );
    if (!Number.isFinite(nearest)) return;
    const values = content.lines.flatMap(({ label, x, y }) => {
      const at = x.indexOf(nearest);
      return label === "" || at < 0 ? [] : [`${label} ${formatY(y[at]!)}`];
    });
    setText(this.#readout, [`${formatX(nearest)} ${xLabel}`.trim(), ...values.slice(0, 5)].join(" · "));
    const at = scales.x(nearest);
    const { top, bottom } = CHART_MARGIN;
    this.#svg.append(svgElement("line", { class: "crosshair", x1: at, x2: at, y1: top, y2: height - bottom }));
  }
}
