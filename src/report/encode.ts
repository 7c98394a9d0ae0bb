import { type EncodedNumber, encodeNumber, encodeNumbers } from "../json-number.ts";
import { visibleLines } from "../visible-text.ts";

export { type EncodedNumber, encodeNumber } from "../json-number.ts";

/** A list of numbers, each on a line of its own, as JSON.stringify writes it. */
const NUMBERS_ON_LINES =
  /\[\n\s+((?:(?:-?[0-9][0-9.eE+-]*|"NaN"|"-?Infinity"),\s+)*(?:-?[0-9][0-9.eE+-]*|"-?[NI]\w+"))\s+\]/g;

/**
 * JSON with two spaces, lists of numbers on one line, numbers that are not finite encoded, a newline at the end. Characters
 * that nobody would see are escaped: it is printed too.
 */
export function toJson(value: unknown): string {
  const onLines = visibleLines(JSON.stringify(value, encodeNumbers, 2));
  return `${onLines.replace(NUMBERS_ON_LINES, (_, numbers: string) => `[${numbers.replace(/,\s+/g, ", ")}]`)}\n`;
}

/** Three significant digits, for people: 0.00123, 12.3, 1.2e-7, 158. */
export function shortNumber(number: EncodedNumber): string {
  const value = typeof number === "number" ? encodeNumber(number) : number;
  if (typeof value !== "number")
    return value === "NaN" ? "not a number" : value.replace("Infinity", "∞").replace("-", "−");
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return signed(String(value));
  const digits = size >= 1e-3 && size < 1e6 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
  return signed(digits.replace("e+", "e"));
}

function signed(digits: string): string {
  return digits.replace(/^-/, "−");
}

const DIGITS = 5;

/** A number to five digits, as figures show it. */
export function fewDigits<T extends number>(value: T): T {
  return (Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : value) as T;
}
