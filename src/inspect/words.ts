import { shortNumber } from "../report/encode.ts";
import type { Neurons } from "./neurons.ts";
import type { Measured } from "./spectrum.ts";

/** A measurement as people read it: where it lies, if it is not known. */
export function measured(value: Measured): string {
  if (typeof value === "number") return shortNumber(value);
  const [low, high] = [shortNumber(value.atLeast), shortNumber(value.atMost)];
  return low === high ? low : `${low} to ${high}`;
}

/** A fraction as a percentage, or what it lies between. */
export function percent(value: Measured): string {
  // what is left of a share by rounding is none
  const inHundredths = (share: number) => (share < 1e-14 ? 0 : 100 * share);
  if (typeof value === "number") return `${shortNumber(inHundredths(value))} %`;
  return `${measured({ atLeast: inHundredths(value.atLeast), atMost: inHundredths(value.atMost) })} %`;
}

/** Three digits of a share, down to 1. */
export function shareOf(value: number): string {
  return Number.isNaN(value) ? "all norms are one" : value.toFixed(3);
}

/** What the split says. */
export function sortsOf({ sorts, small }: Neurons): string {
  return {
    "two sorts": "two sorts",
    "one sort": "one sort, cut in two",
    unclear: "between one sort and two",
    "too few": "too few to say",
    // a logarithm of 0 is so far off that the split says nothing of the others
    zeros: `${small} of them 0, and the others`,
  }[sorts];
}
