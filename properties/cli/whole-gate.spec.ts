import { expect, test } from "vitest";
import { verifyCommand } from "../../src/cli/verify.ts";
import { isWholeGate } from "../../src/cli/whole-gate.ts";

/** The options of `verify` with these words, as commander reads them. */
function optionsOf(...words: readonly string[]) {
  const command = verifyCommand("1.2.3", new AbortController().signal);
  const { unknown, operands } = command.parseOptions([...words]);
  expect([unknown, operands]).toEqual([[], []]);
  return command.opts<Parameters<typeof isWholeGate>[0]>();
}

test.each([
  [[]],
  [["--law", "all"]],
  [["--progress", "json"]],
  [["--workers", "1", "--store", "elsewhere", "--json"]],
  [["--no-store", "--out", "elsewhere"]],
])("the whole gate is what %j asks for", (words) => {
  expect(isWholeGate(optionsOf(...words))).toBe(true);
});

test.each([
  ["--law", "base"],
  ["--theorem", "learnability"],
  ["--seed", "1"],
  ["--max-models", "10"],
  ["--p0", "0.1"],
  ["--set", "L=12"],
])("%s %s changes what is judged", (...words) => {
  expect(isWholeGate(optionsOf(...words))).toBe(false);
});
