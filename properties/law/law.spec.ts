import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lawsOf } from "../../src/cli/registry.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { isChecked } from "../../src/law/declared.ts";
import { product, quotient } from "../../src/law/expression.ts";
import {
  brokenHypotheses,
  type DeclaredLaw,
  drawTheta as draw,
  drawTrial,
  hypothesesOf,
  type Law,
  type RangesOf,
  thetaArbitrary,
  thetaAt,
  trialAt,
} from "../../src/law/law.ts";
import { hypothesisOf } from "../../src/law/parameters.ts";
import {
  constant,
  equalTo,
  formula,
  integer,
  logUniform,
  logUniformInteger,
  real,
  times,
} from "../../src/law/range.ts";
import { subSeed } from "../../src/random/stream.ts";
import { law } from "../../src/transformer/experiment.ts";
import {
  baseLaw,
  doublingOutputScale,
  doublingStepSize,
  doublingWidth,
  fourPatternsLaw,
  leaving,
  perPositionLaw,
  sixPatternsLaw,
} from "../../src/transformer/laws.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { type NumericField, parseTheta, transformerParameters } from "../../src/transformer/theta.ts";
import { statements } from "../../theorems/index.ts";
import {
  ALPHA,
  countsOf,
  distanceFromUniform,
  gridCounts,
  kolmogorovLimit,
  tableSignificance,
} from "../significance.ts";

const SEED = 2406_17167;

type Ranges = RangesOf<Theta>;

const THETA_FIELDS = transformerParameters.names as readonly (keyof Theta)[];

/** As the paper's experiment knows it. */
const drawTheta = (from: Law, seed: number) => draw(from, seed) as Theta;

/** Every law that a theorem, a control or a finding speaks about. */
const laws = lawsOf(statements);

