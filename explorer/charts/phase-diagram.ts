import type { Axis, Boundary, Cell } from "../../src/explore/boundary.ts";
import { shortNumber } from "../../src/report/encode.ts";
import type { Theta } from "../../src/transformer/theta.ts";
import { symbolText } from "../input/fields.ts";
import { element, setAttributes, svgElement } from "../page/element.ts";
import { CHART_MARGIN } from "./line-chart.ts";
import { type Interval, type Scale, scaleOf, ticksOf, tickText } from "./scales.ts";

export interface PhaseContent {
  /** what is violated: a statement's id */
  readonly theorem: string;
  readonly axes: readonly Axis[];
  readonly edges: Boundary["edges"];
  /** what the law allows of each varied field, where that does not depend on another */
  readonly allowed: readonly (Interval | undefined)[];
  readonly p0: number;
  /** in the order of their arrival: a later one lies upon what it is a part of */
  readonly cells: readonly Cell[];
}

const HEIGHT = { line: 230, plane: 340 };

/** A cell shows its counts where it is so large. */
const LEAST_FOR_TEXT = { width: 30, height: 15 };

/** Of a tick with the axis' name, in pixels. */
const LABEL_WIDTH = 76;

/** The letter of a varied field. */
function symbolOfAxis({ field }: Pick<Axis, "field">): string {
  return symbolText(field as keyof Theta);
}

/** "δ = 0.905: 5 of 8 models violate it, a rate from 24 to 91 % (at 95 %)" */
export function cellText(axes: readonly Axis[], { at, models, violations, limits }: Cell): string {
  const where = axes.map((axis, i) => `${symbolOfAxis(axis)} = ${shortNumber(at[i]!)}`).join(", ");
  if (models === 0) return `${where}: no model has these values`;
  const percent = (rate: number) => String(Math.round(100 * rate));
  return `${where}: ${violations} of ${models} models violate it, a rate from ${percent(limits.lower)} to ${percent(limits.upper)} % (at 95 %)`;
}

/** What the diagram shows, for those who do not see it. */
export function phaseSummary({ theorem, axes, cells }: PhaseContent): string {
  const seen = cells.filter(({ models }) => models > 0);
  const over = axes.map(symbolOfAxis).join(" and ");
  if (seen.length === 0) return `Violation rate of ${theorem} against ${over}: no cell is measured yet.`;
  const rate = ({ models, violations }: Cell) => violations / models;
  const sorted = [...seen].sort((one, other) => rate(one) - rate(other));
  return `Violation rate of ${theorem} against ${over}, ${seen.length} cells with models. Lowest: ${cellText(axes, sorted[0]!)}. Highest: ${cellText(axes, sorted.at(-1)!)}.`;
}

/** The cell at a place, in the axes' values: the last that holds it; on a line the nearest. */
export function cellAt({ axes, cells }: Pick<PhaseContent, "axes" | "cells">, place: readonly number[]): number {
  if (axes.length === 1) {
    const along = scaleOf(axes[0]!.scale, axes[0]!, { from: 0, to: 1 });
    const apart = (cell: Cell) => Math.abs(along(cell.at[0]!) - along(place[0]!));
    return cells.reduce((best, cell, i) => (best < 0 || apart(cell) < apart(cells[best]!) ? i : best), -1);
  }
  return cells.findLastIndex(({ from, to }) => place.every((value, i) => value >= from[i]! && value <= to[i]!));
}

/** How often a theorem is violated over one field (with each cell's limits) or two; a cell can be clicked. */
export class PhaseDiagram {
  readonly root: HTMLElement;
  readonly #svg = svgElement("svg", { class: "chart phase", role: "img" });
  #content: PhaseContent | undefined;
  #width = 0;
  #places: { readonly scales: readonly Scale[]; readonly height: number } | undefined;

