import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import golden from "../../../golden/one-layer-transformer.json" with { type: "json" };
import { evaluateCommand } from "../../../src/cli/evaluate.ts";
import { ExitWith } from "../../../src/cli/exit.ts";
import { InvalidInput } from "../../../src/invalid-input.ts";

const GOLDEN = fileURLToPath(new URL("../../../golden/one-layer-transformer.json", import.meta.url));
const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What `theorycheck evaluate` prints for these arguments. */
function evaluate(...args: string[]): string {
  evaluateCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse(args, { from: "user" });
  return printed.join("").trimEnd();
}

/** A file with this text, and its path. */
function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "theorycheck-")), "cases.json");
  writeFileSync(path, text);
  return path;
}

describe("theorycheck evaluate", () => {
  test.each(["reference", "kernel"])("--engine %s prints every case as JSON, near what is expected", (engine) => {
    const { cases } = JSON.parse(evaluate(GOLDEN, "--engine", engine));
    expect(cases.map(({ name }: { name: string }) => name)).toEqual(golden.cases.map(({ name }) => name));
    golden.cases.forEach((one, i) => {
      expect(cases[i].hingeLoss).toBeCloseTo(one.expected.hingeLoss, 12);
    });
  });

  test("the reference engine is the default", () => {
    const byDefault = evaluate(GOLDEN);
    printed.length = 0;
    expect(evaluate(GOLDEN, "--engine", "reference")).toBe(byDefault);
  });

  test("--check prints the worst deviation of each quantity instead, and ends well", () => {
    const lines = evaluate(GOLDEN, "--check").split("\n");
    expect(lines).toHaveLength(1 + 15);
    expect(lines[0]).toMatch(/^quantity +worst error +tolerance +in case$/);
    for (const line of lines.slice(1)) expect(line).toMatch(/^[\w.]+ +\S+e[-+]\d+ +\S+e[-+]\d+ +ok +[\w-]+$/);
  });

  test("--check names what is off and exits 1", () => {
    const changed = structuredClone(golden);
    changed.cases[2]!.expected.hingeLoss += 1e-6;
    const path = fileOf(JSON.stringify(changed));
    expect(() => evaluate(path, "--check")).toThrow(new ExitWith(1));
    const off = printed
      .join("")
      .split("\n")
      .filter((line) => line.includes("OFF"));
    expect(off).toEqual([expect.stringMatching(/^hingeLoss +1\.00e-6 .* OFF +narrow-value$/)]);
  });

  describe("numbers that are not finite", () => {
    const identity = [
      [1, 0],
      [0, 1],
    ];
    /** Three tokens of this size; the softmax of logits that overflow is NaN. */
    const overflowing = (size: number) => ({
      name: "NaN",
      shape: { d: 2, L: 3, m: 2, ma: 2, mb: 2, batch: 1 },
      readout: "shared",
      weights: { WQ: identity, WK: identity, WV: identity, WO: times(identity, size), a: [0.7, -0.7] },
      batch: { tokens: [times([...identity, [1, 1]], size)], labels: [1] },
    });

    test.each(["reference", "kernel"])("--engine %s prints them as text, which --check reads back", (engine) => {
      const one = overflowing(1e200);
      const text = evaluate(fileOf(JSON.stringify({ cases: [one] })), "--engine", engine);
      expect(text).not.toContain("null");
      const { cases } = JSON.parse(text);
      expect([cases[0].scores, cases[0].hingeLoss, cases[0].singularValues.WQ]).toEqual([
        ["NaN"],
        "NaN",
        ["NaN", "NaN"],
      ]);
      const checked = fileOf(JSON.stringify({ cases: [{ ...one, expected: cases[0] }] }));
      expect(() => evaluate(checked, "--check", "--engine", engine)).not.toThrow();

      cases[0].hingeLoss = 1;
      printed.length = 0;
      const wrong = fileOf(JSON.stringify({ cases: [{ ...one, expected: cases[0] }] }));
      expect(() => evaluate(wrong, "--check", "--engine", engine)).toThrow(new ExitWith(1));
      expect(printed.join("")).toMatch(/^hingeLoss +NaN +NaN +OFF +NaN$/m);
    });

    test("infinity is infinity, of its sign", () => {
      const one = { ...overflowing(1e155), batch: { tokens: [[[1e155, 0]]], labels: [1] } };
      const alone = {
        ...one,
        shape: { ...one.shape, L: 1 },
        weights: { ...one.weights, WQ: times(identity, 0), a: [7, -0.7] },
      };
      const { cases } = JSON.parse(evaluate(fileOf(JSON.stringify({ cases: [alone] }))));
      expect([cases[0].scores, cases[0].hingeLoss]).toEqual([["Infinity"], 0]);
      const checked = fileOf(JSON.stringify({ cases: [{ ...alone, expected: cases[0] }] }));
      expect(() => evaluate(checked, "--check")).not.toThrow();
      cases[0].scores = ["-Infinity"];
      const wrong = fileOf(JSON.stringify({ cases: [{ ...alone, expected: cases[0] }] }));
      expect(() => evaluate(wrong, "--check")).toThrow(new ExitWith(1));
    });

    test("what a model is made of must be finite", () => {
      const one = overflowing(1);
      const broken = { ...one, weights: { ...one.weights, WQ: [["NaN", 0], identity[1]] } };
      expect(() => evaluate(fileOf(JSON.stringify({ cases: [broken] })))).toThrow(
        new InvalidInput('cases[0].weights.WQ[0][0]: Invalid input: expected number, received string, got "NaN"'),
      );
    });
  });

  test("a file that is not there, is no JSON, or has a bad field is refused", () => {
    expect(() => evaluate("no/such/file.json")).toThrow(InvalidInput);
    expect(() => evaluate("no/such/file.json")).toThrow("no/such/file.json must be a readable text file, got ENOENT");
    expect(() => evaluate(fileOf("{"))).toThrow(InvalidInput);
    expect(() => evaluate(fileOf('{"cases":[]}'))).toThrow(InvalidInput);
  });

  test("an engine that is not there is refused", () => {
    expect(() => evaluate(GOLDEN, "--engine", "abacus")).toThrow("Allowed choices are reference, kernel");
  });
});

function times(rows: readonly (readonly number[])[], factor: number): number[][] {
  return rows.map((row) => row.map((entry) => entry * factor));
}
