import { describe, expect, test } from "vitest";
import golden from "../../../golden/one-layer-transformer.json" with { type: "json" };
import { InvalidInput } from "../../../src/invalid-input.ts";
import {
  checkCases,
  type Deviation,
  isWithinTolerance,
  ratio,
} from "../../../src/transformer/evaluate/check-evaluation.ts";
import { type Evaluations, evaluateCases } from "../../../src/transformer/evaluate/evaluate.ts";
import { engineNamed } from "../../../src/transformer/model/engine-names.ts";
import { type PerMatrix, TRAINED_MATRICES } from "../../../src/transformer/notation.ts";

const reference = engineNamed("reference");
const quantities = [
  "scores",
  "hingeLoss",
  ...["WQ", "WK", "WV", "WO"].flatMap((which) => [`gradients.${which}`, `singularValues.${which}`]),
  "afterSgd.lossBeforeEachStep",
  ...["WQ", "WK", "WV", "WO"].map((which) => `afterSgd.weights.${which}`),
];

/** A copy of the golden file in which one field of the first case is something else. */
function withField(path: string, value: unknown): unknown {
  const copy: Record<string, unknown> = structuredClone(golden);
  const keys = path.split(".");
  let inner = (copy.cases as Record<string, unknown>[])[0]!;
  for (const key of keys.slice(0, -1)) inner = inner[key] as Record<string, unknown>;
  if (value === undefined) delete inner[keys.at(-1)!];
  else inner[keys.at(-1)!] = value;
  return copy;
}

describe.each(["reference", "kernel"])("the %s engine", (name) => {
  const evaluations = evaluateCases(golden, engineNamed(name));

  test("agrees with PyTorch on every quantity of every golden case, within rounding", () => {
    const deviations = checkCases(evaluations, golden);
    expect(deviations.map((deviation) => `${deviation.case} ${deviation.quantity}`)).toEqual(
      golden.cases.flatMap((one) => quantities.map((quantity) => `${one.name} ${quantity}`)),
    );
    expect(deviations.filter((deviation) => !isWithinTolerance(deviation))).toEqual([]);
  });

  test("is held to tolerances of the order of rounding, the saturated softmax to larger ones", () => {
    for (const { tolerance, quantity, case: name } of checkCases(evaluations, golden)) {
      expect(tolerance, quantity).toBeLessThan(name === "saturated-softmax" ? 1e-9 : 1e-11);
    }
  });

  test("returns the form of the file, as plain JSON", () => {
    const first = evaluations.cases[0]!;
    expect(Object.keys(first)).toEqual(["name", "scores", "hingeLoss", "gradients", "singularValues", "afterSgd"]);
    expect(JSON.parse(JSON.stringify(first.scores))).toHaveLength(3);
    expect(first.gradients.WO).toHaveLength(6);
    expect(first.singularValues.WO).toHaveLength(4);
    expect(first.afterSgd?.lossBeforeEachStep).toHaveLength(5);
  });

  test("without sgd there is no afterSgd", () => {
    const { afterSgd: _, ...expected } = golden.cases[0]!.expected;
    const file = { cases: [{ ...golden.cases[0]!, sgd: undefined, expected }] };
    const standing = evaluateCases(file, engineNamed(name));
    expect(standing.cases[0]).not.toHaveProperty("afterSgd");
    expect(standing.cases[0]!.scores).toEqual(evaluations.cases[0]!.scores);
    expect(checkCases(standing, file).every(isWithinTolerance)).toBe(true);
  });
});