  constructor(events: { readonly onPoint: (cell: number) => void; readonly onOpen: (cell: number) => void }) {
    this.root = element("div", { class: "chart-box" }, this.#svg);
    new ResizeObserver(([entry]) => {
      this.#width = Math.floor(entry?.contentRect.width ?? 0);
      this.#draw();
    }).observe(this.root);
    const found = (event: MouseEvent): number => this.#cellUnder(event.offsetX, event.offsetY);
    this.#svg.addEventListener("pointermove", (event) => events.onPoint(found(event)));
    this.#svg.addEventListener("pointerleave", () => events.onPoint(-1));
    this.#svg.addEventListener("click", (event) => {
      const cell = found(event);
      if (cell >= 0) events.onOpen(cell);
    });
  }

  update(content: PhaseContent): void {
    this.#content = content;
    this.#draw();
  }

  #cellUnder(x: number, y: number): number {
    const content = this.#content;
    const { top, right, bottom, left } = CHART_MARGIN;
    if (content === undefined || this.#places === undefined) return -1;
    const { height } = this.#places;
    const units = [(x - left) / (this.#width - right - left), (height - bottom - y) / (height - bottom - top)];
    const place = content.axes.map(({ scale, from, to }, i) => {
      const unit = Math.min(1, Math.max(0, units[i]!));
      return scale === "log" ? from * (to / from) ** unit : from + unit * (to - from);
    });
    return cellAt(content, place);
  }

  #draw(): void {
    const content = this.#content;
    const width = this.#width;
    if (content === undefined || width < 80) return;
    const [x, y] = content.axes as [Axis, Axis | undefined];
    const height = y === undefined ? HEIGHT.line : Math.min(HEIGHT.plane, Math.max(240, width * 0.8));
    const { top, right, bottom, left } = CHART_MARGIN;
    const across = scaleOf(x.scale, x, { from: left, to: width - right });
    const rise: Interval = { from: height - bottom, to: top };
    const up = y === undefined ? scaleOf("linear", { from: 0, to: 1 }, rise) : scaleOf(y.scale, y, rise);
    this.#places = { scales: [across, up], height };
    setAttributes(this.#svg, { height, width, viewBox: `0 0 ${width} ${height}`, "aria-label": phaseSummary(content) });
    const frame = { left, top, right: width - right, bottom: height - bottom };
    const axes = [...bottomAxis(x, across, frame), ...(y === undefined ? rateAxis(up, frame) : leftAxis(y, up, frame))];
    const marks = y === undefined ? lineMarks(content, across, up, frame) : planeMarks(content, across, up, frame);
    this.#svg.replaceChildren(...axes, ...marks);
  }
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function bottomAxis(axis: Axis, across: Scale, { left, right, bottom }: Frame): SVGElement[] {
  const all = ticksOf(axis.scale, axis, Math.max(2, Math.floor((right - left) / 80)));
  // the last carries the axis' name, and needs room
  const last = all.at(-1)!;
  const ticks = all.filter((tick) => tick === last || across(last) - across(tick) > LABEL_WIDTH);
  return ticks.map((tick, i) =>
    svgElement(
      "text",
      { class: "tick", x: across(tick), y: bottom + 16, "text-anchor": across(tick) > right - 20 ? "end" : "middle" },
      i === ticks.length - 1 ? `${symbolOfAxis(axis)} = ${tickText(tick)}` : tickText(tick),
    ),
  );
}

function leftAxis(axis: Axis, up: Scale, { left, top, bottom }: Frame): SVGElement[] {
  const ticks = ticksOf(axis.scale, axis, Math.max(3, Math.floor((bottom - top) / 50)));
  return [
    ...ticks.map((tick) =>
      svgElement(
        "text",
        { class: "tick", x: left - 6, y: up(tick), dy: "0.32em", "text-anchor": "end" },
        tickText(tick),
      ),
    ),
    svgElement("text", { class: "tick axis-name", x: 4, y: top + 2 }, symbolOfAxis(axis)),
  ];
}

function rateAxis(up: Scale, { left, right }: Frame): SVGElement[] {
  return [0, 0.25, 0.5, 0.75, 1].map((rate) =>
    svgElement(
      "g",
      { transform: `translate(0,${Math.round(up(rate)) + 0.5})` },
      svgElement("line", { class: "grid", x1: left, x2: right }),
      svgElement("text", { class: "tick", x: left - 6, dy: "0.32em", "text-anchor": "end" }, `${100 * rate} %`),
    ),
  );
}

function lineMarks({ axes, edges, allowed, cells, p0 }: PhaseContent, across: Scale, up: Scale, frame: Frame) {
  const { left, top, right, bottom } = frame;
  const [axis] = axes as [Axis];
  const [law] = allowed;
  const seen = cells.filter(({ models }) => models > 0).sort((one, other) => one.at[0]! - other.at[0]!);
  const box =
    law === undefined || law.to < axis.from || law.from > axis.to
      ? []
      : [
          svgElement("rect", {
            class: "law-box",
            x: across(Math.max(law.from, axis.from)),
            y: top,
            width: Math.max(2, across(Math.min(law.to, axis.to)) - across(Math.max(law.from, axis.from))),
            height: bottom - top,
          }),
        ];
  const rate = ({ violations, models }: Cell) => violations / models;
  const path = seen.map((cell, i) => `${i === 0 ? "M" : "L"}${across(cell.at[0]!)},${up(rate(cell))}`).join("");
  return [
    ...box,
    svgElement("line", { class: "rule", x1: left, x2: right, y1: up(p0), y2: up(p0) }),
    svgElement(
      "text",
      { class: "rule-label", x: right - 2, y: up(p0) - 4, "text-anchor": "end" },
      `allowed: ${100 * p0} %`,
    ),
    ...seen.map((cell) =>
      svgElement("line", {
        class: "limits",
        x1: across(cell.at[0]!),
        x2: across(cell.at[0]!),
        y1: up(cell.limits.lower),
        y2: up(cell.limits.upper),
      }),
    ),
    svgElement("path", { class: "line line-violated", d: path }),
    ...seen.map((cell) =>
      svgElement("circle", { class: "cell-dot", cx: across(cell.at[0]!), cy: up(rate(cell)), r: 4 }),
    ),
    ...edges.flatMap(({ name, points }) => {
      const at = across(points[0]![0]!);
      const after = at < (left + right) / 2;
      return [
        svgElement("line", { class: "edge", x1: at, x2: at, y1: top, y2: bottom }),
        svgElement(
          "text",
          {
            class: "rule-label edge-label",
            x: at + (after ? 5 : -5),
            y: top + 10,
            "text-anchor": after ? "start" : "end",
          },
          name,
        ),
      ];
    }),
  ];
}

function planeMarks({ edges, cells }: PhaseContent, across: Scale, up: Scale, frame: Frame) {
  const { left, top, right, bottom } = frame;
  const rectangles = cells.flatMap((cell) => {
    const [x0, x1] = [across(cell.from[0]!), across(cell.to[0]!)];
    const [y0, y1] = [up(cell.to[1]!), up(cell.from[1]!)];
    const [width, height] = [Math.max(2, x1 - x0), Math.max(2, y1 - y0)];
    const isEmpty = cell.models === 0;
    const drawn = svgElement("rect", {
      class: isEmpty ? "cell empty" : "cell",
      x: x0,
      y: y0,
      width,
      height,
      ...(isEmpty ? {} : { style: `--rate: ${Math.round((100 * cell.violations) / cell.models)}%` }),
    });
    if (isEmpty || width < LEAST_FOR_TEXT.width || height < LEAST_FOR_TEXT.height) return [drawn];
    const half = cell.violations / cell.models > 0.5;
    return [
      drawn,
      svgElement(
        "text",
        { class: half ? "cell-count dark" : "cell-count", x: x0 + width / 2, y: y0 + height / 2, dy: "0.32em" },
        `${cell.violations}/${cell.models}`,
      ),
    ];
  });
  const named = new Set<string>();
  const lines = edges.flatMap(({ name, points }) => {
    const [one, other] = points as [number[], number[]];
    const [x1, y1, x2, y2] = [across(one[0]!), up(one[1]!), across(other[0]!), up(other[1]!)];
    const label = named.has(name)
      ? []
      : [
          svgElement(
            "text",
            {
              class: "rule-label edge-label",
              x: Math.min(right - 4, Math.max(left + 4, x1 + 5)),
              y: Math.min(bottom - 5, Math.max(top + 11, Math.min(y1, y2) + 12)),
            },
            name,
          ),
        ];
    named.add(name);
    return [svgElement("line", { class: "edge", x1, y1, x2, y2 }), ...label];
  });
  return [
    svgElement("rect", { class: "plane", x: left, y: top, width: right - left, height: bottom - top }),
    ...rectangles,
    ...lines,
  ];
}
