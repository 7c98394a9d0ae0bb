import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { isCommonJs } from "../../src/laboratory/common-js.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-common-js-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The path of a module in a folder below that of this package.json. */
function moduleBelow(description: string, name = "mine.ts"): string {
  const project = mkdtempSync(join(folder, "project-"));
  mkdirSync(join(project, "below"));
  writeFileSync(join(project, "package.json"), description);
  return join(project, "below", name);
}

describe("a module is CommonJS", () => {
  test.each([
    ['{"name": "mine"}', "mine.ts", true],
    ['{"type": "commonjs"}', "mine.js", true],
    ['{"type": "module"}', "mine.ts", false],
    ['{"type": "module"}', "mine.js", false],
    ['{"type": "module"}', "mine.cts", true],
    ['{"type": "module"}', "mine.cjs", true],
    ['{"type": "commonjs"}', "mine.mts", false],
    ['{"type": "commonjs"}', "mine.mjs", false],
    ["null", "mine.ts", true],
  ])("by its extension, or by what the next package.json says: %s, %s", (description, name, expected) => {
    expect(isCommonJs(moduleBelow(description, name))).toBe(expected);
  });

  test("where there is no package.json at all", () => {
    expect(isCommonJs(join(folder, "mine.ts"))).toBe(true);
  });

  test("or nobody knows, where that file is no JSON: it is named", () => {
    const file = moduleBelow('{"type": ');
    expect(() => isCommonJs(file)).toThrow(InvalidInput);
    expect(() => isCommonJs(file)).toThrow(/package\.json must be JSON, got SyntaxError/);
  });
});
