/** A number as JSON can hold it: NaN and the infinities as text, −0 as 0. */
export type EncodedNumber = number | "NaN" | "Infinity" | "-Infinity";

const NOT_FINITE: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

export function encodeNumber(value: number): EncodedNumber {
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  return String(value) as EncodedNumber;
}

export function decodeNumber(value: EncodedNumber): number {
  return Number(value);
}

/** For `JSON.stringify`: numbers that are not finite are written as text, typed arrays as lists. */
export function encodeNumbers(_key: string, value: unknown): unknown {
  if (typeof value === "number") return encodeNumber(value);
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}

/** For `JSON.parse`: the inverse of `encodeNumbers`, for data in which no other text reads NaN or Infinity. */
export function decodeNumbers(_key: string, value: unknown): unknown {
  return NOT_FINITE.includes(value) ? Number(value) : value;
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The number that somebody typed: decimal, with an exponent or without; −0 is 0. Undefined where it is none, or none that
 * a double holds: no spaces, no hexadecimal digits, no NaN, nothing infinite.
 */
export function typedNumber(text: string): number | undefined {
  const value = Number(text);
  if (!DECIMAL.test(text) || !Number.isFinite(value)) return undefined;
  return value === 0 ? 0 : value;
}
