import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_MAX_MODELS, DEFAULT_P0 } from "../../src/claim/defaults.ts";
import { populationsOf, trialSeed } from "../../src/claim/population.ts";
import { violates } from "../../src/claim/relation.ts";
import { ordersAbout } from "../../src/experiment/laboratory.ts";
import { recordOf } from "../../src/experiment/trial.ts";
import { isInvalidInput } from "../../src/invalid-input.ts";
import { drawTheta } from "../../src/law/law.ts";
import { suiteJsonSchema } from "../../src/suite/schema.ts";
import { type Suite, suiteIn } from "../../src/suite/suite.ts";
import { judge } from "../../src/verdict/judge.ts";

const COIN = `experiment:
  id: coin
  command: [python3, coin.py]
  files: [coin.py]
  fields: { p: { kind: real, from: 0, to: 1, meaning: chance of heads } }
  measures: { heads: heads in 20 tosses }
laws:
  fair: { p: { constant: 0.5 } }
  loaded: { p: { real: [0.9, 1] } }
theorems:
  - { id: few-heads, title: At most 17 heads, laws: [fair], claims: [{ measure: heads, atMost: 17 }] }
controls:
  - { id: loaded-coin, of: few-heads, leaves: p, law: loaded }
`;

const why = (text: string) => {
  try {
    suiteIn(text, "suite.yaml");
    return "no error";
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    return error.message;
  }
};

describe("a suite", () => {
  test("declares an experiment, what runs it, and ordinary statements", () => {
    const { experiment, statements, command, files } = suiteIn(COIN, "suite.yaml");
    expect(command).toEqual({
      words: ["python3", "coin.py"],
      seconds: 300,
      measures: ["heads"],
      failureViolates: false,
    });
    expect(files).toEqual(["coin.py"]);
    expect(experiment.parameters.fields).toEqual({
      p: {
        ...{ kind: "real", from: 0, to: 1, widest: { kind: "real", from: 0, to: 1 }, simplest: "low" },
        ...{ meaning: "chance of heads", symbol: "p", hypothesis: "p" },
      },
    });
    expect(statements).toMatchObject([
      { kind: "theorem", id: "few-heads", p0: DEFAULT_P0, declaresP0: false, maxModels: DEFAULT_MAX_MODELS },
      {
        ...{ kind: "control", id: "loaded-coin", of: "few-heads", title: "At most 17 heads, with p ∈ [0.9, 1]" },
        leaves: { hypothesis: "p", how: "p ∈ [0.9, 1]" },
        breaks: ["heads in 20 tosses"],
      },
    ]);
    expect(() => experiment.run({ p: 0.5 }, 1, { traces: [], detail: "none" })).toThrow("run by the command");
  });

  test("is the same in JSON", () => {
    const inJson = JSON.stringify({
      experiment: {
        ...{
          id: "coin",
          command: ["python3", "coin.py"],
          files: ["coin.py"],
          measures: { heads: "heads in 20 tosses" },
        },
        fields: { p: { kind: "real", from: 0, to: 1, meaning: "chance of heads" } },
      },
      laws: { fair: { p: { constant: 0.5 } }, loaded: { p: { real: [0.9, 1] } } },
      theorems: [
        { id: "few-heads", title: "At most 17 heads", laws: ["fair"], claims: [{ measure: "heads", atMost: 17 }] },
      ],
      controls: [{ id: "loaded-coin", of: "few-heads", leaves: "p", law: "loaded" }],
    });
    const plain = (suite: Suite) =>
      JSON.stringify([suite.statements, suite.command, suite.files]).replace(/:\d+:\d+/g, "");
    for (const text of [inJson, JSON.stringify(JSON.parse(inJson), null, "\t")]) {
      expect(plain(suiteIn(text, "suite.json"))).toBe(plain(suiteIn(COIN, "suite.yaml")));
    }
  });

  const RANGES = `experiment:
  id: ranges
  command: [run]
  fields:
    a: { kind: integer, from: 1, to: 100, meaning: a, symbol: α, hypothesis: size, simplest: middle }
    b: { kind: real, from: 0, to: 1000, open: true, meaning: b, widest: { logUniform: [0.001, 1000] } }
    c: { kind: integer, from: 1, to: 1000, meaning: c }
    d: { kind: real, from: 0, to: 1000, meaning: d }
    e: { kind: real, from: 0, to: 1000, meaning: e }
    f: { kind: choice, values: [left, right], meaning: f }
  measures: { x: x, y: y }
laws:
  every-kind:
    title: every kind of range
    ranges:
      f: { constant: right }
      a: { integer: [10, 20], step: 5 }
      c: { logUniformInteger: [1, { times: 2, field: a }] }
      b: { logUniform: [0.1, 10] }
      d: { real: [{ times: 0.5, field: a }, { times: 1, field: a }] }
      e: { equalTo: d }
theorems:
  - id: all
    title: All relations
    formula: x \\le 1
    provenance: { kind: derived, note: from nothing }
    deviates: in everything
    laws: [every-kind]
    hypotheses: [size]
    noControl: it is a test
    p0: 0.1
    claims:
      - { measure: x, atMost: 1 }
      - { measure: x, atLeast: -1, title: x from below }
      - { measure: y, above: 0 }
      - { measure: y, within: [0, 2], title: y between }
findings:
  - { id: seen, title: Seen, laws: [every-kind], claims: [{ measure: y, atMost: 0 }], expects: measured, maxModels: 7 }
maxModels: 300
p0: 0.2
`;

  test("has every kind of range, drawn in the law's order, and every relation", () => {
    const { statements } = suiteIn(RANGES, "suite.yaml");
    const [{ law, claims }] = populationsOf(statements) as [ReturnType<typeof populationsOf>[0]];
    expect(Object.entries(law.ranges)).toEqual([
      ["f", { kind: "constant", value: "right" }],
      ["a", { kind: "integer", from: 10, to: 20, step: 5 }],
      ["c", { kind: "log-uniform integer", from: 1, to: { field: "a", times: 2 } }],
      ["b", { kind: "log-uniform", from: 0.1, to: 10 }],
      ["d", { kind: "real", from: { field: "a", times: 0.5 }, to: { field: "a", times: 1 } }],
      ["e", { kind: "equals", field: "d" }],
    ]);
    expect(law.title).toBe("every kind of range");
    for (let index = 0; index < 50; index++) {
      const { a, d, e, f } = drawTheta(law, trialSeed(1, law.id, index)) as {
        a: number;
        d: number;
        e: number;
        f: string;
      };
      expect([[10, 15, 20].includes(a), d >= a / 2 && d <= a, e, f]).toEqual([true, true, d, "right"]);
    }
    const run = { theta: {}, measured: { x: 1.5, y: 0 } };
    expect(claims.map(({ claim }) => [claim.title, violates(claim, claim.observe(run, run))])).toEqual([
      ["x", true],
      ["x from below", false],
      ["y", true],
      ["y between", false],
      ["y", false],
    ]);
    expect(statements).toMatchObject([
      {
        ...{ id: "all", p0: 0.1, declaresP0: true, maxModels: 300, hypotheses: ["size"], noControl: "it is a test" },
        provenance: { kind: "derived", note: "from nothing" },
        deviates: "in everything",
      },
      { id: "seen", p0: 0.2, maxModels: 7, expects: "measured", provenance: { kind: "observed" } },
    ]);
  });
});

