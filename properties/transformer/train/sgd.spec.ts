import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { sampleDataset } from "../../../src/transformer/data/sample.ts";
import { Run } from "../../../src/transformer/measure/run.ts";
import { performanceOf } from "../../../src/transformer/measure/test-loss.ts";
import { kernelEngine } from "../../../src/transformer/model/kernel/engine.ts";
import { referenceEngine } from "../../../src/transformer/model/reference.ts";
import { EPSILON, type Theta, TRAINED_MATRICES, type Weights } from "../../../src/transformer/notation.ts";
import { parseTheta } from "../../../src/transformer/theta.ts";
import { weightsDigest } from "../../../src/transformer/train/digest.ts";
import { initialWeights } from "../../../src/transformer/train/initial-weights.ts";
import { beginTraining, type Step, train } from "../../../src/transformer/train/sgd.ts";
import { ALPHA, countsOf, tableSignificance } from "../../significance.ts";
import { arbitraryTheta, SMALL_THETA } from "../data/arbitrary-theta.ts";
import { scriptedEngine } from "./scripted-engine.ts";

const SEED = 2406_17167;
const ENGINES = [kernelEngine, referenceEngine];

/** θ for a scripted engine: what is trained does not matter, only when. */
const scripted = (changes: Partial<Theta>) => parseTheta({ ...SMALL_THETA, ...changes });

describe("the batches", () => {
  const arbitrarySchedule = fc
    .record({ halfOfN: fc.integer({ min: 1, max: 12 }), share: fc.nat(), epochs: fc.integer({ min: 1, max: 4 }) })
    .map(({ halfOfN, share, epochs }) => {
      const N = 2 * halfOfN;
      const B = 1 + (share % N);
      return { N, B, Tmax: epochs * Math.floor(N / B) };
    });

  test("of an epoch are disjoint, B samples each, and only an incomplete last one is dropped", () => {
    fc.assert(
      fc.property(arbitrarySchedule, fc.maxSafeNat(), ({ N, B, Tmax }, seed) => {
        const { engine, protocol } = scriptedEngine({});
        train(scripted({ N, B, Tmax }), seed, { engine });
        const anEpoch = Math.floor(N / B);
        expect(protocol.batches.length).toBe(Tmax);
        for (let first = 0; first < Tmax; first += anEpoch) {
          const epoch = protocol.batches.slice(first, first + anEpoch);
          expect(epoch.every((batch) => batch.length === B)).toBe(true);
          const visited = epoch.flat();
          expect(new Set(visited).size).toBe(anEpoch * B);
          expect(visited.every((n) => Number.isInteger(n) && n >= 0 && n < N)).toBe(true);
        }
      }),
    );
  });

  test("of B = N are the whole training set, in a new order each epoch", () => {
    const { engine, protocol } = scriptedEngine({});
    train(scripted({ N: 16, B: 16, Tmax: 3 }), SEED, { engine });
    const sorted = protocol.batches.map((batch) => [...batch].sort((x, y) => x - y));
    expect(sorted).toEqual(Array.from({ length: 3 }, () => Array.from({ length: 16 }, (_, n) => n)));
    expect(new Set(protocol.batches.map(String)).size).toBe(3);
  });

  test("leave every sample out equally often", () => {
    const { engine, protocol } = scriptedEngine({});
    // 10 of 16 samples an epoch
    train(scripted({ N: 16, B: 10, Tmax: 2000 }), SEED, { engine });
    const leftOut = protocol.batches.flatMap((batch) =>
      Array.from({ length: 16 }, (_, n) => n).filter((n) => !batch.includes(n)),
    );
    expect(tableSignificance(countsOf(leftOut, 16), 1 / 16)).toBeGreaterThan(ALPHA);
  });

  test("are taken with step size η, and differ from seed to seed", () => {
    const theta = scripted({ eta: 0.37, Tmax: 20 });
    const [one, same, other] = [SEED, SEED, SEED + 1].map((seed) => {
      const { engine, protocol } = scriptedEngine({});
      train(theta, seed, { engine });
      return protocol;
    });
    expect(one!.stepSizes).toEqual(Array.from({ length: 20 }, () => 0.37));
    expect(same!.batches).toEqual(one!.batches);
    expect(other!.batches).not.toEqual(one!.batches);
  });
});