describe("the check", () => {
  const evaluations = evaluateCases(golden, reference);

  test.each(quantities)("finds %s off by a millionth", (quantity) => {
    const [first, ...others] = structuredClone(evaluations.cases) as unknown as Record<string, unknown>[];
    const keys = quantity.split(".");
    let inner = first!;
    for (const key of keys.slice(0, -1)) inner = inner[key] as Record<string, unknown>;
    const last = keys.at(-1)!;
    inner[last] = nudge(inner[last]);
    const changed = { cases: [first, ...others] } as unknown as Evaluations;
    const off = checkCases(changed, golden).filter((deviation) => !isWithinTolerance(deviation));
    expect(off.map((deviation) => [deviation.case, deviation.quantity])).toEqual([["square-shared", quantity]]);
    expect(off[0]!.error).toBeCloseTo(1e-6, 9);
  });

  test("finds NaN", () => {
    const [first, ...others] = evaluations.cases;
    const changed = { cases: [{ ...first!, hingeLoss: Number.NaN }, ...others] };
    expect(checkCases(changed, golden).filter((deviation) => !isWithinTolerance(deviation))).toHaveLength(1);
  });

  test.each<[Omit<Deviation, "case" | "quantity">, boolean, number]>([
    [{ error: 0, tolerance: 0 }, true, 0],
    [{ error: 0, tolerance: Number.NaN }, true, 0],
    [{ error: 1, tolerance: 2 }, true, 0.5],
    [{ error: 2, tolerance: 2 }, true, 1],
    [{ error: 3, tolerance: 2 }, false, 1.5],
    [{ error: Number.NaN, tolerance: 2 }, false, Number.POSITIVE_INFINITY],
    [{ error: 1, tolerance: Number.NaN }, false, Number.POSITIVE_INFINITY],
    [{ error: 1, tolerance: Number.POSITIVE_INFINITY }, false, 0],
  ])("%o is within tolerance: %s", (deviation, within, times) => {
    const whole = { case: "a", quantity: "b", ...deviation };
    expect(isWithinTolerance(whole)).toBe(within);
    expect(ratio(whole)).toBe(times);
  });

  test("refuses the evaluations of another file", () => {
    const shuffled = { cases: [...evaluations.cases].reverse() };
    expect(() => checkCases(shuffled, golden)).toThrow(
      "checkCases requires the evaluations of this file: case square-shared, got duplicate-tokens",
    );
    expect(() => checkCases({ cases: [] }, golden)).toThrow("case square-shared, got nothing");
  });

  test("asks for expected values", () => {
    const file = withField("expected", undefined);
    expect(() => checkCases(evaluateCases(file, reference), file)).toThrow(
      new InvalidInput("cases[0].expected: must be given where it is checked, got nothing"),
    );
  });
});

type Case = (typeof golden.cases)[number];

/** Every number in an array of arrays times c. */
function times<T>(value: T, c: number): T {
  return (Array.isArray(value) ? value.map((entry) => times(entry, c)) : (value as number) * c) as T;
}

/** Factors on the tokens and on the matrices. */
interface Scales {
  readonly tokens: number;
  readonly WQ: number;
  readonly WK: number;
  readonly WV: number;
  readonly WO: number;
}

function scaledCase({ weights, batch, sgd, ...rest }: Case, { tokens, WQ, WK, WV, WO }: Scales) {
  const scaledWeights = {
    WQ: times(weights.WQ, WQ),
    WK: times(weights.WK, WK),
    WV: times(weights.WV, WV),
    WO: times(weights.WO, WO),
    a: weights.a,
  };
  return { ...rest, sgd, weights: scaledWeights, batch: { ...batch, tokens: times(batch.tokens, tokens) } };
}