describe("what is wrong is refused with file, line and field", () => {
  test.each([
    [
      "measure: heads, at",
      "measure: tails, at",
      '11:72: theorems[0].claims[0].measure must be one of heads, got "tails"',
    ],
    ["laws: [fair]", "laws: [unfair]", '11:54: theorems[0].laws[0] must be one of fair, loaded, got "unfair"'],
    ["fair: { p:", "fair: { q:", "8:11: laws.fair.q must be a field of theta, one of p"],
    ["fair: { p: { constant: 0.5 } }", "fair: {}", "8:3: laws.fair must have a range for p, got none"],
    ["constant: 0.5", "constnt: 0.5", "8:11: laws.fair.p must be one of { constant: value }"],
    ["real: [0.9, 1]", "real: [0.9]", "9:18: laws.loaded.p.real must be [from, to], got [0.9]"],
    ["real: [0.9, 1]", "real: [1, 0.9]", "9:13: laws.loaded.p must not end below its start"],
    ["real: [0.9, 1]", "real: [0.9, 2]", "9:3: laws.loaded is refused: law loaded may leave nothing to draw"],
    [
      "real: [0.9, 1]",
      "real: [0, { times: 1, field: q }]",
      "9:3: laws.loaded is refused: law loaded: ranges.p must refer",
    ],
    ["atMost: 17", "atMst: 17", "11:88: theorems[0].claims[0].atMst is no field that is known here"],
    ["atMost: 17", "atMost: .nan", "11:88: theorems[0].claims[0].atMost must be a finite number, got NaN"],
    ["atMost: 17", "atMost: 17, above: 3", "theorems[0].claims[0] must have one of atMost, atLeast, above and within"],
    ["}] }\ncontrols", "}, { measure: heads, above: 0 }] }\ncontrols", "must have a title of its own"],
    ["of: few-heads", "of: few", '13:24: controls[0].of must be one of few-heads, got "few"'],
    ["leaves: p", "leaves: x", '13:39: controls[0].leaves must be one of p, got "x"'],
    ["leaves: p", "leaves: { hypothesis: x, how: so }", "controls[0].leaves.hypothesis must be one of p"],
    ["law: loaded", "law: loaded, breaks: [tails]", "controls[0].breaks[0] must be one of heads"],
    ["id: loaded-coin", "id: few-heads", "13:7: controls[0].id must be of one statement only, got few-heads twice"],
    ["id: coin", "id: Coin", "2:3: experiment.id must be lower-case words"],
    ["kind: real", "kind: reel", "5:18: experiment.fields.p.kind must be real or integer"],
    ["from: 0, to: 1", "from: 2, to: 1", "experiment.fields.p.to must be at least from, 2, got 1"],
    ["p: { kind", "ranges: { kind", "experiment.fields.ranges must have another name"],
    ["p: { kind", "__proto__: { kind", "5:13: a key must be a word, got __proto__"],
    ["  fair:", "  constructor:", "8:3: laws.constructor must be no name that every object has"],
    ["[python3, coin.py]", "python3 coin.py", "3:3: experiment.command must be a list of words"],
    ["id: coin", "id: coin\n  id: coin", "3:3: must be YAML or JSON, got Map keys must be unique"],
    ["laws:", "laws: !!js/function 3\nlaws:", "must be YAML or JSON, got "],
    ["laws:", "{ a: 1 }: 2\nlaws:", "7:1: a key must be a word"],
    ["theorems:", "theorems", "must be YAML or JSON, got "],
    ["controls:", '"\\e[31m":', '12:1: "\\u001b[31m" is no field that is known here'],
    ["theorems:", "findings:", "findings[0].expects must be refuted or measured, got nothing"],
  ])("%s -> %s", (from, to, message) => {
    expect(COIN).toContain(from);
    const said = why(COIN.replace(from, to));
    expect(said).toMatch(/^suite\.yaml:\d+:\d+: /);
    expect(said).toContain(message);
  });

  test.each([
    ["nothing", "", "1:1: the whole must be an object of experiment"],
    ["a number", "3", "1:1: the whole must be an object of experiment"],
    ["a nest of brackets", "[".repeat(100_000), "must be YAML or JSON"],
    [
      "aliases of aliases",
      `a: &a [1]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? "a" : `b${i - 1}`},`.repeat(9)}]`).join("\n")}`,
      "must be YAML or JSON",
    ],
    ["a megabyte of spaces", " ".repeat(2 ** 20 + 1), "must have at most 1048576 characters"],
    ["two documents", `${COIN}---\n${COIN}`, "must be YAML or JSON"],
    ["only laws and fields", COIN.slice(0, COIN.indexOf("theorems:")), "must have theorems or findings, got neither"],
  ])("%s", (_, text, message) => {
    expect(why(text)).toContain(message);
  });

  test("whatever is cut out of a suite, it is read or refused", () => {
    fc.assert(
      fc.property(fc.nat(COIN.length), fc.nat(40), fc.constantFrom("", "\t", ":", "&a", "*a", "0"), (at, cut, put) => {
        expect(why(COIN.slice(0, at) + put + COIN.slice(at + cut))).toMatch(
          /^no error$|^suite\.yaml:\d+:\d+: |suite\.yaml must be/,
        );
      }),
      { numRuns: 300, seed: 15 },
    );
  });

  test("and what stands in it cannot steer a terminal", () => {
    for (const bad of ["\u001b[2J", "\u0085", "\u202e"]) expect(why(`${bad}: 1`)).not.toContain(bad[0]);
  });
});

