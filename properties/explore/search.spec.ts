import { describe, expect, test } from "vitest";
import { violates } from "../../src/claim/relation.ts";
import { examine } from "../../src/explore/examine.ts";
import { awayFromEdge, describeExplanation, explain } from "../../src/explore/explain.ts";
import { type Probe, probe } from "../../src/explore/probe.ts";
import { type SearchOptions, type SearchProgress, type SearchResult, search } from "../../src/explore/search.ts";
import { shrink, simplestValue } from "../../src/explore/shrink.ts";
import { between, contains, spaceOf as spaceIn, widestOf, withField } from "../../src/explore/space.ts";
import { freshSeedsFor, onMostSeeds, onOneSeed, rateAt } from "../../src/explore/violation.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { type Law, rangeOf } from "../../src/law/law.ts";
import { type Theta as AnyTheta, isChoice } from "../../src/law/parameters.ts";
import { real } from "../../src/law/range.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { transformerParameters } from "../../src/transformer/theta.ts";
import { claimsOf, pairsPopulation, tinyLaboratory, tinyPopulation, tinyProbe } from "./tiny-laboratory.ts";
import { ATTENTION_EDGE, tinyLaw, tinyPairs } from "./tiny-theorems.ts";

const edge = claimsOf("attention-edge");
const spaceOf = (law: Law, released: readonly string[] = []) => spaceIn(transformer, law, released);

const released = spaceOf(tinyLaw, ["attention-scale"]);

const searchEdge = (options: Partial<SearchOptions> = {}) =>
  search({ probe: tinyProbe, space: released, claims: edge, models: 60, seed: 1, ...options });

/** A θ with δ far beyond the edge, none of whose fields has its simplest value. */
async function foundTheta(): Promise<Theta> {
  return (await searchEdge()).findings[0]!.found!.tried.theta as Theta;
}

/** What a result says, without the functions of its claims. */
function told({ models, findings }: SearchResult) {
  return {
    models,
    nearest: findings.flatMap(({ nearest }) => nearest.map(({ judged, tried, margin }) => [judged.key, tried, margin])),
  };
}

/** Answers in an order that has nothing to do with the order of the questions, as workers do. */
function shuffling(probe: Probe): Probe {
  let asked = 0;
  return {
    ...probe,
    run: async (models) => {
      const delay = (7 * asked++) % 5;
      await new Promise((resolve) => setTimeout(resolve, delay));
      return probe.run(models);
    },
  };
}

