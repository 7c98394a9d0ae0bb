import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gaugePlaces } from "../../explorer/charts/gauge.ts";
import { extentOf, linePath, percentTick, roomFor, scaleOf, ticksOf, tickText } from "../../explorer/charts/scales.ts";
import { FIELD_NAMES, fieldOf } from "../../explorer/input/fields.ts";
import { POSITIONS, sliderOf, sliderValue, stepped, unitOf } from "../../explorer/input/slider-scale.ts";
import { violates } from "../../src/claim/relation.ts";
import { whyOutside } from "../../src/law/range.ts";

const interval = fc
  .tuple(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.double({ min: 1.01, max: 1e6, noNaN: true }))
  .map(([from, factor]) => ({ from, to: from * factor }));

test("an axis holds what is drawn, and spans what it must: rounding is never drawn large", () => {
  fc.assert(
    fc.property(interval, fc.double({ min: 0, max: 1e6, noNaN: true }), (extent, leastSpan) => {
      for (const { from, to } of [extent, { from: -extent.to, to: extent.from }]) {
        const room = roomFor({ from, to }, "linear", leastSpan);
        expect(room.from).toBeLessThanOrEqual(from);
        expect(room.to).toBeGreaterThanOrEqual(to);
        expect(room.to - room.from).toBeGreaterThanOrEqual(leastSpan * (1 - 1e-9));
        if (from >= 0) expect(room.from).toBeGreaterThanOrEqual(0);
      }
    }),
  );
  const flat = roomFor({ from: 0.4, to: 0.4 + 1e-15 }, "linear", 0.02);
  expect([flat.from, flat.to]).toEqual([expect.closeTo(0.39, 12), expect.closeTo(0.41, 12)]);
  expect(ticksOf("linear", flat, 3).map(percentTick)).toEqual(["39 %", "40 %", "41 %"]);
});

describe.each(["linear", "log"] as const)("%s", (kind) => {
  test("a scale maps the ends of its domain to the ends of its pixels", () => {
    fc.assert(
      fc.property(interval, (domain) => {
        const scale = scaleOf(kind, domain, { from: 40, to: 400 });
        expect(scale(domain.from)).toBeCloseTo(40, 6);
        expect(scale(domain.to)).toBeCloseTo(400, 6);
      }),
    );
  });

  test("ticks lie in the domain, ascend, and are no more than about as many as asked for", () => {
    fc.assert(
      fc.property(interval, fc.integer({ min: 2, max: 8 }), (domain, count) => {
        const ticks = ticksOf(kind, domain, count);
        expect(ticks.length).toBeLessThanOrEqual(count + 2);
        const room = 1e-6 * domain.to;
        ticks.forEach((tick, i) => {
          expect(tick).toBeGreaterThanOrEqual(domain.from - room);
          expect(tick).toBeLessThanOrEqual(domain.to + room);
          if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!);
        });
      }),
    );
  });
});

test("ticks are round, and their text is short", () => {
  expect(ticksOf("linear", { from: 0, to: 1 }, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticksOf("log", { from: 0.002, to: 30 }, 5)).toEqual([0.01, 0.1, 1, 10]);
  expect([0, 0.05, 1e-5, -2, 3e7].map(tickText)).toEqual(["0", "0.05", "1e−5", "−2", "3e7"]);
});

test("extents leave out what cannot be drawn", () => {
  expect(extentOf([Number.NaN, 3, Number.POSITIVE_INFINITY, -1], "linear")).toEqual({ from: -1, to: 3 });
  expect(extentOf([0, -1, 2], "log")).toEqual({ from: 2, to: 2 });
  expect(extentOf([Number.NaN], "linear")).toBeUndefined();
});

test("a line has a gap where a value is not finite, or not positive on a logarithmic scale", () => {
  const identity = (value: number) => value;
  const scales = { xScale: identity, yScale: identity };
  expect(linePath([0, 1, 2, 3], [1, Number.NaN, 2, 3], { ...scales, yKind: "linear" })).toBe("M0,1M2,2L3,3");
  expect(linePath([0, 1, 2], [1, 0, 2], { ...scales, yKind: "log" })).toBe("M0,1M2,2");
});

const sliders = FIELD_NAMES.flatMap((name) => {
  const field = fieldOf(name);
  return field.kind === "choice" ? [] : [[name, sliderOf(field), field.widest] as const];
});

test.each(sliders)(
  "the slider of %s reaches its ends, and its position gives a value of its range back",
  (name, slider, range) => {
    expect(sliderValue(slider, 0)).toBe(slider.from);
    expect(sliderValue(slider, 1)).toBe(slider.to);
    fc.assert(
      fc.property(fc.nat(POSITIONS), (position) => {
        const value = sliderValue(slider, position / POSITIONS);
        expect(whyOutside(range, name, { [name]: value })).toBeUndefined();
        expect(sliderValue(slider, unitOf(slider, value))).toBe(value);
      }),
    );
  },
);

test.each(sliders)("an arrow key moves %s to the next value of its slider, and stops at the ends", (name, slider) => {
  expect(stepped(slider, slider.to, 1)).toBe(slider.to);
  expect(stepped(slider, slider.from, -1)).toBe(slider.from);
  fc.assert(
    fc.property(fc.double({ min: 0.2, max: 0.8, noNaN: true }), (unit) => {
      const value = sliderValue(slider, unit);
      expect(stepped(slider, value, 1), name).toBeGreaterThan(value);
      expect(stepped(slider, value, -1), name).toBeLessThan(value);
    }),
  );
});

test("from between two values of the grid an arrow key goes to the nearer end of its way", () => {
  const slider = { scale: "linear", from: 0, to: 1, step: 0.01 } as const;
  expect([stepped(slider, 0.125, 1), stepped(slider, 0.125, -1), stepped(slider, 7, -1)]).toEqual([0.13, 0.12, 0.99]);
});

test("a gauge shows an observation outside the allowed part where it violates the claim, and only there", () => {
  const bound = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const relation = fc.oneof(
    bound.map((value) => ({ kind: "at most" as const, bound: value })),
    bound.map((value) => ({ kind: "at least" as const, bound: value })),
    bound.map((value) => ({ kind: "within" as const, low: value, high: 3 * value })),
  );
  fc.assert(
    fc.property(relation, fc.double({ min: 0, max: 1e7, noNaN: true }), (held, observed) => {
      const places = gaugePlaces(held, observed)!;
      const clearlyOutside = places.at < places.allowedFrom - 1e-9 || places.at > places.allowedTo + 1e-9;
      const clearlyInside = places.at > places.allowedFrom + 1e-9 && places.at < places.allowedTo - 1e-9;
      if (clearlyOutside) expect(violates({ relation: held }, observed)).toBe(true);
      if (clearlyInside) expect(violates({ relation: held }, observed)).toBe(false);
    }),
  );
  expect(gaugePlaces({ kind: "at most", bound: 0 }, 1)).toBeUndefined();
  expect(gaugePlaces({ kind: "at most", bound: 1 }, Number.NaN)).toBeUndefined();
});
