import { visibleLines } from "./visible-text.ts";

/**
 * What a caller gave breaks a stated requirement. The message says which field, what was required and what was got;
 * the command line prints it without a stack and exits 2. Anything else that is thrown is a fault of the program.
 *
 * Messages quote what they got: characters that would steer a terminal stand there by their numbers.
 */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";

  constructor(message: string, options?: ErrorOptions) {
    super(visibleLines(message), options);
  }
}

/** By name: a module from outside may bring its own copy of the class, and another thread or realm its own `Error`. */
export function isInvalidInput(error: unknown): error is Error {
  try {
    const { name, message } = (error ?? {}) as Partial<Error>;
    return name === "InvalidInput" && typeof message === "string";
  } catch {
    // what a module throws may throw again when it is looked at
    return false;
  }
}
