import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { curveCounts, PRUNING_ORDERS, pointAt, prunedCount, ranksInOrder } from "../../explorer/charts/pruning.ts";
import { claimsOn } from "../../explorer/input/comparison-laws.ts";
import { ThinnedSeries } from "../../explorer/page/history.ts";
import { observe, pruningCurvesOf } from "../../explorer/worker/judged-model.ts";
import { ManyModels, orderOf, seedOfModel } from "../../explorer/worker/many-seeds.ts";
import { Session } from "../../explorer/worker/session.ts";
import { eventsOf, trialSeed } from "../../src/claim/population.ts";
import { here, runnerOf } from "../../src/experiment/laboratory.ts";
import { drawTrial } from "../../src/law/law.ts";
import { baseLaw, drawTheta } from "../../src/transformer/laws.ts";
import { runModel } from "../../src/transformer/measure/run.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { train } from "../../src/transformer/train/sgd.ts";
import { type JudgeOptions, judge, type PopulationResult } from "../../src/verdict/judge.ts";
import { statements } from "../../theorems/index.ts";
import { statements as jointStatements } from "../verdict/fixtures/joint-statements.ts";
import { statements as smallStatements } from "../verdict/fixtures/small-statements.ts";

/** A model of the base law, cut down so that it trains in some milliseconds. */
function smallTheta(seed: number, changes: Partial<Theta> = {}): Theta {
  return { ...drawTheta(baseLaw, seed), N: 64, B: 32, m: 20, Tmax: 25, testSamples: 20, ...changes };
}

describe("a session", () => {
  test("trains the model that train() does, wherever somebody stops to look", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }), (seed, pauses) => {
        const theta = smallTheta(seed);
        const session = new Session(theta, seed, kernelEngine);
        for (const steps of pauses) {
          for (let i = 0; i < steps; i++) session.advance();
          session.snapshot();
          pruningCurvesOf(session.run());
        }
        while (session.outcome === "under way") session.advance();
        const shown = session.snapshot();
        const { digest, steps, outcome } = train(theta, seed, { engine: kernelEngine });
        expect(shown).toMatchObject({ digest, steps, outcome });
      }),
      { numRuns: 15 },
    );
  });

  test("shows of each claim what the command line does", () => {
    const theta = smallTheta(3);
    const session = new Session(theta, 3, kernelEngine);
    while (session.outcome === "under way") session.advance();
    const observations = observe(claimsOn("base"), session.run(), session.gradientsWatched);
    const run = runModel(theta, 3, { engine: kernelEngine, traces: ["gradients"] });
    for (const { key, claim } of claimsOn("base")) {
      expect(observations[key]).toMatchObject({ kind: "observed", value: claim.observe(run, run) });
    }
  });

  test("its last attention and test hinge are the run's", () => {
    const session = new Session(smallTheta(4, { Tmax: 20 }), 4, kernelEngine);
    while (session.outcome === "under way") session.advance();
    const { coarse, fine } = session.snapshot().history;
    const run = session.run();
    expect(coarse.relevantAttention.at(-1)).toBe(run.relevantAttention.after);
    expect(coarse.relevantAttention[0]).toBe(run.relevantAttention.before);
    expect(coarse.testHinge.at(-1)).toBeCloseTo(run.test.hinge, 12);
    expect(fine.singularValues.WV.at(-1)).toEqual(run.singularValues("WV"));
  });

  test("its frames lead from before the first step to the model as it stands, and are told at rest only", () => {
    const session = new Session(smallTheta(4, { Tmax: 150, eta: 1e-3 }), 4, kernelEngine);
    for (let i = 0; i < 120; i++) session.advance();
    expect(session.snapshot(true).frames).toEqual([]);
    const { frames, frame, history } = session.snapshot();
    expect([frames[0]!.step, frames.at(-1)]).toEqual([0, frame]);
    expect(frames.length).toBeGreaterThan(40);
    expect(frames.length).toBeLessThan(100);
    expect(
      Object.values(frames[0]!.strengths)
        .flat()
        .every((strength) => strength === 0),
    ).toBe(true);
    for (const { step, singularValues } of frames.slice(1)) {
      expect(singularValues.WV).toEqual(history.fine.singularValues.WV[history.fine.steps.indexOf(step)]);
    }
    const run = session.run();
    expect(frame.step).toBe(120);
    for (const name of ["WQ", "WK", "WV"] as const) {
      expect(frame.singularValues[name]).toEqual(run.singularValues(name));
      frame.strengths[name].forEach((strength, j) => {
        expect(strength).toBeCloseTo(run.patternStrengths(name)[j]!, 12);
      });
    }
    expect(frame.neurons.small).toBe(run.clusters.small.length);
    // a step back has the bars that it had
    const again = new Session(smallTheta(4, { Tmax: 150, eta: 1e-3 }), 4, kernelEngine);
    const moment = frames[7]!;
    for (let i = 0; i < moment.step; i++) again.advance();
    expect(again.snapshot().frame).toEqual(moment);
  });

  test("a model that takes no step is at rest at once", () => {
    const session = new Session(smallTheta(5, { Tmax: 0 }), 5, kernelEngine);
    session.advance();
    expect(session.snapshot()).toMatchObject({ steps: 0, outcome: "exhausted" });
  });

  test("a model that diverges violates every claim and shows no curve", () => {
    const session = new Session(smallTheta(6, { eta: 1e6, sigma: 100, xi: 100, Tmax: 200 }), 6, kernelEngine);
    while (session.outcome === "under way") session.advance();
    expect(session.outcome).toBe("diverged");
    expect(session.snapshot().digest).toMatch(/^diverged@\d+$/);
    const observations = Object.values(observe(claimsOn("base"), session.run(), true));
    expect(observations.every((each) => each.kind === "observed" && each.violated)).toBe(true);
    expect(pruningCurvesOf(session.run())).toEqual([]);
  });
});

