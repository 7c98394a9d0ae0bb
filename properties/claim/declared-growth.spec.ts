import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { describeRelation } from "../../src/claim/relation.ts";
import { median } from "../../src/evidence/median.ts";
import { rangeOf } from "../../src/law/law.ts";
import { describeRange } from "../../src/law/range.ts";
import { stream } from "../../src/random/stream.ts";
import { drawTheta } from "../../src/transformer/laws.ts";
import { type Run, runModel } from "../../src/transformer/measure/run.ts";
import { performanceOf } from "../../src/transformer/measure/test-loss.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { type Theta, tokenCounts } from "../../src/transformer/notation.ts";
import { maskNeurons } from "../../src/transformer/prune/magnitude.ts";
import { parseTheta } from "../../src/transformer/theta.ts";
import { controls, findings, statements, theorems } from "../../theorems/index.ts";
import { SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";

/**
 * The growth laws, claim by claim: bounds as the design states them, and the number that each claim reads of a trained
 * model, computed here another way.
 */

const SEED = 7;
const trained = (changes: Partial<Theta> = {}) =>
  runModel(
    parseTheta({ ...SMALL_THETA, M: 7, d: 8, ma: 6, mb: 5, m: 40, eta: 1, Tmax: 600, testSamples: 100, ...changes }),
    SEED,
    { engine: kernelEngine },
  );
const run = trained();
const four = trained({ r: 4 });
const other = trained({ eta: 0.5, xi: 0.01 });
const perPosition = trained({ readout: "per-position", Tmax: 1500 });

/** Squared singular values in descending order, by the eigenvalues of the smaller Gram matrix. */
function energies(matrix: Matrix): number[] {
  const gram = matrix.rows < matrix.columns ? matrix.mmul(matrix.transpose()) : matrix.transpose().mmul(matrix);
  return new EigenvalueDecomposition(gram, { assumeSymmetric: true }).realEigenvalues
    .map((value) => Math.max(0, value))
    .sort((x, y) => y - x);
}
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const tail = (matrix: Matrix, rank: number) => sum(energies(matrix).slice(rank)) / sum(energies(matrix));
const tailNorm = (matrix: Matrix, rank: number) => Math.sqrt(sum(energies(matrix).slice(rank)));

const dWO = ({ model: { trained, initial } }: Run) => Matrix.sub(trained.WO, initial.WO);
const dWV = ({ model: { trained, initial } }: Run) => Matrix.sub(trained.WV, initial.WV);
const dWQ = ({ model: { trained, initial } }: Run) => Matrix.sub(trained.WQ, initial.WQ);
/** Δ(W_O W_V) = ΔW_O W_V(T) + W_O(0) ΔW_V, and so for W. */
const dV = (of: Run) => Matrix.add(dWO(of).mmul(of.model.trained.WV), of.model.initial.WO.mmul(dWV(of)));
const dW = (of: Run) => {
  const { trained, initial } = of.model;
  const dWK = Matrix.sub(trained.WK, initial.WK);
  return Matrix.add(dWK.transpose().mmul(trained.WQ), initial.WK.transpose().mmul(dWQ(of)));
};

function sortsOf(of: Run) {
  const logs = dV(of)
    .to2DArray()
    .map((row) => Math.log(Math.hypot(...row)))
    .sort((x, y) => x - y);
  const about = (values: readonly number[]) => {
    const mean = sum(values) / values.length;
    return sum(values.map((value) => (value - mean) ** 2));
  };
  const splits = logs.slice(1).map((_, i) => [logs.slice(0, i + 1), logs.slice(i + 1)] as const);
  const [low, high] = splits.reduce((best, split) =>
    about(split[0]) + about(split[1]) < about(best[0]) + about(best[1]) ? split : best,
  );
  return {
    small: median(low.map(Math.exp)),
    large: median(high.map(Math.exp)),
    between: 1 - (about(low) + about(high)) / about(logs),
  };
}

const without = (of: Run, neurons: readonly number[]) =>
  performanceOf(kernelEngine.scores(maskNeurons(of.model.trained, neurons), of.testData), of.testData.labels);
const riseWithout = (of: Run, neurons: readonly number[]) => without(of, neurons).hinge - without(of, []).hinge;
const largest = (of: Run, neurons: readonly number[], R: number) =>
  [...neurons].sort((i, j) => of.neuronNorms[j]! - of.neuronNorms[i]!).slice(0, Math.round(R * neurons.length));
const atRandom = (of: Run, R: number) => {
  const order = stream(SEED, "order of pruning").shuffle([...of.clusters.large]);
  return order.slice(0, Math.round(R * order.length));
};
const atRandomOfAll = (of: Run) => {
  const random = stream(SEED, "neurons drawn");
  const rises = Array.from({ length: 5 }, () => {
    const order = random.shuffle(Array.from({ length: of.theta.m }, (_, i) => i));
    return riseWithout(of, order.slice(0, of.clusters.small.length));
  });
  return median(rises);
};
const cost = (of: Run) => Math.abs(riseWithout(of, of.clusters.small));
const share = (of: Run) => of.clusters.small.length / of.theta.m;

/** Statement, law, what it says of the run. */
type Row = [string, string, Run, [string, number][]];

const single: Row[] = [
  [
    "low-rank-output",
    "base",
    run,
    [
      ["≤ 0.002", tail(dWO(run), 2)],
      ["≥ 0.05", tail(dWO(run), 1)],
    ],
  ],
  ["low-rank-output", "r4", four, [["≤ 0.002", tail(dWO(four), 4)]]],
  [
    "low-rank-merged",
    "base",
    run,
    [
      ["≤ 0.0001", tail(dV(run), 2)],
      ["≤ 100", tailNorm(dV(run), 2) / 1e-3],
      ["≤ 0.05", tail(dW(run), 2)],
    ],
  ],
  [
    "low-rank-merged",
    "r4",
    four,
    [
      ["≤ 0.0001", tail(dV(four), 4)],
      ["≤ 100", tailNorm(dV(four), 4) / 1e-3],
      ["≤ 0.05", tail(dW(four), 4)],
    ],
  ],
  [
    "rank-follows-classes",
    "r4",
    four,
    [
      ["≤ 0.001", tail(dWV(four), 2)],
      ["≤ 0.002", tail(dWO(four), 2)],
      ["≤ 0.0001", tail(dV(four), 2)],
    ],
  ],
  [
    "pruning-in-proportion",
    "base",
    run,
    [
      ["in [0.225, 0.65]", riseWithout(run, largest(run, run.clusters.large, 0.5))],
      ["in [0.5625, 0.9]", riseWithout(run, largest(run, run.clusters.large, 0.75))],
      ["in [0.05, 0.35]", riseWithout(run, atRandom(run, 0.3))],
      ["in [0.25, 0.55]", riseWithout(run, atRandom(run, 0.5))],
      ["in [0.45, 0.75]", riseWithout(run, atRandom(run, 0.7))],
      ["in [0.65, 0.95]", riseWithout(run, atRandom(run, 0.9))],
    ],
  ],
  [
    "pruning-in-proportion",
    "per-position",
    perPosition,
    [
      ["≥ 0.6", riseWithout(perPosition, largest(perPosition, perPosition.clusters.large, 0.5))],
      ["≥ 0.7875", riseWithout(perPosition, largest(perPosition, perPosition.clusters.large, 0.75))],
    ],
  ],
  [
    "magnitude-beats-random",
    "base",
    run,
    [
      ["≥ 0.1", atRandomOfAll(run) / share(run)],
      ["> 0", atRandomOfAll(run) - 100 * cost(run)],
    ],
  ],
  [
    "magnitude-beats-random",
    "per-position",
    perPosition,
    [
      ["≥ 0.1", atRandomOfAll(perPosition) / share(perPosition)],
      ["> 0", atRandomOfAll(perPosition) - 20 * cost(perPosition)],
    ],
  ],
  [
    "accuracy-outlasts-pruning",
    "base",
    run,
    [
      ["≤ 0", without(run, atRandom(run, 0.5)).error],
      ["≤ 0", without(run, atRandom(run, 0.7)).error],
    ],
  ],
  ["generalisation", "base-target", run, [["≤ 10", without(run, []).hinge / 1e-3]]],
  [
    "sample-complexity",
    "samples-by-margin",
    run,
    [
      ["≤ 1", run.model.trainHinge / 1e-3],
      ["≤ 0", without(run, []).error],
    ],
  ],
  ["rank-one-output", "base", run, [["≤ 0.002", tail(dWO(run), 1)]]],
  [
    "rank-one-merged",
    "r4",
    four,
    [
      ["≤ 0.0001", tail(dV(four), 1)],
      ["≤ 100", tailNorm(dV(four), 1) / 1e-3],
      ["≤ 0.05", tail(dW(four), 1)],
    ],
  ],
  [
    "rank-one-of-two-classes",
    "r6",
    four,
    [
      ["≤ 0.001", tail(dWV(four), 1)],
      ["≤ 0.002", tail(dWO(four), 1)],
      ["≤ 0.0001", tail(dV(four), 1)],
    ],
  ],
  [
    "small-in-proportion",
    "base",
    run,
    [
      ["≥ 0.225", riseWithout(run, largest(run, run.clusters.small, 0.5))],
      ["≥ 0.5625", riseWithout(run, largest(run, run.clusters.small, 0.75))],
    ],
  ],
  [
    "small-in-place-of-random",
    "base",
    run,
    [
      ["≥ 0.1", cost(run) / share(run)],
      ["> 0", -19 * cost(run)],
    ],
  ],
  [
    "one-sided-pruning",
    "base",
    run,
    [
      [
        "≤ 0",
        without(
          run,
          run.clusters.large.filter((i) => run.model.trained.a.to1DArray()[i]! > 0),
        ).error,
      ],
    ],
  ],
  ["few-samples", "few-samples", run, [["≤ 10", without(run, []).hinge / 1e-3]]],
  [
    "too-few-samples",
    "too-few-samples",
    run,
    [
      ["≤ 1", run.model.trainHinge / 1e-3],
      ["≤ 0", without(run, []).error],
    ],
  ],
  ["attention-concentrates", "per-position", perPosition, [["≥ 0.9", perPosition.relevantAttention.after]]],
  ["steps-without-margin", "base", run, [["in [16, 120]", run.steps * run.theta.eta]]],
  ["merged-attention-form", "base", run, [["> 1", dW(run).norm("frobenius") / (7 * 1e-3 + 1 / Math.log(7))]]],
  [
    "small-neurons-rest",
    "base",
    run,
    [
      ["≤ 0", cost(run)],
      [
        "≥ 1",
        run.clusters.small.filter((i) =>
          dWO(run)
            .getRow(i)
            .every((entry) => entry === 0),
        ).length / run.clusters.small.length,
      ],
    ],
  ],
];

const statementOf = (id: string) => statements.find((each) => each.id === id)!;

function claimsOn(id: string, lawId: string) {
  const statement = statementOf(id);
  return statement.claimsOn(statement.laws.find((law) => law.id === lawId)!);
}

describe("what a statement reads of a model, and its bound", () => {
  test.each(single)("%s on %s", (id, lawId, of, expected) => {
    expect(of.converged).toBe(true);
    const claims = claimsOn(id, lawId);
    expect(claims.map(({ relation }) => describeRelation(relation))).toEqual(expected.map(([bound]) => bound));
    claims.forEach((claim, i) => {
      const by = expected[i]![1];
      // eigenvalues of a Gram matrix are off by rounding of the largest
      expect(Math.abs(claim.observe(of, of) - by)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(by)));
    });
  });

  test("sparse-merged reads the two sorts of rows of ΔV", () => {
    for (const of of [run, perPosition]) {
      const { small, large, between } = sortsOf(of);
      const claims = claimsOn("sparse-merged", of === run ? "base" : "per-position");
      expect(claims.map(({ relation }) => describeRelation(relation))).toEqual([
        "≤ 0.15",
        "≥ 3",
        of === run ? "≥ 0.85" : "≥ 0.75",
      ]);
      const observed = claims.map((claim) => claim.observe(of, of));
      expect(observed[0]).toBeCloseTo(small / large, 10);
      expect(observed[1]).toBeCloseTo(large * Math.sqrt(40), 8);
      expect(observed[2]).toBeCloseTo(between, 10);
    }
  });

  test("a control of the law ξ = 0.3 has its theorem's claims, and breaks what ξ sets", () => {
    const control = controls.find(({ id }) => id === "large-output-rows")!;
    const claims = claimsOn("large-output-rows", "large-output");
    const ofTheorem = claimsOn("sparse-merged", "base");
    expect(claims.map(({ title, relation }) => [title, relation])).toEqual(
      ofTheorem.map(({ title, relation }) => [title, relation]),
    );
    expect(control.breaks).toEqual([ofTheorem[0]!.title, ofTheorem[2]!.title]);
  });
});

