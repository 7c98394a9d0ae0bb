/**
 * What a laboratory cannot go on with, through no fault of its input: a trial without an answer (which is no violation,
 * and nothing that may be left out), or two answers that differ. Its message says all, without a stack.
 */
export class LaboratoryFault extends Error {
  override readonly name = "LaboratoryFault";
}

/** By name: a module from outside may bring its own copy of the class. */
export function isLaboratoryFault(error: unknown): error is Error {
  return error instanceof Error && error.name === "LaboratoryFault";
}
