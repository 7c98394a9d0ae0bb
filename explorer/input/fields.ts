import type { Theta } from "../../src/transformer/notation.ts";

/** How a slider's positions map to values. A number field beside it takes any value. */
export interface Slider {
  readonly scale: "linear" | "log";
  readonly from: number;
  readonly to: number;
  /** linear: the grid; log: values are rounded to three significant digits */
  readonly step: number;
}

/** A field of θ as the page shows it. */
export interface Field {
  readonly name: keyof Theta;
  /** as in the glossary of src/transformer/notation.ts */
  readonly symbol: string;
  readonly subscript?: string;
  readonly meaning: string;
  readonly control: Slider | { readonly choices: readonly { readonly value: string; readonly label: string }[] };
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
}

const linear = (from: number, to: number, step: number): Slider => ({ scale: "linear", from, to, step });
const log = (from: number, to: number): Slider => ({ scale: "log", from, to, step: 0 });

/** Sliders reach well beyond every law, so that a hypothesis can be broken by dragging. */
export const FIELD_GROUPS: readonly FieldGroup[] = [
  {
    title: "Data",
    fields: [
      { name: "alphaStar", symbol: "α*", meaning: "tokens of its own class", control: linear(0, 1, 0.01) },
      { name: "alphaSharp", symbol: "α#", meaning: "tokens of the other class", control: linear(0, 1, 0.01) },
      { name: "tau", symbol: "τ", meaning: "token noise", control: linear(0, 1, 0.01) },
      { name: "L", symbol: "L", meaning: "tokens per sample", control: linear(1, 48, 1) },
      { name: "r", symbol: "r", meaning: "relevant patterns", control: linear(2, 12, 2) },
      { name: "M", symbol: "M", meaning: "patterns in all", control: linear(2, 24, 1) },
      { name: "d", symbol: "d", meaning: "token dimension", control: linear(2, 32, 1) },
      {
        name: "labels",
        symbol: "y",
        meaning: "how labels come about",
        control: {
          choices: [
            { value: "majority", label: "the majority of the tokens" },
            { value: "drawn", label: "as drawn, majority or not" },
            { value: "random", label: "at random" },
          ],
        },
      },
    ],
  },
  {
    title: "Initial scales",
    fields: [
      { name: "delta", symbol: "δ", meaning: "of W_Q and W_K", control: log(0.001, 10) },
      { name: "sigma", symbol: "σ", meaning: "of W_V", control: log(0.001, 10) },
      { name: "xi", symbol: "ξ", meaning: "of W_O", control: log(0.0005, 1) },
    ],
  },
  {
    title: "Training",
    fields: [
      { name: "eta", symbol: "η", meaning: "step size", control: log(0.01, 20) },
      { name: "N", symbol: "N", meaning: "training samples", control: linear(8, 1024, 2) },
      { name: "B", symbol: "B", meaning: "batch", control: linear(1, 512, 1) },
      { name: "Tmax", symbol: "T", subscript: "max", meaning: "steps at most", control: linear(0, 8000, 10) },
      { name: "testSamples", symbol: "N", subscript: "test", meaning: "test samples", control: linear(10, 1000, 10) },
    ],
  },
  {
    title: "Architecture",
    fields: [
      { name: "m", symbol: "m", meaning: "neurons", control: linear(2, 400, 1) },
      { name: "ma", symbol: "m", subscript: "a", meaning: "value dimension", control: linear(2, 32, 1) },
      { name: "mb", symbol: "m", subscript: "b", meaning: "query and key dimension", control: linear(2, 32, 1) },
      {
        name: "readout",
        symbol: "a",
        meaning: "readout",
        control: {
          choices: [
            { value: "shared", label: "shared by all positions" },
            { value: "per-position", label: "one for each position" },
          ],
        },
      },
    ],
  },
];

export const FIELDS: readonly Field[] = FIELD_GROUPS.flatMap(({ fields }) => fields);
