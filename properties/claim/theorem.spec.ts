import { describe, expect, test } from "vitest";
import { atMost, type Claim, type Observe } from "../../src/claim/claim.ts";
import { DEFAULT_MAX_MODELS, DEFAULT_P0 } from "../../src/claim/defaults.ts";
import { abstract, companion, derived, observed, type Provenance } from "../../src/claim/provenance.ts";
import { violates } from "../../src/claim/relation.ts";
import { everyClaimOf } from "../../src/claim/theorem.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { isChecked } from "../../src/law/declared.ts";
import { control, finding, theorem } from "../../src/transformer/experiment.ts";
import { baseLaw, doublingStepSize, fourPatternsLaw } from "../../src/transformer/laws.ts";
import type { Run } from "../../src/transformer/measure/run.ts";

type Declared = Parameters<typeof theorem>[0];

const fewSteps = atMost("steps", 2000, (run: Run) => run.steps);

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
    expect(control({ ...declared, of: "learnability", leaves: { hypothesis: "noise", how: "τ = 2" } })).toMatchObject({
      kind: "control",
      of: "learnability",
      leaves: { hypothesis: "noise", how: "τ = 2" },
    });
    expect(finding({ ...declared, expects: "measured" })).toMatchObject({ kind: "finding", expects: "measured" });
  });

  test("knows a p0 that was declared from the default, be it the same", () => {
    expect(theorem(declared)).toMatchObject({ p0: 0.05, declaresP0: false });
    expect(theorem({ ...declared, p0: 0.05 })).toMatchObject({ p0: 0.05, declaresP0: true });
  });

  test("of a control breaks all claims of its laws, or those that it names", () => {
    const others = ["loss", "error"].map((title) => atMost(title, 0, () => 0));
    const leaving = {
      ...declared,
      claims: [fewSteps, ...others],
      of: "learnability",
      leaves: { hypothesis: "noise", how: "τ = 2" },
    } as const;
    expect(control(leaving).breaks).toEqual(["steps", "loss", "error"]);
    expect(control({ ...leaving, breaks: ["error", "steps"] }).breaks).toEqual(["error", "steps"]);
    expect(() => control({ ...leaving, breaks: ["steps", "luck"] })).toThrow(
      new InvalidInput('control few-steps: breaks[1] must be among "steps", "loss", "error" on law base, got "luck"'),
    );
    const { law: _, ...rest } = leaving;
    const onEach = { ...rest, laws: [baseLaw, fourPatternsLaw] };
    const onlyOnBase = (law: unknown) => (law === baseLaw ? leaving.claims : others);
    expect(control({ ...onEach, claims: onlyOnBase, breaks: ["loss"] }).breaks).toEqual(["loss"]);
    expect(() => control({ ...onEach, claims: onlyOnBase, breaks: ["steps"] })).toThrow(InvalidInput);
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

describe("what is declared cannot be changed after it was checked", () => {
  test("the declaration, its lists and its claims are frozen; what it was made of is not", () => {
    const claims = [fewSteps];
    const trace = ["gradients" as const];
    const made = theorem({ ...declared, provenance: observed("once"), hypotheses: ["noise"], claims, trace });
    const onBase = made.claimsOn(baseLaw);
    const parts = [
      made,
      made.laws,
      made.provenance,
      made.traces,
      made.hypotheses,
      onBase,
      onBase[0],
      onBase[0]?.relation,
    ];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
    claims.push(atMost("more", 1, () => 0));
    expect(made.claimsOn(baseLaw)).toEqual([fewSteps]);
    expect([Object.isFrozen(claims), Object.isFrozen(trace)]).toEqual([false, false]);
    const { breaks } = control({ ...declared, of: "x", leaves: { how: "y" } });
    expect(Object.isFrozen(breaks)).toBe(true);
  });

  test("a function of the law is asked once for each law", () => {
    let asked = 0;
    const claims = () => [atMost(`asked ${++asked} times`, 1, () => 0)];
    const made = theorem({ ...declared, claims });
    for (let i = 0; i < 3; i++) expect(made.claimsOn(baseLaw).map(({ title }) => title)).toEqual(["asked 1 times"]);
    // and again for a law that it does not speak about, as a control does
    expect(made.claimsOn(fourPatternsLaw).map(({ title }) => title)).toEqual(["asked 2 times"]);
  });

  test("it is known as made here, and a changed copy is not", () => {
    const made = theorem(declared);
    expect(
      [made, { ...made }, { ...made, p0: 0.5 }, Object.create(made)].map((x) => isChecked("statement", x)),
    ).toEqual([true, false, false, false]);
  });
});

describe("a malformed declaration is refused by kind, id, field, rule and value", () => {
  const two = [atMost("steps", 1, () => 0), atMost("steps", 2, () => 0)];
  const ofPair: Observe<Run> = (run, doubled) => doubled.steps / run.steps;
  const provenanceRule =
    "provenance must be abstract(n), companion(), derived() or observed(), with a note in words or none, got";
  const claimsRule = "claims must be a list of at least one claim, or a function from a law to one, got";

  const everyKind: [string, Record<string, unknown>, string][] = [
    ["id", { id: "Few Steps" }, 'id must be lower-case words joined by hyphens, got "Few Steps"'],
    ["id", { id: "__proto__" }, 'id must be lower-case words joined by hyphens, got "__proto__"'],
    ["id", { id: "toString" }, 'id must be lower-case words joined by hyphens, got "toString"'],
    ["id", { id: "constructor" }, 'id must be no name that every object has, got "constructor"'],
    ["id", { id: undefined }, "id must be lower-case words joined by hyphens, got nothing"],
    ["title", { title: "" }, 'title must be a sentence, got ""'],
    ["title", { title: 3 }, "title must be a sentence, got 3"],
    ["deviates", { deviates: 5 }, "deviates must be text, got 5"],
    ["provenance", { provenance: undefined }, `${provenanceRule} nothing`],
    ["provenance", { provenance: { kind: "rumour" } }, `${provenanceRule} {"kind":"rumour"}`],
    ["provenance", { provenance: derived(5 as never) }, `${provenanceRule} {"kind":"derived","note":5}`],
    ["provenance", { provenance: abstract(0) }, `${provenanceRule} {"kind":"abstract","item":0}`],
    ["provenance", { provenance: abstract(1.5) }, `${provenanceRule} {"kind":"abstract","item":1.5}`],
    ["provenance", { provenance: { ...observed(), item: 1 } }, "provenance.item is none of the fields"],
    ["law", { law: undefined }, "law must be given once, as law or laws, got neither"],
    ["law", { laws: [baseLaw] }, "law must be given once, as law or laws, got both"],
    ["laws", { law: undefined, laws: [] }, "laws must be a list of at least one law, got []"],
    ["laws", { law: undefined, laws: [baseLaw, baseLaw] }, "laws must have an id each, got base twice"],
    ["law", { law: { id: "mine" } }, 'law must be made with law({...}), got {"id":"mine"}'],
    ["law", { law: "base" }, 'law must be made with law({...}), got "base"'],
    ["p0", { p0: 0 }, "p0 must be a number above 0 and below 1, got 0"],
    ["p0", { p0: 1 }, "p0 must be a number above 0 and below 1, got 1"],
    ["p0", { p0: Number.NaN }, "p0 must be a number above 0 and below 1, got NaN"],
    ["p0", { p0: "0.05" }, 'p0 must be a number above 0 and below 1, got "0.05"'],
    ["p0", { p0: null }, "p0 must be a number above 0 and below 1, got null"],
    ["maxModels", { maxModels: 0 }, "maxModels must be a whole number of at least 1, got 0"],
    ["maxModels", { maxModels: 1.5 }, "maxModels must be a whole number of at least 1, got 1.5"],
    ["maxModels", { maxModels: "9" }, 'maxModels must be a whole number of at least 1, got "9"'],
    ["trace", { trace: ["losses"] }, 'trace[0] must be "gradients", got "losses"'],
    ["trace", { trace: "gradients" }, 'trace must be a list of traces, got "gradients"'],
    ["claims", { claims: [] }, `${claimsRule} []`],
    ["claims", { claims: undefined }, `${claimsRule} nothing`],
    ["claims", { claims: fewSteps }, `${claimsRule} {"title":"steps","relation":{"kind":"at most","bound":2000}}`],
    ["claims", { claims: () => [] }, "claims must be a list of at least one claim on law base, got []"],
    ["claims", { claims: async () => [] }, "claims must be a list of at least one claim on law base, got a promise"],
    ["claims", { claims: [3] }, "claims[0] must be made with atMost, atLeast, above or within, got 3"],
    [
      "claims",
      { claims: [fewSteps, { ...fewSteps, title: "x" }] },
      'claims[1] must be made with atMost, atLeast, above or within, got {"title":"x","relation":{"kind":"at most","bound":2000}}',
    ],
    ["claims", { claims: two }, 'claims must be of different titles, got "steps"'],
    [
      "observe",
      { claims: [atMost("factor", 1, ofPair)] },
      'claim "factor" observe must be a function of 1 run(s) on law base, got "2 parameters"',
    ],
    ["formula", { formula: 5 }, "formula must be a formula in TeX, got 5"],
    ["formula", { formula: " " }, 'formula must be TeX that KaTeX can set (it is empty), got " "'],
    [
      "two fields at once",
      { title: "", p0: 2 },
      'title must be a sentence, got ""\nKIND few-steps: p0 must be a number above 0 and below 1, got 2',
    ],
  ];

  const refusal = (kind: string, changes: Record<string, unknown>, message: string) => {
    const id = "id" in changes ? (changes.id ?? "?") : "few-steps";
    return new InvalidInput(`${kind} ${id}: ${message.replace("KIND", kind)}`);
  };

  test.each(everyKind)("%s of a theorem: %o", (_, changes, message) => {
    expect(() => theorem(malformed(changes))).toThrow(refusal("theorem", changes, message));
  });

  test.each(everyKind)("%s of a control and of a finding: %o", (_, changes, message) => {
    const bad = malformed(changes);
    const asControl = () => control({ ...bad, of: "learnability", leaves: { hypothesis: "noise", how: "τ = 2" } });
    expect(asControl).toThrow(refusal("control", changes, message));
    expect(() => finding({ ...bad, expects: "refuted" })).toThrow(refusal("finding", changes, message));
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [
      { hypotheses: ["noise", "luck"] },
      /^theorem few-steps: hypotheses\[1\] must be among pattern-count, .*, got "luck"$/,
    ],
    [{ hypotheses: "noise" }, /^theorem few-steps: hypotheses must be a list of hypotheses, got "noise"$/],
    [{ noControl: "" }, /^theorem few-steps: noControl must be a sentence, got ""$/],
    [
      { claim: [] },
      /^theorem few-steps: claim is none of the fields, which are id, title, .*, claims, .*, noControl, triedInVain$/,
    ],
    [{ expects: "refuted", of: "x" }, /^theorem few-steps: expects is none of .*\ntheorem few-steps: of is none of /],
  ])("what only a theorem has, or has not: %o", (changes, message) => {
    expect(() => theorem(malformed(changes))).toThrow(InvalidInput);
    expect(() => theorem(malformed(changes))).toThrow(message);
  });

  test("no object at all", () => {
    for (const nothing of [undefined, null, 3]) {
      expect(() => theorem(nothing as never)).toThrow(/^theorem \? must be an object of id, title, .*, got /);
    }
  });

  test.each<[Record<string, unknown>, string]>([
    [{ leaves: { hypothesis: "noise", how: "τ = 2" } }, "of must be the id of a theorem, got nothing"],
    [
      { of: "", leaves: { hypothesis: "noise", how: "τ = 2" } },
      'of must be lower-case words joined by hyphens, got ""',
    ],
    [
      { of: "learnability" },
      "leaves must be { hypothesis, how }, or { how } where it is no hypothesis of the law, got nothing",
    ],
    [{ of: "learnability", leaves: { how: " " } }, 'leaves.how must be a sentence, got " "'],
  ])("a control without what makes it one: %o", (changes, message) => {
    expect(() => control(malformed(changes) as unknown as Parameters<typeof control>[0])).toThrow(
      new InvalidInput(`control few-steps: ${message}`),
    );
  });

  test.each(["certified", undefined])("a finding that expects %s", (expects) => {
    const got = expects === undefined ? "nothing" : '"certified"';
    expect(() => finding(malformed({ expects }) as unknown as Parameters<typeof finding>[0])).toThrow(
      new InvalidInput(`finding few-steps: expects must be "refuted" or "measured", got ${got}`),
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

describe("what a control breaks", () => {
  const byLaw = (law: { id: string }) => ["steps", `steps on ${law.id}`].map((title) => atMost(title, 1, () => 0));
  const { law: _, ...rest } = declared;
  const laws = [baseLaw, fourPatternsLaw];
  const controlOf = { ...rest, laws, claims: byLaw, of: "learnability", leaves: { how: "x" } };
  const made = (breaks?: unknown) =>
    control({ ...controlOf, ...(breaks === undefined ? {} : { breaks: breaks as readonly string[] }) }).breaks;

  test("is each of its claims, unless it names some", () => {
    expect(made()).toEqual(["steps", "steps on base", "steps on r4"]);
    expect(made(["steps"])).toEqual(["steps"]);
  });

  test.each<[unknown, string]>([
    [[], "breaks must be a list of at least one title of its claims, got []"],
    ["steps", 'breaks must be a list of at least one title of its claims, got "steps"'],
    [[3], "breaks[0] must be a sentence, got 3"],
    [["steps", "steps"], 'breaks must be of different titles, got "steps" twice'],
    [["step"], 'breaks[0] must be among "steps", "steps on base" on law base, got "step"'],
    [["steps", "steps on base"], 'breaks[1] must be among "steps", "steps on r4" on law r4, got "steps on base"'],
  ])("%o is refused", (breaks, message) => {
    expect(() => made(breaks)).toThrow(new InvalidInput(`control few-steps: ${message}`));
  });

  test("is no field of theorems and findings", () => {
    const changes = { breaks: ["steps"] };
    expect(() => theorem(malformed(changes))).toThrow("theorem few-steps: breaks is none of the fields");
    expect(() => finding({ ...malformed(changes), expects: "measured" })).toThrow("breaks is none of the fields");
  });
});

describe("a theorem as a single claim", () => {
  const claims: Claim<Run>[] = [
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
