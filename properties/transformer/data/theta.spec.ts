import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../../src/invalid-input.ts";
import { roundHalfUp, type Theta, tokenCounts } from "../../../src/transformer/notation.ts";
import { LARGEST_ARRAY, parseTheta, transformerParameters } from "../../../src/transformer/theta.ts";
import { arbitraryTheta, SMALL_THETA } from "./arbitrary-theta.ts";

/** The message with which a θ is refused. */
function refusal(theta: unknown): string {
  try {
    parseTheta(theta);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return (error as Error).message;
  }
  throw new Error(`parseTheta took ${JSON.stringify(theta)}`);
}

const leaving = (field: keyof Theta, value: unknown) => refusal({ ...SMALL_THETA, [field]: value });

const COUNTS = {
  M: 2,
  r: 2,
  d: 1,
  L: 1,
  m: 1,
  ma: 1,
  mb: 1,
  N: 2,
  B: 1,
  Tmax: 0,
  testSamples: 2,
} as const satisfies { readonly [F in keyof Theta]?: number };
const FRACTIONS = ["alphaStar", "alphaSharp"] as const;
const SCALES = ["tau", "delta", "sigma", "xi"] as const;

describe("parseTheta", () => {
  test("gives back every valid θ unchanged", () => {
    fc.assert(
      fc.property(arbitraryTheta(), (theta) => {
        expect(parseTheta({ ...theta })).toEqual(theta);
      }),
    );
  });

  test.each(Object.entries(COUNTS) as [keyof Theta, number][])(
    "%s must be a whole number of at least %d",
    (field, least) => {
      expect(leaving(field, least - 1)).toContain(
        `theta.${field}: Too small: expected number to be >=${least}, got ${least - 1}`,
      );
      expect(leaving(field, 4.5)).toBe(`theta.${field}: Invalid input: expected int, received number, got 4.5`);
      expect(leaving(field, 1e6 + 1)).toBe(`theta.${field}: Too big: expected number to be <=1000000, got 1000001`);
    },
  );

  test.each(FRACTIONS)("%s must lie in [0, 1]", (field) => {
    expect(leaving(field, -0.1)).toBe(`theta.${field}: Too small: expected number to be >=0, got -0.1`);
    expect(leaving(field, 1.1)).toBe(`theta.${field}: Too big: expected number to be <=1, got 1.1`);
  });

  test.each(SCALES)("%s must not be negative", (field) => {
    expect(leaving(field, -0.1)).toBe(`theta.${field}: Too small: expected number to be >=0, got -0.1`);
    expect(leaving(field, 2e6)).toBe(`theta.${field}: Too big: expected number to be <=1000000, got 2000000`);
    expect(parseTheta({ ...SMALL_THETA, [field]: 0 })[field]).toBe(0);
  });

  test("eta must be above 0", () => {
    expect(leaving("eta", 0)).toBe("theta.eta: Too small: expected number to be >0, got 0");
    expect(leaving("eta", 2e6)).toBe("theta.eta: Too big: expected number to be <=1000000, got 2000000");
  });

  test("readout and labels must be one of their names", () => {
    expect(leaving("readout", "both")).toBe(
      'theta.readout: Invalid option: expected one of "shared"|"per-position", got "both"',
    );
    expect(leaving("labels", true)).toBe(
      'theta.labels: Invalid option: expected one of "majority"|"drawn"|"random", got true',
    );
  });

  test.each((Object.keys(SMALL_THETA) as (keyof Theta)[]).filter((field) => field !== "epsilon"))(
    "%s is required",
    (field) => {
      const { [field]: _, ...without } = SMALL_THETA;
      expect(refusal(without)).toMatch(new RegExp(`^theta\\.${field}: .*, got nothing$`));
    },
  );

  test.each(Object.keys(SMALL_THETA) as (keyof Theta)[])(
    "%s must be of its type, and is named where it is not",
    (field) => {
      expect(leaving(field, Number.NaN)).toMatch(new RegExp(`^theta\\.${field}: .*, got NaN$`));
      expect(leaving(field, Number.POSITIVE_INFINITY)).toMatch(new RegExp(`^theta\\.${field}: .*, got Infinity$`));
      expect(leaving(field, "many")).toMatch(new RegExp(`^theta\\.${field}: .*, got "many"$`));
    },
  );

  test("a field that θ does not have, and a θ that is no object, are refused", () => {
    expect(refusal({ ...SMALL_THETA, gamma: 1 })).toBe('theta: Unrecognized key: "gamma"');
    expect(refusal(5)).toBe("theta: Invalid input: expected object, received number");
    expect(refusal(null)).toBe("theta: Invalid input: expected object, received null");
  });

  test("every field that is wrong is named, not only the first", () => {
    expect(refusal({ ...SMALL_THETA, tau: -1, eta: 0 }).split("\n")).toEqual([
      "theta.tau: Too small: expected number to be >=0, got -1",
      "theta.eta: Too small: expected number to be >0, got 0",
    ]);
  });
});

