import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeNumber, decodeNumbers, encodeNumber } from "../../src/json-number.ts";
import { shortNumber, toJson } from "../../src/report/encode.ts";

describe("a number in JSON", () => {
  test("is itself where it is finite, and text where it is not; −0 is 0", () => {
    expect([1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(encodeNumber)).toEqual([
      1.5,
      0,
      "NaN",
      "Infinity",
      "-Infinity",
    ]);
    fc.assert(
      fc.property(fc.double(), (x) => {
        const decoded = decodeNumber(encodeNumber(x));
        expect(decoded).toBe(x === 0 ? 0 : x);
      }),
    );
  });

  test("comes back from a whole document, wherever in it it stands", () => {
    const numbers = fc.double().map((x) => (x === 0 ? 0 : x));
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        numbers,
        fc.boolean(),
        fc.constant("text"),
        fc.array(tie("value")),
        fc.dictionary(fc.string(), tie("value")),
      ),
    })).value;
    fc.assert(
      fc.property(value, (document) => {
        fc.pre(!JSON.stringify(document).includes("__proto__"));
        expect(JSON.parse(toJson(document), decodeNumbers)).toEqual(document);
      }),
    );
  });
});

describe("a document", () => {
  test("has two spaces, lists of numbers on one line, typed arrays as lists, and a newline at its end", () => {
    const document = {
      list: [1, -2.5e-7, Number.NaN, Number.NEGATIVE_INFINITY],
      typed: Float64Array.of(1, -0),
      texts: ["a", "b"],
      nested: [[1, 2], [3]],
      none: [],
    };
    expect(toJson(document)).toBe(
      [
        "{",
        '  "list": [1, -2.5e-7, "NaN", "-Infinity"],',
        '  "typed": [1, 0],',
        '  "texts": [',
        '    "a",',
        '    "b"',
        "  ],",
        '  "nested": [',
        "    [1, 2],",
        "    [3]",
        "  ],",
        '  "none": []',
        "}",
        "",
      ].join("\n"),
    );
  });

  test("is the same text when what was read is written again", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.array(fc.double()))), (document) => {
        const text = toJson(document);
        expect(toJson(JSON.parse(text, decodeNumbers))).toBe(text);
      }),
    );
  });
});

describe("a number for people", () => {
  test.each<[Parameters<typeof shortNumber>[0], string]>([
    [0, "0"],
    [158, "158"],
    [-12, "−12"],
    [999_999, "999999"],
    [1_500_000, "1.5e6"],
    [0.0012345, "0.00123"],
    [12.345, "12.3"],
    [-0.5, "−0.5"],
    [1.23e-7, "1.2e-7"],
    [-1.23e-7, "−1.2e-7"],
    [0.00099, "9.9e-4"],
    [1234567.8, "1.2e6"],
    ["NaN", "not a number"],
    ["Infinity", "∞"],
    ["-Infinity", "−∞"],
    [Number.NaN, "not a number"],
    [Number.NEGATIVE_INFINITY, "−∞"],
    [-0, "0"],
  ])("%s reads %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  test("is off by at most half a unit of its third digit, or of its second where it is tiny or huge", () => {
    const size = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(size, fc.boolean(), (magnitude, negative) => {
        const x = negative ? -magnitude : magnitude;
        const read = Number(shortNumber(x).replace("−", "-"));
        const digits = magnitude >= 1e-3 && magnitude < 1e6 ? 3 : 2;
        expect(Math.abs(read - x)).toBeLessThanOrEqual(Math.abs(x) * 0.5000001 * 10 ** (1 - digits));
        expect(Math.sign(read)).toBe(Math.sign(x));
      }),
    );
  });
});