describe("what a doubling reads of a pair", () => {
  const smallRow = sortsOf(other).small / sortsOf(run).small;
  const rise = ({ relevantAttention: { before, after } }: Run) => after - before;
  const steps = other.steps / run.steps;
  const rank99 = (of: Run) => [0, 1, 2, 3, 4, 5].find((rank) => tail(dWQ(of), rank) <= 0.01)!;
  test.each<[string, string, [string, number][]]>([
    [
      "growth",
      "base-doubling-xi",
      [
        ["≤ 2.219", smallRow],
        ["≥ 1.803", smallRow],
      ],
    ],
    [
      "growth",
      "base-doubling-delta",
      [
        ["≤ 5.657", rise(other) / rise(run)],
        ["≥ 2.828", rise(other) / rise(run)],
      ],
    ],
    [
      "steps-depend-on-little",
      "base-doubling-n",
      [
        ["≤ 1.11", steps],
        ["≥ 0.9013", steps],
      ],
    ],
    [
      "steps-depend-on-little",
      "base-doubling-patterns",
      [
        ["≤ 1.11", steps],
        ["≥ 0.9013", steps],
      ],
    ],
    [
      "steps-depend-on-little",
      "base-doubling-m-small-steps",
      [
        ["≤ 1.11", steps],
        ["≥ 0.9013", steps],
      ],
    ],
    [
      "steps-and-value-scale",
      "base-doubling-sigma",
      [
        ["≤ 1.11", steps],
        ["≥ 0.9013", steps],
      ],
    ],
    ["other-scale", "base-doubling-delta", [["≥ 1.803", smallRow]]],
    ["other-scale", "base-doubling-xi", [["≥ 2.828", rise(other) / rise(run)]]],
    [
      "steps-and-step-size",
      "base-doubling-eta",
      [
        ["≥ 0.9013", steps],
        ["≥ 0.9013", steps],
        ["≥ 0.9013", steps],
      ],
    ],
    [
      "steps-and-margin",
      "base-doubling-alphastar",
      [
        ["≤ 0.5548", steps],
        ["≥ 0.4506", steps],
      ],
    ],
    [
      "merged-tail-and-target",
      "base-doubling-epsilon",
      [
        ["≥ 1.803", tailNorm(dV(other), 2) / tailNorm(dV(run), 2)],
        ["≥ 1.803", smallRow],
      ],
    ],
    ["query-rank", "base-doubling-r", [["≥ 1.803", rank99(other) / rank99(run)]]],
  ])("%s on %s", (id, lawId, expected) => {
    const claims = claimsOn(id, lawId);
    expect(claims.map(({ relation }) => describeRelation(relation))).toEqual(expected.map(([bound]) => bound));
    claims.forEach((claim, i) => {
      expect(Math.abs(claim.observe(run, other) / expected[i]![1] - 1)).toBeLessThanOrEqual(1e-6);
    });
  });

  test("is none where a model did not converge", () => {
    const early = trained({ Tmax: 10 });
    for (const claim of claimsOn("steps-depend-on-little", "base-doubling-n")) {
      expect(claim.observe(early, run)).toBeNaN();
      expect(claim.observe(run, early)).toBeNaN();
    }
  });
});

