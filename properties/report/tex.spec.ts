import { describe, expect, test } from "vitest";
import { claimsOf } from "../../src/report/events.ts";
import { texOf, tolerancesTex } from "../../src/report/tex.ts";
import { resultsToReport } from "./example-results.ts";

describe.each(resultsToReport())("tolerances.tex of %s", (_, results) => {
  const tex = tolerancesTex(results);

  test("is ASCII, so that every TeX takes it", () => {
    expect(tex).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test("every row has seven cells, and braces and dollars close", () => {
    for (const line of tex.split("\n")) {
      const unescaped = line.replace(/\\[%&$#_{}]/g, "");
      expect((unescaped.match(/\$/g) ?? []).length % 2, line).toBe(0);
      expect((unescaped.match(/\{/g) ?? []).length, line).toBe((unescaped.match(/\}/g) ?? []).length);
      if (unescaped.includes(" & ")) expect(unescaped.split(" & ")).toHaveLength(7);
    }
  });

  test("has a row for each claim of each theorem, and one for the theorem as a whole where it has several", () => {
    const theorems = results.statements.filter(({ kind }) => kind === "theorem");
    const claims = theorems.flatMap(({ claims }) => claims);
    const together = theorems.flatMap((theorem) =>
      theorem.events.filter((event) => claimsOf(theorem, event).length > 1),
    );
    const rows = tex.split("\n").filter((line) => line.includes(" & "));
    expect(rows).toHaveLength(claims.length + together.length + 1);
    expect(rows.filter((row) => row.includes("claims together"))).toHaveLength(together.length);
  });
});

test.each([
  ["energy of ΔW_Q beyond rank r", "energy of $\\Delta W_{Q}$ beyond rank r"],
  ["≤ 0.03", "$\\le$ 0.03"],
  ["1.7e-9", "$1.7 \\cdot 10^{-9}$"],
  ["0 % to 3.8 %", "0 \\% to 3.8 \\%"],
  ["m^(−1/2)", "$m^{-1/2}$"],
  ["Steps take 1/(η·(α* − α#))", "Steps take $1/(\\eta \\cdot (\\alpha ^{*}$ $-$ $\\alpha ^{\\#}))$"],
])("texOf(%j)", (words, tex) => {
  expect(texOf(words)).toBe(tex);
});
