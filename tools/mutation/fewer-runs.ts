import fc from "fast-check";

/**
 * fast-check as the tests of a mutation run see it: `fc.assert` tries fewer instances, or each of thousands of mutants
 * would wait for all of them. This can only let mutants survive that the full number would have killed.
 */
export * from "fast-check";

const MOST_RUNS = 25;

function assertWithFewerRuns<T>(property: fc.IRawProperty<T>, parameters: fc.Parameters<T> = {}): unknown {
  return fc.assert(property, { ...parameters, numRuns: Math.min(parameters.numRuns ?? MOST_RUNS, MOST_RUNS) });
}

export default { ...fc, assert: assertWithFewerRuns };
