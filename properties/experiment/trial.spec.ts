import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { atMost, type Observe, violates } from "../../src/claim/claim.ts";
import { populationsOf } from "../../src/claim/population.ts";
import { finding, observed } from "../../src/claim/theorem.ts";
import {
  detailOf,
  observeClaims,
  observedOf,
  PORTRAITS,
  recordOf,
  runModels,
  runTrial,
  TRAINING_PORTRAITS,
  trainTrial,
} from "../../src/experiment/trial.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { openPool } from "../../src/laboratory/pool.ts";
import work, { answer } from "../../src/laboratory/worker.ts";
import { drawTrial } from "../../src/law/law.ts";
import { baseLaw, fourPatternsLaw } from "../../src/law/laws.ts";
import { runModel } from "../../src/transformer/measure/run.ts";
import { measurementsOf } from "../../src/transformer/measure/summary.ts";
import type { Engine } from "../../src/transformer/model/engine.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { pairLaw, smallLaw, trainedLaw } from "../verdict/fixtures/small-laws.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../verdict/fixtures/${name}`, import.meta.url));
const STATEMENTS = fixture("small-statements.ts");
const ODD = fixture("odd-statements.ts");
const ENDING = fixture("ending-statements.ts");

const populations = populationsOf(statements);
const population = (id: string) => populations.find(({ law }) => law.id === id)!;

/** The kernel, and how many trainings it was asked for. */
function countingEngine(): { engine: Engine; trainings: () => number } {
  let trainings = 0;
  const startTraining: Engine["startTraining"] = (weights, data) => {
    trainings++;
    return kernelEngine.startTraining(weights, data);
  };
  return { engine: { ...kernelEngine, startTraining }, trainings: () => trainings };
}

describe("a trial", () => {
  test("trains its model once for every claim of its law, and the second of a pair once more", () => {
    const { engine, trainings } = countingEngine();
    const { observed } = runTrial(population("small"), 7, engine);
    expect(Object.keys(observed).length).toBe(8);
    expect(trainings()).toBe(1);
    runTrial(population("small-pairs"), 7, engine);
    expect(trainings()).toBe(3);
  });

  test("observes every claim by its key, on the run, and on the pair where the law doubles a field", () => {
    const runs = trainTrial(population("small-pairs"), 7, kernelEngine);
    expect(runs.map(({ model }) => model.seed)).toEqual(drawTrial(pairLaw, 7).map(({ seed }) => seed));
    expect(observeClaims(population("small-pairs"), runs)).toEqual({
      "pairs: factor on the step size @ small-pairs": 2,
      "pairs: distance of the patterns @ small-pairs": Math.abs(
        runs[0].model.patterns.get(0, 0) - runs[1]!.model.patterns.get(0, 0),
      ),
    });
  });

  test("of a model that diverged observes NaN for every claim, which violates it, and does not even look", () => {
    const { observed, models } = runTrial(population("diverging"), 7, kernelEngine);
    expect(models[0]).toMatchObject({ outcome: "diverged", digest: `diverged@${models[0]?.steps}` });
    for (const { key, claim } of population("diverging").claims) {
      expect(observed[key]).toBeNaN();
      expect(violates(claim, observed[key] as number)).toBe(true);
    }
  });

  test("of a pair is NaN where either diverged", () => {
    const [sound] = trainTrial(population("small"), 7, kernelEngine);
    const [diverged] = trainTrial(population("diverging"), 7, kernelEngine);
    const { claims } = population("small-pairs");
    const expected = Object.fromEntries(claims.map(({ key }) => [key, Number.NaN]));
    expect(observeClaims(population("small-pairs"), [sound, diverged])).toEqual(expected);
    expect(observeClaims(population("small-pairs"), [diverged, sound])).toEqual(expected);
  });

  test("is recorded with θ, seed, steps, outcome, digest and measurements", () => {
    const [{ theta, seed }] = drawTrial(trainedLaw, 7);
    const run = runModel(theta, seed, { engine: kernelEngine });
    expect(recordOf(run)).toEqual({
      theta,
      seed,
      steps: run.steps,
      outcome: run.model.outcome,
      digest: run.model.digest,
      measurements: measurementsOf(run),
    });
    expect(runTrial(population("trained"), 7, kernelEngine).models).toEqual([recordOf(run)]);
  });

  test("may be of models that no law draws", () => {
    const models = drawTrial(smallLaw, 8);
    expect(runModels(population("small"), models, kernelEngine)).toEqual(
      runTrial(population("small"), 8, kernelEngine),
    );
  });
});

describe("a claim's number on a trial's models", () => {
  const runs = trainTrial(population("small"), 7, kernelEngine);
  const judgedBy = (observe: unknown) => {
    const claims = [atMost("the number", 1, observe as Observe)];
    const statement = finding({
      id: "odd",
      title: "x",
      provenance: observed(),
      law: smallLaw,
      expects: "measured",
      claims,
    });
    return { statement, law: smallLaw, claim: claims[0]!, key: "x" };
  };

  test.each<[unknown, string]>([
    ["0.5", 'got "0.5"'],
    [undefined, "got nothing"],
    [Promise.resolve(0.5), "got a promise"],
    [1n, "got 1n"],
  ])("is no %o: statement, claim, law, seed and θ say where", (value, got) => {
    const observing = () =>
      observedOf(
        judgedBy(() => value),
        runs,
      );
    expect(observing).toThrow(
      new InvalidInput(
        `finding odd: claim "the number" on law small: observe must return a number, ${got}; seed 7, theta ${JSON.stringify(runs[0].theta)}`,
      ),
    );
  });

  test("is nothing where it throws", () => {
    const throwing = () => {
      throw new RangeError("too far");
    };
    expect(() => observedOf(judgedBy(throwing), runs)).toThrow(
      /^finding odd: claim "the number" on law small: observe must return a number, it threw RangeError: too far at .*; seed 7, theta \{"M":/,
    );
  });

  test("is not asked for of a model that diverged", () => {
    const diverged = trainTrial(population("diverging"), 7, kernelEngine);
    const never = judgedBy(() => {
      throw new Error("asked");
    });
    expect(observedOf(never, diverged)).toBeNaN();
  });
});

describe("portraits", () => {
  test("are made of the base law's first models, while they train of the very first, and of no others", () => {
    expect([0, TRAINING_PORTRAITS - 1].map((index) => detailOf(baseLaw, index))).toEqual([
      "while training",
      "while training",
    ]);
    expect([TRAINING_PORTRAITS, PORTRAITS - 1].map((index) => detailOf(baseLaw, index))).toEqual([
      "trained",
      "trained",
    ]);
    expect(detailOf(baseLaw, PORTRAITS)).toBe("none");
    for (const law of [fourPatternsLaw, smallLaw]) expect(detailOf(law, 0)).toBe("none");
  });

  test("do not change what is observed, nor the model", () => {
    const plain = runTrial(population("trained"), 7, kernelEngine);
    expect(plain).not.toHaveProperty("portrait");
    const { portrait: trained, ...rest } = runTrial(population("trained"), 7, kernelEngine, "trained");
    expect(rest).toEqual(plain);
    expect(trained).not.toHaveProperty("training");
    const { portrait: training, ...others } = runTrial(population("trained"), 7, kernelEngine, "while training");
    expect(others).toEqual(plain);
    expect(training).toMatchObject({ ...trained });
    expect(training!.training!.steps[0]).toBe(1);
  });
});

describe("workers", () => {
  const task = { statementsFile: STATEMENTS, lawId: "trained", seed: 7, engine: "kernel" as const };
  const [{ theta, seed }] = drawTrial(trainedLaw, 7);

  test("do what this process does, to the bit: a trial, one with models of the caller's, and a single model", async () => {
    const pool = openPool(2);
    try {
      const expected = runTrial(population("trained"), 7, kernelEngine);
      const wanted = () => true;
      expect(pool.workers).toBe(2);
      const [one, again, chosen, model] = await Promise.all([
        pool.run(task, wanted),
        pool.run(task, wanted),
        pool.run({ ...task, seed: 8, models: [{ theta, seed }] }, wanted),
        pool.trainModel({ theta, seed, engine: "kernel" }),
      ]);
      expect(one).toEqual(expected);
      expect(again).toEqual(expected);
      expect(chosen).toEqual(expected);
      expect(model).toEqual(expected.models[0]);
      expect(await work(task)).toEqual(expected);
      expect(await work({ ...task, models: [{ theta, seed }] })).toEqual(expected);
      expect(await work({ theta, seed, engine: "kernel" })).toEqual(expected.models[0]);
    } finally {
      await pool.close();
    }
  }, 60_000);

  test("run either engine, and give the same model up to rounding", async () => {
    const [kernel, reference] = await Promise.all([work(task), work({ ...task, engine: "reference" })]);
    const measured = [kernel, reference].map((record) => ("models" in record ? record.models[0]! : record));
    expect(measured[1]!.steps).toBe(measured[0]!.steps);
    const [one, other] = measured.map(({ measurements }) => measurements.testHinge) as [number, number];
    // 20 steps of a batch of two with four tokens: rounding, and no more
    expect(Math.abs(one - other)).toBeLessThanOrEqual(1e6 * Number.EPSILON);
  });

  test("do nothing that is not wanted any more, and nothing after an abort", async () => {
    const abort = new AbortController();
    const pool = openPool(1, abort.signal);
    try {
      expect(await pool.run(task, () => false)).toBeUndefined();
      abort.abort(new Error("enough"));
      await expect(pool.run(task, () => true)).rejects.toThrow("enough");
      await expect(pool.trainModel({ theta, seed, engine: "kernel" })).rejects.toThrow("enough");
    } finally {
      await pool.close();
    }
  });

  test("end in the middle of a model where they are aborted, with the reason of who aborted", async () => {
    const abort = new AbortController();
    const pool = openPool(1, abort.signal);
    try {
      await pool.trainModel({ theta, seed, engine: "kernel" });
      // a quarter of an hour of steps, too small to converge
      const endless = pool.trainModel({ theta: { ...theta, Tmax: 1e6, eta: 1e-9, m: 2000 }, seed, engine: "kernel" });
      const queued = pool.trainModel({ theta, seed, engine: "kernel" });
      await new Promise(setImmediate);
      abort.abort(new Error("enough"));
      await expect(endless).rejects.toThrow("enough");
      await expect(queued).rejects.toThrow("enough");
    } finally {
      await pool.close();
    }
  });

  test("answer with bad input as data, and with a record otherwise: an error loses its class on the way", async () => {
    expect(await answer(task)).toEqual({ record: runTrial(population("trained"), 7, kernelEngine) });
    const throwing = { ...task, statementsFile: ODD, lawId: "small" };
    expect(await answer(throwing)).toEqual({ invalidInput: expect.stringContaining(" it threw RangeError: odd at ") });
    await expect(answer({ ...task, lawId: "nowhere" })).rejects.toThrow("declares nothing on law nowhere");
  });

  test("bring back bad input as what it is, with its message, and go on with other trials", async () => {
    const pool = openPool(1);
    const run = (statementsFile: string) => pool.run({ ...task, statementsFile, lawId: "small" }, () => true);
    try {
      const failed = run(ODD);
      await expect(failed).rejects.toThrow(InvalidInput);
      const [{ theta }] = drawTrial(smallLaw, 7);
      await expect(failed).rejects.toThrow(/^theorem odd: claim "nothing to see" on law small: observe must return/);
      await expect(failed).rejects.toThrow(`; seed 7, theta ${JSON.stringify(theta)}`);
      expect(await run(STATEMENTS)).toMatchObject({ seed: 7 });
    } finally {
      await pool.close();
    }
  }, 60_000);

  test("that are ended by a declaration are bad input, with law and seed of the trial, and others take their place", async () => {
    const pool = openPool(1);
    const run = (statementsFile: string) => pool.run({ ...task, statementsFile, lawId: "small" }, () => true);
    try {
      const ended = run(ENDING);
      await expect(ended).rejects.toThrow(InvalidInput);
      await expect(ended).rejects.toThrow(
        'a declaration must not end its process, got "worker exited with code: 0" in the trial of law small, seed 7',
      );
      expect(await run(STATEMENTS)).toMatchObject({ seed: 7 });
    } finally {
      await pool.close();
    }
  }, 60_000);

  test("say which file declares nothing on a law", async () => {
    await expect(work({ ...task, lawId: "nowhere" })).rejects.toThrow(`${STATEMENTS} declares nothing on law nowhere`);
  });
});