describe("at other scales", () => {
  const unscaled: Scales = { tokens: 1, WQ: 1, WK: 1, WV: 1, WO: 1 };

  // Scaling by powers of two rounds nothing, so that PyTorch's values are those of the scaled models, times factors:
  // as long as the logits stay the same, and every hinge stays active where scores change.
  const active = golden.cases.filter(({ batch, expected }) =>
    expected.scores.every((s, n) => s * batch.labels[n]! < 1),
  );
  test.each<[string, Scales, PerMatrix<number>, number, readonly Case[]]>([
    [
      "tokens of norm 1e3",
      { tokens: 1024, WQ: 2 ** -10, WK: 2 ** -10, WV: 2 ** -10, WO: 1 },
      { WQ: 1024, WK: 1024, WV: 1024, WO: 1 },
      1,
      golden.cases,
    ],
    [
      "tokens of norm 1e90",
      { tokens: 2 ** 300, WQ: 2 ** -300, WK: 2 ** -300, WV: 2 ** -300, WO: 1 },
      { WQ: 2 ** 300, WK: 2 ** 300, WV: 2 ** 300, WO: 1 },
      1,
      golden.cases,
    ],
    [
      "W_O of 1e-308",
      { ...unscaled, WO: 2 ** -1025 },
      { WQ: 2 ** -1025, WK: 2 ** -1025, WV: 2 ** -1025, WO: 1 },
      2 ** -1025,
      active,
    ],
    [
      "W_V of 1e-308",
      { ...unscaled, WV: 2 ** -1025 },
      { WQ: 2 ** -1025, WK: 2 ** -1025, WV: 1, WO: 2 ** -1025 },
      2 ** -1025,
      active,
    ],
    [
      "W_O and W_V of 1e-154",
      { ...unscaled, WO: 2 ** -515, WV: 2 ** -515 },
      { WQ: 2 ** -1030, WK: 2 ** -1030, WV: 2 ** -515, WO: 2 ** -515 },
      2 ** -1030,
      active,
    ],
  ])(
    "%s: PyTorch's values pass, and values that are off by a thousandth do not",
    (_, scales, factors, onScores, cases) => {
      expect(cases.length).toBeGreaterThan(4);
      const file = {
        cases: cases.map((one) => {
          const { scores, hingeLoss, gradients, singularValues } = one.expected;
          const per = <T>(of: PerMatrix<T>) => ({
            WQ: times(of.WQ, factors.WQ),
            WK: times(of.WK, factors.WK),
            WV: times(of.WV, factors.WV),
            WO: times(of.WO, factors.WO),
          });
          const expected = {
            scores: times(scores, onScores),
            hingeLoss: onScores === 1 ? hingeLoss : 1,
            gradients: per(gradients),
            singularValues: per(singularValues),
          };
          return { ...scaledCase(one, scales), sgd: undefined, expected };
        }),
      };
      for (const name of ["reference", "kernel"]) {
        const evaluations = evaluateCases(file, engineNamed(name));
        expect(checkCases(evaluations, file).filter((deviation) => !isWithinTolerance(deviation))).toEqual([]);
        for (const quantity of ["scores", "hingeLoss", ...TRAINED_MATRICES.map((which) => `gradients.${which}`)]) {
          const off = checkCases(evaluations, withThousandth(file, quantity)).filter((one) => !isWithinTolerance(one));
          // a softmax that is saturated leaves gradients below the rounding of others
          expect(off.length).toBeGreaterThanOrEqual(cases.length - 4);
          expect(new Set(off.map((one) => one.quantity))).toEqual(new Set([quantity]));
        }
      }
    },
  );

  test.each<[string, Partial<Scales>]>([
    ["tokens of norm 1e3, attention saturated", { tokens: 1e3 }],
    ["tokens of norm 30", { tokens: 30 }],
    ["tokens of norm 1e-100", { tokens: 1e-100 }],
    ["W_Q and W_K of 1e-310", { WQ: 1e-310, WK: 1e-310 }],
    ["W_O of 1e-310", { WO: 1e-310 }],
    ["W_O of 1e-160, W_V of 1e-160: scores of 1e-320", { WO: 1e-160, WV: 1e-160 }],
    ["W_O of 1e-200, W_V of 1e-200: scores of 0", { WO: 1e-200, WV: 1e-200 }],
  ])("%s: each engine passes by the other's values, SGD included", (_, scales) => {
    const scaled = golden.cases.map((one) => scaledCase(one, { ...unscaled, ...scales }));
    const cases = scaled.map(({ expected: _expected, ...one }) => one);
    const [ofReference, ofKernel] = ["reference", "kernel"].map((name) => evaluateCases({ cases }, engineNamed(name)));
    for (const [found, wanted] of [
      [ofReference!, ofKernel!],
      [ofKernel!, ofReference!],
    ] as const) {
      const file = { cases: cases.map((one, i) => ({ ...one, expected: wanted.cases[i] })) };
      expect(checkCases(found, file).filter((deviation) => !isWithinTolerance(deviation))).toEqual([]);
    }
  });
});

/** The same file with the largest entry of a quantity, in each case, larger by a thousandth. */
function withThousandth(file: { cases: readonly { expected: unknown }[] }, quantity: string): unknown {
  const copy = structuredClone(file);
  for (const { expected } of copy.cases) {
    const keys = quantity.split(".");
    let inner = expected as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) inner = inner[key] as Record<string, unknown>;
    const last = keys.at(-1)!;
    const entries = [inner[last]].flat(2) as number[];
    const largest = Math.max(...entries.map(Math.abs));
    const enlarged = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(enlarged)
        : Math.abs(value as number) === largest
          ? 1.001 * (value as number)
          : value;
    inner[last] = enlarged(inner[last]);
  }
  return copy;
}