describe("search", () => {
  test("finds a planted violation where its hypothesis is released, and stops", async () => {
    const { models, findings } = await searchEdge();
    expect(models).toBeLessThan(60);
    const { found } = findings[0]!;
    expect(found).toMatchObject({ onMostSeeds: true, violated: true });
    expect(found!.judged.claim.title).toBe("δ");
    expect(found!.tried.theta.delta).toBeGreaterThan(ATTENTION_EDGE);
    expect(found!.tried.theta.sigma).not.toBe(found!.tried.theta.delta);
  });

  test("within the law comes nearer than a draw does, to an edge that it does not reach", async () => {
    const { models, findings } = await searchEdge({ space: spaceOf(tinyLaw) });
    expect(models).toBe(60);
    const [delta, nothing] = findings[0]!.nearest;
    expect(findings[0]!.found).toBeUndefined();
    // the law's largest δ is 0.2
    expect(delta!.tried.theta.delta).toBeGreaterThan(0.19);
    expect(delta).toMatchObject({ violated: false });
    // a claim with nothing to come nearer to takes the nearest miss of its statement's others
    expect(nothing!.margin).toBe(0);
    expect(nothing!.tried.theta.delta).toBe(delta!.tried.theta.delta);
  });

  test("the guided part improves on the biased one", async () => {
    const margins = { biased: Number.POSITIVE_INFINITY, guided: Number.POSITIVE_INFINITY };
    await searchEdge({
      claims: claimsOf("noisy-tokens"),
      space: spaceOf(tinyLaw),
      seed: 4,
      models: 80,
      onProgress: ({ phase, leastMargin }: SearchProgress) => {
        margins[phase] = leastMargin;
      },
    });
    expect(margins.guided).toBeLessThanOrEqual(margins.biased);
  });

  test("is a function of its seed, whatever order models come back in", async () => {
    const space = spaceOf(tinyLaw, ["noise", "readout"]);
    const claims = [...claimsOf("noisy-tokens"), ...claimsOf("rarely")];
    const [one, other, third] = await Promise.all([
      searchEdge({ space, claims }),
      searchEdge({ space, claims, probe: shuffling(tinyProbe) }),
      searchEdge({ space, claims, seed: 2 }),
    ]);
    expect(told(other)).toEqual(told(one));
    expect(told(third)).not.toEqual(told(one));
  });

  test("a violation that seeds rarely show is found, and said to be rare", async () => {
    const { models, findings } = await searchEdge({ claims: claimsOf("rarely"), space: spaceOf(tinyLaw) });
    // five seeds that were asked once a violation was found count too
    expect(models).toBeGreaterThanOrEqual(60);
    expect(findings[0]!.found).toMatchObject({ onMostSeeds: false, observed: 1 });
  });

  test("tries pairs where the law doubles a field", async () => {
    const { models, findings } = await search({
      probe: probe(tinyLaboratory, pairsPopulation),
      space: spaceOf(tinyPairs),
      claims: claimsOf("pairs"),
      models: 9,
      seed: 1,
    });
    expect(models).toBe(8);
    expect(findings[0]!.nearest[0]!.tried.record.models).toHaveLength(2);
  });

  test("ends when it is out of time, but not before it has tried anything", async () => {
    const { models } = await searchEdge({ space: spaceOf(tinyLaw), outOfTime: () => true });
    expect(models).toBe(8);
  });

  test("a budget without a model, and a space without one, are refused", async () => {
    await expect(searchEdge({ models: 0 })).rejects.toThrow(/budget of at least 1 model/);
    const impossible = { ...released, ranges: { ...released.ranges, M: { kind: "constant", value: 9 } as const } };
    await expect(searchEdge({ space: impossible })).rejects.toThrow(InvalidInput);
  });

  test("released fields are wide, choices take every value, and the rest is the law's", async () => {
    const space = spaceOf(tinyLaw, ["noise", "readout", "label-rule"]);
    expect(space.ranges.tau).toEqual(real(0, 2));
    expect(widestOf(tinyLaw, "tau")).toEqual(real(0, 2));
    expect(space.ranges.delta).toEqual(tinyLaw.ranges.delta);
    expect(space.choices).toEqual(["readout", "labels"]);
    const seen = new Set<string>();
    const spying: Probe = {
      ...tinyProbe,
      run: (models) => {
        const { readout, labels } = models[0].theta as Theta;
        seen.add(readout).add(labels);
        expect(contains(space, models[0].theta)).toBe(true);
        return tinyProbe.run(models);
      },
    };
    await searchEdge({ space, probe: spying });
    expect([...seen].sort()).toEqual(["drawn", "majority", "per-position", "random", "shared"]);
  });
});