describe("the end of training", () => {
  test("is looked for after every 10th step and at T_max, and at no other", () => {
    fc.assert(
      fc.property(fc.nat({ max: 65 }), (Tmax) => {
        const { engine, protocol } = scriptedEngine({});
        const model = train(scripted({ Tmax }), SEED, { engine });
        const tens = Array.from({ length: Math.floor(Tmax / 10) }, (_, i) => 10 * (i + 1));
        expect(protocol.checks).toEqual(Tmax % 10 === 0 && Tmax > 0 ? tens : [...tens, Tmax]);
        expect([model.steps, model.outcome]).toEqual([Tmax, "exhausted"]);
      }),
    );
  });

  test("comes, converged, at the first look where the training hinge is at most ε, ε itself included", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 80 }),
        fc.constantFrom(1e-3, 0.01),
        fc.constantFrom(1, 0, 0.5),
        (reached, epsilon, share) => {
          const hinge = share * epsilon;
          const { engine } = scriptedEngine({ hingeAfter: (steps) => (steps >= reached ? hinge : 2 * epsilon) });
          const model = train(scripted({ Tmax: 70, epsilon }), SEED, { engine });
          const look = Math.max(10, 10 * Math.ceil(reached / 10));
          expect([model.steps, model.outcome]).toEqual(look <= 70 ? [look, "converged"] : [70, "exhausted"]);
          expect(model.trainHinge).toBe(look <= 70 ? hinge : 2 * epsilon);
        },
      ),
    );
  });

  test("does not come between two looks, however small the hinge is there", () => {
    const { engine } = scriptedEngine({ hingeAfter: (steps) => (steps % 10 === 0 ? 1 : 0) });
    const model = train(scripted({ Tmax: 40 }), SEED, { engine });
    expect([model.steps, model.outcome, model.trainHinge]).toEqual([40, "exhausted", 1]);
  });

  test("comes without a step where T_max = 0, with the weights of initialisation", () => {
    for (const engine of ENGINES) {
      const model = train(scripted({ Tmax: 0 }), SEED, { engine });
      expect([model.steps, model.outcome]).toEqual([0, "exhausted"]);
      expect(model.digest).toBe(weightsDigest(model.initial));
      expect(model.trained).toEqual(model.initial);
      expect(model.trainHinge).toBeGreaterThan(EPSILON);
    }
  });

  test("of T_max = 0 is converged where the hinge is at most ε already", () => {
    const { engine } = scriptedEngine({ hingeAfter: () => 0 });
    const model = train(scripted({ Tmax: 0 }), SEED, { engine });
    expect([model.steps, model.outcome]).toEqual([0, "converged"]);
  });
});

describe("weights that stop being finite", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "end as diverged at the next look, with digest diverged@T and no hinge: %s",
    (notFinite) => {
      const { engine, protocol } = scriptedEngine({ notFiniteFrom: 13, notFinite });
      const model = train(scripted({ Tmax: 70 }), SEED, { engine });
      expect([model.steps, model.outcome, model.digest]).toEqual([20, "diverged", "diverged@20"]);
      expect(model.trainHinge).toBeNaN();
      // the hinge of such weights is not asked for
      expect(protocol.checks).toEqual([10]);
    },
  );

  test.each(ENGINES)("end so in a real training too, without an exception, engine $name", (engine) => {
    const theta = parseTheta({ ...SMALL_THETA, eta: 1e6, sigma: 10, xi: 10, delta: 10, Tmax: 200 });
    const model = train(theta, SEED, { engine });
    expect(model.outcome).toBe("diverged");
    expect(model.digest).toBe(`diverged@${model.steps}`);
    expect(model.steps % 10).toBe(0);
    expect(model.trainHinge).toBeNaN();
    const run = new Run(model, engine);
    expect(run.diverged).toBe(true);
    expect(run.converged).toBe(false);
  });
});

