import { describe, expect, test } from "vitest";
import { atMost, type Observe } from "../../src/claim/claim.ts";
import { type Population, populationsOf } from "../../src/claim/population.ts";
import { observed } from "../../src/claim/provenance.ts";
import { violates } from "../../src/claim/relation.ts";
import { type Order, observeClaims, observedOf, runOrder, runsOf } from "../../src/experiment/trial.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { type Draws, drawTrial } from "../../src/law/law.ts";
import { finding, transformer, transformerBy } from "../../src/transformer/experiment.ts";
import { type Run, runModel } from "../../src/transformer/measure/run.ts";
import { measurementsOf } from "../../src/transformer/measure/summary.ts";
import type { Engine } from "../../src/transformer/model/engine.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { pairLaw, smallLaw, trainedLaw } from "../verdict/fixtures/small-laws.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";

const populations = populationsOf(statements);
const population = (id: string) => populations.find(({ law }) => law.id === id)!;

/** All that is claimed on a law, of the trial with this seed. */
const orderOf = ({ law, claims }: Population, models: Draws = drawTrial(law, 7)): Order => ({
  experiment: transformer.id,
  models,
  wanted: claims.map(({ key }) => key),
  detail: "none",
});

const recordOf = (id: string, by = transformer) => runOrder(by, orderOf(population(id)), population(id).claims);

const trainTrial = ({ law }: Population) => {
  const models = drawTrial(law, 7);
  return { models, runs: runsOf(transformer, models, []) };
};

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
    const { observed } = recordOf("small", transformerBy(engine));
    expect(Object.keys(observed).length).toBe(8);
    expect(trainings()).toBe(1);
    recordOf("small-pairs", transformerBy(engine));
    expect(trainings()).toBe(3);
  });

  test("observes every claim by its key, on the run, and on the pair where the law doubles a field", () => {
    const { models, runs } = trainTrial(population("small-pairs"));
    const [one, other] = runs as [Run, Run];
    expect([one, other].map(({ model }) => model.seed)).toEqual(drawTrial(pairLaw, 7).map(({ seed }) => seed));
    expect(observeClaims(population("small-pairs").claims, models, runs)).toEqual({
      "pairs: factor on the step size @ small-pairs": 2,
      "pairs: distance of the patterns @ small-pairs": Math.abs(
        one.model.patterns.get(0, 0) - other.model.patterns.get(0, 0),
      ),
    });
  });

  test("observes those claims only that are asked for, and watches only what they need", () => {
    const [steps, noise] = population("small").claims;
    const some = runOrder(transformer, orderOf(population("small")), [noise!]);
    expect(some.observed).toEqual({ [noise!.key]: recordOf("small").observed[noise!.key] });
    const watched: string[][] = [];
    const watching = {
      ...transformer,
      run: (...[theta, seed, wanted]: Parameters<typeof transformer.run>) => {
        watched.push([...wanted.traces]);
        return transformer.run(theta, seed, wanted);
      },
    };
    runOrder(watching, orderOf(population("small")), [steps!]);
    runOrder(watching, orderOf(population("trained")), population("trained").claims);
    expect(watched).toEqual([[], ["gradients"]]);
  });

  test("of a model that diverged observes NaN for every claim, which violates it, and does not even look", () => {
    const { observed, models } = recordOf("diverging");
    expect(models[0]).toMatchObject({ outcome: "diverged", digest: `diverged@${models[0]?.steps}` });
    for (const { key, claim } of population("diverging").claims) {
      expect(observed[key]).toBeNaN();
      expect(violates(claim, observed[key] as number)).toBe(true);
    }
  });

  test("of a pair is NaN where either diverged", () => {
    const { models, runs } = trainTrial(population("small"));
    const [sound] = runs;
    const [diverged] = trainTrial(population("diverging")).runs;
    const { claims } = population("small-pairs");
    const expected = Object.fromEntries(claims.map(({ key }) => [key, Number.NaN]));
    expect(observeClaims(claims, models, [sound, diverged])).toEqual(expected);
    expect(observeClaims(claims, models, [diverged, sound])).toEqual(expected);
  });

  test("is recorded with θ, seed, steps, outcome, digest and measurements", () => {
    const [{ theta, seed }] = drawTrial(trainedLaw, 7);
    const run = runModel(theta as Theta, seed, { engine: kernelEngine });
    expect(recordOf("trained")).toMatchObject({ seed: 7 });
    expect(recordOf("trained").models).toEqual([
      {
        theta,
        seed,
        steps: run.steps,
        outcome: run.model.outcome,
        digest: run.model.digest,
        measurements: measurementsOf(run),
      },
    ]);
  });

  test("may be of models that no law draws", () => {
    const [{ theta, seed }] = drawTrial(smallLaw, 8);
    const models: Draws = [{ theta: { ...theta, tau: 0.5 }, seed }];
    const { claims } = population("small");
    const { observed } = runOrder(transformer, orderOf(population("small"), models), claims);
    expect(observed["always: noise @ small"]).toBe(0.5);
  });
});

describe("a claim's number on a trial's models", () => {
  const { models, runs } = trainTrial(population("small"));
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
        models,
        runs,
      );
    expect(observing).toThrow(
      new InvalidInput(
        `finding odd: claim "the number" on law small: observe must return a number, ${got}; seed 7, theta ${JSON.stringify(models[0].theta)}`,
      ),
    );
  });

  test("is nothing where it throws", () => {
    const throwing = () => {
      throw new RangeError("too far");
    };
    expect(() => observedOf(judgedBy(throwing), models, runs)).toThrow(
      /^finding odd: claim "the number" on law small: observe must return a number, it threw RangeError: too far at .*; seed 7, theta \{"M":/,
    );
  });

  test("is not asked for of a model that diverged", () => {
    const diverged = trainTrial(population("diverging"));
    const never = judgedBy(() => {
      throw new Error("asked");
    });
    expect(observedOf(never, diverged.models, diverged.runs)).toBeNaN();
  });
});