describe("the laws of the growth statements", () => {
  const words = (id: string, lawId: string, ...fields: string[]) => {
    const law = statementOf(id).laws.find((each) => each.id === lawId)!;
    return [law.doubles, ...fields.map((field) => describeRange(field, rangeOf(law, field)))];
  };

  test("are the base law but for what they ask about", () => {
    expect(words("generalisation", "base-target", "epsilon", "N")).toEqual([
      undefined,
      "epsilon log-uniform in [0.0003, 0.01]",
      "N ∈ 128..512, steps of 2",
    ]);
    expect(words("growth", "base-doubling-delta", "delta", "sigma")).toEqual([
      "delta",
      "delta log-uniform in [0.01, 0.1]",
      "sigma log-uniform in [0.01, 0.5]",
    ]);
    expect(words("steps-depend-on-little", "base-doubling-n", "N", "B", "eta")).toEqual([
      "N",
      "N ∈ 128..256, steps of 2",
      "B ∈ 32..0.5·N",
      "eta log-uniform in [0.1, 0.3]",
    ]);
    expect(words("steps-depend-on-little", "base-doubling-patterns", "M", "d")).toEqual([
      "M",
      "M ∈ 3..6",
      "d ∈ 12..16",
    ]);
    expect(words("steps-depend-on-little", "base-doubling-m-small-steps", "m", "eta")).toEqual([
      "m",
      "m ∈ 50..100, log-uniform",
      "eta log-uniform in [0.1, 0.3]",
    ]);
    expect(words("steps-and-margin", "base-doubling-alphastar", "alphaStar", "alphaSharp", "eta")).toEqual([
      "alphaStar",
      "alphaStar ∈ [0.2, 0.3]",
      "alphaSharp = 0",
      "eta log-uniform in [0.1, 0.3]",
    ]);
    expect(words("merged-tail-and-target", "base-doubling-epsilon", "epsilon")).toEqual([
      "epsilon",
      "epsilon log-uniform in [0.0005, 0.005]",
    ]);
    expect(words("query-rank", "base-doubling-r", "r", "M")).toEqual(["r", "r = 4", "M ∈ 9..12"]);
  });

  test.each([
    ["sample-complexity", "samples-by-margin", 0.5],
    ["too-few-samples", "too-few-samples", 1 / 16],
  ])("%s: N = 2·⌈C·L²/2(n* − n#)²⌉ and B = min(32, N/2)", (id, lawId, C) => {
    const law = statementOf(id).laws[0]!;
    expect(law.id).toBe(lawId);
    const draws = Array.from({ length: 200 }, (_, i) => drawTheta(law, i));
    for (const theta of draws) {
      const { nStar, nSharp } = tokenCounts(theta);
      expect(theta.N).toBe(2 * Math.ceil((C * theta.L ** 2) / (2 * (nStar - nSharp) ** 2)));
      expect(theta.B).toBe(Math.min(32, theta.N / 2));
      expect(theta.L >= 20 && theta.L <= 40 && theta.alphaStar >= 0.1 && theta.alphaStar <= 0.4).toBe(true);
      expect(theta.alphaSharp).toBeLessThanOrEqual(theta.alphaStar / 2);
    }
    // small and large margins are among them
    const samples = draws.map(({ N }) => N);
    expect(Math.max(...samples) / Math.min(...samples)).toBeGreaterThan(10);
  });
});

test("every statement of the growth laws is held here", () => {
  const held = new Set([
    ...single.map(([id]) => id),
    "sparse-merged",
    "large-output-rows",
    "growth",
    "steps-depend-on-little",
  ]);
  const doublings = [
    "other-scale",
    "steps-and-step-size",
    "steps-and-margin",
    "merged-tail-and-target",
    "query-rank",
    "steps-and-value-scale",
  ];
  const before = 12 + 18 + 4;
  // few-neurons has learnability's claims
  expect(held.size + doublings.length + 1).toBe(theorems.length + controls.length + findings.length - before);
});
