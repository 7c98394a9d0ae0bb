import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ceiling, least, minus, product, quotient, rounded, square } from "../../src/law/expression.ts";
import {
  constant,
  describeRange,
  endsOf,
  equalTo,
  formula,
  integer,
  logUniform,
  logUniformInteger,
  type Range,
  rangeSchema,
  real,
  times,
  valueAt,
  whyEmpty,
  whyOutside,
} from "../../src/law/range.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";

/** 2·⌈L²/4(n* − n#)²⌉ */
const SAMPLES = formula(
  product(
    2,
    ceiling(
      quotient(
        product(0.25, square("L")),
        square(minus(rounded(product("alphaStar", "L")), rounded(product("alphaSharp", "L")))),
      ),
    ),
  ),
);

/** A coordinate of the unit interval, its ends included. */
const unit = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));

describe("the value at a coordinate", () => {
  test.each<[Range, number, number]>([
    [integer(3, 12), 3, 12],
    [integer(128, 513, 2), 128, 512],
    [integer(times(1, "M"), 16), 4, 16],
    [real(0.2, 0.6), 0.2, 0.6],
    [real(0, times(0.5, "alphaStar")), 0, 0.25],
    [logUniform(0.01, 0.5), 0.01, 0.5],
    [logUniformInteger(50, 100), 50, 100],
    [equalTo("d"), 5, 5],
    [constant(7), 7, 7],
  ])("%o: 0 is the low end, 1 the high end, but for the rounding of exp", (range, low, high) => {
    expect(valueAt(range, 0, SMALL_THETA)).toBe(low);
    const atOne = valueAt(range, 1, SMALL_THETA) as number;
    const roundoff = range.kind === "log-uniform" ? 4 * Number.EPSILON * high : 0;
    expect(Math.abs(atOne - high)).toBeLessThanOrEqual(roundoff);
  });

  test("never falls, and never leaves the range", () => {
    const arbitraryRange = fc
      .record({
        make: fc.constantFrom(real, logUniform, logUniformInteger, (from: number, to: number) => integer(from, to, 3)),
        from: fc.integer({ min: 1, max: 40 }),
        width: fc.integer({ min: 0, max: 40 }),
      })
      .map(({ make, from, width }) => make(from, from + width));
    fc.assert(
      fc.property(arbitraryRange, unit, unit, (range, x, y) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)].map((u) => valueAt(range, u, SMALL_THETA) as number);
        expect(low).toBeLessThanOrEqual(high!);
        for (const eta of [low!, high!]) expect(whyOutside(range, "eta", { ...SMALL_THETA, eta })).toBeUndefined();
      }),
    );
  });

  test("halves a log-uniform range at its geometric mean, and a uniform one at its mean", () => {
    expect(valueAt(logUniform(0.01, 1), 0.5, {})).toBeCloseTo(0.1, 14);
    expect(valueAt(real(0.01, 1), 0.5, {})).toBeCloseTo(0.505, 14);
  });

  test("gives each integer of a range the same share of the unit interval", () => {
    const shares = new Map<unknown, number>();
    for (let i = 0; i < 1200; i++) {
      const value = valueAt(integer(5, 16, 3), (i + 0.5) / 1200, {});
      shares.set(value, (shares.get(value) ?? 0) + 1);
    }
    expect([...shares]).toEqual([5, 8, 11, 14].map((value) => [value, 300]));
  });

  test("gives the integer k of a log-uniform range the share ln((k+1)/k) of ln((to+1)/from)", () => {
    const steps = 100_000;
    const values = Array.from({ length: steps }, (_, i) => valueAt(logUniformInteger(2, 5), (i + 0.5) / steps, {}));
    for (const k of [2, 3, 4, 5]) {
      const share = values.filter((value) => value === k).length / steps;
      expect(Math.abs(share - Math.log((k + 1) / k) / Math.log(6 / 2))).toBeLessThanOrEqual(1 / steps);
    }
  });
});

describe("the ends of a range", () => {
  test("are multiples of earlier fields, and whole steps for an integer", () => {
    expect(endsOf({ kind: "integer", from: times(2, "M"), to: times(3, "d"), step: 4 }, SMALL_THETA)).toEqual({
      from: 8,
      to: 12,
    });
    expect(endsOf({ kind: "real", from: 0, to: times(0.5, "alphaStar") }, SMALL_THETA)).toEqual({ from: 0, to: 0.25 });
  });
});

describe("a value outside", () => {
  test.each<[Range, keyof Theta, Theta[keyof Theta], string]>([
    [real(0, 0.25), "tau", 0.4, "tau 0.4 > 0.25"],
    [real(0.1, 0.25), "tau", 0.05, "tau 0.05 < 0.1"],
    [real(0, times(0.5, "alphaStar")), "alphaSharp", 0.3, "alphaSharp 0.3 > 0.25"],
    [logUniform(0.1, 1), "eta", 8, "eta 8 > 1"],
    [integer(3, 12), "M", 13, "M 13 > 12"],
    [integer(128, 512, 2), "N", 129, "N 129 is not 128 plus a multiple of 2"],
    [logUniformInteger(50, 100), "m", 50.5, "m 50.5 is not 50 plus a multiple of 1"],
    [equalTo("d"), "ma", 4, "ma 4 is not d 5"],
    [constant("shared"), "readout", "per-position", "readout per-position is not shared"],
    [real(0, 1), "labels", "random", "labels random is not a number"],
  ])("of %o is named with its rule", (range, field, value, why) => {
    expect(whyOutside(range, field, { ...SMALL_THETA, [field]: value })).toBe(why);
  });

  test("is none at the ends", () => {
    for (const tau of [0.1, 0.25]) {
      expect(whyOutside(real(0.1, 0.25), "tau", { ...SMALL_THETA, tau })).toBeUndefined();
    }
    expect(whyOutside(equalTo("d"), "ma", { ...SMALL_THETA, ma: 5 })).toBeUndefined();
    expect(whyOutside(constant(4), "M", SMALL_THETA)).toBeUndefined();
  });
});