describe("a trained model", () => {
  test("is the same to the bit for the same θ and seed, and another for another seed", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.nat(), fc.constantFrom(...ENGINES), (theta, seed, engine) => {
        const one = train(theta, seed, { engine });
        const again = train(theta, seed, { engine });
        expect(again.digest).toBe(one.digest);
        expect(again.trained).toEqual(one.trained);
        expect([again.steps, again.outcome, again.trainHinge]).toEqual([one.steps, one.outcome, one.trainHinge]);
        expect(train(theta, seed + 1, { engine }).digest).not.toBe(one.digest);
      }),
      { numRuns: 30 },
    );
  });

  test("is not changed by watching it", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.nat(), fc.constantFrom(...ENGINES), (theta, seed, engine) => {
        const watched: number[] = [];
        const onStep = ({ step, gradients, weights }: Step) => {
          watched.push(step);
          gradients().WQ.fill(Number.NaN);
          weights().WO.fill(Number.NaN);
        };
        const model = train(theta, seed, { engine, onStep });
        expect(model.digest).toBe(train(theta, seed, { engine }).digest);
        expect(watched).toEqual(Array.from({ length: model.steps }, (_, i) => i + 1));
      }),
      { numRuns: 20 },
    );
  });

  test("keeps the weights of initialisation, and its readout a is never trained", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.nat(), fc.constantFrom(...ENGINES), (theta, seed, engine) => {
        const model = train(theta, seed, { engine });
        const initial = initialWeights(theta, seed);
        expect(model.initial).toEqual(initial);
        expect(model.trained.a).toEqual(initial.a);
      }),
      { numRuns: 20 },
    );
  });

  test("has the mean hinge of its scores on the whole training set", () => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.nat(), fc.constantFrom(...ENGINES), (theta, seed, engine) => {
        const { trainHinge, trained, patterns } = train(theta, seed, { engine });
        const data = sampleDataset(theta, seed, patterns, "train");
        const { hinge } = performanceOf(engine.scores(trained, data), data.labels);
        // sums of N terms, of L·m each
        const roundoff = 4 * (theta.N + theta.L * theta.m) * Number.EPSILON * (1 + hinge);
        expect(Math.abs(trainHinge - hinge)).toBeLessThanOrEqual(roundoff);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a step that is watched", () => {
  test.each(ENGINES)("shows the gradient of that step: W before − W after = η·gradient, engine $name", (engine) => {
    fc.assert(
      fc.property(arbitraryTheta(), fc.nat(), (theta, seed) => {
        let before: Weights = initialWeights(theta, seed);
        const onStep = ({ gradients, weights }: Step) => {
          const after = weights();
          const gradient = gradients();
          for (const name of TRAINED_MATRICES) {
            const expected = Matrix.mul(gradient[name], theta.eta);
            const moved = Matrix.sub(before[name], after[name]);
            // one rounding of η·gradient, one of the difference that the step takes, and one of the difference here
            const size = before[name].clone().abs().add(after[name].clone().abs()).add(expected.clone().abs());
            const off = Matrix.sub(moved, expected).abs();
            const beyond = Matrix.sub(off, size.mul(2 * Number.EPSILON));
            expect(beyond.max()).toBeLessThanOrEqual(0);
          }
          before = after;
        };
        train({ ...theta, Tmax: 12 }, seed, { engine, onStep });
      }),
      { numRuns: 30 },
    );
  });

  test.each(ENGINES)("shows the mean hinge of its batch before the update, engine $name", (engine) => {
    const theta = parseTheta({ ...SMALL_THETA, B: SMALL_THETA.N, Tmax: 12 });
    const hinges: number[] = [];
    train(theta, SEED, { engine, onStep: ({ batchHinge }) => hinges.push(batchHinge) });
    // with B = N the batch of step t + 1 is the whole training set, whose hinge after t steps is the model's
    const after = (Tmax: number) => train({ ...theta, Tmax }, SEED, { engine }).trainHinge;
    for (const steps of [0, 3, 11]) {
      const roundoff = 4 * theta.N * Number.EPSILON * (hinges[steps] as number);
      expect(Math.abs((hinges[steps] as number) - after(steps))).toBeLessThanOrEqual(roundoff);
    }
    expect(hinges[11]).toBeLessThan(hinges[0] as number);
  });
});

describe("a training that its caller advances", () => {
  test("passes through the same models as one that runs through, and stays at its end", () => {
    const theta = parseTheta({ ...SMALL_THETA, Tmax: 15 });
    // only one training of an engine is under way at a time: these run before the one that is advanced
    const midway = train({ ...theta, Tmax: 14 }, SEED, { engine: kernelEngine });
    const whole = train(theta, SEED, { engine: kernelEngine });
    const training = beginTraining(theta, SEED, { engine: kernelEngine });
    expect(training.model().steps).toBe(0);
    expect(training.model().digest).toBe(weightsDigest(initialWeights(theta, SEED)));
    for (let step = 1; step < 15; step++) {
      expect(training.advance()).toBe("under way");
      expect(training.model().steps).toBe(step);
    }
    expect(training.model().digest).toBe(midway.digest);
    expect(training.model().trainHinge).toBe(midway.trainHinge);
    expect(training.advance()).toBe("exhausted");
    expect(training.advance()).toBe("exhausted");
    expect(training.model()).toEqual(whole);
  });
});
