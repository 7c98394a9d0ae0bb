import { describe, expect, test } from "vitest";
import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { experiment, experimentOf, experimentsOf } from "../../src/experiment/experiment.ts";
import { statementsOf } from "../../src/experiment/statements-of.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { isChecked } from "../../src/law/declared.ts";
import { constant, integer, real } from "../../src/law/range.ts";
import { stream } from "../../src/random/stream.ts";
import * as paper from "../../src/transformer/experiment.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { control, dice, finding, law, theorem } from "./dice.ts";

const ranges = { sides: constant(6), count: integer(1, 20), colour: constant("white") } as const;
const white = law({ id: "white", title: "white dice of six sides", ranges });
const declared = { id: "sums", title: "Sums are small", provenance: derived(), law: white } as const;
const mostSix = atMost("first", 6, (run: ReturnType<typeof dice.run>) => run.first);

describe("an experiment", () => {
  const theta = dice.parameters.parse({ sides: 6, count: 3, colour: "black" });
  const run = (seed: number) => dice.run(theta, seed, { traces: [], detail: "none" });

  test("measures with streams of the seed, by their names, which do not move each other", () => {
    const { sum, first, luck } = run(7);
    const throwing = stream(7, "throw");
    const thrown = [1, 2, 3].map(() => throwing.integer(1, 6));
    expect({ sum, first, luck }).toEqual({
      sum: thrown.reduce((one, other) => one + other),
      first: thrown[0],
      luck: stream(7, "luck").uniform(),
    });
    const more = dice.run({ ...theta, count: 9 }, 7, { traces: [], detail: "none" });
    expect([more.first, more.luck]).toEqual([first, luck]);
  });

  test("gives claims what it measured, and θ; records have the measurements alone, and a digest of them", () => {
    expect(run(7).theta).toEqual(theta);
    const { theta: _, ...measurements } = run(7);
    const ended = dice.ended(run(7));
    expect(ended).toEqual({
      outcome: "ended",
      steps: 1,
      measurements,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(dice.ended(run(7))).toEqual(ended);
    expect(dice.ended(run(8)).digest).not.toBe(ended.digest);
  });

  test("tells numbers that JSON does not have apart in its digest", () => {
    const odd = (value: number) =>
      experiment({ id: "odd", fields: {}, measure: () => ({ value }) }).ended({ value, theta: {} }).digest;
    const digests = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0].map(odd);
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("never fails, is portrayed by nothing, and costs nothing that is worth a limit", () => {
    expect(dice.failed(run(7))).toBe(false);
    expect(dice.portray(run(7))).toBeUndefined();
    expect([dice.detailOf("white", 0), dice.cost(theta), dice.roundoff(theta, 1)]).toEqual(["none", 1, 0]);
    expect(dice.traces).toEqual([]);
  });

  test("keeps the rules of its table", () => {
    expect(() => dice.parameters.parse({ ...theta, count: 11 })).toThrow(
      new InvalidInput("theta.count must be at most 10 where dice are black, got 11"),
    );
    expect(() => law({ id: "many", title: "x", ranges: { ...ranges, colour: constant("black") } })).toThrow(
      "law many may leave nothing to draw: theta.count must be at most 10 where dice are black, got 20",
    );
  });
});

describe("statements of an experiment", () => {
  test("are about it, and hold its laws", () => {
    const made = theorem({ ...declared, hypotheses: ["shape"], claims: [mostSix] });
    const others = [
      control({ ...declared, id: "other", of: "sums", leaves: { how: "shape" }, claims: [mostSix] }),
      finding({ ...declared, id: "found", expects: "measured", claims: [mostSix] }),
    ];
    for (const statement of [made, ...others]) {
      expect(experimentOf(statement)).toBe(dice);
      expect(statement.laws).toEqual([white]);
      expect(isChecked("statement", statement)).toBe(true);
    }
    expect(white.parameters).toBe(dice.parameters);
    expect([...experimentsOf([made, ...others])]).toEqual([["dice", dice]]);
  });

  test("know an experiment by its id: two of the same are refused", () => {
    const impostor = { ...dice };
    const [one, other] = [theorem, statementsOf(impostor).theorem].map((declare) =>
      declare({ ...declared, claims: [mostSix] }),
    );
    expect(() => experimentsOf([one!, other!])).toThrow(
      new InvalidInput("experiments must have an id each, got two different experiments dice"),
    );
    const ofPaper = paper.theorem({ ...declared, id: "x", law: baseLaw, claims: [atMost("x", 1, () => 0)] });
    expect([...experimentsOf([one!, ofPaper]).keys()]).toEqual(["dice", "transformer"]);
  });

  test.each([
    ["theorem", (law: typeof baseLaw) => theorem({ ...declared, law, claims: [mostSix] })],
    [
      "control",
      (law: typeof baseLaw) => control({ ...declared, law, of: "x", leaves: { how: "y" }, claims: [mostSix] }),
    ],
    ["finding", (law: typeof baseLaw) => finding({ ...declared, law, expects: "refuted", claims: [mostSix] })],
  ])("on the law of another table are refused: a %s", (kind, declare) => {
    expect(() => declare(baseLaw)).toThrow(
      new InvalidInput(`${kind} sums: law base must be one of experiment dice, got another's`),
    );
  });

  test("on a law of the same fields in another table are refused too", () => {
    const one = statementsOf(experiment({ id: "one", fields: {}, measure: () => ({ none: 0 }) }));
    const empty = statementsOf(experiment({ id: "empty", fields: {}, measure: () => ({ none: 0 }) }));
    const foreign = one.law({ id: "nothing", title: "x", ranges: {} });
    expect(() => empty.theorem({ ...declared, law: foreign, claims: [atMost("x", 1, () => 0)] })).toThrow(
      new InvalidInput("theorem sums: law nothing must be one of experiment empty, got another's"),
    );
  });

  test("may leave or need what the experiment has a name for, and watch what it can watch", () => {
    expect(() => theorem({ ...declared, hypotheses: ["luck" as "shape"], claims: [mostSix] })).toThrow(
      new InvalidInput('theorem sums: hypotheses[0] must be among shape, number, paint, got "luck"'),
    );
    expect(() => theorem({ ...declared, trace: ["throws" as never], claims: [mostSix] })).toThrow(
      new InvalidInput('theorem sums: trace[0] must be empty, got "throws"'),
    );
  });
});

describe("what is misspelt does not compile", () => {
  test("a field of a law, or a value of it", () => {
    // @ts-expect-error no field of θ
    expect(() => law({ id: "x", title: "x", ranges: { ...ranges, side: real(0, 1) } })).toThrow("ranges.side is none");
    // @ts-expect-error no value of the field
    expect(() => law({ id: "x", title: "x", ranges: { ...ranges, colour: constant("red") } })).toThrow("theta.colour");
    // @ts-expect-error no number
    expect(() => law({ id: "x", title: "x", ranges: { ...ranges, sides: constant("6") } })).toThrow("theta.sides");
    // @ts-expect-error no numeric field
    expect(() => law({ id: "x", title: "x", ranges, doubles: "colour" })).toThrow("doubles must be a numeric field");
  });

  test("a measurement, or a field of a run's θ", () => {
    // @ts-expect-error no measurement
    const total = theorem({ ...declared, claims: [atMost("total", 1, (run) => run.total)] });
    // @ts-expect-error no field of θ
    const side = theorem({ ...declared, claims: [atMost("side", 1, (run) => run.theta.side)] });
    // a claim on a run of another experiment
    // @ts-expect-error a die has no steps
    const steps = theorem({ ...declared, claims: [atMost("steps", 1, (run: { steps: number }) => run.steps)] });
    expect([total, side, steps].map(({ id }) => id)).toEqual(["sums", "sums", "sums"]);
  });

  test("a hypothesis, or a trace", () => {
    // @ts-expect-error no hypothesis
    expect(() => theorem({ ...declared, hypotheses: ["shap"], claims: [mostSix] })).toThrow("hypotheses[0]");
    // @ts-expect-error nothing can be watched
    expect(() => theorem({ ...declared, trace: ["gradients"], claims: [mostSix] })).toThrow("trace[0]");
  });

  test("a field in a rule, or in what is measured", () => {
    const described = { symbol: "n", meaning: "a number", hypothesis: "size", widest: integer(1, 5) } as const;
    const fields = { n: { kind: "integer", from: 1, to: 5, simplest: "low", ...described } } as const;
    const rule = { rule: "x", holds: () => true, got: () => "x" };
    // @ts-expect-error no field of the table
    experiment({ id: "x", fields, rules: [{ ...rule, field: "m" }], measure });
    // @ts-expect-error no field of the table
    experiment({ id: "x", fields, rules: [{ ...rule, field: "n", holds: ({ m }) => m > 0 }], measure });
    // @ts-expect-error no field of the table
    experiment({ id: "x", fields, measure: ({ m }) => ({ m }) });
    // @ts-expect-error no number
    experiment({ id: "x", fields, measure: () => ({ text: "1" }) });
    experiment({ id: "x", fields, rules: [{ ...rule, field: "n", holds: ({ n }) => n > 0 }], measure });
    function measure() {
      return { value: 1 };
    }
  });
});

describe("an experiment", () => {
  const field = {
    kind: "real",
    from: 0,
    to: 1,
    symbol: "p",
    meaning: "chance",
    hypothesis: "bias",
    widest: real(0, 1),
    simplest: "low",
  } as const;
  const declared = { id: "one-number", fields: { p: field }, measure: ({ p }: { p: number }) => ({ x: p }) };
  const runOf = (measure: unknown) =>
    experiment({ ...declared, measure: measure as typeof declared.measure }).run({ p: 0.5 }, 7, NOTHING);

  test.each([
    [{ id: "" }, "id must be lower-case words joined by hyphens"],
    [{ measur: () => ({}) }, "measur is none of the fields"],
    [{ measure: 3 }, "measure must be a function of theta and of named random streams, got 3"],
    [{ fields: { p: { ...field, kind: "integr" } } }, "fields.p"],
    [{ fields: { p: { ...field, simplest: "lo" } } }, "fields.p"],
    [{ fields: { p: { ...field, widest: undefined } } }, "fields.p"],
    [{ fields: { p: { ...field, from: 2 } } }, "fields.p must not end below its start"],
    [{ fields: { p: field, q: field } }, "fields must have a hypothesis each, got bias twice"],
  ])("is refused where a field of its declaration is wrong: %o", (changes, message) => {
    const declare = () => experiment({ ...declared, ...changes } as unknown as typeof declared);
    expect(declare).toThrow(InvalidInput);
    expect(declare).toThrow(message);
  });

  test.each([
    [
      "it throws",
      () => {
        throw new RangeError("boom");
      },
      "it threw RangeError: boom",
    ],
    ["it gives text", () => ({ x: "7" }), 'got x: "7"'],
    ["it gives a list", () => [1], "got what it returned: [1]"],
    ["it is asynchronous", async () => ({ x: 1 }), "got what it returned: a promise"],
  ])("ends a trial with seed and theta where %s, and measures nothing", (_, measure, message) => {
    expect(() => runOf(measure)).toThrow(InvalidInput);
    expect(() => runOf(measure)).toThrow(`experiment one-number: measure must return numbers, ${message}`);
    expect(() => runOf(measure)).toThrow('; seed 7, theta {"p":0.5}');
  });

  test("shows every claim the same: nobody can change what was measured, or theta", () => {
    const run = runOf(({ p }: { p: number }) => ({ x: p })) as { x: number; theta: { p: number } };
    expect(() => {
      run.x = 0;
    }).toThrow(TypeError);
    expect(() => {
      run.theta.p = 0;
    }).toThrow(TypeError);
    expect(() =>
      runOf((theta: { p: number }) => {
        theta.p = 1;
        return { x: 1 };
      }),
    ).toThrow("read only property");
  });
});

const NOTHING = { traces: [], detail: "none" } as const;
