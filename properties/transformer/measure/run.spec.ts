import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import type { Claim } from "../../../src/claim/claim.ts";
import { violates } from "../../../src/claim/relation.ts";
import { tokensOfSample } from "../../../src/transformer/data/dataset.ts";
import { sampleDataset } from "../../../src/transformer/data/sample.ts";
import { doublingStepSize } from "../../../src/transformer/laws.ts";
import { splitByLogNorm } from "../../../src/transformer/measure/clusters.ts";
import { Run, runModel } from "../../../src/transformer/measure/run.ts";
import { singularValueRoundoff, tailEnergy } from "../../../src/transformer/measure/singular-values.ts";
import { STEEP_HINGE, watchSteepSteps } from "../../../src/transformer/measure/steep-steps.ts";
import { measurementsOf } from "../../../src/transformer/measure/summary.ts";
import { performanceOf } from "../../../src/transformer/measure/test-loss.ts";
import { forward } from "../../../src/transformer/model/forward.ts";
import { kernelEngine } from "../../../src/transformer/model/kernel/engine.ts";
import { referenceEngine } from "../../../src/transformer/model/reference.ts";
import {
  type Theta,
  TRAINED_MATRICES,
  UPDATED_MATRICES,
  type UpdatedMatrix,
  type Weights,
} from "../../../src/transformer/notation.ts";
import { maskNeurons } from "../../../src/transformer/prune/magnitude.ts";
import { parseTheta } from "../../../src/transformer/theta.ts";
import type { Step } from "../../../src/transformer/train/sgd.ts";
import { attentionMovesToRelevant } from "../../../theorems/attention-moves-to-relevant.ts";
import { iterationComplexity } from "../../../theorems/iteration-complexity.ts";
import { lowRankStep } from "../../../theorems/low-rank-step.ts";
import { lowRankUpdate } from "../../../theorems/low-rank-update.ts";
import { pruningIsFree } from "../../../theorems/pruning-is-free.ts";
import { relevantDirections } from "../../../theorems/relevant-directions.ts";
import { scaling } from "../../../theorems/scaling.ts";
import { sparseNeurons } from "../../../theorems/sparse-neurons.ts";
import { arbitraryTheta, SMALL_THETA } from "../data/arbitrary-theta.ts";

const SEED = 2406_17167;
const RUNS = { numRuns: 25 };

/** Runs of arbitrary small models, with either engine. */
const arbitraryRun = fc
  .record({ theta: arbitraryTheta(), seed: fc.nat(), engine: fc.constantFrom(kernelEngine, referenceEngine) })
  .map(({ theta, seed, engine }) => runModel(theta, seed, { engine }));

const smallRun = (changes: Partial<Theta>, traces: readonly "gradients"[] = []) =>
  runModel(parseTheta({ ...SMALL_THETA, ...changes }), SEED, { engine: kernelEngine, traces });

/**
 * Score by the equations, sample by sample, and how far any engine's may be off: weights of size 1 and L·m terms, times
 * the growth of rounding through three products.
 */
function scoresByEquations({ testData }: Run, weights: Weights) {
  const scores = Float64Array.from(
    { length: testData.samples },
    (_, n) => forward(weights, tokensOfSample(testData, n)).score,
  );
  const { rows: m, columns: ma } = weights.WO;
  const size = Math.max(...TRAINED_MATRICES.map((name) => weights[name].norm("frobenius")), 1);
  return { scores, roundoff: 64 * (testData.L + m + ma + testData.d) * Number.EPSILON * size ** 4 };
}

const unasked = (): never => {
  throw new Error("nobody needs these weights");
};

/** Holds a measured performance to the one that the equations give. */
function expectPerformance(run: Run, found: { hinge: number; error: number }, weights: Weights): void {
  const { scores, roundoff } = scoresByEquations(run, weights);
  const expected = performanceOf(scores, run.testData.labels);
  expect(Math.abs(found.hinge - expected.hinge)).toBeLessThanOrEqual(roundoff);
  // where a score is 0 but for rounding either sign is right
  if (scores.every((score) => Math.abs(score) > roundoff)) expect(found.error).toBe(expected.error);
}

