import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/report/change.ts";
import { type DiffOptions, diffResults } from "../../src/report/diff.ts";
import { diffMarkdown, diffText } from "../../src/report/diff-text.ts";
import { parseResults, type Results } from "../../src/report/results.ts";
import { exampleResults, VERSION_1 } from "./example-results.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] extends object ? Draft<T[K]> : T[K] };

const edited = (edit: (results: Draft<Results>) => void): Results => {
  const results = structuredClone(exampleResults()) as Draft<Results>;
  edit(results);
  return results as Results;
};

const changesOf = (edit: (results: Draft<Results>) => void, options?: DiffOptions) =>
  diffResults(exampleResults(), edited(edit), options);

const statement = (results: Draft<Results>, id: string) => results.statements.find((each) => each.id === id)!;

const FILES = { old: "old.json", new: "new.json" };

const inShort = ({ topic, subject, what, old, new: now, regression }: Change) =>
  `${regression ? "! " : ""}${topic}: ${subject}: ${what}: ${old} -> ${now}`;

describe("two runs that say the same", () => {
  test("have no changes, also where one is of version 1", () => {
    const old = parseResults(readFileSync(VERSION_1, "utf8"));
    for (const results of [exampleResults(), old]) {
      const diff = diffResults(results, results);
      expect(diff).toMatchObject({ changes: [], regressions: 0, remarks: [] });
      expect(diffText(diff, FILES)).toMatch(/\n\nNothing changed: the same verdicts, the same worst cases\.\n$/);
    }
  });

  test("may be of other code: that is a remark and no change", () => {
    const diff = changesOf((results) => {
      results.run.coreHash = "e".repeat(64);
      results.run.seed = 5;
      statement(results, "scaling").hash = "f".repeat(64);
    });
    expect(diff.changes).toEqual([]);
    expect(diff.remarks).toEqual([
      "Other seeds, 240617167 and 5: other models.",
      `Another core, ${exampleResults().run.coreHash.slice(0, 12)} and eeeeeeeeeeee: the code that trains and measures was changed.`,
      `Declarations edited, or what they import: 1 of ${exampleResults().statements.length} (scaling).`,
    ]);
  });

  test("may have trained more models after a verdict, for another statement's sake", () => {
    const diff = changesOf((results) => {
      statement(results, "scaling").events[1]!.verdict.later.n += 70;
    });
    expect(diff.changes.filter(({ topic }) => topic !== "strength")).toEqual([]);
  });
});

describe("a regression is", () => {
  test.each<[string, (results: Draft<Results>) => void, string]>([
    [
      "a theorem that is refuted",
      (results) => {
        const one = statement(results, "low-rank-update");
        one.verdict = "refuted";
        one.events[0]!.verdict.kind = "refuted";
      },
      "! verdicts: theorem low-rank-update: verdict: certified at 158, 2 violate it -> refuted at 158, 2 violate it",
    ],
    [
      "a control that is certified",
      (results) => {
        const one = statement(results, "large-attention");
        one.verdict = "certified";
        one.events[0]!.verdict.kind = "certified";
      },
      "! verdicts: control large-attention: verdict: refuted at 9, 9 violate it -> certified at 9, 9 violate it",
    ],
    [
      "a theorem that is gone",
      (results) => {
        results.statements.splice(0, 1);
      },
      "! verdicts: theorem low-rank-update: verdict: certified -> null",
    ],
    [
      "a law that a theorem is not judged on any more",
      (results) => {
        const one = statement(results, "scaling");
        one.events.splice(1, 1);
      },
      "! verdicts: theorem scaling: verdict: certified at 158, 1 violates it -> null",
    ],
    [
      "a bound that is looser",
      (results) => {
        statement(results, "low-rank-update").claims[0]!.relation = { kind: "at most", bound: 0.04 };
      },
      "! what is stated: theorem low-rank-update: bound: ≤ 0.03 -> ≤ 0.04",
    ],
    [
      "a claim that is gone",
      (results) => {
        statement(results, "low-rank-update").claims.splice(1, 1);
      },
      "! what is stated: theorem low-rank-update: claim: ≤ 0.03 -> null",
    ],
    [
      "a larger p0",
      (results) => {
        statement(results, "low-rank-update").events[0]!.p0 = 0.2;
      },
      "! what is stated: theorem low-rank-update: p0: 0.05 -> 0.2",
    ],
    [
      "a larger β",
      (results) => {
        results.run.beta = 0.2;
      },
      "! standards: the run: beta: 0.002 -> 0.2",
    ],
    [
      "a lemma that is gone",
      (results) => {
        results.lemmas = [];
      },
      "! lemmas: lemma gradient: verdict: false -> null".replace("false", "broken"),
    ],
    [
      "a counterexample that is lost",
      (results) => {
        results.counterexamples![0]!.grade = "not reproduced";
      },
      "! counterexamples: low-rank-update.json: replay: reproduced up to rounding -> not reproduced",
    ],
  ])("%s", (_, edit, told) => {
    const { changes, regressions } = changesOf(edit);
    expect(changes.filter(({ regression }) => regression).map(inShort)).toEqual([told]);
    expect(regressions).toBe(1);
  });

  test("none of the other way round: what is tighter, new or mended", () => {
    const before = edited((results) => {
      statement(results, "low-rank-update").verdict = "refuted";
      statement(results, "low-rank-update").events[0]!.verdict.kind = "refuted";
      statement(results, "low-rank-update").claims[0]!.relation = { kind: "at most", bound: 0.04 };
      statement(results, "low-rank-update").claims.splice(1, 1);
      results.counterexamples!.splice(0, 1);
      results.run.beta = 0.2;
    });
    const { changes, regressions } = diffResults(before, exampleResults());
    expect(changes.length).toBeGreaterThan(4);
    expect(regressions).toBe(0);
  });

  test("none where a finding is gone, or came out otherwise", () => {
    expect(changesOf((results) => results.statements.pop()).regressions).toBe(0);
  });

  test("with --common none of what only one run judged", () => {
    const narrowed = (results: Draft<Results>) => {
      results.statements = results.statements.slice(0, 1);
      results.lemmas = [];
      results.counterexamples = [];
    };
    expect(changesOf(narrowed).regressions).toBeGreaterThan(3);
    expect(changesOf(narrowed, { common: true })).toMatchObject({ changes: [], regressions: 0 });
  });
});

