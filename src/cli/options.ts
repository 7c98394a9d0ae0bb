import { InvalidArgumentError } from "commander";

/** Parsers for commander: each says what is required and what was got. */
export function wholeNumber(from: number, to: number = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to) {
      throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}, got ${JSON.stringify(text)}.`);
    }
    return value;
  };
}

export function probability(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < 1)) {
    throw new InvalidArgumentError(`It must be a number above 0 and below 1, got ${JSON.stringify(text)}.`);
  }
  return value;
}