describe("a run's updates", () => {
  test("are W(T) − W(0)", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        for (const name of TRAINED_MATRICES) {
          expect(run.update[name]).toEqual(Matrix.sub(run.model.trained[name], run.model.initial[name]));
        }
      }),
      RUNS,
    );
  });

  test("have as singular values the roots of the eigenvalues of ΔWᵀΔW, in descending order", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        for (const name of TRAINED_MATRICES) {
          const update = run.update[name];
          const gram = update.transpose().mmul(update);
          const eigenvalues = new EigenvalueDecomposition(gram, { assumeSymmetric: true }).realEigenvalues
            .sort((x, y) => y - x)
            .slice(0, Math.min(update.rows, update.columns));
          const sigmas = run.singularValues(name);
          expect(sigmas.length).toBe(eigenvalues.length);
          // an eigenvalue of the Gram matrix is off by roundoff·‖ΔW‖², for both decompositions
          const roundoff = 4 * singularValueRoundoff(update) * update.norm("frobenius");
          sigmas.forEach((sigma, i) => {
            expect(Math.abs(sigma ** 2 - (eigenvalues[i] as number))).toBeLessThanOrEqual(roundoff);
            expect(sigma).toBeLessThanOrEqual(sigmas[i - 1] ?? Number.POSITIVE_INFINITY);
          });
        }
      }),
      RUNS,
    );
  });

  test.each([1e-160, 1e-307, 1e-311, 5e-324])("are measured where W_Q and W_K start at %d", (delta) => {
    const run = smallRun({ delta }, ["gradients"]);
    for (const name of UPDATED_MATRICES) {
      const entries = run.update[name].to1DArray();
      const largest = run.singularValues(name)[0]!;
      expect(largest).toBeGreaterThanOrEqual(entries.reduce((most, x) => Math.max(most, Math.abs(x)), 0) * (1 - 1e-14));
      expect(run.tailEnergy(name, 0)).toBe(largest === 0 ? Number.NaN : 1);
      expect(run.patternStrengths(name).every((strength) => strength > 0)).toBe(largest > 0);
      const tail = run.steepGradientTail(name);
      expect(Number.isNaN(tail) || (tail >= 0 && tail <= 1)).toBe(true);
    }
  });

  test("have a tail energy of 1 beyond rank 0, of 0 beyond full rank, and Σ_{i>k} σ_i² over Σ σ_i² between", () => {
    const run = smallRun({});
    for (const name of UPDATED_MATRICES) {
      const squares = run.singularValues(name).map((sigma) => sigma ** 2);
      const total = squares.reduce((sum, square) => sum + square, 0);
      for (let rank = 0; rank <= squares.length; rank++) {
        const tail = squares.slice(rank).reduce((sum, square) => sum + square, 0) / total;
        expect(Math.abs(run.tailEnergy(name, rank) - tail)).toBeLessThanOrEqual(8 * squares.length * Number.EPSILON);
      }
      expect(run.tailEnergy(name, 0)).toBe(1);
      expect(run.tailEnergy(name, squares.length)).toBe(0);
      expect(run.tailEnergy(name, 1)).toBeGreaterThan(0);
    }
  });

  test("act on pattern j with strength ‖ΔW μ_j‖", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        for (const name of UPDATED_MATRICES) {
          const strengths = run.patternStrengths(name);
          expect(strengths.length).toBe(run.theta.M);
          strengths.forEach((strength, j) => {
            let squares = 0;
            for (let i = 0; i < run.update[name].rows; i++) {
              let entry = 0;
              for (let c = 0; c < run.theta.d; c++) entry += run.update[name].get(i, c) * run.model.patterns.get(j, c);
              squares += entry ** 2;
            }
            const roundoff = 4 * run.theta.d * Number.EPSILON * run.update[name].norm("frobenius");
            expect(Math.abs(strength - Math.sqrt(squares))).toBeLessThanOrEqual(roundoff);
          });
        }
      }),
      RUNS,
    );
  });

  test("act on relevant over irrelevant patterns by the least of the first r over the largest of the others", () => {
    for (const theta of [{}, { r: 4, M: 5, d: 6 }]) {
      const run = smallRun(theta);
      const { r } = run.theta;
      for (const name of UPDATED_MATRICES) {
        const ascending = (list: readonly number[]) => [...list].sort((x, y) => x - y);
        const least = ascending(run.patternStrengths(name).slice(0, r))[0] as number;
        const largest = ascending(run.patternStrengths(name).slice(r)).at(-1) as number;
        expect(run.relevantOverIrrelevant(name)).toBe(least / largest);
      }
    }
  });
});