test("the published schema is the one that suites are held to", () => {
  const published = readFileSync(new URL("../../docs/suite.schema.json", import.meta.url), "utf8");
  expect(published).toBe(`${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
});

test("known violation rates get the verdicts that a gate owes them, over 200 suites", async () => {
  const ends = { certified: 0, refuted: 0, inconclusive: 0 };
  const counts: Record<string, typeof ends> = {};
  for (let i = 0; i < 200; i++) {
    const rate = [0, 0.01, 0.05, 0.1][i % 4] as number;
    const { experiment, statements } = suiteIn(
      `experiment: { id: rates, command: [x], fields: { p: { kind: real, from: 0, to: 1, meaning: rate } }, measures: { hit: hits } }
laws: { here: { p: { constant: ${rate} } } }
theorems: [{ id: no-hit, title: No hit, laws: [here], claims: [{ measure: hit, atMost: 0 }] }]`,
      "suite.yaml",
    );
    const asked = ordersAbout(statements);
    const { populations } = await judge({
      statements,
      seed: i,
      laboratory: {
        places: 1,
        run: async (order) => {
          const [{ theta, seed }] = order.models;
          const hit = seed / 2 ** 53 < (theta.p as number) ? 1 : 0;
          return recordOf(experiment, order, asked(order).claims, [{ theta, measured: { hit } }]);
        },
        close: async () => {},
      },
    });
    counts[rate] ??= { ...ends };
    counts[rate][populations[0]!.events[0]!.verdict.kind as keyof typeof ends]++;
  }
  // β = 1e-3 a verdict and α = 1e-6: none of 50 is certified or refuted by mistake but with a chance of 5 %
  expect(counts[0]).toEqual({ ...ends, certified: 50 });
  expect(counts[0.01]).toEqual({ ...ends, certified: 50 });
  expect(counts[0.05]).toEqual({ ...ends, inconclusive: 50 });
  expect(counts[0.1]).toEqual({ ...ends, refuted: 50 });
}, 120_000);