describe("a field that is a formula of earlier ones", () => {
  test("has its value whatever the coordinate, as computed by hand", () => {
    // L = 20: n* = round(4.6) = 5, n# = round(1.5) = 2, so 2·⌈100/9⌉ = 24; 12 of the other class or none at all
    const theta = { ...SMALL_THETA, L: 20, alphaStar: 0.23, alphaSharp: 0.075 };
    fc.assert(fc.property(unit, (at) => valueAt(SAMPLES, at, theta) === 24));
    expect(valueAt(SAMPLES, 0, { ...theta, alphaSharp: 0 })).toBe(8);
    const batch = formula(least(32, quotient("N", 2)));
    expect([valueAt(batch, 0, { N: 24 }), valueAt(batch, 0, { N: 100 })]).toEqual([12, 32]);
  });

  test("is left by every other value, and by all where there is none", () => {
    const theta = { ...SMALL_THETA, L: 20, alphaStar: 0.23, alphaSharp: 0.075 };
    expect(whyOutside(SAMPLES, "N", { ...theta, N: 24 })).toBeUndefined();
    expect(whyOutside(SAMPLES, "N", { ...theta, N: 26 })).toMatch(/^N 26 is not 2·⌈.*⌉ = 24$/);
    const noMajority = { ...theta, alphaSharp: 0.23 };
    expect(whyEmpty(SAMPLES, "N", theta)).toBeUndefined();
    expect(whyEmpty(SAMPLES, "N", noMajority)).toMatch(
      /^N = 2·⌈.*⌉ is Infinity where L = 20, alphaStar = 0.23, alphaSharp = 0.23$/,
    );
    expect(whyOutside(SAMPLES, "N", { ...noMajority, N: 1e6 })).toMatch(/= Infinity$/);
  });

  test.each([formula("N"), SAMPLES, formula(3)])("%o has the form of a range", (range) =>
    expect(rangeSchema.safeParse(range).success).toBe(true),
  );

  test.each([
    { op: "product", of: ["N"] },
    { op: "ceiling", of: [1, 2] },
    { op: "sine", of: ["N"] },
    { op: "minus", of: ["N", { op: "minus" }] },
    "",
    null,
    Number.NaN,
  ])("%o is no formula", (is) => {
    expect(rangeSchema.safeParse({ kind: "formula", is }).success).toBe(false);
  });
});

describe("a range in words", () => {
  test.each<[keyof Theta, Range, string]>([
    ["M", integer(3, 12), "M ∈ 3..12"],
    ["N", integer(128, 512, 2), "N ∈ 128..512, steps of 2"],
    ["d", integer(times(1, "M"), 16), "d ∈ M..16"],
    ["alphaSharp", real(0, times(0.5, "alphaStar")), "alphaSharp ∈ [0, 0.5·alphaStar]"],
    ["sigma", logUniform(0.01, 0.5), "sigma log-uniform in [0.01, 0.5]"],
    ["m", logUniformInteger(50, 100), "m ∈ 50..100, log-uniform"],
    ["delta", equalTo("sigma"), "delta = sigma"],
    ["readout", constant("shared"), "readout = shared"],
    ["N", SAMPLES, "N = 2·⌈0.25·L²/(round(alphaStar·L) − round(alphaSharp·L))²⌉"],
    ["B", formula(least(32, quotient("N", 2))), "B = min(32, N/2)"],
  ])("%s %o", (field, range, words) => {
    expect(describeRange(field, range)).toBe(words);
  });
});

describe("a range is empty for some θ", () => {
  test.each<[Range, keyof Theta, string | undefined]>([
    [integer(3, 3), "M", undefined],
    [real(0, times(0.5, "alphaStar")), "alphaSharp", undefined],
    [equalTo("d"), "ma", undefined],
    [constant("shared"), "readout", undefined],
    [integer(times(1, "M"), 4), "d", undefined],
    [integer(times(2, "M"), 7), "d", "d ∈ 2·M..7 runs from 8 to 7 where M = 4"],
    [real(times(1, "alphaStar"), times(0.5, "alphaStar")), "alphaSharp", "runs from 0.5 to 0.25 where alphaStar = 0.5"],
    [
      logUniform(times(1, "alphaSharp"), 1),
      "eta",
      "eta log-uniform in [alphaSharp, 1] runs from 0 to 1 where alphaSharp = 0",
    ],
    [integer(600, times(0.5, "N")), "B", "B ∈ 600..0.5·N runs from 600 to 8 where N = 16"],
  ])("%o of %s", (range, field, why) => {
    const theta = { ...SMALL_THETA, M: 4, alphaStar: 0.5, alphaSharp: 0, N: 16 };
    if (why === undefined) expect(whyEmpty(range, field, theta)).toBeUndefined();
    else expect(whyEmpty(range, field, theta)).toContain(why);
  });
});
