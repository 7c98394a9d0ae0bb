import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { checkCases, type Deviation, isWithinTolerance, ratio } from "../../src/measure/check-evaluation.ts";
import { type Evaluations, evaluateCases } from "../../src/measure/evaluate.ts";
import { engineNamed } from "../../src/model/engines.ts";
import golden from "../golden/one-layer-transformer.json" with { type: "json" };

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