describe("a run's test performance", () => {
  test("is on fresh data of the same patterns, which was not trained on", () => {
    const run = smallRun({});
    const { theta, seed, patterns } = run.model;
    expect(run.testData).toEqual(sampleDataset(theta, seed, patterns, "test"));
    expect(run.testData.samples).toBe(theta.testSamples);
  });

  test("is that of the trained weights by the equations", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => expectPerformance(run, run.test, run.model.trained)),
      RUNS,
    );
  });

  test("without some neurons is that of the model whose rows of W_O are 0 there", () => {
    fc.assert(
      fc.property(arbitraryRun, fc.array(fc.nat({ max: 5 })), (run, some) => {
        const pruned = some.filter((i) => i < run.theta.m);
        expectPerformance(run, run.withoutNeurons(pruned), maskNeurons(run.model.trained, pruned));
      }),
      RUNS,
    );
  });

  test("without any neuron is that of a score of 0: hinge 1, error 1", () => {
    const run = smallRun({});
    expect(run.withoutNeurons(run.neuronsBySize)).toEqual({ hinge: 1, error: 1 });
  });

  test("with every update cut to rank 0 is that of W_Q, W_K, W_V at initialisation and W_O as trained", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        expectPerformance(run, run.testAtRank(0), { ...run.model.initial, WO: run.model.trained.WO });
        expectPerformance(run, run.testAtRank(Math.max(run.theta.ma, run.theta.mb, run.theta.d)), run.model.trained);
      }),
      RUNS,
    );
  });

  test("with every update cut to rank 1 keeps σ_1 u_1 v_1ᵀ of each", () => {
    const run = smallRun({ Tmax: 60 });
    const cut = (name: "WQ" | "WK" | "WV") => {
      const update = run.update[name];
      // power iteration: v_1 is the leading eigenvector of ΔWᵀΔW
      let v = Matrix.columnVector(Array.from({ length: update.columns }, (_, i) => 1 + i / 10));
      for (let i = 0; i < 2000; i++) {
        v = update.transpose().mmul(update.mmul(v));
        v.mul(1 / v.norm("frobenius"));
      }
      return Matrix.add(run.model.initial[name], update.mmul(v).mmul(v.transpose()));
    };
    const weights = { ...run.model.trained, WQ: cut("WQ"), WK: cut("WK"), WV: cut("WV") };
    const { scores } = scoresByEquations(run, weights);
    const expected = performanceOf(scores, run.testData.labels).hinge;
    // as exact as the power iteration, which has lost all of the second direction but for rounding
    expect(Math.abs(run.testAtRank(1).hinge - expected)).toBeLessThanOrEqual(1e-9);
    expect(Math.abs(run.testAtRank(1).hinge - run.test.hinge)).toBeGreaterThan(1e-6);
  });
});

describe("a run's neurons", () => {
  test("are ordered and split by the norms of the trained rows of W_O", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const { WO } = run.model.trained;
        for (let i = 0; i < run.theta.m; i++) {
          const norm = new Matrix([WO.getRow(i)]).norm("frobenius");
          const roundoff = 4 * run.theta.ma * Number.EPSILON * norm;
          expect(Math.abs((run.neuronNorms[i] as number) - norm)).toBeLessThanOrEqual(roundoff);
        }
        const ordered = run.neuronsBySize.map((i) => run.neuronNorms[i] as number);
        expect(ordered).toEqual([...ordered].sort((x, y) => x - y));
        expect(run.clusters).toEqual(splitByLogNorm(run.neuronNorms));
      }),
      RUNS,
    );
  });

  test("without the small cluster perform as the model without those neurons", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        fc.pre(run.theta.m > 1);
        expect(run.pruned).toEqual(run.withoutNeurons(run.clusters.small));
      }),
      RUNS,
    );
  });
});