describe("a bad file is refused with the field, the rule and the value", () => {
  test.each<[string, unknown, string]>([
    ["name", "", 'cases[0].name: Too small: expected string to have >=1 characters, got ""'],
    ["shape.d", 0, "cases[0].shape.d: Too small: expected number to be >=1, got 0"],
    ["shape.L", 1.5, "cases[0].shape.L: Invalid input: expected int, received number, got 1.5"],
    ["readout", "each", 'cases[0].readout: Invalid option: expected one of "shared"|"per-position", got "each"'],
    ["weights.WQ", [[1, 2]], "cases[0].weights.WQ: must be mb x d, 4 x 4, got 1 rows, one of 2"],
    ["weights.WK", [[1], [1], [1], [1]], "cases[0].weights.WK: must be mb x d, 4 x 4, got 4 rows, one of 1"],
    ["weights.WV", [[1, 2, 3, 4]], "cases[0].weights.WV: must be ma x d, 4 x 4, got 1 rows, one of 4"],
    ["weights.WO", [[1, 2, 3, 4]], "cases[0].weights.WO: must be m x ma, 6 x 4, got 1 rows, one of 4"],
    ["weights.WO", [[1, "2"]], 'cases[0].weights.WO[0][1]: Invalid input: expected number, received string, got "2"'],
    ["weights.WV", undefined, "cases[0].weights.WV: Invalid input: expected array, received undefined, got undefined"],
    ["weights.a", [1, 2], "cases[0].weights.a: must be 1 x m, 1 x 6, got 1 rows, one of 2"],
    ["readout", "per-position", "cases[0].weights.a: must be L x m, 5 x 6, got 1 rows, one of 6"],
    ["shape.batch", 2, "cases[0].batch.tokens: must have batch = 2 entries, got 3"],
    ["batch.labels", [1, 1], "cases[0].batch.labels: must have batch = 3 entries, got 2"],
    ["batch.labels", [1, 0, 1], "cases[0].batch.labels[1]: Invalid input, got 0"],
    ["batch.tokens", [[[1]], [[1]], [[1]]], "cases[0].batch.tokens[0]: must be L x d, 5 x 4, got 1 rows, one of 1"],
    ["sgd.stepSize", -1, "cases[0].sgd.stepSize: Too small: expected number to be >0, got -1"],
    ["sgd.steps", 0, "cases[0].sgd.steps: Too small: expected number to be >=1, got 0"],
    ["sgd", undefined, "cases[0].sgd: must be given where expected.afterSgd is, got nothing"],
    ["sgd.steps", 4, "cases[0].expected.afterSgd.lossBeforeEachStep: must have sgd.steps = 4 entries, got 5"],
    ["expected.scores", [1], "cases[0].expected.scores: must have batch = 3 entries, got 1"],
    ["expected.gradients.WV", [[1]], "cases[0].expected.gradients.WV: must be ma x d, 4 x 4, got 1 rows, one of 1"],
    [
      "expected.singularValues.WO",
      [1],
      "cases[0].expected.singularValues.WO: must have min(rows, columns) = 4 entries, got 1",
    ],
    [
      "expected.afterSgd.weights.WK",
      [[1]],
      "cases[0].expected.afterSgd.weights.WK: must be mb x d, 4 x 4, got 1 rows, one of 1",
    ],
  ])("%s = %j", (path, value, message) => {
    expect(() => evaluateCases(withField(path, value), reference)).toThrow(new InvalidInput(message));
  });

  test.each<[unknown, string]>([
    [null, "the file: Invalid input: expected object, received null, got null"],
    [{ cases: [] }, "cases: Too small: expected array to have >=1 items, got []"],
    [{}, "cases: Invalid input: expected array, received undefined, got undefined"],
  ])("%j", (file, message) => {
    expect(() => evaluateCases(file, reference)).toThrow(new InvalidInput(message));
  });
});

/** The same value with its first number a millionth larger. */
function nudge(value: unknown): unknown {
  return Array.isArray(value) ? [nudge(value[0]), ...value.slice(1)] : (value as number) + 1e-6;
}
