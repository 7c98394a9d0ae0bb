import { z } from "zod";
import { InvalidInput } from "./invalid-input.ts";
import { visible } from "./visible-text.ts";

/** The form that nests most, results.json, does so to depth 12. What nests deeper is refused before it is parsed. */
const DEEPEST = 32;

/** Longer messages help nobody. */
const LONGEST_MESSAGE = 600;

/**
 * The data of a JSON text.
 *
 * @param deepest levels that it may nest
 * @throws InvalidInput naming it, where it is none or nests deeper
 */
export function jsonIn(text: string, name: string, deepest = DEEPEST): unknown {
  if (nestsDeeperThan(deepest, text)) throw new InvalidInput(`${name}: must nest no deeper than ${deepest} levels`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInput(printable(`${name}: must be JSON, got ${(error as Error).message}`));
  }
}

/** Data of a form. @throws InvalidInput naming the first field that is wrong, where it is refused by a schema */
export function ofForm<T>(parse: (data: unknown) => T, data: unknown, name: string): T {
  try {
    return parse(data);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const { path, message } = error.issues[0] as z.core.$ZodIssue;
    throw new InvalidInput(printable(`${name}: ${path.join(".") || "the whole"}: ${message}`));
  }
}

/** A message in one line, and not too long. */
export function printable(message: string): string {
  const line = visible(message);
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

/** Whether brackets outside strings nest deeper than this: before JSON.parse, and without recursion. */
function nestsDeeperThan(most: number, text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === "\\") i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") {
      depth++;
      if (depth > most) return true;
    } else if (character === "}" || character === "]") depth--;
  }
  return false;
}