describe("a run's attention on label-relevant tokens", () => {
  test("is Σ_{s relevant} A[l,s], averaged over query tokens and test samples, before and after training", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const { testData } = run;
        const { L, samples } = testData;
        const byEquations = (weights: Weights) => {
          let total = 0;
          for (let n = 0; n < samples; n++) {
            const { attention } = forward(weights, tokensOfSample(testData, n));
            for (let l = 0; l < L; l++) {
              for (let s = 0; s < L; s++) total += attention.get(l, s) * (testData.relevant[n * L + s] as number);
            }
          }
          return total / (samples * L);
        };
        const size = Math.max(...UPDATED_MATRICES.map((name) => run.model.trained[name].norm("frobenius")), 1);
        const roundoff = 64 * (L + run.theta.d + run.theta.mb) * Number.EPSILON * size ** 2;
        const { before, after } = run.relevantAttention;
        expect(Math.abs(before - byEquations(run.model.initial))).toBeLessThanOrEqual(roundoff);
        expect(Math.abs(after - byEquations(run.model.trained))).toBeLessThanOrEqual(roundoff);
      }),
      RUNS,
    );
  });

  test("does not move where nothing is trained", () => {
    const { before, after } = smallRun({ Tmax: 0 }).relevantAttention;
    expect(after).toBe(before);
    expect(before).toBeGreaterThan(0);
  });
});

describe("steep steps", () => {
  test("are those whose batch has a mean hinge of at least 1/2: the worst gradient tail is over them, and no others", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.nat(), (theta, seed) => {
        const tails: Record<UpdatedMatrix, number[]> = { WQ: [], WK: [], WV: [] };
        const onStep = ({ batchHinge, gradients }: Step) => {
          if (batchHinge < STEEP_HINGE) return;
          for (const name of UPDATED_MATRICES) tails[name].push(tailEnergy(gradients()[name], theta.r));
        };
        const run = runModel({ ...theta, eta: 1 }, seed, { engine: kernelEngine, traces: ["gradients"], onStep });
        // of two decompositions, each of which errs by 4 (rows + columns) roundings of a singular value
        const roundoff = 16 * (theta.d + Math.max(theta.ma, theta.mb)) * Number.EPSILON;
        for (const name of UPDATED_MATRICES) {
          const [worst, found] = [Math.max(...tails[name]), run.steepGradientTail(name)];
          if (tails[name].length === 0 || Number.isNaN(worst)) expect(found).toBeNaN();
          else expect(Math.abs(found - worst)).toBeLessThanOrEqual(roundoff);
        }
      }),
      RUNS,
    );
  });

  test("have a hinge of 1/2 or more: a flatter one may be of any rank", () => {
    const full = { WQ: Matrix.eye(3), WK: Matrix.eye(3), WV: Matrix.eye(3), WO: Matrix.eye(3) };
    const half = { ...full, WQ: Matrix.diag([1, 1, 0]), WK: Matrix.diag([3, 4, 0]), WV: Matrix.diag([1, 0, 0]) };
    const steepSteps = watchSteepSteps(1);
    const see = (batchHinge: number, gradient: typeof full) =>
      steepSteps.onStep({ step: 1, batchHinge, gradients: () => gradient, weights: unasked });
    see(0.499, full);
    for (const name of UPDATED_MATRICES) expect(steepSteps.largestTail(name)).toBeNaN();
    see(0.5, half);
    see(0.49, full);
    see(Number.NaN, full);
    expect(steepSteps.largestTail("WQ")).toBeCloseTo(1 / 2, 15);
    expect(steepSteps.largestTail("WK")).toBeCloseTo(9 / 25, 15);
    expect(steepSteps.largestTail("WV")).toBe(0);
    see(0.9, full);
    for (const name of UPDATED_MATRICES) expect(steepSteps.largestTail(name)).toBeCloseTo(2 / 3, 15);
  });

  test("must have been watched: a run without its trace refuses, and says what to declare", () => {
    expect(() => smallRun({}).steepGradientTail("WQ")).toThrow(
      'steepGradientTail requires a run whose training was traced: declare trace: ["gradients"]',
    );
  });

  test("a gradient of 0 in a steep step has no tail, and makes the worst NaN", () => {
    // W_O = 0 at initialisation leaves every neuron at the kink, where ReLU' = 0
    const run = smallRun({ xi: 0, Tmax: 3 }, ["gradients"]);
    for (const name of UPDATED_MATRICES) expect(run.steepGradientTail(name)).toBeNaN();
  });
});

