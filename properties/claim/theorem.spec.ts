import { describe, expect, test } from "vitest";
import { atMost, type Claim, type Observe, violates } from "../../src/claim/claim.ts";
import {
  abstract,
  companion,
  control,
  DEFAULT_MAX_MODELS,
  DEFAULT_P0,
  derived,
  everyClaimOf,
  finding,
  observed,
  type Provenance,
  theorem,
} from "../../src/claim/theorem.ts";
import { baseLaw, doublingStepSize, fourPatternsLaw } from "../../src/data/laws.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import type { Run } from "../../src/measure/run.ts";

type Declared = Parameters<typeof theorem>[0];

const fewSteps = atMost("steps", 2000, (run) => run.steps);

const declared: Declared = {
  id: "few-steps",
  title: "Training takes few steps",
  provenance: observed(),
  law: baseLaw,
  claims: [fewSteps],
};

/** A declaration as a file without types may make it. */
const malformed = (changes: Record<string, unknown>) => ({ ...declared, ...changes }) as unknown as Declared;

describe("a declaration", () => {
  test("of a theorem holds what it was given, and the defaults", () => {
    const made = theorem({ ...declared, hypotheses: ["step-size", "noise"] });
    expect(made).toMatchObject({
      kind: "theorem",
      id: "few-steps",
      title: "Training takes few steps",
      provenance: { kind: "observed" },
      deviates: "",
      laws: [baseLaw],
      traces: [],
      hypotheses: ["step-size", "noise"],
      p0: 0.05,
      maxModels: 1500,
    });
    expect([DEFAULT_P0, DEFAULT_MAX_MODELS]).toEqual([0.05, 1500]);
    expect(made.claimsOn(baseLaw)).toEqual([fewSteps]);
    expect(made).not.toHaveProperty("noControl");
    expect(theorem(declared).hypotheses).toEqual([]);
  });

  test("keeps what stands in the place of a default", () => {
    const changes = { p0: 0.5, maxModels: 200, trace: ["gradients"], deviates: "all of it", noControl: "none known" };
    const made = theorem(malformed(changes));
    expect(made).toMatchObject({
      p0: 0.5,
      maxModels: 200,
      traces: ["gradients"],
      deviates: "all of it",
      noControl: "none known",
    });
  });

  test("may make claims that depend on the law", () => {
    const { law: _, ...rest } = declared;
    const made = theorem({
      ...rest,
      laws: [baseLaw, fourPatternsLaw],
      claims: (law) => [atMost("steps", law === baseLaw ? 1 : 2, () => 0)],
    });
    expect(made.laws).toEqual([baseLaw, fourPatternsLaw]);
    const bounds = made.laws.map((law) => made.claimsOn(law)[0]!.relation);
    expect(bounds).toEqual([
      { kind: "at most", bound: 1 },
      { kind: "at most", bound: 2 },
    ]);
  });

  test("of a control names its theorem and what it leaves, and of a finding what is expected", () => {
    expect(control({ ...declared, of: "learnability", leaves: "noise" })).toMatchObject({
      kind: "control",
      of: "learnability",
      leaves: "noise",
    });
    expect(finding({ ...declared, expects: "measured" })).toMatchObject({ kind: "finding", expects: "measured" });
  });

  test.each<[Provenance, Provenance]>([
    [abstract(1), { kind: "abstract", item: 1 }],
    [abstract(3, "in part"), { kind: "abstract", item: 3, note: "in part" }],
    [companion(), { kind: "companion" }],
    [derived("by hand"), { kind: "derived", note: "by hand" }],
    [observed("once"), { kind: "observed", note: "once" }],
  ])("says where it comes from: %o", (made, expected) => {
    expect(made).toEqual(expected);
  });
});

