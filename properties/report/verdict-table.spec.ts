import { describe, expect, test } from "vitest";
import { claimsOf } from "../../src/report/events.ts";
import type { Results } from "../../src/report/results.ts";
import { markdownOf, tolerancesMarkdown } from "../../src/report/tolerances.ts";
import { verdictTable } from "../../src/report/verdict-table.ts";
import { resultsToReport } from "./example-results.ts";

const results = resultsToReport().find(([name]) => name === "results of every kind")![1];
const plain = (from: Results, theoremsFile?: string) => verdictTable(from, { theoremsFile });

describe("the verdicts on a terminal", () => {
  test("have a line for each statement and each lemma, then the gate's answer and its failures", () => {
    const lines = plain(results).split("\n");
    for (const { kind, id, verdict, title } of results.statements) {
      const row = lines.findIndex((each) => new RegExp(`^${verdict} +${kind} +${id} +\\d+ models  `).test(each));
      expect(lines[row]).toContain(title);
      // of a theorem that holds, what came nearest to its bound
      if (kind === "theorem" && verdict === "certified") {
        expect(lines[row + 1]).toMatch(/^ {4}\S.* on \S+: worst \S+, headroom \S+$/);
      }
    }
    expect(lines).toContain(
      "broken       lemma    gradient                        17 examples, 70 % non-trivial  The analytic gradient is the derivative",
    );
    expect(lines.slice(-4)).toEqual([results.gate.answer, ...results.gate.failures.map((each) => `  ${each}`), ""]);
  });

  test("have a column for each law that theorems share, and say on which laws of its own another one stands", () => {
    const on = (law: string, kind: "certified" | "refuted", violations: number, n = 158) => {
      const [event] = results.statements[0]!.events;
      return { ...event!, law, verdict: { ...event!.verdict, kind, n, violations } };
    };
    const [first] = results.statements;
    const theorem = (id: string, ...events: ReturnType<typeof on>[]) => ({ ...first!, id, title: `of ${id}`, events });
    const laws = ["base", "r4", "own"].map((id) => ({ ...results.laws[0]!, id }));
    const statements = [
      theorem("one", on("base", "certified", 0), on("r4", "certified", 2, 272)),
      { ...theorem("two", on("base", "refuted", 40), on("r4", "certified", 0)), verdict: "refuted" as const },
      theorem("three", on("r4", "certified", 0)),
      theorem("four", on("own", "certified", 1, 223)),
    ];
    const lines = plain({ ...results, laws: [...laws, results.laws[1]!], statements }).split("\n");
    const at = (id: string) => lines.find((line) => line.includes(` ${id} `))!;
    expect(lines[0]).toBe(`${" ".repeat(50)}base           r4`);
    expect(at("one")).toBe(`certified    theorem  one${" ".repeat(25)}0/158          2/272`);
    expect(at("two")).toBe(`refuted      theorem  two${" ".repeat(25)}refuted 40/158 0/158`);
    expect(at("three")).toBe(`certified    theorem  three${" ".repeat(38)}0/158`);
    expect(at("four")).toBe(`certified    theorem  four${" ".repeat(24)}1/223 (own)`);
    // where they are about one law there is room for what a theorem says
    const [scaling] = results.statements.filter(({ id }) => id === "scaling");
    const few = plain({ ...results, laws: [laws[2]!, results.laws[1]!], statements: [statements[3]!, scaling!] });
    expect(few).toMatch(/^certified {4}theorem {2}four {24} +\d+ models {2}of four$/m);
    expect(few).toMatch(/ theorem {2}scaling +\d+ models {2}/);
  });

  test("say what the chance of any false pass is", () => {
    expect(plain(results)).toContain(
      "\nK = 4 verdicts: any of them is a false pass with a chance of at most K·β = 0.008, a false alarm with at most α = 1.0e-6.\n",
    );
  });

  test("show each verdict that is not as it should be: law, violations, limits, p0; and of each claim relation, worst and its replay", () => {
    expect(plain(results)).toContain(
      [
        "    inconclusive: factor on T where η doubles, upper side on law base-doubling-eta, violated by 90 of 200 models (limits 0.366 to 0.537; p0 = 0.5)",
        "      factor on T where η doubles, upper side ≤ 0.5548: violated by 1, worst 0.0311",
        "        replay: npx theorycheck train --law base-doubling-eta --seed 4217935553001\n",
      ].join("\n"),
    );
    expect(plain(results)).not.toContain("lower side");
  });

  test("show of a theorem that is refuted as a whole every claim, since it is their sum that is too much", () => {
    const [whole] = results.statements;
    const [event] = whole!.events;
    const refuted = {
      ...whole!,
      verdict: "refuted" as const,
      events: [{ ...event!, verdict: { ...event!.verdict, kind: "refuted" as const, violations: 40 } }],
    };
    expect(plain({ ...results, statements: [refuted] })).toContain(
      [
        "    refuted: its 2 claims together on law base, violated by 42 of 161 models (limits 0 to 0.0519; p0 = 0.05)",
        "      energy of ΔW_Q beyond rank r ≤ 0.03: violated by 1, worst 0.0311",
        "        replay: npx theorycheck train --law base --seed 4217935553001",
        "      energy of ΔW_K beyond rank r ≤ 0.03: violated by 1, worst 0.0311",
      ].join("\n"),
    );
  });

  test("say which standards are not as declared, and nothing where all are", () => {
    expect(plain(results)).toContain("\nNot as declared: beta = 0.002 (declared: 0.001).\n");
    const changed = [
      { standard: "p0", declared: 0.05, used: 0.0500001 },
      { standard: "alpha", declared: 1e-6, used: 0.01 },
    ];
    expect(plain({ ...results, run: { ...results.run, changed } })).toContain(
      "\nNot as declared: p0 = 0.0500001 (declared: 0.05), alpha = 0.01 (declared: 0.000001).\n",
    );
    expect(plain({ ...results, run: { ...results.run, changed: [] } })).not.toContain("declared");
  });

  test("do not show the claims of what is as it should be: a control that is refuted, a finding that is measured", () => {
    const text = plain({ ...results, statements: results.statements.filter(({ kind }) => kind !== "theorem") });
    expect(text).not.toContain("where δ = 2");
    expect(text).not.toContain("energy of ΔW_Q");
    expect(
      plain({ ...results, statements: results.statements.filter(({ verdict, expects }) => verdict === expects) }),
    ).not.toContain("replay");
  });

  test("say of a control that is refuted by models without a number that none was seen", () => {
    const control = results.statements.find(({ kind, verdict }) => kind === "control" && verdict === "refuted")!;
    const silent = {
      ...control,
      claims: control.claims.map((each) => ({ ...each, ledger: { ...each.ledger, quantiles: [] } })),
    };
    const said = "    no model showed a number: it is refuted by models that diverged, or whose claims observed none";
    expect(plain({ ...results, statements: [silent] }).split("\n")).toContain(said);
    expect(plain(results)).not.toContain("no model showed a number");
  });

  test("replay declarations of another module from that module", () => {
    expect(plain(results, "./my-theorem.ts")).toContain(
      "replay: npx theorycheck train --law base-doubling-eta --seed 4217935553001 --theorems ./my-theorem.ts",
    );
  });

  test("are the same with colour, but for the colour", () => {
    const coloured = verdictTable(results, { paint: (colour, text) => `<${colour}>${text}</>` });
    expect(coloured).toMatch(/^<(green|yellow|red)>/m);
    expect(coloured.replaceAll(/<\/?(green|yellow|red)?>/g, "")).toBe(plain(results));
  });
});

