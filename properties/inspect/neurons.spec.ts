import { describe, expect, test } from "vitest";
import { neuronsOf, rowNorms } from "../../src/inspect/neurons.ts";
import { stream } from "../../src/random/stream.ts";

/** Norms whose logarithms are these. */
const ofLogs = (logs: readonly number[]) => Float64Array.from(logs, Math.exp);
const random = stream(3, "logs");
const normal = (count: number, mean = 0, deviation = 1) =>
  Array.from({ length: count }, () => mean + deviation * random.normal());

describe("the split of norms", () => {
  test("explains 2/π of the variance where they are of one sort", () => {
    const neurons = neuronsOf(ofLogs(normal(20_000)));
    expect(neurons.betweenShare).toBeCloseTo(2 / Math.PI, 1);
    expect(neurons.sorts).toBe("one sort");
  });

  test("explains 3/4 where they are spread evenly", () => {
    const neurons = neuronsOf(ofLogs(Array.from({ length: 10_000 }, (_, i) => i / 10_000)));
    expect(neurons.betweenShare).toBeCloseTo(0.75, 3);
    expect(neurons.sorts).toBe("one sort");
  });

  test("explains nearly all where they are of two sorts", () => {
    const neurons = neuronsOf(ofLogs([...normal(300, 0, 0.2), ...normal(100, 3, 0.2)]));
    expect(neurons).toMatchObject({ small: 300, large: 100, sorts: "two sorts" });
    expect(neurons.betweenShare).toBeGreaterThan(0.97);
  });

  test("says nothing of a few, and one sort of norms that are all the same", () => {
    expect(neuronsOf(Float64Array.of(1, 1, 1, 9)).sorts).toBe("too few");
    const same = neuronsOf(new Float64Array(100).fill(0.1));
    expect([same.betweenShare, same.sorts]).toEqual([Number.NaN, "one sort"]);
  });

  test("finds rows of 0", () => {
    const neurons = neuronsOf(Float64Array.of(...new Array<number>(20).fill(0), ...new Array<number>(10).fill(1)));
    expect(neurons).toMatchObject({ small: 20, large: 10, sorts: "zeros", freeShare: 20 / 30 });
    expect(neurons.betweenShare).toBeCloseTo(1, 12);
    expect(neurons).toMatchObject({ pruningBound: 0, pruningFraction: 0, gap: [0, 1] });
  });
});

test("the bound sums the norms of the small cluster; free are the smallest that hold a hundredth of all", () => {
  const neurons = neuronsOf(Float64Array.of(0.5, 0.5, ...new Array<number>(18).fill(11)));
  expect(neurons).toMatchObject({ small: 2, large: 18, pruningBound: 1, freeShare: 2 / 20 });
  expect(neurons.pruningFraction).toBeCloseTo(1 / 199, 12);
});

test("numbers whose squares underflow have norms", () => {
  expect(rowNorms({ rows: 1, columns: 2, values: Float64Array.of(3e-200, 4e-200) })[0]).toBeCloseTo(5e-200, 212);
});
