import { expect, test } from "vitest";
import { rankHolding, tailNormOf } from "../../../src/transformer/measure/spectrum.ts";

test("the norm beyond a rank is the root of the sum of squares of the other singular values: of 12, 4, 3 it is 13, 5, 3, 0", () => {
  expect([0, 1, 2, 3, 4].map((rank) => tailNormOf([12, 4, 3], rank))).toEqual([13, 5, 3, 0, 0]);
});

test("the rank that holds a share is the least: 12, 4, 3 hold 144, 160 and 169 of 169", () => {
  const sigmas = [12, 4, 3];
  expect(rankHolding(sigmas, 0.85)).toBe(1);
  expect(rankHolding(sigmas, 0.86)).toBe(2);
  expect(rankHolding(sigmas, 0.94)).toBe(2);
  expect(rankHolding(sigmas, 0.95)).toBe(3);
  expect(rankHolding(sigmas, 0)).toBe(0);
  expect(rankHolding([0, 0], 0.99)).toBeNaN();
});
