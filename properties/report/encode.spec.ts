import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeNumbers, encodeNumbers } from "../../src/json-number.ts";
import { shortNumber, toJson } from "../../src/report/encode.ts";

test("decode(encode(x)) = x, for every double but −0, which becomes 0", () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (numbers) => {
      const text = JSON.stringify(numbers, encodeNumbers);
      const back = JSON.parse(text, decodeNumbers) as number[];
      expect(back).toEqual(numbers.map((x) => (x === 0 ? 0 : x)));
    }),
  );
});

test("toJson changes the layout only", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const decoded: unknown = JSON.parse(toJson(value));
      expect(decoded).toEqual(JSON.parse(JSON.stringify(value, encodeNumbers)));
    }),
  );
});

test("lists of numbers stand on one line, other lists do not", () => {
  expect(toJson({ a: [1, -2.5, 3e-7, Number.NaN], b: ["x", 1], c: [[1, 2], [3]] })).toBe(
    [
      "{",
      '  "a": [1, -2.5, 3e-7, "NaN"],',
      '  "b": [',
      '    "x",',
      "    1",
      "  ],",
      '  "c": [',
      "    [1, 2],",
      "    [3]",
      "  ]",
      "}",
      "",
    ].join("\n"),
  );
});

describe("shortNumber", () => {
  test.each([
    [0, "0"],
    [158, "158"],
    [-0.5, "−0.5"],
    [0.0012345, "0.00123"],
    [12.345, "12.3"],
    [1.2345e-7, "1.2e-7"],
    [-1.2345e-7, "−1.2e-7"],
    [1.5e9, "1.5e9"],
    ["NaN", "not a number"],
    ["-Infinity", "−∞"],
  ] as const)("of %s is %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });
});
