/**
 * Statements as tests of vitest: a describe a statement, a test a claim and law, and one for the theorem as a whole.
 *
 * @example
 * // theorems.spec.ts
 * import { describeStatements } from "theorycheck/vitest";
 * import { fewSteps } from "./theorems.ts";
 *
 * describeStatements([fewSteps], { module: "theorems.ts" }); // a path from where vitest is run, or a file URL
 */
export { type DescribeOptions, describeStatements } from "./describe-statements.ts";