describe("a malformed declaration is refused by kind, id, field, rule and value", () => {
  const two = [atMost("steps", 1, () => 0), atMost("steps", 2, () => 0)];
  const ofPair: Observe = (run, doubled) => doubled.steps / run.steps;

  const everyKind: [string, Record<string, unknown>, string][] = [
    ["id", { id: "Few Steps" }, 'id must be lower-case words joined by hyphens, got "Few Steps"'],
    ["id", { id: undefined }, "id must be lower-case words joined by hyphens, got nothing"],
    ["title", { title: "" }, 'title must be a sentence, got ""'],
    ["title", { title: 3 }, "title must be a sentence, got 3"],
    [
      "provenance",
      { provenance: undefined },
      "provenance must be abstract(n), companion(), derived() or observed(), got nothing",
    ],
    [
      "provenance",
      { provenance: { kind: "rumour" } },
      'provenance must be abstract(n), companion(), derived() or observed(), got {"kind":"rumour"}',
    ],
    ["law", { law: undefined }, 'law must be given once, as law or laws, got "both or none"'],
    ["law", { laws: [baseLaw] }, 'law must be given once, as law or laws, got "both or none"'],
    ["laws", { law: undefined, laws: [] }, "laws must be a list of at least one law, got []"],
    ["law", { law: { id: "mine" } }, 'law must be made with law({...}), got {"id":"mine"}'],
    ["law", { law: "base" }, 'law must be made with law({...}), got "base"'],
    ["p0", { p0: 0 }, "p0 must be above 0 and below 1, got 0"],
    ["p0", { p0: 1 }, "p0 must be above 0 and below 1, got 1"],
    ["p0", { p0: Number.NaN }, "p0 must be above 0 and below 1, got NaN"],
    ["maxModels", { maxModels: 0 }, "maxModels must be a whole number of at least 1, got 0"],
    ["maxModels", { maxModels: 1.5 }, "maxModels must be a whole number of at least 1, got 1.5"],
    ["trace", { trace: ["losses"] }, 'trace must be "gradients", got "losses"'],
    ["claims", { claims: [] }, "claims must be a list of at least one claim, got []"],
    ["claims", { claims: undefined }, "claims must be a list of at least one claim, got nothing"],
    ["claims", { claims: () => [] }, "claims must be a list of at least one claim, got []"],
    ["claims", { claims: [3] }, "claims must be made with atMost, atLeast, above or within, got 3"],
    ["claims", { claims: two }, 'claims must be of different titles, got "steps"'],
    [
      "observe",
      { claims: [atMost("factor", 1, ofPair)] },
      'claim "factor" observe must be a function of 1 run(s) on law base, got "2 parameters"',
    ],
  ];

  test.each(everyKind)("%s of a theorem: %o", (_, changes, message) => {
    const id = "id" in changes ? (changes.id ?? "?") : "few-steps";
    expect(() => theorem(malformed(changes))).toThrow(new InvalidInput(`theorem ${id}: ${message}`));
  });

  test.each(everyKind)("%s of a control and of a finding: %o", (_, changes, message) => {
    const id = "id" in changes ? (changes.id ?? "?") : "few-steps";
    expect(() => control({ ...malformed(changes), of: "learnability", leaves: "noise" })).toThrow(
      new InvalidInput(`control ${id}: ${message}`),
    );
    expect(() => finding({ ...malformed(changes), expects: "refuted" })).toThrow(
      new InvalidInput(`finding ${id}: ${message}`),
    );
  });

  test("a hypothesis that no law has", () => {
    expect(() => theorem(malformed({ hypotheses: ["noise", "luck"] }))).toThrow(
      /^theorem few-steps: hypotheses must be among pattern-count, .*, label-rule, got luck$/,
    );
  });

  test.each<[Record<string, unknown>, string]>([
    [{ leaves: "noise" }, "control few-steps: of must be the id of a theorem, got nothing"],
    [{ of: "", leaves: "noise" }, 'control few-steps: of must be the id of a theorem, got ""'],
    [{ of: "learnability" }, "control few-steps: leaves must be the hypothesis that is left, in words, got nothing"],
  ])("a control without what makes it one: %o", (changes, message) => {
    expect(() => control(malformed(changes) as unknown as Parameters<typeof control>[0])).toThrow(
      new InvalidInput(message),
    );
  });

  test("a finding that expects to be certified", () => {
    expect(() => finding(malformed({ expects: "certified" }) as unknown as Parameters<typeof finding>[0])).toThrow(
      new InvalidInput('finding few-steps: expects must be "refuted" or "measured", got "certified"'),
    );
  });

  test("a pair of runs may be observed on a law that doubles a field, three may not", () => {
    const claims = [atMost("factor", 1, ofPair)];
    expect(theorem({ ...declared, law: doublingStepSize, claims }).claimsOn(doublingStepSize)).toEqual(claims);
    const ofThree = ((_one: Run, _two: Run, _three: Run) => 0) as unknown as Observe;
    expect(() => theorem({ ...declared, law: doublingStepSize, claims: [atMost("factor", 1, ofThree)] })).toThrow(
      'claim "factor" observe must be a function of 2 run(s) on law base-doubling-eta, got "3 parameters"',
    );
  });
});

describe("a theorem as a single claim", () => {
  const claims: Claim[] = [
    atMost("steps", 10, (run) => run.steps),
    atMost("seed", 5, (run) => run.model.seed),
    atMost("hinge", 1, (run) => run.model.trainHinge),
  ];
  const asOne = everyClaimOf(theorem({ ...declared, claims }), baseLaw);
  const run = (steps: number, seed: number, trainHinge: number) =>
    ({ steps, model: { seed, trainHinge } }) as unknown as Run;

  test.each([
    [run(10, 5, 1), 0],
    [run(11, 5, 1), 1],
    [run(11, 6, 2), 3],
    [run(10, 5, Number.NaN), 1],
  ])("counts the claims that %o violates: %d, and is violated by one", (model, violated) => {
    expect(asOne.title).toBe("violated claims of few-steps");
    expect(asOne.observe(model, model)).toBe(violated);
    expect(violates(asOne, violated)).toBe(violated > 0);
  });
});
