/** A number as JSON can hold it: NaN and the infinities as text, −0 as 0. */
export type EncodedNumber = number | "NaN" | "Infinity" | "-Infinity";

export function encodeNumber(value: number): EncodedNumber {
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  return String(value) as EncodedNumber;
}

/** JSON with two spaces, numbers that are not finite encoded, and a newline at the end. */
export function toJson(value: unknown): string {
  const encoded = JSON.stringify(
    value,
    (_, each: unknown) =>
      typeof each === "number"
        ? encodeNumber(each)
        : ArrayBuffer.isView(each)
          ? Array.from(each as Float64Array)
          : each,
    2,
  );
  return `${encoded}\n`;
}

/** Three significant digits, for people: 0.00123, 12.3, 1.2e-7, 158. */
export function shortNumber(value: EncodedNumber): string {
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
