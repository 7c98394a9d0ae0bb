import { InvalidInput } from "../invalid-input.ts";
import type { Closure } from "../laboratory/closure.ts";
import type { EarlierRun } from "./resume.ts";

/** The hash that a run is known by to those that go on from it; undefined where the closure is not known. */
export function declarationsHash({ hash, unknown }: Closure): string | undefined {
  return unknown.length === 0 ? hash : undefined;
}

/**
 * Evidence is about what was declared, and what that read: a run goes on only where all of it is still the same.
 *
 * @throws InvalidInput where it is not, or where nobody can know
 */
export function requireSameDeclarations(earlier: EarlierRun, closure: Closure): void {
  const [reason] = closure.unknown;
  if (reason !== undefined) {
    throw new InvalidInput(`resume requires declarations of which all that they read is known, but ${reason}`);
  }
  if (earlier.declarations === undefined) {
    throw new InvalidInput("resume requires results that state the hash of all declarations, got none");
  }
  if (earlier.declarations !== closure.hash) {
    throw new InvalidInput(
      "resume requires the same declarations: their module, or what it imports, has changed since",
    );
  }
}