describe("tolerances.md", () => {
  const page = tolerancesMarkdown(results);
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.includes("---"));

  test("has a row for every claim of every statement, after one for several together, in the section of its kind", () => {
    const sections = page.split(/^## /m);
    for (const [kind, heading] of [
      ["theorem", "Theorems"],
      ["control", "Controls"],
      ["finding", "Findings"],
    ] as const) {
      const section = sections.find((each) => each.startsWith(heading))!;
      const ofKind = results.statements.filter((statement) => statement.kind === kind);
      const expected = ofKind.flatMap((statement) => [
        ...statement.events
          .map((event) => claimsOf(statement, event).length)
          .filter((claims) => claims > 1)
          .map((claims) => [statement.id, `its ${claims} claims together`]),
        ...statement.claims.map((claim) => [statement.id, markdownOf(claim.title)]),
      ]);
      const found = section.split("\n").filter((line) => line.startsWith("| "));
      expect(found.length).toBe(2 + expected.length);
      expected.forEach(([id, title], i) => {
        expect(found[2 + i]).toContain(`| ${id} | ${title} | `);
      });
    }
  });

  test("gives verdict, bound, worst, median, headroom, violations, limits and the decisive seed of each", () => {
    const [together, first] = rows.filter((each) => each.includes("| low-rank-update |"));
    expect(together).toBe(
      "| **certified** at 158 | low-rank-update | its 2 claims together | base |  |  |  |  | 2 of 161 | 0 % to 5.2 % |  |",
    );
    expect(first).toBe(
      "| counted | low-rank-update | energy of ΔW_Q beyond rank r | base | ≤ 0.03 | 0.0311 | 0.00123 | 0.965× | 1 of 161 | 0 % to 4.2 % | 4217935553001 |",
    );
    // a theorem of one claim has one verdict, and a side of a doubling has its own
    expect(rows.find((each) => each.includes("| sparse-neurons |"))).toMatch(/^\| \*\*certified\*\* at 158 \| /);
    const upperSide = rows.find((each) => each.includes("upper side"));
    expect(upperSide).toMatch(/^\| \*\*inconclusive\*\* at 200 \| scaling \| /);
    expect(upperSide).toContain("| 212× (loose) |");
    expect(rows.find((each) => each.includes("T·η"))).toContain("| −1.5 |");
    const [broken, unbroken] = rows.filter((each) => each.includes("| large-attention |"));
    expect(broken).toMatch(/^\| \*\*refuted\*\* at 9 \| .* \| not a number \| 2 \| none \|/);
    expect(unbroken).toMatch(/^\| counted \| /);
    expect(rows.find((each) => each.includes("| query-directions |"))).toMatch(/^\| measured \| query-directions /);
  });

  test("says what failed, counts every law's models, and shows each lemma with its margin", () => {
    expect(page).toContain(`${results.gate.answer} Failures: ${results.gate.failures.join("; ")}.`);
    expect(rows).toContain("| the base law | 172 | 160 | 11 | 1 |");
    expect(rows).toContain("| **no** | gradient | The analytic gradient is the derivative | 17 | 70 % | ∞ | 3.2e-14 |");
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
