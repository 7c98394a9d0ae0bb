/**
 * Colours of figures by their purpose. A specification uses the stand-ins below; `themed` makes them CSS variables, so
 * that one drawing serves a light and a dark page. Values are drawn as more or less opacity of one colour, never as a
 * ramp of colours, so that they read the same in both.
 */
export const INK = "#010101";
export const MUTED = "#020202";
export const GRID = "#030303";
/** The first series: what a theorem speaks about. */
export const FIRST = "#040404";
/** The second: what it is held against. */
export const SECOND = "#050505";
/** The third. */
export const THIRD = "#060606";
/** A bound, a decision line, a violation. */
export const BOUND = "#070707";

const VARIABLES: Readonly<Record<string, { name: string; light: string; dark: string }>> = {
  [INK]: { name: "--ink", light: "#1c1b19", dark: "#ebe8e1" },
  [MUTED]: { name: "--muted", light: "#5c5952", dark: "#a9a59b" },
  [GRID]: { name: "--grid", light: "#e4e1d9", dark: "#35342f" },
  [FIRST]: { name: "--first", light: "#1f4e79", dark: "#86b6e4" },
  [SECOND]: { name: "--second", light: "#a65314", dark: "#e8a268" },
  [THIRD]: { name: "--third", light: "#6a6f2b", dark: "#b9c06a" },
  [BOUND]: { name: "--bound", light: "#a11d33", dark: "#f08a96" },
};

/** CSS declarations of the colours, for one of the two schemes. */
export function colourVariables(scheme: "light" | "dark"): string {
  return Object.values(VARIABLES)
    .map((colour) => `${colour.name}:${colour[scheme]}`)
    .join(";");
}

/** Stand-in colours become CSS variables. */
export function themed(svg: string): string {
  return svg.replace(/#(0[1-7])\1\1/g, (standIn) => `var(${VARIABLES[standIn]?.name})`);
}

/** The look that all figures share. */
export const VEGA_CONFIG = {
  background: null,
  font: "sans-serif",
  aria: false,
  padding: 4,
  view: { stroke: null },
  axis: {
    domainColor: MUTED,
    tickColor: MUTED,
    gridColor: GRID,
    labelColor: MUTED,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 6,
    tickSize: 4,
    labelOverlap: true,
  },
  title: {
    color: INK,
    fontSize: 13,
    fontWeight: "bold",
    anchor: "start",
    frame: "group",
    offset: 8,
    subtitleColor: MUTED,
  },
  legend: {
    labelColor: INK,
    labelFontSize: 12,
    labelLimit: 300,
    title: null,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: "normal",
    orient: "top",
    symbolStrokeWidth: 2.5,
    symbolSize: 200,
    padding: 0,
    offset: 6,
  },
  text: { color: INK, fontSize: 11 },
} as const;
