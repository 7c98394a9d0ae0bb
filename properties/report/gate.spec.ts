import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gateOf } from "../../src/report/gate.ts";
import type { Results, StatementResult } from "../../src/report/results.ts";
import { exampleResults } from "./example-results.ts";

type Kind = StatementResult["kind"];
type Verdict = StatementResult["verdict"];

const [example] = exampleResults().statements as [StatementResult];
const [lemmaExample] = exampleResults().lemmas as [Results["lemmas"][number]];

const statement = (kind: Kind, verdict: Verdict, id = `some-${kind}`): StatementResult => ({
  ...example,
  kind,
  id,
  verdict,
  expects: kind === "theorem" ? "certified" : "refuted",
});
const lemma = (holds: boolean, id = "some-lemma") => ({ ...lemmaExample, holds, id });

describe("the gate", () => {
  test("says of which laws a count of certified theorems is said", () => {
    const theorem = statement("theorem", "certified");
    const [event] = theorem.events;
    const answer = (...theorems: StatementResult[]) => gateOf(theorems, []).answer;
    expect(answer(theorem)).toBe("1 of 1 theorems certified.");
    expect(answer({ ...theorem, events: [event!, { ...event!, law: "r4" }] }, theorem)).toBe(
      "2 of 2 theorems certified, each on every law that it names.",
    );
    expect(answer({ ...theorem, notJudgedOn: ["r4", "r6"] }, { ...theorem, notJudgedOn: ["r4"] })).toBe(
      "2 of 2 theorems certified, on a part of their laws: r4, r6 were not judged.",
    );
  });

  test.each<[string, StatementResult[], boolean[], Results["gate"]]>([
    [
      "all holds: 0",
      [statement("theorem", "certified"), statement("control", "refuted"), statement("finding", "refuted")],
      [true],
      {
        passes: true,
        exitCode: 0,
        answer: "1 of 1 theorems certified; 1 of 1 controls refuted, as they must be; 1 of 1 lemmas hold; 1 finding.",
        failures: [],
      },
    ],
    [
      "a theorem refuted: 1",
      [statement("theorem", "refuted"), statement("theorem", "certified")],
      [],
      {
        passes: false,
        exitCode: 1,
        answer: "1 of 2 theorems certified.",
        failures: ["theorem some-theorem is refuted"],
      },
    ],
    [
      "a control certified: 1",
      [statement("control", "certified")],
      [],
      {
        passes: false,
        exitCode: 1,
        answer: "0 of 1 controls refuted, as they must be.",
        failures: ["control some-control is certified, not refuted"],
      },
    ],
    [
      "a control inconclusive: 1",
      [statement("control", "inconclusive")],
      [],
      {
        passes: false,
        exitCode: 1,
        answer: "0 of 1 controls refuted, as they must be.",
        failures: ["control some-control is inconclusive, not refuted"],
      },
    ],
    [
      "a lemma broken: 1",
      [statement("theorem", "certified")],
      [true, false],
      {
        passes: false,
        exitCode: 1,
        answer: "1 of 1 theorems certified; 1 of 2 lemmas hold.",
        failures: ["lemma some-lemma is broken"],
      },
    ],
    [
      "a theorem inconclusive, and nothing worse: 3",
      [statement("theorem", "inconclusive"), statement("control", "refuted")],
      [true],
      {
        passes: false,
        exitCode: 3,
        answer: "0 of 1 theorems certified; 1 of 1 controls refuted, as they must be; 1 of 1 lemmas hold.",
        failures: ["theorem some-theorem is inconclusive"],
      },
    ],
    [
      "a theorem inconclusive and another refuted: 1, the worse first",
      [statement("theorem", "inconclusive", "undecided"), statement("theorem", "refuted", "false")],
      [],
      {
        passes: false,
        exitCode: 1,
        answer: "0 of 2 theorems certified.",
        failures: ["theorem false is refuted", "theorem undecided is inconclusive"],
      },
    ],
    [
      "findings of whatever verdict are no failure: 0",
      (["certified", "refuted", "inconclusive", "measured"] as const).map((verdict) => statement("finding", verdict)),
      [],
      { passes: true, exitCode: 0, answer: "4 findings.", failures: [] },
    ],
  ])("%s", (_, statements, lemmas, gate) => {
    expect(
      gateOf(
        statements,
        lemmas.map((holds) => lemma(holds)),
      ),
    ).toEqual(gate);
  });

  test("passes exactly where its exit code is 0, names every failure, and is no better for having more to judge", () => {
    const arbitraryStatement = fc
      .record({
        kind: fc.constantFrom<Kind>("theorem", "control", "finding"),
        verdict: fc.constantFrom<Verdict>("certified", "refuted", "inconclusive"),
      })
      .map(({ kind, verdict }) => statement(kind, verdict));
    const severity = { 0: 0, 3: 1, 1: 2 } as const;
    fc.assert(
      fc.property(fc.array(arbitraryStatement), fc.array(fc.boolean()), arbitraryStatement, (some, holds, another) => {
        const lemmas = holds.map((each) => lemma(each));
        const gate = gateOf(some, lemmas);
        const wrong = some.filter(({ kind, verdict, expects }) => kind !== "finding" && verdict !== expects).length;
        expect(gate.failures.length).toBe(wrong + holds.filter((each) => !each).length);
        expect(gate.passes).toBe(gate.failures.length === 0);
        expect(gate.exitCode === 0).toBe(gate.passes);
        expect(severity[gateOf([...some, another], lemmas).exitCode]).toBeGreaterThanOrEqual(severity[gate.exitCode]);
      }),
    );
  });

  test("a stored counterexample that is not reproduced: 1, with the reason; up to rounding it is reproduced", () => {
    const [rounded, lost] = exampleResults().counterexamples!;
    expect(gateOf([statement("theorem", "certified")], [], [rounded!])).toMatchObject({
      passes: true,
      exitCode: 0,
      answer: "1 of 1 theorems certified; 1 of 1 stored counterexamples reproduced.",
    });
    expect(gateOf([statement("theorem", "inconclusive")], [], [rounded!, lost!])).toEqual({
      passes: false,
      exitCode: 1,
      answer: "0 of 1 theorems certified; 1 of 2 stored counterexamples reproduced.",
      failures: [
        "stored counterexample <broken>.json is not reproduced: <broken>.json must be JSON",
        "theorem some-theorem is inconclusive",
      ],
    });
  });
});
