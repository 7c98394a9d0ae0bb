import { describe, expect, test } from "vitest";
import type { Results } from "../../src/report/results.ts";
import { tolerancesMarkdown } from "../../src/report/tolerances.ts";
import { verdictTable } from "../../src/report/verdict-table.ts";
import { resultsToReport } from "./example-results.ts";

const results = resultsToReport().find(([name]) => name === "results of every kind")![1];
const plain = (from: Results, theoremsFile?: string) => verdictTable(from, { colour: false, theoremsFile });

describe("the verdicts on a terminal", () => {
  test("have a line for each statement and each lemma, then the gate's answer and its failures", () => {
    const lines = plain(results).split("\n");
    for (const { kind, id, verdict, title } of results.statements) {
      const line = lines.filter((each) => new RegExp(`^${verdict} +${kind} +${id} +\\d+ models  `).test(each));
      expect(line.length).toBe(1);
      expect(line[0]).toContain(title);
    }
    expect(lines).toContain(
      "broken       lemma    gradient                        17 examples The analytic gradient is the derivative",
    );
    expect(lines.slice(-5)).toEqual(["", results.gate.answer, ...results.gate.failures.map((each) => `  ${each}`), ""]);
  });

  test("show each claim that is not as it should be: relation, law, violations, worst, and the replay of its worst model", () => {
    const text = plain(results);
    expect(text).toContain("    inconclusive: factor on T where η doubles, upper side ≤ 0.5548 on law base\n");
    expect(text).toContain("      violated by 1 of 161 models (limits 0 to 0.0417); worst 0.0311\n");
    expect(text).toContain("      replay: npx theorycheck train --law base --seed 4217935553001\n");
  });

  test("do not show the claims of what is as it should be: a control that is refuted, a finding that is measured", () => {
    const text = plain(results);
    expect(text).not.toContain("violated claims of low-rank-update");
    expect(text).not.toContain("energy of ΔW_Q");
    expect(
      plain({ ...results, statements: results.statements.filter(({ verdict, expects }) => verdict === expects) }),
    ).not.toContain("replay");
  });

  test("replay declarations of another module from that module", () => {
    expect(plain(results, "./my-theorem.ts")).toContain(
      "replay: npx theorycheck train --law base --seed 4217935553001 --theorems ./my-theorem.ts",
    );
  });

  test("are the same with colour, but for the colour", () => {
    const control = String.fromCharCode(27);
    const coloured = verdictTable(results, { colour: true });
    const stripped = coloured.replaceAll(new RegExp(`${control}\\[\\d+m`, "g"), "");
    expect(stripped).toBe(plain(results));
  });
});

describe("tolerances.md", () => {
  const page = tolerancesMarkdown(results);
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.includes("---"));

  test("has a row for every claim of every statement, in the section of its kind", () => {
    const sections = page.split(/^## /m);
    for (const [kind, heading] of [
      ["theorem", "Theorems"],
      ["control", "Controls"],
      ["finding", "Findings"],
    ] as const) {
      const section = sections.find((each) => each.startsWith(heading))!;
      const ofKind = results.statements.filter((statement) => statement.kind === kind);
      const expected = ofKind.flatMap(({ id, claims }) =>
        claims.map((claim) => [id, claim.title.replaceAll("|", "\\|")]),
      );
      const found = section.split("\n").filter((line) => line.startsWith("| "));
      expect(found.length).toBe(2 + expected.length);
      expected.forEach(([id, title], i) => {
        expect(found[2 + i]).toContain(`| ${id} | ${title} | `);
      });
    }
  });

  test("gives verdict, bound, worst, median, headroom, violations, limits and the decisive seed of each", () => {
    const row = rows.find((each) => each.includes("| low-rank-update |"));
    expect(row).toBe(
      "| **certified** at 158 | low-rank-update | energy of ΔW_Q beyond rank r | base | ≤ 0.03 | 0.0311 | 0.00123 | 0.965× | 1 of 161 | 0 % to 4.2 % | 4217935553001 |",
    );
    expect(rows.find((each) => each.includes("upper side"))).toContain("| 212× (loose) |");
    expect(rows.find((each) => each.includes("T·η"))).toContain("| −1.5 |");
    expect(rows.find((each) => each.includes("| large-attention |"))).toContain("| not a number | 2 | none |");
    expect(rows.find((each) => each.includes("| query-directions |"))).toMatch(/^\| measured \| query-directions /);
  });

  test("says what failed, counts every law's models, and shows each lemma with its margin", () => {
    expect(page).toContain(`${results.gate.answer} Failures: ${results.gate.failures.join("; ")}.`);
    expect(rows).toContain("| the base law | 172 | 160 | 11 | 1 |");
    expect(rows).toContain("| **no** | gradient | The analytic gradient is the derivative | 17 | ∞ | 3.2e-14 |");
  });

  test("leaves out what there is none of", () => {
    const bare = tolerancesMarkdown({ ...results, statements: [], lemmas: [] });
    for (const heading of ["Theorems", "Controls", "Findings", "Lemmas"]) expect(bare).not.toContain(`## ${heading}`);
    expect(bare).toContain("## Laws");
  });

  test("keeps a bar within a cell from ending it", () => {
    const [statement] = results.statements;
    const [claim] = statement!.claims;
    const barred = { ...statement!, claims: [{ ...claim!, title: "‖a|b‖" }] };
    expect(tolerancesMarkdown({ ...results, statements: [barred] })).toContain("| ‖a\\|b‖ |");
  });
});
