import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lawsOf } from "../../src/cli/registry.ts";
import {
  brokenHypotheses,
  drawTheta,
  drawTrial,
  HYPOTHESIS_OF,
  hypothesesOf,
  law,
  type Ranges,
  thetaArbitrary,
  thetaAt,
} from "../../src/data/law.ts";
import {
  baseLaw,
  doublingOutputScale,
  doublingStepSize,
  doublingWidth,
  fourPatternsLaw,
  leaving,
  perPositionLaw,
  sixPatternsLaw,
} from "../../src/data/laws.ts";
import { constant, integer, logUniform, type NumericField, type Range, real, times } from "../../src/data/range.ts";
import { parseTheta, THETA_FIELDS } from "../../src/data/theta.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import type { Theta } from "../../src/notation.ts";
import { subSeed } from "../../src/random/stream.ts";
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
      fc.property(thetaArbitrary(each.ranges), (theta) => {
        expect(parseTheta(theta)).toEqual(theta);
        expect(brokenHypotheses(each, theta)).toEqual([]);
      }),
      { numRuns: 300 },
    );
    const corner = fc.array(fc.constantFrom(0, 1), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(corner, (units) => {
        const theta = thetaAt(each.ranges, units);
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

  test("a control stops at 1000 steps and leaves what it names, unless it leaves that", () => {
    expect(changes(leaving("x", "x", { eta: constant(8) }))).toEqual({ eta: constant(8), Tmax: constant(1000) });
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
        expect(second!.theta).toEqual({ ...first.theta, [field]: 2 * first.theta[field] });
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

describe("hypotheses as data", () => {
  test("every field of θ has one, of a name of its own", () => {
    expect(hypothesesOf(baseLaw).map(({ name }) => name)).toEqual(THETA_FIELDS.map((field) => HYPOTHESIS_OF[field]));
    expect(new Set(Object.values(HYPOTHESIS_OF)).size).toBe(THETA_FIELDS.length);
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

  test("changes with every range, with their order and with what is doubled", () => {
    const changed = [
      baseLaw.ranges,
      ...THETA_FIELDS.map((field) => ({ ...baseLaw.ranges, [field]: constant(1) })),
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

  /** Fields that others are drawn from come first, whatever the rest does. */
  function order(field: string): number {
    return ["M", "d", "alphaStar", "sigma", "N"].indexOf(field) + 1 || 99;
  }
});

describe("a malformed law is refused by the name of what is wrong", () => {
  const declare = (changes: { id?: string; ranges?: object; doubles?: string }) => () =>
    law({
      id: changes.id ?? "mine",
      title: "mine",
      ranges: { ...baseLaw.ranges, ...changes.ranges },
      ...(changes.doubles === undefined ? {} : { doubles: changes.doubles as NumericField }),
    });

  test.each<[string, Parameters<typeof declare>[0], string]>([
    ["id", { id: "My Law" }, 'law.id must be lower-case words joined by hyphens, got "My Law"'],
    ["a range that is missing", { ranges: { tau: undefined } }, "law mine: ranges.tau is required, got nothing"],
    ["a range of nothing", { ranges: { gamma: real(0, 1) } }, "law mine: ranges.gamma is not a field of theta"],
    ["its ends", { ranges: { tau: real(1, 0) } }, "law mine: ranges.tau must not end below its start, got 1 to 0"],
    [
      "a logarithm of 0",
      { ranges: { eta: logUniform(0, 1) } },
      "law mine: ranges.eta must start above 0 to be log-uniform, got 0",
    ],
    [
      "a later field",
      { ranges: { r: integer(2, times(1, "M")) } },
      "law mine: ranges.r must refer to an earlier field, got M",
    ],
    ["doubles", { doubles: "readout" }, "law mine: doubles must be a numeric field of theta, got readout"],
    ["doubles", { doubles: "gamma" }, "law mine: doubles must be a numeric field of theta, got gamma"],
  ])("%s", (_, changes, message) => {
    expect(declare(changes)).toThrow(new InvalidInput(message));
  });

  test("a number in the place of a range", () => {
    expect(declare({ ranges: { tau: 0.1 as unknown as Range } })).toThrow(
      "law mine: ranges.tau must be made with integer, real, logUniform, logUniformInteger, equalTo or constant, got 0.1",
    );
  });

  test("ranges that leave nothing to draw for some θ say which, when such a θ is drawn", () => {
    const crossing = law({
      id: "crossing",
      title: "d above M",
      ranges: { ...baseLaw.ranges, d: integer(times(2, "M"), 16) },
    });
    const seeds = Array.from({ length: 50 }, (_, seed) => seed);
    const outcomes = seeds.map((seed) => {
      try {
        return drawTheta(crossing, seed).d;
      } catch (error) {
        return (error as Error).message;
      }
    });
    const refused = outcomes.filter((outcome) => typeof outcome === "string");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(seeds.length);
    for (const message of refused) {
      expect(message).toMatch(/^law crossing: no θ to draw, token-dimension: d \d+ < \d+$|^theta\.M must be at most d/);
    }
  });
});