describe("shrink", () => {
  test("the result still violates, lies in the space, and no field alone can come a step nearer to its simplest value", async () => {
    const criterion = onMostSeeds(tinyProbe, edge[0]!, 1);
    const { theta, minimal } = await shrink(released, await foundTheta(), criterion, 500);
    expect(minimal).toBe(true);
    expect(contains(released, theta)).toBe(true);
    expect(await criterion.persists(theta)).toBe(true);
    expect(theta).toMatchObject({ M: 3, d: 3, L: 4, m: 4, N: 16, B: 4, tau: 0, delta: 0.51 });
    for (const field of transformerParameters.names) {
      if (isChoice(transformerParameters, field)) continue;
      const range = rangeOf(released, field);
      if (range.kind === "constant" || range.kind === "equals") continue;
      const target = simplestValue(released, field, theta);
      if (theta[field] === target) continue;
      const nearer = withField(released, theta, field, between(range, target, theta[field] as number) ?? target)!;
      expect(await criterion.persists(nearer)).toBe(false);
    }
  });

  test("two fields that share an edge are both as small as the other lets them", async () => {
    const space = spaceOf(tinyLaw, ["noise"]);
    const [noisy] = claimsOf("noisy-tokens");
    const criterion = onMostSeeds(tinyProbe, noisy!, 1);
    const found = { ...(await foundTheta()), delta: 0.1, sigma: 0.1, L: 6, tau: 1.7 };
    const theta = (await shrink(space, found, criterion, 500)).theta as Theta;
    expect(theta.L * theta.tau).toBeGreaterThan(0.6);
    expect(theta.L).toBe(4);
    expect(theta.tau).toBeCloseTo(0.16, 10);
  });

  test("a released choice goes back to the law's", async () => {
    const space = spaceOf(tinyLaw, ["attention-scale", "readout", "label-rule"]);
    const criterion = onMostSeeds(tinyProbe, edge[0]!, 1);
    const found: Theta = { ...(await foundTheta()), readout: "per-position", labels: "random" };
    expect((await shrink(space, found, criterion, 500)).theta).toMatchObject({ readout: "shared", labels: "majority" });
  });

  test("without a budget nothing changes, and it says so", async () => {
    const theta = await foundTheta();
    const criterion = onMostSeeds(tinyProbe, edge[0]!, 1);
    expect(await shrink(released, theta, criterion, 0)).toEqual({ theta, minimal: false });
  });

  test.each([
    [{ kind: "integer", from: 0, to: 10, step: 2 }, 4, 8, 6],
    [{ kind: "integer", from: 0, to: 10, step: 2 }, 8, 4, 6],
    [{ kind: "integer", from: 0, to: 10, step: 2 }, 4, 6, undefined],
    [{ kind: "log-uniform integer", from: 1, to: 9 }, 1, 9, 5],
    [{ kind: "real", from: 0, to: 1 }, 0, 1, 0.5],
    [{ kind: "real", from: 0, to: 1 }, 0.51, 0.52, undefined],
    [{ kind: "log-uniform", from: 0.01, to: 1 }, 0.01, 1, 0.1],
  ] as const)("between, on %o: %d and %d have %s between them", (range, one, other, middle) => {
    expect(between(range, one, other)).toBe(middle);
  });
});

describe("violation", () => {
  test("at a θ is judged on as many fresh seeds as were fixed", async () => {
    const theta = { ...(await foundTheta()), delta: 0.6 };
    expect(await rateAt(tinyProbe, edge[0]!, theta, 1, 10)).toMatchObject({ seeds: 10, violations: 10 });
    const rare = await rateAt(tinyProbe, claimsOf("rarely")[0]!, theta, 1, 40);
    expect([
      freshSeedsFor(transformer, theta, 10),
      freshSeedsFor(transformer, { ...theta, m: 1e5, L: 100, Tmax: 4000 }, 4000),
    ]).toEqual([40, 10]);
    expect(rare.limits.lower).toBeLessThan(0.2);
    expect(rare.limits.upper).toBeGreaterThan(0.2);
  });

  test("on four of five seeds, or on one; each model is trained once", async () => {
    const theta = await foundTheta();
    const [rarely] = claimsOf("rarely");
    const most = onMostSeeds(tinyProbe, rarely!, 1);
    expect(await most.persists(theta)).toBe(false);
    const trained = most.models();
    expect(await most.persists(theta)).toBe(false);
    expect(most.models()).toBe(trained);
    const one = onOneSeed(tinyProbe, rarely!, 15);
    expect(await one.persists(theta)).toBe(true);
    expect(await one.violatingSeed(theta)).toEqual({ seed: 15, observed: 1 });
    expect(await onOneSeed(tinyProbe, rarely!, 16).violatingSeed(theta)).toBeUndefined();
  });

  test("a θ that no model has violates nothing", async () => {
    const theta = { ...(await foundTheta()), M: 50 };
    expect(await onMostSeeds(tinyProbe, edge[0]!, 1).persists(theta)).toBe(false);
  });
});