describe("what is listed beside", () => {
  test("worst cases, with whether they came nearer to their bounds, laws, exponents and lemmas' margins", () => {
    const diff = changesOf((results) => {
      const { ledger } = statement(results, "low-rank-update").claims[0]!;
      ledger.worst = 0.029;
      results.laws[0]!.hash = "9".repeat(64);
      results.laws[0]!.hypotheses[1]!.statement = "tau ∈ [0, 0.5]";
      results.slopes![0]!.slope = -0.9;
      results.lemmas[0]!.worstMargin.error = 1e-14;
    });
    expect(diff.regressions).toBe(0);
    expect(diff.changes.map(inShort)).toEqual([
      "what is stated: law base: noise: tau ∈ [0, 0.25] -> tau ∈ [0, 0.5]",
      `worst cases: theorem low-rank-update: worst: ${exampleResults().statements[0]!.claims[0]!.ledger.worst} -> 0.029`,
      "lemmas: lemma gradient: worst error over its bound: Infinity -> 0.313",
      "exponents: steps over eta: slope, -1 expected: -0.9437 -> -0.9",
    ]);
    const text = diffText(diff, FILES);
    expect(text).toContain("no regression, 4 other changes.");
    expect(text).toMatch(/^ {4}base: energy of ΔW_Q beyond rank r: \S+ → 0\.029 {2}further inside$/m);
    expect(text).toContain("lemma gradient\n    worst error over its bound: ∞ → 0.313  better\n");
  });

  test("strength: the smallest p0 that the evidence certifies", () => {
    const alone = (results: Draft<Results>) => {
      results.run.earlier = [];
    };
    const more = (results: Draft<Results>) => {
      alone(results);
      statement(results, "low-rank-update").events[0]!.verdict.later.n = 842;
    };
    const { changes } = diffResults(edited(alone), edited(more));
    const [change] = changes;
    expect(change).toMatchObject({ topic: "strength", what: "certified down to p0", worse: false });
    expect(Number(change!.new)).toBeLessThan(Number(change!.old));
    // an earlier run's violators are not in the file
    expect(
      diffResults(
        exampleResults(),
        edited((results) => {
          more(results);
          results.run.earlier = exampleResults().run.earlier;
        }),
      ).changes,
    ).toEqual([]);
  });

  test("of version 1 against version 2 theorems are compared as wholes", () => {
    const old = parseResults(readFileSync(VERSION_1, "utf8"));
    const { formerVersion: _, ...same } = old;
    const { changes, remarks } = diffResults(old, {
      ...same,
      statements: same.statements.map((each) =>
        each.kind === "theorem" && each.id !== "scaling"
          ? { ...each, events: each.events.slice(0, 1).map(({ claim: _, ...event }) => event) }
          : each,
      ),
    });
    expect(changes).toEqual([]);
    expect(remarks[0]).toContain("The old file is of version 1, the new one of version 2");
  });

  test("Markdown is a table a topic, regressions first, and nothing in it is markup", () => {
    const diff = changesOf((results) => {
      statement(results, "low-rank-update").claims[0]!.relation = { kind: "at most", bound: 0.04 };
      statement(results, "scaling").title = "a | b <script> *c*";
    });
    const markdown = diffMarkdown(diff, { old: "old|file.json", new: "new.json" });
    expect(markdown).toMatch(/^## Verdicts: 1 regression, 1 other change\.\n\n- old: old\\\|file\.json: /);
    expect(markdown).toContain(
      "### Regressions\n\n| | of | old | new | |\n| --- | --- | --- | --- | --- |\n| theorem low-rank-update | base: energy of ΔW_Q beyond rank r, bound | ≤ 0.03 | ≤ 0.04 | **regression** |\n",
    );
    expect(markdown).toContain("a \\| b \\<script\\> \\*c\\*");
  });
});
