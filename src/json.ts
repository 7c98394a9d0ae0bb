import { z } from "zod";
import { InvalidInput } from "./invalid-input.ts";

/** The data of a JSON text. @throws InvalidInput naming it, where it is none */
export function jsonIn(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInput(`${name} must be JSON, got ${(error as Error).message}`);
  }
}

/** Data of a form. @throws InvalidInput naming the first field that is wrong, where it is refused by a schema */
export function ofForm<T>(parse: (data: unknown) => T, data: unknown, name: string): T {
  try {
    return parse(data);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const { path, message } = error.issues[0] as z.core.$ZodIssue;
    throw new InvalidInput(`${name}: ${path.join(".") || "the whole"}: ${message}`);
  }
}