describe("what cannot be observed violates every claim about it", () => {
  const observedBy = (statement: { claimsOn: (law: never) => readonly Claim[] }, run: Run) =>
    statement.claimsOn({ id: "none" } as never).map((claim) => ({ claim, observed: claim.observe(run, run) }));

  test.each([
    ["updates without energy: no training", lowRankUpdate, () => smallRun({ Tmax: 0 })],
    ["no steep step: no training", lowRankStep, () => smallRun({ Tmax: 0 }, ["gradients"])],
    [
      "no irrelevant pattern: M = r",
      relevantDirections,
      () => smallRun({ M: 2, d: 5, alphaStar: 4 / 6, alphaSharp: 2 / 6 }),
    ],
    ["no small cluster: one neuron", pruningIsFree, () => smallRun({ m: 1 })],
  ] as const)("%s", (_, statement, run) => {
    for (const { claim, observed } of observedBy(statement, run())) {
      expect(observed).toBeNaN();
      expect(violates(claim, observed)).toBe(true);
    }
  });

  test("steps of a model that did not converge are no steps to convergence", () => {
    const converged = smallRun({ Tmax: 2000 });
    const early = smallRun({ Tmax: converged.steps - 10 });
    expect([converged.converged, early.converged, early.steps]).toEqual([true, false, converged.steps - 10]);
    expect([converged.stepsToConvergence, early.stepsToConvergence]).toEqual([converged.steps, Number.NaN]);

    expect(observedBy(iterationComplexity, converged)[0]!.observed).toBeGreaterThan(0);
    const [{ claim, observed }] = observedBy(iterationComplexity, early) as [{ claim: Claim; observed: number }];
    expect(observed).toBeNaN();
    expect(violates(claim, observed)).toBe(true);

    for (const ofScaling of scaling.claimsOn(doublingStepSize)) {
      expect(ofScaling.observe(converged, converged)).toBe(1);
      for (const [run, doubled] of [
        [early, converged],
        [converged, early],
        [early, early],
      ] as const) {
        expect(ofScaling.observe(run, doubled)).toBeNaN();
        expect(violates(ofScaling, Number.NaN)).toBe(true);
      }
    }
  });

  test("no neuron near zero, so that there is no median of theirs", () => {
    const { model } = smallRun({});
    const { WO } = model.trained;
    const large = { ...model, trained: { ...model.trained, WO: Matrix.ones(WO.rows, WO.columns) } };
    const [fraction, ratio] = observedBy(sparseNeurons, new Run(large, kernelEngine));
    expect(fraction!.observed).toBe(0);
    expect(ratio!.observed).toBeNaN();
    for (const { claim, observed } of [fraction!, ratio!]) expect(violates(claim, observed)).toBe(true);
  });

  test("attention that does not move is no rise", () => {
    const [{ claim, observed }] = observedBy(attentionMovesToRelevant, smallRun({ Tmax: 0 })) as [
      { claim: Claim; observed: number },
    ];
    expect(observed).toBe(0);
    expect(violates(claim, observed)).toBe(true);
  });

  test("a model that diverged is measured without an exception", () => {
    const run = smallRun({ eta: 1e6, sigma: 10, xi: 10, delta: 10, Tmax: 200 }, ["gradients"]);
    expect(run.diverged).toBe(true);
    const measurements = measurementsOf(run);
    expect(measurements.steps).toBe(run.steps);
    const finite = (name: UpdatedMatrix) => run.model.trained[name].to1DArray().every(Number.isFinite);
    expect(UPDATED_MATRICES.some((name) => !finite(name))).toBe(true);
    for (const name of UPDATED_MATRICES) {
      expect(measurements.singularValues[name].every(Number.isFinite)).toBe(finite(name));
      expect(Number.isFinite(measurements.tailEnergy[name])).toBe(finite(name));
    }
    expect([measurements.trainHinge, measurements.testHinge, measurements.prunedHinge]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(measurements.testError).toBe(1);
    run.neuronNorms.forEach((norm, i) => {
      expect(Number.isFinite(norm)).toBe(run.model.trained.WO.getRow(i).every(Number.isFinite));
    });
  });
});

describe("the measurements that every record keeps", () => {
  test("are the run's", () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const kept = measurementsOf(run);
        const normsOf = (neurons: readonly number[]) => neurons.map((i) => run.neuronNorms[i] as number);
        const middle = (values: number[]) => {
          const sorted = values.sort((x, y) => x - y);
          const half = sorted.length / 2;
          return sorted.length === 0
            ? Number.NaN
            : ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2;
        };
        expect(kept).toMatchObject({
          steps: run.model.steps,
          trainHinge: run.model.trainHinge,
          testHinge: run.test.hinge,
          testError: run.test.error,
          smallNeurons: run.clusters.small.length,
          medianSmallNorm: middle(normsOf(run.clusters.small)),
          medianLargeNorm: middle(normsOf(run.clusters.large)),
          prunedHinge: run.pruned.hinge,
          prunedError: run.pruned.error,
          attentionBefore: run.relevantAttention.before,
          attentionAfter: run.relevantAttention.after,
        });
        for (const name of UPDATED_MATRICES) {
          expect(kept.singularValues[name]).toEqual(run.singularValues(name));
          expect(kept.tailEnergy[name]).toBe(run.tailEnergy(name, run.theta.r));
          expect(kept.patternStrengths[name]).toEqual(run.patternStrengths(name));
        }
      }),
      RUNS,
    );
  });

  test("are made once each: a run asks its engine for the test scores a single time", () => {
    let passes = 0;
    const counting = {
      ...kernelEngine,
      evaluationOn: undefined,
      neuronContributions: (...given: Parameters<typeof kernelEngine.neuronContributions>) => {
        passes++;
        return kernelEngine.neuronContributions(...given);
      },
    };
    const run = new Run(smallRun({}).model, counting);
    expect(run.test).toEqual(run.withoutNeurons([]));
    run.withoutNeurons([0, 1]);
    expect(run.pruned.hinge).toBeGreaterThan(0);
    expect(passes).toBe(1);
  });
});

