import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { drawTheta, lawOver } from "../../src/law/law.ts";
import { fieldNamed, hypothesisOf, isChoice, parameters, sameTable, type ThetaOf } from "../../src/law/parameters.ts";
import { constant, integer, real } from "../../src/law/range.ts";

const FIELDS = {
  balls: {
    kind: "integer",
    from: 1,
    to: 100,
    symbol: "n",
    meaning: "balls in the urn",
    hypothesis: "size",
    widest: integer(1, 100),
    simplest: "low",
    cost: 1,
  },
  red: {
    kind: "integer",
    from: 0,
    to: 100,
    symbol: "k",
    meaning: "red ones among them",
    hypothesis: "mixture",
    widest: integer(0, 100),
    simplest: "middle",
  },
  weight: {
    kind: "real",
    from: 0,
    to: 10,
    open: true,
    symbol: "w",
    meaning: "weight of a ball",
    hypothesis: "gravity",
    widest: real(0.1, 10),
    simplest: "middle",
  },
  drawn: {
    kind: "choice",
    values: ["with replacement", "without"],
    symbol: "s",
    meaning: "how balls are drawn",
    hypothesis: "scheme",
  },
} as const;

type Urn = ThetaOf<typeof FIELDS>;

const urn = parameters(FIELDS, [
  { field: "red", rule: "at most balls", holds: (t) => t.red <= t.balls, got: (t) => `red = ${t.red}` },
  { field: "balls", rule: "no prime of two digits", holds: (t) => t.balls !== 97, got: (t) => `${t.balls}` },
  {
    field: "drawn",
    rule: "with replacement from a single ball",
    holds: (t) => t.balls > 1 || t.drawn === "with replacement",
    got: (t) => t.drawn,
  },
]);

const THETA: Urn = { balls: 10, red: 3, weight: 0.5, drawn: "without" };

/** The message with which a θ is refused. */
function refusal(theta: unknown, by: { parse(input: unknown): unknown } = urn): string {
  try {
    by.parse(theta);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return (error as Error).message;
  }
  throw new Error(`parse took ${JSON.stringify(theta)}`);
}

describe("a table of fields", () => {
  test("gives names and hypotheses in its order, and each field by its name", () => {
    expect(urn.names).toEqual(["balls", "red", "weight", "drawn"]);
    expect(urn.hypotheses).toEqual(["size", "mixture", "gravity", "scheme"]);
    expect(urn.names.map((name) => hypothesisOf(urn, name))).toEqual(urn.hypotheses);
    expect(urn.names.filter((name) => isChoice(urn, name))).toEqual(["drawn"]);
    expect(fieldNamed(urn, "weight")).toBe(FIELDS.weight);
  });

  test.each(["gamma", "toString", "__proto__", ""])("has no field %j", (name) => {
    for (const look of [fieldNamed, hypothesisOf, isChoice]) {
      expect(() => look(urn, name)).toThrow(new RangeError(`theta has no field ${name}`));
    }
  });

  test("takes every θ that keeps its rules as it is, its fields in the table's order", () => {
    const arbitrary = fc
      .record({
        drawn: fc.constantFrom(...FIELDS.drawn.values),
        weight: fc.double({ min: 1e-9, max: 10, noNaN: true }),
        red: fc.nat(100),
        balls: fc.integer({ min: 2, max: 100 }),
      })
      .filter(({ red, balls }) => red <= balls && balls !== 97);
    fc.assert(
      fc.property(arbitrary, (theta) => {
        expect(urn.parse(theta)).toEqual(theta);
        expect(Object.keys(urn.parse(theta))).toEqual(urn.names);
        expect(urn.schema.parse(theta)).toEqual(theta);
      }),
    );
  });

  test.each<[object, string]>([
    [{ balls: 0 }, "theta.balls: Too small: expected number to be >=1, got 0"],
    [{ balls: 101 }, "theta.balls: Too big: expected number to be <=100, got 101"],
    [{ balls: 2.5 }, "theta.balls: Invalid input: expected int, received number, got 2.5"],
    [{ weight: 0 }, "theta.weight: Too small: expected number to be >0, got 0"],
    [{ weight: 10.5 }, "theta.weight: Too big: expected number to be <=10, got 10.5"],
    [{ weight: Number.NaN }, "theta.weight: Invalid input: expected number, received NaN, got NaN"],
    [
      { weight: Number.POSITIVE_INFINITY },
      "theta.weight: Invalid input: expected number, received Infinity, got Infinity",
    ],
    [{ weight: "1" }, 'theta.weight: Invalid input: expected number, received string, got "1"'],
    [{ weight: undefined }, "theta.weight: Invalid input: expected number, received undefined, got nothing"],
    [{ weight: null }, "theta.weight: Invalid input: expected number, received null, got null"],
    [{ drawn: "blindly" }, 'theta.drawn: Invalid option: expected one of "with replacement"|"without", got "blindly"'],
    [{ colour: "red" }, 'theta: Unrecognized key: "colour"'],
  ])("refuses %o with field, rule and what was got", (change, message) => {
    expect(refusal({ ...THETA, ...change })).toBe(message);
    expect(urn.schema.safeParse({ ...THETA, ...change }).success).toBe(false);
  });

  test.each([[null], [undefined], [5], ["theta"], [[1]]])("refuses %j, which is no θ", (theta) => {
    expect(refusal(theta)).toMatch(/^theta: Invalid input: expected object, received /);
  });

  test("allows its widest ends", () => {
    for (const theta of [
      { ...THETA, balls: 100, red: 100, weight: 10 },
      { ...THETA, balls: 1, red: 0, drawn: "with replacement", weight: Number.MIN_VALUE },
    ]) {
      expect(urn.parse(theta)).toEqual(theta);
    }
  });

  test("names every field that is wrong, and then every rule between fields that is broken", () => {
    expect(refusal({ ...THETA, balls: 0, weight: 0 }).split("\n")).toEqual([
      "theta.balls: Too small: expected number to be >=1, got 0",
      "theta.weight: Too small: expected number to be >0, got 0",
    ]);
    expect(refusal({ ...THETA, red: 98, balls: 97 }).split("\n")).toEqual([
      "theta.red must be at most balls, got red = 98",
      "theta.balls must be no prime of two digits, got 97",
    ]);
    expect(refusal({ ...THETA, balls: 1, red: 1 })).toBe(
      "theta.drawn must be with replacement from a single ball, got without",
    );
    // a rule between fields is no rule on a single one
    expect(urn.schema.safeParse({ ...THETA, red: 98 }).success).toBe(true);
  });
});

