import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import type { EarlierRun } from "../../src/verdict/resume.ts";
import { declarationsHash, requireSameDeclarations } from "../../src/verdict/same-declarations.ts";

const hash = "a".repeat(64);

const closure = {
  hash,
  unknown: [] as readonly string[],
  sources: { files: new Map(), packages: new Map() },
  modules: [],
  hashFrom: () => ({ hash, files: 1 }),
};

const earlier: EarlierRun = {
  seed: 7,
  trials: {},
  coreHash: "c".repeat(64),
  lawHashes: {},
  statementHashes: {},
  declarations: hash,
  counts: new Map(),
  alphaPerVerdict: 1e-6,
  beta: 1e-3,
  earlier: [],
};

describe("a run goes on from an earlier one", () => {
  test("whose declarations are the same, with all that they import", () => {
    expect(declarationsHash(closure)).toBe(hash);
    expect(() => requireSameDeclarations(earlier, closure)).not.toThrow();
  });

  test.each([
    ["are others", { ...earlier, declarations: "b".repeat(64) }, closure, "has changed since"],
    ["are not known", { ...earlier, declarations: undefined }, closure, "state the hash of all declarations, got none"],
    [
      "read what nobody knows",
      earlier,
      { ...closure, unknown: ["mine.ts reads process"] },
      "but mine.ts reads process",
    ],
  ])("not where they %s", (_, before, now, message) => {
    const resuming = () => requireSameDeclarations(before, now);
    expect(resuming).toThrow(InvalidInput);
    expect(resuming).toThrow(message);
  });

  test("a hash that does not cover everything is not written down", () => {
    expect(declarationsHash({ ...closure, unknown: ["mine.ts reads process"] })).toBeUndefined();
  });
});