test("a thinned series keeps evenly spaced points, at most 240 and at least half of that, the first among them", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (steps) => {
      const series = new ThinnedSeries<number>(1, 1);
      for (let step = 1; step <= steps; step++) series.add(step, -step);
      const kept = series.steps;
      expect(kept[0]).toBe(1);
      expect(kept.length).toBeLessThanOrEqual(240);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(steps, 120));
      expect(new Set(kept.slice(1).map((step, i) => step - kept[i]!)).size).toBeLessThanOrEqual(1);
      expect(series.values).toEqual(kept.map((step) => -step));
    }),
    { numRuns: 30 },
  );
});

describe("pruning", () => {
  test("each order is a permutation of the neurons' ranks, the same for a seed each time", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PRUNING_ORDERS), fc.integer({ min: 1, max: 300 }), fc.nat(), (order, m, seed) => {
        const ranks = ranksInOrder(order, m, seed);
        expect([...ranks].sort((x, y) => x - y)).toEqual(Array.from({ length: m }, (_, i) => i));
        expect(ranksInOrder(order, m, seed)).toEqual(ranks);
      }),
    );
  });

  test("curves begin with no neuron pruned and end with all, and hold every count where that is cheap", () => {
    expect(curveCounts(50, 500)).toEqual(Array.from({ length: 51 }, (_, i) => i));
    const coarse = curveCounts(100_000, 100, [77]);
    expect([coarse[0], coarse.at(-1), coarse.includes(77)]).toEqual([0, 100_000, true]);
    expect(coarse.length).toBeLessThan(20);
  });

  test("a curve's point is the run without those neurons", () => {
    const run = runModel(smallTheta(8), 8, { engine: kernelEngine });
    for (const curve of pruningCurvesOf(run)) {
      const neurons = ranksInOrder(curve.order, 20, 8).map((rank) => run.neuronsBySize[rank]!);
      const count = prunedCount(0.35, 20);
      expect(pointAt(curve, count)).toEqual({ count, ...run.withoutNeurons(neurons.slice(0, count)) });
    }
  });
});

