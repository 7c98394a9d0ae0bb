import type { EncodedNumber } from "../encode.ts";

/** The finite ones of encoded numbers. */
export function finite(values: readonly EncodedNumber[]): number[] {
  return values.filter((value): value is number => typeof value === "number");
}

/** The value below which this fraction of the values lies: one of them, not interpolated. NaN of none. */
export function quantile(values: readonly number[], fraction: number): number {
  const ascending = [...values].sort((x, y) => x - y);
  return ascending[Math.round(fraction * (ascending.length - 1))] ?? Number.NaN;
}

/** Median and the middle 90 % of a column of values. */
export function band(values: readonly number[]): { low: number; median: number; high: number } {
  return { low: quantile(values, 0.05), median: quantile(values, 0.5), high: quantile(values, 0.95) };
}