describe.each(laws.map((each) => [each.id, each] as const))("law %s", (_, each) => {
  test("gives every seed a θ that is valid and breaks none of its hypotheses", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const theta = drawTheta(each, seed);
        expect(parseTheta(theta)).toEqual(theta);
        expect(brokenHypotheses(each, theta)).toEqual([]);
      }),
    );
  });

  test("reaches valid θ only, in every corner of its ranges", () => {
    fc.assert(
      fc.property(thetaArbitrary(each), (theta) => {
        expect(parseTheta(theta)).toEqual(theta);
        expect(brokenHypotheses(each, theta)).toEqual([]);
      }),
      { numRuns: 300 },
    );
    const fields = Object.keys(each.ranges).length;
    const corner = fc.array(fc.constantFrom(0, 1), { minLength: fields, maxLength: fields });
    fc.assert(
      fc.property(corner, (units) => {
        const theta = thetaAt(each, units);
        expect(brokenHypotheses(each, parseTheta(theta))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the laws as section 2 of the design states them", () => {
  test("base law", () => {
    expect(hypothesesOf(baseLaw).map(({ statement }) => statement)).toEqual([
      "M ∈ 3..12",
      "r = 2",
      "d ∈ M..16",
      "L ∈ 10..24",
      "m ∈ 50..200",
      "ma = d",
      "mb = d",
      "alphaStar ∈ [0.2, 0.6]",
      "alphaSharp ∈ [0, 0.5·alphaStar]",
      "tau ∈ [0, 0.25]",
      "delta = sigma",
      "sigma log-uniform in [0.01, 0.5]",
      "xi ∈ [0.005, 0.02]",
      "eta log-uniform in [0.1, 1]",
      "N ∈ 128..512, steps of 2",
      "B ∈ 32..0.5·N",
      "Tmax = 4000",
      "testSamples = 500",
      "readout = shared",
      "labels = majority",
      "epsilon = 0.001",
    ]);
  });

  const changes = (other: { ranges: Ranges }) =>
    Object.fromEntries(
      THETA_FIELDS.flatMap((field) =>
        JSON.stringify(other.ranges[field]) === JSON.stringify(baseLaw.ranges[field])
          ? []
          : [[field, other.ranges[field]]],
      ),
    );

  test("further laws change r and M, or the readout and T_max, and nothing else", () => {
    expect(changes(fourPatternsLaw)).toEqual({ r: constant(4), M: integer(5, 12) });
    expect(changes(sixPatternsLaw)).toEqual({ r: constant(6), M: integer(7, 12) });
    expect(changes(perPositionLaw)).toEqual({ readout: constant("per-position"), Tmax: constant(6000) });
  });

  test("a control leaves what it names, and nothing else", () => {
    expect(changes(leaving("x", "x", { eta: constant(8) }))).toEqual({ eta: constant(8) });
    expect(changes(leaving("x", "x", { Tmax: constant(0) }))).toEqual({ Tmax: constant(0) });
  });
});

describe("draws of the base law", () => {
  const n = 4000;
  const draws = Array.from({ length: n }, (_, i) => drawTheta(baseLaw, subSeed(SEED, "draws", i)));
  const logarithmic = (from: number, to: number) => (x: number) => Math.log(x / from) / Math.log(to / from);

  test.each<[keyof Theta, (theta: Theta) => number]>([
    ["alphaStar", ({ alphaStar }) => (alphaStar - 0.2) / 0.4],
    ["alphaSharp", ({ alphaSharp, alphaStar }) => alphaSharp / (alphaStar / 2)],
    ["tau", ({ tau }) => tau / 0.25],
    ["xi", ({ xi }) => (xi - 0.005) / 0.015],
    ["sigma", ({ sigma }) => logarithmic(0.01, 0.5)(sigma)],
    ["eta", ({ eta }) => logarithmic(0.1, 1)(eta)],
  ])("have a uniform %s, on a linear or logarithmic scale as the law says", (_, toUnit) => {
    expect(distanceFromUniform(draws.map(toUnit))).toBeLessThan(kolmogorovLimit(n));
  });

  test.each<[keyof Theta, number, (theta: Theta) => number]>([
    ["M", 10, ({ M }) => M - 3],
    ["L", 15, ({ L }) => L - 10],
    ["N", 193, ({ N }) => (N - 128) / 2],
    ["m", 151, ({ m }) => m - 50],
  ])("take every value of %s equally often", (_, values, toIndex) => {
    expect(tableSignificance(countsOf(draws.map(toIndex), values), 1 / values)).toBeGreaterThan(ALPHA);
  });

  test("take every d from M to 16 equally often, and every B from 32 to N/2", () => {
    for (const M of [3, 12]) {
      const spare = draws.filter((theta) => theta.M === M).map(({ d }) => d - M);
      expect(tableSignificance(countsOf(spare, 17 - M), 1 / (17 - M))).toBeGreaterThan(ALPHA);
    }
    // B takes N/2 - 31 values, so that the unit interval's share below B is this, and B's own share above it
    const lower = draws.map(({ B, N }) => (B - 32) / (N / 2 - 31));
    const upper = draws.map(({ B, N }) => (B - 31) / (N / 2 - 31));
    const distance = (sample: number[], side: 1 | -1) => {
      const sorted = [...sample].sort((x, y) => x - y);
      return Math.max(...sorted.map((x, i) => side * (x - (side === 1 ? i + 1 : i) / n)));
    };
    // F_n may not lie above the highest, nor below the lowest, of the distribution functions that ties leave open
    expect(distance(lower, 1)).toBeLessThan(kolmogorovLimit(n));
    expect(distance(upper, -1)).toBeLessThan(kolmogorovLimit(n));
  });

  test.each<[keyof Theta, keyof Theta, (theta: Theta) => readonly [number, number]]>([
    ["tau", "xi", ({ tau, xi }) => [tau / 0.25, (xi - 0.005) / 0.015]],
    ["sigma", "eta", ({ sigma, eta }) => [logarithmic(0.01, 0.5)(sigma), logarithmic(0.1, 1)(eta)]],
    ["alphaStar", "tau", ({ alphaStar, tau }) => [(alphaStar - 0.2) / 0.4, tau / 0.25]],
    ["alphaStar", "alphaSharp", ({ alphaStar, alphaSharp }) => [(alphaStar - 0.2) / 0.4, alphaSharp / (alphaStar / 2)]],
  ])("have independent %s and %s", (_one, _other, units) => {
    expect(tableSignificance(gridCounts(draws.map(units), 4), 1 / 16)).toBeGreaterThan(ALPHA);
  });

  test("are independent of the draw before", () => {
    const pairs = Array.from(
      { length: n / 2 },
      (_, i) => [(draws[2 * i] as Theta).tau / 0.25, (draws[2 * i + 1] as Theta).tau / 0.25] as const,
    );
    expect(tableSignificance(gridCounts(pairs, 4), 1 / 16)).toBeGreaterThan(ALPHA);
  });

  test("are the same for the same seed: the θ of seed 7", () => {
    expect(drawTheta(baseLaw, 7)).toEqual(drawTheta(baseLaw, 7));
    expect(drawTrial(baseLaw, 7)).toEqual([{ theta: drawTheta(baseLaw, 7), seed: 7 }]);
  });
});

describe("doubling laws", () => {
  test.each([
    [doublingStepSize, "eta"],
    [doublingWidth, "m"],
    [doublingOutputScale, "xi"],
  ] as const)("pair two models that differ in one field by a factor of 2, both in the base law: $id", (each, field) => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const [first, second] = drawTrial(each, seed);
        expect(second!.theta).toEqual({ ...first.theta, [field]: 2 * (first.theta[field] as number) });
        expect(first.seed).toBe(seed);
        expect(second!.seed).not.toBe(seed);
        for (const { theta } of [first, second!]) expect(brokenHypotheses(baseLaw, theta)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    [doublingStepSize, "eta", 0.1, 0.5],
    [doublingOutputScale, "xi", 0.005, 0.01],
  ] as const)("draw the smaller of the two log-uniformly over the lower part: $id", (each, field, from, to) => {
    const units = Array.from({ length: 2000 }, (_, i) => {
      const x = drawTheta(each, subSeed(SEED, "doubling", i))[field];
      return Math.log(x / from) / Math.log(to / from);
    });
    expect(distanceFromUniform(units)).toBeLessThan(kolmogorovLimit(units.length));
  });
});

describe("laws that double what they cannot", () => {
  const declare = (doubles: NumericField, ranges: Partial<Ranges> = {}) =>
    law({ id: "pairs", title: "pairs", ranges: { ...baseLaw.ranges, ...ranges }, doubles });
  const rule = "law pairs: doubles must be a field that is drawn by itself and that no other follows from";

  test.each([
    ["sigma", "delta = sigma"],
    ["delta", "delta = sigma"],
    ["d", "ma = d"],
    ["mb", "mb = d"],
  ] as const)("%s, since %s, is refused when it is declared", (doubles, equality) => {
    expect(() => declare(doubles)).toThrow(new InvalidInput(`${rule}, got ${doubles} where ${equality}`));
  });

  test("of two that are no longer equal each may be doubled", () => {
    const [first, second] = drawTrial(declare("delta", { delta: logUniform(0.01, 0.1) }), 7);
    expect(second!.theta).toEqual({ ...first.theta, delta: 2 * (first.theta.delta as number) });
  });

  test("a pair whose second model breaks a rule is refused with the field, the rule and the value", () => {
    expect(() => declare("M", { M: constant(8), d: constant(9) })).toThrow(
      "law pairs may leave nothing to draw: with M doubled, theta.M must be at most d (the patterns are orthonormal), got M = 16, d = 9",
    );
    expect(() => declare("alphaStar", { alphaStar: constant(0.7), alphaSharp: constant(0.1) })).toThrow(
      "with alphaStar doubled, theta.alphaStar: Too big",
    );
    const wide = declare("m");
    const chosen = { ...drawTheta(wide, 7), m: 600_000 };
    expect(() => trialAt(wide, chosen, 7)).toThrow("with m doubled, theta.m: Too big");
  });

  test("a pair whose second model takes another field out of its range is refused, unless its θ was chosen", () => {
    const tight = declare("N", { N: constant(128), B: integer(times(0.5, "N"), times(0.5, "N")) });
    const message = "law pairs: with N doubled, batch-size is left: B 64 < 128";
    expect(() => drawTrial(tight, 7)).toThrow(new InvalidInput(message));
    expect(trialAt(tight, drawTheta(tight, 7), 7).map(({ theta }) => [theta.N, theta.B])).toEqual([
      [128, 64],
      [256, 64],
    ]);
    // B of 32..N/2 stays in 32..N
    expect(drawTrial(declare("N"), 7)[1]!.theta.N).toBe(2 * drawTheta(declare("N"), 7).N);
  });
});

describe("hypotheses as data", () => {
  test("every field of θ has one, of a name of its own", () => {
    expect(hypothesesOf(baseLaw).map(({ name }) => name)).toEqual(
      THETA_FIELDS.map((field) => hypothesisOf(transformerParameters, field)),
    );
    expect(new Set(transformerParameters.hypotheses).size).toBe(THETA_FIELDS.length);
  });

  const theta = drawTheta(baseLaw, 7);

  test.each<[Partial<Theta>, string, string]>([
    [{ tau: 0.4 }, "noise", "tau 0.4 > 0.25"],
    [{ eta: 8 }, "step-size", "eta 8 > 1"],
    [{ delta: 2 }, "attention-scale", `delta 2 is not sigma ${theta.sigma}`],
    [{ xi: 0.3 }, "output-scale", "xi 0.3 > 0.02"],
    [{ readout: "per-position" }, "readout", "readout per-position is not shared"],
    [{ labels: "random" }, "label-rule", "labels random is not majority"],
    [{ Tmax: 0 }, "training-budget", "Tmax 0 is not 4000"],
    [{ N: 511 }, "sample-size", "N 511 is not 128 plus a multiple of 2"],
    [{ L: 25 }, "sequence-length", "L 25 > 24"],
    [{ alphaStar: 0.7 }, "majority", "alphaStar 0.7 > 0.6"],
    [{ m: 49 }, "width", "m 49 < 50"],
    [{ r: 4 }, "relevant-patterns", "r 4 is not 2"],
  ])("a θ from outside is answered with the one that it breaks: %o", (change, name, why) => {
    expect(brokenHypotheses(baseLaw, { ...theta, ...change })).toEqual([{ name, why }]);
  });

  test("a θ that breaks several is answered with each, in θ's order", () => {
    expect(brokenHypotheses(baseLaw, { ...theta, eta: 8, tau: 0.4, ma: 17 }).map(({ name }) => name)).toEqual([
      "value-dimension",
      "noise",
      "step-size",
    ]);
  });
});

describe("the hash of a law", () => {
  const declared = { id: "mine", title: "mine", ranges: baseLaw.ranges };

  /** Another range of each field, with which the base law still has models. */
  const OTHERS: Ranges = {
    M: integer(3, 11),
    r: integer(2, 2),
    d: integer(times(1, "M"), 15),
    L: integer(10, 23),
    m: integer(50, 199),
    ma: constant(3),
    mb: constant(3),
    alphaStar: real(0.2, 0.5),
    alphaSharp: constant(0),
    tau: real(0, 0.2),
    delta: constant(0.1),
    sigma: real(0.01, 0.5),
    xi: real(0.005, 0.01),
    eta: real(0.1, 1),
    N: integer(128, 510, 2),
    B: integer(31, times(0.5, "N")),
    Tmax: constant(3999),
    testSamples: constant(498),
    readout: constant("per-position"),
    labels: constant("drawn"),
    epsilon: constant(2e-3),
  };

  test("changes with every range, with their order and with what is doubled", () => {
    const changed = [
      baseLaw.ranges,
      ...THETA_FIELDS.map((field) => ({ ...baseLaw.ranges, [field]: OTHERS[field] })),
      { ...baseLaw.ranges, tau: real(0, 0.26) },
      Object.fromEntries(
        Object.entries(baseLaw.ranges)
          .reverse()
          .sort(([x], [y]) => order(x) - order(y)),
      ) as Ranges,
    ];
    const hashes = changed.map((ranges) => law({ ...declared, ranges }).hash);
    hashes.push(law({ ...declared, doubles: "eta" }).hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("does not change with the words", () => {
    expect(law({ ...declared, title: "another title" }).hash).toBe(law(declared).hash);
    expect(law(declared).hash).toBe(baseLaw.hash);
  });

  test("is what it was before ε was a field, where ε is the constant that it was then", () => {
    // as results.json of the first release has it
    expect(baseLaw.hash).toBe("df2e9e820427df70b8030390f1b7f39ca6b389dfe0b0c2c07f8304410e259bf0");
    // not so where ε is another, or where the same constant changes how the fields after it are drawn
    const { epsilon, ...others } = baseLaw.ranges;
    const first = law({ ...declared, ranges: { epsilon, ...others } });
    expect(first.hash).not.toBe(baseLaw.hash);
    expect(drawTheta(first, 1)).not.toEqual(drawTheta(baseLaw, 1));
  });

  /** Fields that others are drawn from come first, whatever the rest does. */
  function order(field: string): number {
    return ["M", "d", "alphaStar", "sigma", "N"].indexOf(field) + 1 || 99;
  }
});

describe("a law", () => {
  test("is frozen, and what it was made of is not", () => {
    const tau: Ranges["tau"] = real(0, 0.2);
    const ranges = { ...baseLaw.ranges, tau };
    const made = law({ id: "mine", title: "mine", ranges });
    for (const each of [made, made.ranges, made.ranges.tau, (made.ranges.d as { from: object }).from]) {
      expect(Object.isFrozen(each)).toBe(true);
    }
    expect([Object.isFrozen(ranges), Object.isFrozen(tau)]).toEqual([false, false]);
    ranges.tau = real(0, 0.3);
    expect(made.ranges.tau).toEqual(real(0, 0.2));
    expect(isChecked("law", made)).toBe(true);
    expect(isChecked("law", { ...made })).toBe(false);
  });
});

const declare = (changes: Record<string, unknown>, ranges: object = {}) =>
  law({ id: "mine", title: "mine", ranges: { ...baseLaw.ranges, ...ranges }, ...changes } as DeclaredLaw<Theta>);

describe("a malformed law is refused by the name of what is wrong", () => {
  const NO_RANGE = "must be made with integer, real, logUniform, logUniformInteger, equalTo, formula or constant";

  test.each<[string, Record<string, unknown>, string]>([
    ["id", { id: "My Law" }, 'law My Law: id must be lower-case words joined by hyphens, got "My Law"'],
    ["id", { id: 7 }, "law ?: id must be lower-case words joined by hyphens, got 7"],
    ["id", { id: "constructor" }, 'law constructor: id must be no name that every object has, got "constructor"'],
    ["title", { title: " " }, 'law mine: title must be a sentence, got " "'],
    ["ranges", { ranges: undefined }, "law mine: ranges must be a range for each field of theta, got nothing"],
    ["doubles", { doubles: "readout" }, 'law mine: doubles must be a numeric field of theta, got "readout"'],
    ["doubles", { doubles: "gamma" }, 'law mine: doubles must be a numeric field of theta, got "gamma"'],
    ["a field", { double: "eta" }, "law mine: double is none of the fields, which are id, title, ranges, doubles"],
  ])("%s: %o", (_, changes, message) => {
    expect(() => declare(changes)).toThrow(new InvalidInput(message));
  });

  test.each<[object, string]>([
    [{ tau: undefined }, `tau ${NO_RANGE}, got nothing`],
    [{ tau: 0.1 }, `tau ${NO_RANGE}, got 0.1`],
    [{ tau: { kind: "normal", mean: 0 } }, `tau.kind ${NO_RANGE}, got "normal"`],
    [{ gamma: real(0, 1) }, "gamma is none of the fields"],
    [{ tau: { ...real(0, 1), setp: 2 } }, "tau.setp is none of the fields"],
    [{ tau: real(1, 0) }, 'tau must not end below its start, got {"kind":"real","from":1,"to":0}'],
    [{ M: integer(12, 3) }, 'M must not end below its start, got {"kind":"integer","from":12,"to":3,"step":1}'],
    [{ tau: real(0, Number.NaN) }, "tau.to must be a finite number or times(factor, field), got NaN"],
    [
      { tau: real(0, times(Number.NaN, "d")) },
      'tau.to must be a finite number or times(factor, field), got {"field":"d","times":null}',
    ],
    [{ tau: { kind: "real", from: 0 } }, "tau.to must be a finite number or times(factor, field), got nothing"],
    [{ tau: real(0, times(1, "luck")) }, "tau must refer to an earlier field, got luck"],
    [
      { tau: real(0, { field: 7, times: 1 } as never) },
      'tau.to must be a finite number or times(factor, field), got {"field":7,"times":1}',
    ],
    [{ ma: equalTo("readout") }, "ma must refer to an earlier field, got readout"],
    [{ ma: equalTo(7 as never) }, "ma.field must be the name of a numeric field of theta, got 7"],
    [{ N: formula(product(2, "luck")) }, "N must refer to an earlier field, got luck"],
    [{ r: formula("M") }, "r must refer to an earlier field, got M"],
    [{ B: formula(quotient("N", "readout")) }, "B must refer to an earlier field, got readout"],
    [
      { N: formula({ op: "product", of: [2] }) },
      'N.is must be a number, a field of theta, or an operation on such: product, quotient, …, got {"op":"product","of":[2]}',
    ],
    [{ eta: logUniform(0, 1) }, "eta.from must be above 0, got 0"],
    [{ m: logUniformInteger(-1, 1) }, "m.from must be above 0, got -1"],
    [{ N: integer(128, 512, 0) }, "N.step must be a whole number of at least 1, got 0"],
    [{ N: integer(128, 512, 0.5) }, "N.step must be a whole number of at least 1, got 0.5"],
    [{ tau: constant(undefined as never) }, "tau.value must be a value of theta, got nothing"],
    [{ r: integer(2, times(1, "M")) }, "r must refer to an earlier field, got M"],
  ])("the ranges: %o", (ranges, message) => {
    expect(() => declare({}, ranges)).toThrow(new InvalidInput(`law mine: ranges.${message}`));
  });

  test.each<[object, string]>([
    [{ ma: equalTo("readout") }, "ma must refer to a numeric field, got readout"],
    [{ tau: real(0, times(0.5, "labels")) }, "tau must refer to a numeric field, got labels"],
  ])("the ranges, with choices drawn first: %o", (changed, message) => {
    const { readout, labels, ...others } = baseLaw.ranges;
    const ranges = { readout, labels, ...others, ...changed };
    expect(() => declare({ ranges })).toThrow(new InvalidInput(`law mine: ranges.${message}`));
  });

  test("ranges that it would not draw, since they are inherited", () => {
    const message = "law mine: ranges.M must be made with";
    expect(() => declare({ ranges: Object.create(baseLaw.ranges) })).toThrow(message);
  });

  test("no object at all", () => {
    const message = "law ? must be an object of id, title, ranges, doubles, got nothing";
    expect(() => law(undefined as never)).toThrow(new InvalidInput(message));
  });
});

describe("a law that leaves nothing to draw is refused when it is declared", () => {
  const orthonormal = "theta.M must be at most d (the patterns are orthonormal), got M";
  const majority = 'theta.alphaStar must be such that n* > n# (labels: "majority"), got';

  test.each<[string, object, string]>([
    [
      "for every θ: more patterns than dimensions",
      { M: integer(9, 12), d: integer(4, 6) },
      `${orthonormal} = 9, d = 4`,
    ],
    ["for some", { M: integer(3, 12), d: integer(4, 16) }, `${orthonormal} = 12, d = 4`],
    [
      "for every θ: ends that cross",
      { B: integer(600, times(0.5, "N")) },
      "B ∈ 600..0.5·N runs from 600 to 64 where N = 128",
    ],
    ["for some", { d: integer(times(2, "M"), 16) }, "d ∈ 2·M..16 runs from 24 to 16 where M = 12"],
    ["an end that is not above 0", { eta: logUniform(times(1, "tau"), 1) }, "runs from 0 to 1 where tau = 0"],
    ["no whole number", { L: integer(10.5, 10.9) }, "theta.L: Invalid input: expected int"],
    [
      "whole numbers for some",
      { B: integer(times(0.25, "N"), times(0.5, "N")) },
      "theta.B: Invalid input: expected int",
    ],
    ["odd steps", { N: integer(128, 511) }, "theta.N must be even (labels are balanced), got 511"],
    ["odd steps between even ends", { N: integer(128, 512) }, "theta.N must be even (labels are balanced), got"],
    ["text", { tau: constant("shared") }, "theta.tau: Invalid input: expected number"],
    ["short sequences", { L: integer(1, 24) }, majority],
    [
      "a length between two others, by rounding",
      { L: integer(5, 24), alphaStar: constant(0.35), alphaSharp: constant(0.25) },
      majority,
    ],
    ["arrays too large", { m: integer(50, 1e6) }, "theta.m must be such that"],
  ])("%s: %o", (_, ranges, message) => {
    expect(() => declare({}, ranges)).toThrow(InvalidInput);
    expect(() => declare({}, ranges)).toThrow(/^law mine may leave nothing to draw: /);
    expect(() => declare({}, ranges)).toThrow(message);
  });

  test("also for the second model of a pair", () => {
    const ranges = { B: integer(32, times(0.75, "N")) };
    expect(() => declare({}, ranges)).not.toThrow();
    expect(() => declare({ doubles: "B" }, ranges)).toThrow(
      "law mine may leave nothing to draw: with B doubled, theta.B must be at most N, got B = 192, N = 128",
    );
  });

  test("an impossible θ on the edge of nothing is found when it is drawn, with law, seed and field", () => {
    // n* = n# = 2 at L = 6 and 7, of 3,996 lengths, and no corner has them
    const rounded = { L: integer(5, 4000), alphaStar: constant(0.35), alphaSharp: constant(0.25) };
    const ranges = { ...rounded, d: constant(12), N: constant(128), testSamples: constant(100) };
    const rare = declare({}, ranges);
    const seeds = Array.from({ length: 20_000 }, (_, seed) => seed);
    const seed = seeds.find((each) => {
      try {
        drawTrial(rare, each);
        return false;
      } catch {
        return true;
      }
    });
    expect(seed).toBeDefined();
    expect(() => drawTrial(rare, seed!)).toThrow(InvalidInput);
    expect(() => drawTheta(rare, seed!)).toThrow(
      new RegExp(`^law mine leaves nothing to draw for seed ${seed}: theta\\.alphaStar must be such that n\\* > n#`),
    );
  });
});
