import type { NumberField } from "../../src/law/parameters.ts";

/** How a slider's positions map to values. A number field beside it takes any value. */
export interface Slider {
  readonly scale: "linear" | "log";
  readonly from: number;
  readonly to: number;
  /** linear: the grid; log: values are rounded to three significant digits */
  readonly step: number;
}

/** A linear slider has so many steps at least, where its field has so many values. */
const LEAST_STEPS = 100;

/** The slider of a field: as far as a search goes, and so beyond the laws, on a grid of round numbers. */
export function sliderOf({ widest }: NumberField): Slider {
  const { kind, from, to } = widest;
  if (kind === "log-uniform") return { scale: "log", from, to, step: 0 };
  const unit = kind === "integer" ? widest.step : 1;
  const grid = unit * 10 ** Math.floor(Math.log10((to - from) / unit / LEAST_STEPS));
  return { scale: "linear", from, to, step: kind === "real" ? grid : Math.max(unit, grid) };
}

/** Slider positions are the integers 0..POSITIONS. */
export const POSITIONS = 1000;

/** The position in [0, 1] of a value on a slider; values beyond its ends are put at the end. */
export function unitOf({ scale, from, to }: Slider, value: number): number {
  const unit =
    scale === "linear" ? (value - from) / (to - from) : Math.log(Math.max(value, from) / from) / Math.log(to / from);
  return Math.min(1, Math.max(0, unit));
}

/**
 * The value at a position in [0, 1]: on the slider's grid, or of three significant digits on a logarithmic one. Chosen
 * by a person, so that the last bit of a logarithm does not matter: what is trained is the value that is shown.
 */
export function sliderValue({ scale, from, to, step }: Slider, unit: number): number {
  if (scale === "log") return Number((from * Math.exp(unit * Math.log(to / from))).toPrecision(3));
  const steps = Math.round((unit * (to - from)) / step);
  return Number(Math.min(to, from + steps * step).toPrecision(12));
}

/**
 * The value so many steps on, as an arrow key moves: to the next values of the grid, or by 1 % of the length of a
 * logarithmic slider each.
 */
export function stepped(slider: Slider, value: number, steps: number): number {
  const { scale, from, to, step } = slider;
  if (scale === "log") return sliderValue(slider, Math.min(1, Math.max(0, unitOf(slider, value) + steps / 100)));
  const position = (Math.min(to, Math.max(from, value)) - from) / step;
  const onGrid = steps > 0 ? Math.floor(position + 1e-9) : Math.ceil(position - 1e-9);
  return Number(Math.min(to, Math.max(from, from + (onGrid + steps) * step)).toPrecision(12));
}