describe("what a claim does to what it was given", () => {
  const fresh = () => runModel(SMALL_THETA, 11, { engine: kernelEngine });

  test.each<[string, (run: Run) => unknown, (run: Run) => unknown]>([
    ["neuron norms", (run) => run.neuronNorms.sort().fill(0), (run) => [...run.neuronNorms]],
    ["updates", (run) => run.update.WV.mul(0), (run) => run.update.WV.to1DArray()],
    ["trained weights", (run) => run.model.trained.WO.mul(0), (run) => run.model.trained.WO.to1DArray()],
    ["initial weights", (run) => run.model.initial.WQ.mul(0), (run) => run.model.initial.WQ.to1DArray()],
    ["patterns", (run) => run.model.patterns.mul(0), (run) => run.model.patterns.to1DArray()],
    ["labels of the test data", (run) => run.testData.labels.fill(1), (run) => [...run.testData.labels]],
    ["tokens of the test data", (run) => run.testData.tokens.fill(1), (run) => [...run.testData.tokens]],
  ])("another claim does not see: %s", (_, change, look) => {
    const run = fresh();
    look(run);
    change(run);
    expect(look(run)).toEqual(look(fresh()));
    expect([run.test, run.pruned, run.singularValues("WV")]).toEqual([
      fresh().test,
      fresh().pruned,
      fresh().singularValues("WV"),
    ]);
  });

  test("lists, θ and the run itself are frozen", () => {
    const run = fresh();
    const changes: (() => unknown)[] = [
      () => (run.singularValues("WQ") as number[]).sort(),
      () => (run.clusters.small as number[]).push(1),
      () => (run.neuronsBySize as number[]).reverse(),
      () => Object.assign(run.theta, { r: 1 }),
      () => Object.assign(run.test, { hinge: 0 }),
      () => Object.defineProperty(run, "steps", { value: 0 }),
    ];
    for (const change of changes) expect(change).toThrow(TypeError);
  });
});