describe("many seeds", () => {
  const claims = claimsOn("base");
  const seedOf = (index: number) => seedOfModel({ kind: "law", lawId: "base" }, 11, index);
  const clean = Object.fromEntries(claims.map(({ key, claim: { relation } }) => [key, insideOf(relation)]));

  test("the models of a law are those that verify trains", () => {
    expect(seedOf(5)).toBe(trialSeed(11, "base", 5));
  });

  test.each([
    ["the law's", { kind: "law", lawId: "base" } as const, drawTrial(baseLaw, 17)],
    ["θ's", { kind: "theta", lawId: "base", theta: smallTheta(9) } as const, [{ theta: smallTheta(9), seed: 17 }]],
  ])("an order for one of %s models is a trial of the claims on the law", (_, over, models) => {
    expect(orderOf(over, claims, 17)).toEqual({
      experiment: "transformer",
      models,
      wanted: claims.map(({ key }) => key),
      detail: "none",
    });
  });

  test("an order shows of each claim what the page shows of the one model", () => {
    const theta = smallTheta(9);
    const order = orderOf({ kind: "theta", lawId: "base", theta }, claims, 17);
    const observations = observe(claims, runModel(theta, 17, { engine: kernelEngine, traces: ["gradients"] }), true);
    for (const [key, value] of Object.entries(runnerOf(statements)(order).observed)) {
      expect(observations[key]).toMatchObject({ kind: "observed", value });
    }
  });

  test("158 clean models certify everything, not one fewer: each theorem once, each claim that a control or a finding breaks", () => {
    const many = new ManyModels(claims, seedOf);
    for (let i = 0; i < 157; i++) many.arrive(i, clean);
    expect([many.settled, many.decided]).toEqual([false, 0]);
    many.arrive(157, clean);
    expect([many.settled, many.decided, many.verdicts]).toEqual([true, 17 + 11 + 1, 17 + 11 + 1]);
    const { events } = many.progress();
    expect([...events.keys()]).toEqual(eventsOf(claims).map(({ key }) => key));
    expect(new Set([...events.values()].map(({ verdict }) => verdict.kind))).toEqual(new Set(["certified"]));
  });

  test("the order in which models arrive changes nothing", () => {
    const violated = (index: number) => (index % 7 === 0 ? {} : clean); // nothing observed: a violation
    const one = new ManyModels(claims, seedOf);
    const other = new ManyModels(claims, seedOf);
    const indices = Array.from({ length: 40 }, (_, i) => i);
    for (const i of indices) one.arrive(i, violated(i));
    for (const i of indices.reverse()) other.arrive(i, violated(i));
    expect(other.progress()).toEqual(one.progress());
    expect(one.models).toBe(40);
    const [first] = one.progress().claims.values();
    expect(first!.worst).toMatchObject({ seed: seedOf(0), slack: Number.NEGATIVE_INFINITY });
    expect(first!.violations).toBe(6);
  });

  test("a theorem is judged by the models that violate any of its claims, a claim counted by those that violate it", () => {
    const theorem = claims.filter(({ statement }) => statement.id === "low-rank-update");
    const many = new ManyModels(theorem, seedOf);
    for (let i = 0; i < 30; i++) many.arrive(i, { ...clean, [theorem[i % 10]?.key ?? ""]: Number.NaN });
    const { events, claims: counted, models } = many.progress();
    expect(models).toBe(30);
    expect(theorem.map(({ key }) => counted.get(key)!.violations)).toEqual([3, 3, 3]);
    expect([...events.values()].map(({ key, violators }) => [key, violators.length])).toEqual([
      ["low-rank-update @ base", 9],
    ]);
  });

  test.each([
    ["small-statements", smallStatements],
    ["joint-statements", jointStatements],
  ] as const)(
    "say of %s what the command line says, model by model",
    async (_, statements) => {
      const selects: JudgeOptions["selects"] = (_, { id }) => id === "small";
      const { populations } = await judge({
        statements,
        laboratory: here(statements),
        selects,
        seed: 11,
        maxModels: 1500,
      });
      const [{ population, trials, claims: judged, events }] = populations as [PopulationResult];
      const many = new ManyModels(population.claims, (index) => trials[index]!.seed);
      for (const [index, { observed }] of trials.entries()) many.arrive(index, observed);
      expect([...many.progress().events.values()]).toEqual(events);
      for (const { key, statement, ledger } of judged) {
        if (statement.id === "measured") continue; // counted over its first 158 models there
        const counted = many.progress().claims.get(key)!;
        expect(counted.violations).toBe(ledger.violations);
        expect(counted.worst).toMatchObject({ seed: ledger.decisive.seed, observed: ledger.worst });
      }
    },
    60_000,
  );
});

function insideOf(
  relation: (typeof claimsOn extends (id: string) => readonly (infer C)[] ? C : never)["claim"]["relation"],
) {
  if (relation.kind === "within") return (relation.low + relation.high) / 2;
  return relation.kind === "at most" ? relation.bound : relation.bound + 1;
}
