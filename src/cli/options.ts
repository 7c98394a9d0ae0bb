import { type Command, InvalidArgumentError, type Option } from "commander";
import { typedNumber } from "../json-number.ts";

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
  const value = typedNumber(text);
  if (value === undefined || !(value > 0 && value < 1)) {
    throw new InvalidArgumentError(`It must be a number above 0 and below 1, got ${JSON.stringify(text)}.`);
  }
  return value;
}

/** For an option that may be given several times: all that it was given. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Refuses an option that is given twice and keeps one value: nobody could tell which of them counts. */
export function refuseRepeats(command: Command): Command {
  for (const option of command.options) {
    if (!keepsOne(option)) continue;
    let given = false;
    command.on(`option:${option.name()}`, () => {
      if (given) command.error(`error: option '${option.flags}' must be given once, got it twice`);
      given = true;
    });
  }
  return command;
}

/** Flags say the same however often; a list has a list to begin with. */
function keepsOne({ required, optional, variadic, defaultValue, parseArg }: Option): boolean {
  return (required || optional) && !variadic && !Array.isArray(defaultValue) && (parseArg as unknown) !== collected;
}