describe("a θ from before a field was there", () => {
  const later = parameters({
    balls: FIELDS.balls,
    weight: { ...FIELDS.weight, absent: 1 },
    drawn: { ...FIELDS.drawn, absent: "without" },
  });

  test("takes the field's constant, and keeps a value of its own", () => {
    expect(later.parse({ balls: 4 })).toEqual({ balls: 4, weight: 1, drawn: "without" });
    expect(Object.keys(later.parse({ balls: 4 }))).toEqual(later.names);
    expect(later.parse({ balls: 4, weight: 0.1, drawn: "with replacement" })).toEqual({
      balls: 4,
      weight: 0.1,
      drawn: "with replacement",
    });
    expect(later.schema.parse({ balls: 4 })).toEqual({ balls: 4, weight: 1, drawn: "without" });
  });

  test("does not take it in the place of a wrong one, nor where a field has none", () => {
    expect(refusal({ balls: 4, weight: null }, later)).toBe(
      "theta.weight: Invalid input: expected number, received null, got null",
    );
    expect(refusal({ balls: 4, weight: 0 }, later)).toBe("theta.weight: Too small: expected number to be >0, got 0");
    expect(refusal({}, later)).toBe("theta.balls: Invalid input: expected number, received undefined, got nothing");
  });

  test.each([[null], ["theta"], [7], [[1, 2]], [undefined]])("%j is no θ, and is refused", (value) => {
    expect(refusal(value, later)).toMatch(/^theta: Invalid input: expected object, received /);
  });
});

describe("a law over a table", () => {
  const ranges = { balls: integer(2, 50), red: integer(0, 2), weight: real(1, 2), drawn: constant("without") } as const;

  test("draws θ of the table, in its order", () => {
    const mine = lawOver(urn, { id: "mine", title: "urns", ranges });
    for (let seed = 0; seed < 50; seed++) {
      const theta = drawTheta(mine, seed);
      expect(urn.parse(theta)).toEqual(theta);
      expect(Object.keys(theta)).toEqual(urn.names);
    }
  });

  test("that leaves nothing to draw is refused with the table's rule", () => {
    expect(() => lawOver(urn, { id: "mine", title: "urns", ranges: { ...ranges, red: integer(0, 3) } })).toThrow(
      new InvalidInput("law mine may leave nothing to draw: theta.red must be at most balls, got red = 3"),
    );
  });

  test("knows the table's fields, and which of them are numbers", () => {
    const { weight: _, ...without } = ranges;
    // @ts-expect-error a field of θ without a range
    expect(() => lawOver(urn, { id: "mine", title: "urns", ranges: without })).toThrow("law mine: ranges.weight must");
    const misspelt = { ...without, wieght: real(1, 2) };
    // @ts-expect-error a field that θ does not have
    expect(() => lawOver(urn, { id: "mine", title: "urns", ranges: misspelt })).toThrow(
      /ranges\.wieght is none of the fields/,
    );
    // @ts-expect-error a field that is no number cannot be doubled
    expect(() => lawOver(urn, { id: "mine", title: "urns", ranges, doubles: "drawn" })).toThrow(
      'law mine: doubles must be a numeric field of theta, got "drawn"',
    );
    const other = { ...ranges, drawn: constant("blindly") } as const;
    // @ts-expect-error a value that the field does not take
    expect(() => lawOver(urn, { id: "mine", title: "urns", ranges: other })).toThrow("theta.drawn: Invalid option");
  });
});

describe("two tables", () => {
  const real = { kind: "real", from: 0, to: 1, symbol: "p", meaning: "chance", hypothesis: "bias" } as const;
  const table = (to: number, of: string) =>
    parameters({ p: { ...real, to, widest: { kind: "real", from: 0, to: 1 }, simplest: "low" } }, [], of);

  test("are the same where they are of one experiment and say the same, whoever made them", () => {
    expect(sameTable(table(1, "coin"), table(1, "coin"))).toBe(true);
    expect(sameTable(table(1, "coin"), table(2, "coin"))).toBe(false);
    expect(sameTable(table(1, "coin"), table(1, "die"))).toBe(false);
  });
});
