import type { TopLevelSpec } from "vega-lite";
import type { Results } from "../results.ts";
import { colourVariables, themed, VEGA_CONFIG } from "./theme.ts";

/** A figure is drawn twice: panels side by side for a page, one below the other for a phone. */
export type Layout = "wide" | "narrow";

/** Width in px of a whole figure, axes included. */
export const FIGURE_WIDTH: Readonly<Record<Layout, number>> = { wide: 900, narrow: 346 };

/** A view of vega-lite, as data: its own types refuse specifications that are put together piece by piece. */
export type Panel = Readonly<Record<string, unknown>>;

/** A figure of the report: made from results alone, and the same to the byte wherever it is drawn. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** What to see. */
  readonly caption: (results: Results) => string;
  /** For those who do not see it: what is drawn, in words and numbers. */
  readonly alternative: (results: Results) => string;
  /** Undefined where the results hold nothing to draw. */
  readonly panels: (results: Results, layout: Layout) => readonly Panel[] | undefined;
  /** Panels side by side where the page is wide. */
  readonly columns: number;
}

export interface DrawnFigure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly alternative: string;
  readonly svg: Readonly<Record<Layout, string>>;
}

/** Draws a figure, in both layouts. */
export async function drawFigure(figure: Figure, results: Results): Promise<DrawnFigure | undefined> {
  const wide = figure.panels(results, "wide");
  const narrow = figure.panels(results, "narrow");
  if (wide === undefined || narrow === undefined) return undefined;
  return {
    id: figure.id,
    title: figure.title,
    caption: figure.caption(results),
    alternative: figure.alternative(results),
    svg: { wide: await toSvg(wide, figure.columns), narrow: await toSvg(narrow, 1) },
  };
}

/** Between the plotting areas of two panels: room for axes and titles. */
const GAP = { column: 72, row: 84 } as const;

/** The width of a panel's plotting area, where `columns` panels share the page and the first has labels of `labels` px. */
export function panelWidth(layout: Layout, columns: number, labels: number): number {
  const across = layout === "wide" ? columns : 1;
  return Math.floor((FIGURE_WIDTH[layout] - labels - 14 - (across - 1) * GAP.column) / across);
}

/** Draws panels, `columns` of them side by side. Vega, 1.5 MB, is loaded when the first figure is drawn. */
export async function toSvg(panels: readonly Panel[], columns: number): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const [only] = panels;
  const specification = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: VEGA_CONFIG,
    ...(panels.length === 1 ? only : { concat: panels, columns, bounds: "flush", spacing: GAP }),
  };
  const { spec } = compile(specification as unknown as TopLevelSpec, { logger: STRICT });
  const view = new View(parse(spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  // some are left out without a warning
  const missing = legendTitlesIn(panels).find((title) => !svg.includes(`>${title}<`));
  if (missing !== undefined) refuse([`it has no legend "${missing}"`]);
  return themed(subscripted(lean(svg)));
}

/** vega-lite warns where it drops a part of a figure: a legend, a scale. Such a figure says less than it was to say. */
const STRICT = {
  level: () => STRICT,
  error: (...said: unknown[]) => refuse(said),
  warn: (...said: unknown[]) => refuse(said),
  info: () => STRICT,
  debug: () => STRICT,
} as unknown as NonNullable<Parameters<typeof import("vega-lite").compile>[1]>["logger"] & {};

/** The titles of the legends that a description asks for, wherever in it. */
function legendTitlesIn(described: unknown): string[] {
  if (typeof described !== "object" || described === null) return [];
  return Object.entries(described).flatMap(([name, value]) =>
    name === "legend" && typeof value?.title === "string" ? [value.title] : legendTitlesIn(value),
  );
}

function refuse(said: readonly unknown[]): never {
  throw new Error(`a figure cannot be drawn as it is described: ${said.join(" ")}`);
}

/**
 * Leaves out what a drawing does not need: links, roles (the figure around it has one), empty groups. A tenth of a
 * pixel is as much as anyone sees, and less than two engines' logarithms differ by.
 */
function lean(svg: string): string {
  return svg
    .replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/g, "")
    .replace(
      / xmlns:xlink="[^"]*"| version="[^"]*"| class="[^"]*"| (?:aria|role|pointer-events|font-family)[a-z-]*="[^"]*"/g,
      "",
    )
    .replace(/ (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(1)))),
    )
    .replace(/<g[^>]*><\/g>|<path[^>]* d=""[^>]*><\/path>/g, "")
    .replace(/<path d="" display="none"\/>|<path d="M0,0h[\d.]+v[\d.]+h-?[\d.]+Z"\/>/g, "")
    .replace(/<g[^>]*><\/g>/g, "")
    .replace(/ stroke-miterlimit="10"/g, "");
}

/** ΔW_Q is set with a subscript, m^(−1/2) with a superscript. */
function subscripted(svg: string): string {
  const shifted = (text: string, dy: number) =>
    `<tspan dy="${dy}" font-size="75%">${text}</tspan><tspan dy="${-dy}">\u200b</tspan>`;
  return svg.replace(/>([^<>]*[_^][^<>]*)<\/text>/g, (_, text: string) => {
    const set = text
      .replace(/_(max|[A-Za-z])/g, (_all, index: string) => shifted(index, 3))
      .replace(/\^\(([^()]*)\)/g, (_all, exponent: string) => shifted(exponent, -4));
    return `>${set}</text>`;
  });
}

/** A drawing that stands by itself, for a README: it follows the reader's light or dark scheme. */
export function standaloneSvg({ svg, alternative }: DrawnFigure): string {
  const style = `<style>svg{${colourVariables("light")};font-family:system-ui,sans-serif}@media (prefers-color-scheme:dark){svg{${colourVariables("dark")}}}</style>`;
  return svg.wide.replace(/<svg[^>]*>/, (open) => {
    const named = open.replace("<svg", `<svg role="img" aria-label="${escapeAttribute(alternative)}"`);
    return `${named}${style}`;
  });
}

export function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