describe("rules between fields", () => {
  test.each<[Partial<Theta>, string]>([
    [{ r: 3 }, "theta.r must be even (half of the label-relevant patterns a class), got 3"],
    [{ r: 6 }, "theta.r must be at most M, got r = 6, M = 4"],
    [{ M: 6 }, "theta.M must be at most d (the patterns are orthonormal), got M = 6, d = 5"],
    [{ N: 15 }, "theta.N must be even (labels are balanced), got 15"],
    [{ testSamples: 11 }, "theta.testSamples must be even (labels are balanced), got 11"],
    [{ B: 17 }, "theta.B must be at most N, got B = 17, N = 16"],
    [{ alphaStar: 1 }, "theta.alphaSharp must be such that n* + n# is at most L, got n* = 6, n# = 1, L = 6"],
    [{ alphaSharp: 0.5 }, 'theta.alphaStar must be such that n* > n# (labels: "majority"), got n* = 3, n# = 3, L = 6'],
    [
      { M: 2 },
      "theta.M must be above r unless n* + n# = L (every other token needs a label-irrelevant pattern), " +
        "got M = 2, r = 2, n* = 3, n# = 1, L = 6",
    ],
  ])("%o is refused", (change, message) => {
    expect(refusal({ ...SMALL_THETA, ...change }).split("\n")).toContain(message);
  });

  test.each<[string, Partial<Theta>, string]>([
    ["training tokens", { N: 1e6, L: 20 }, "theta.N must be such that training tokens N·L·d"],
    ["test tokens", { testSamples: 1e6, L: 20 }, "theta.testSamples must be such that test tokens testSamples·L·d"],
    ["attention", { L: 5000 }, "theta.L must be such that attention L·L"],
    ["contributions", { m: 1e6, testSamples: 20 }, "theta.m must be such that neurons' contributions testSamples·m"],
    ["hidden layer", { m: 1e6, L: 20 }, "theta.m must be such that hidden layer L·m"],
    ["W_O", { m: 1e6, ma: 20 }, "theta.ma must be such that W_O m·ma"],
    ["W_V", { ma: 1e4, d: 2000 }, "theta.ma must be such that W_V ma·d"],
    ["W_Q", { mb: 1e4, d: 2000 }, "theta.mb must be such that W_Q mb·d"],
    ["P", { d: 5000 }, "theta.d must be such that P = W_Q^T W_K d·d"],
  ])("an array that no memory should hold is refused: %s", (_, change, message) => {
    const lines = refusal({ ...SMALL_THETA, ...change }).split("\n");
    expect(lines.some((line) => line.startsWith(`${message} is at most ${LARGEST_ARRAY} numbers, got `))).toBe(true);
  });

  test("α# = α* is allowed where labels do not go by the majority", () => {
    for (const labels of ["drawn", "random"] as const) {
      expect(parseTheta({ ...SMALL_THETA, alphaSharp: 0.5, labels }).labels).toBe(labels);
    }
  });

  test("M = r is allowed where every token is label-relevant", () => {
    expect(parseTheta({ ...SMALL_THETA, M: 2, alphaStar: 4 / 6, alphaSharp: 2 / 6 }).M).toBe(2);
  });
});

describe("token counts", () => {
  test("n* = round(α*·L), n# = round(α#·L), with round(x) = floor(x + 1/2)", () => {
    expect([2.5, 2.4999, -0.5, 3].map(roundHalfUp)).toEqual([3, 2, 0, 3]);
    expect(tokenCounts({ L: 10, alphaStar: 0.25, alphaSharp: 0.249 })).toEqual({ nStar: 3, nSharp: 2 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat({ max: 50 }), (L, tokens) => {
        const count = Math.min(tokens, L);
        expect(tokenCounts({ L, alphaStar: count / L, alphaSharp: 0 })).toEqual({ nStar: count, nSharp: 0 });
      }),
    );
  });
});

test("of a θ of the first release nothing is assumed but ε = 1e-3, which all its models had", () => {
  const { names, fields } = transformerParameters;
  expect(names).toHaveLength(21);
  expect(names).toEqual(Object.keys(SMALL_THETA));
  expect(names.filter((name) => "absent" in fields[name]!)).toEqual(["epsilon"]);
  const { epsilon, ...first } = SMALL_THETA;
  expect(epsilon).toBe(1e-3);
  expect(parseTheta(first)).toEqual(SMALL_THETA);
  expect(parseTheta({ ...first, epsilon: 0.01 }).epsilon).toBe(0.01);
});