describe("explain", () => {
  test("shows which hypothesis matters: δ beyond its edge, and nothing else", async () => {
    const criterion = onMostSeeds(tinyProbe, edge[0]!, 1);
    const found = await foundTheta();
    const { theta } = await shrink(released, found, criterion, 500);
    const at = await awayFromEdge(released, theta, found, criterion);
    expect(at.delta).toBeGreaterThan(0.51);
    const explanation = await explain(released, at, criterion);
    expect(explanation.filter(({ matters }) => matters !== "no").map(({ field }) => field)).toEqual(["delta"]);
    const delta = explanation.find(({ field }) => field === "delta")!;
    expect(delta).toMatchObject({ matters: "needed", violated: { openBelow: false, openAbove: true, to: 10 } });
    // an edge is known to a thirty-second of the way
    expect((delta.violated as { from: number }).from).toBeGreaterThan(ATTENTION_EDGE);
    expect((delta.violated as { from: number }).from).toBeLessThan(0.6);
    const table = describeExplanation(tinyLaw, explanation).map((row) => row.join(" | "));
    expect(table[0]).toBe("field | hypothesis | value | law | violated for | matters");
    expect(table).toContain("readout | readout | shared | shared | shared, per-position | no");
    expect(table.find((row) => row.startsWith("delta"))).toMatch(/and above \| yes: gone for every value of law tiny$/);
    expect(table.find((row) => row.startsWith("L |"))).toMatch(/2 \.\. 48 \(all that was tried\) \| no$/);
  });

  test("a claim that part of the law violates, and a choice that it needs", async () => {
    const persists = async ({ tau, readout }: AnyTheta) => (tau as number) > 0.05 && readout === "per-position";
    const theta: Theta = { ...(await foundTheta()), tau: 0.08, readout: "per-position" };
    const explanation = await explain(released, theta, { persists });
    const of = (field: keyof Theta) => explanation.find((each) => each.field === field)!;
    expect(of("tau").matters).toBe("partly");
    expect(of("readout")).toMatchObject({ matters: "needed", violated: { values: ["per-position"] } });
    expect(describeExplanation(tinyLaw, [of("tau")])[1]!.at(-1)).toBe("in part of the law's range");
    const below = await explain(
      released,
      { ...theta, tau: 0.04 },
      { persists: async ({ tau }) => (tau as number) < 0.07 },
    );
    expect(describeExplanation(tinyLaw, below).find(([field]) => field === "tau")![4]).toMatch(/and below$/);
  });

  test("at the edge itself where the violation does not persist half-way", async () => {
    const theta = { ...(await foundTheta()), delta: 0.6 };
    const persists = async ({ delta }: AnyTheta) => (delta as number) < 0.7;
    expect(await awayFromEdge(released, theta, { ...theta, delta: 5 }, { persists })).toBe(theta);
  });
});

describe("examine", () => {
  test("judges, shrinks, judges again and explains what was found", async () => {
    const { findings } = await searchEdge();
    const stages: string[] = [];
    const examination = await examine(tinyProbe, released, findings[0]!.found!, 1, (stage) => stages.push(stage));
    expect(examination).toMatchObject({
      holdsOn: "four of five seeds",
      foundRate: { seeds: 40, violations: 40 },
      shrunkRate: { seeds: 40, violations: 40 },
      observed: 0.51,
    });
    expect(violates(edge[0]!.claim, examination.observed)).toBe(true);
    expect([...new Set(stages)]).toEqual(["judging", "shrinking", "explaining"]);
  });

  test("a rare violation is shrunk with the seed that showed it", async () => {
    const { findings } = await searchEdge({ claims: claimsOf("rarely"), space: spaceOf(tinyLaw) });
    const examination = await examine(tinyProbe, spaceOf(tinyLaw), findings[0]!.found!, 1);
    expect(examination.holdsOn).toBe("the seed that was found");
    expect(examination.seed).toBe(findings[0]!.found!.tried.seed);
    expect(examination.seed % 5).toBe(0);
    expect(examination.explanation.every(({ matters }) => matters === "no")).toBe(true);
  });
});

test("the tiny population holds every tiny claim", () => {
  expect(tinyPopulation.claims).toHaveLength(5);
});
