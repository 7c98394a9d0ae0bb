import { describe, expect, test } from "vitest";
import { atMost } from "../../src/claim/claim.ts";
import { formulaHtml, whyNoFormula } from "../../src/claim/formula.ts";
import { derived } from "../../src/claim/provenance.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { theorem } from "../../src/transformer/experiment.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { statements } from "../../theorems/index.ts";

const withFormula = (formula: string) => () =>
  theorem({ id: "mine", title: "x", formula, provenance: derived(), law: baseLaw, claims: [atMost("x", 1, () => 0)] });

describe("a formula that a report cannot set is refused when it is declared", () => {
  test.each([
    [String.raw`\frac{1`, "Unexpected end of input in a macro argument, expected '}' at end of input"],
    [String.raw`\mathds{1}[\lVert w_i\rVert > t]`, "Undefined control sequence: \\mathds at position 1: \\mathds{1}["],
    // each part stands by itself in a report
    [String.raw`{a \qquad b}`, "Expected '}', got 'EOF' at end of input: {a"],
    ["größe", 'Accented Unicode text character "ö" used in math mode'],
    [String.raw`\htmlClass{x}{y}`, "HTML extension is disabled on strict mode"],
    ["x % why", "% comment has no terminating newline"],
  ])("%s", (formula, why) => {
    expect(whyNoFormula(formula)).toContain(why);
    expect(() => formulaHtml(formula, "error")).toThrow();
    expect(withFormula(formula)).toThrow(InvalidInput);
    expect(withFormula(formula)).toThrow(/^theorem mine: formula must be TeX that KaTeX can set \(/);
    expect(withFormula(formula)).toThrow(why);
  });
});

test.each([String.raw`T \le 4 \qquad w_i \in \mathbb{R}^d`, "α ≤ β", String.raw`\text{größe} = 1`])(
  "a formula that it can is taken: %s",
  (formula) => {
    expect(whyNoFormula(formula)).toBeUndefined();
    expect(withFormula(formula)().formula).toBe(formula);
    expect(formulaHtml(formula)).toMatch(/^<span class="katex"><math/);
  },
);

test("so are those of this project", () => {
  const formulas = statements.flatMap(({ formula }) => formula ?? []);
  expect(formulas.length).toBeGreaterThan(10);
  expect(formulas.map(whyNoFormula)).toEqual(formulas.map(() => undefined));
});

test("what was declared before formulas were checked is set as far as it goes", () => {
  expect(formulaHtml("größe")).toContain("ö");
  expect(() => formulaHtml(String.raw`\frac{1`)).toThrow();
});
