import { describe, expect, test } from "vitest";
import { violates } from "../../src/claim/relation.ts";
import { anytimeLimits } from "../../src/evidence/limits.ts";
import { type Examination, examine } from "../../src/explore/examine.ts";
import { awayFromEdge, describeExplanation, explain } from "../../src/explore/explain.ts";
import { type Probe, probe } from "../../src/explore/probe.ts";
import { Purse, Spent } from "../../src/explore/purse.ts";
import { type Findings, Search, type SearchOptions, type SearchProgress } from "../../src/explore/search.ts";
import { shrink, simplestValue } from "../../src/explore/shrink.ts";
import { between, contains, spaceOf as spaceIn, widestOf, withField } from "../../src/explore/space.ts";
import { onMostSeeds, onOneSeed, rateAt, seedsToAsk } from "../../src/explore/violation.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { type Draws, drawTrial, type Law, rangeOf } from "../../src/law/law.ts";
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

const purseOf = (models = 1e6, tries: Probe = tinyProbe, work = Number.POSITIVE_INFINITY) =>
  new Purse(tries, { models, work });

interface EdgeOptions extends Partial<Omit<SearchOptions, "purse">> {
  readonly models?: number;
  readonly probe?: Probe;
  readonly purse?: Purse;
}

async function searchEdge({ models = 60, probe: tries = tinyProbe, ...options }: EdgeOptions = {}) {
  const purse = options.purse ?? purseOf(models, tries);
  const search = new Search({ purse, space: released, claims: edge, seed: 1, ...options });
  return { findings: await search.run(), models: search.models };
}

/** A θ with δ far beyond the edge, none of whose fields has its simplest value. */
async function foundTheta(): Promise<Theta> {
  return (await searchEdge()).findings[0]!.found!.tried.theta as Theta;
}

/** What a result says, without the functions of its claims. */
function told({ models, findings }: { readonly models: number; readonly findings: readonly Findings[] }) {
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
    run: async (models: Draws) => {
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
    const { findings } = await searchEdge({ claims: claimsOf("rarely"), space: spaceOf(tinyLaw) });
    expect(findings[0]!.found).toMatchObject({ onMostSeeds: false, observed: 1 });
  });

  test("tries pairs where the law doubles a field", async () => {
    const { models, findings } = await searchEdge({
      probe: probe(tinyLaboratory, pairsPopulation),
      space: spaceOf(tinyPairs),
      claims: claimsOf("pairs"),
      models: 9,
    });
    expect(models).toBe(8);
    expect(findings[0]!.nearest[0]!.tried.record.models).toHaveLength(2);
  });

  test("ends when it is out of time, but not before it has tried anything", async () => {
    const purse = new Purse(tinyProbe, {
      models: Number.POSITIVE_INFINITY,
      work: Number.POSITIVE_INFINITY,
      timeGone: () => 1,
    });
    const { models, findings } = await searchEdge({ space: spaceOf(tinyLaw), purse });
    expect(models).toBe(1);
    expect(findings[0]!.nearest).toHaveLength(2);
  });

  test("keeps a share for what it finds, and spends all of it where there is nothing", async () => {
    const rare = await searchEdge({ claims: claimsOf("rarely"), space: spaceOf(tinyLaw), models: 100 });
    expect(rare.findings[0]!.found).toMatchObject({ onMostSeeds: false });
    expect(rare.models).toBeLessThanOrEqual(40);
    expect((await searchEdge({ space: spaceOf(tinyLaw), models: 100 })).models).toBe(100);
  });

  test("a budget of work ends it as a budget of models does", async () => {
    const some = purseOf(1e6, tinyProbe, 2e7);
    const { models } = await searchEdge({ space: spaceOf(tinyLaw), purse: some });
    expect(models).toBeGreaterThan(8);
    expect(models).toBeLessThan(2000);
    expect((await searchEdge({ space: spaceOf(tinyLaw), purse: purseOf(1e6, shuffling(tinyProbe), 2e7) })).models).toBe(
      models,
    );
  });

  test("islands search by themselves, each with its part, and give the same in whatever order they come back", async () => {
    const space = spaceOf(tinyLaw, ["noise", "readout"]);
    const claims = [...claimsOf("noisy-tokens"), ...claimsOf("rarely")];
    const [one, three, shuffled] = await Promise.all([
      searchEdge({ space, claims }),
      searchEdge({ space, claims, islands: 3 }),
      searchEdge({ space, claims, islands: 3, probe: shuffling(tinyProbe) }),
    ]);
    expect(told(shuffled!)).toEqual(told(three!));
    expect(told(three!)).not.toEqual(told(one!));
    expect(three!.models).toBeLessThanOrEqual(60);
    await expect(searchEdge({ models: 2, islands: 3 })).rejects.toThrow(/at least 1 model\(s\) for each island, got 0/);
  });

  test("islands try other models each, and all that they train is spent", async () => {
    const seeds: number[] = [];
    const spying: Probe = {
      ...tinyProbe,
      run: (models: Draws) => {
        seeds.push(models[0].seed);
        return tinyProbe.run(models);
      },
    };
    const purse = purseOf(60, spying);
    const claims = [...claimsOf("noisy-tokens"), ...claimsOf("rarely")];
    const { models } = await searchEdge({ purse, islands: 3, space: spaceOf(tinyLaw), claims });
    expect([models, purse.models]).toEqual([seeds.length, seeds.length]);
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  test("a model that found no place before the time was over was not spent", async () => {
    let gone = 0;
    const run = async (models: Draws, wanted?: () => boolean) =>
      wanted?.() === false ? undefined : tinyProbe.run(models);
    const late: Probe = { ...tinyProbe, run: run as Probe["run"] };
    const purse = new Purse(late, { models: 10, work: Number.POSITIVE_INFINITY, timeGone: () => gone });
    const draws = drawTrial(tinyLaw, 7);
    await purse.run(draws);
    gone = 1;
    await expect(purse.run(draws)).rejects.toThrow(Spent);
    expect(purse.models).toBe(1);
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
      run: (models: Draws) => {
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
    const criterion = onMostSeeds(purseOf(), edge[0]!, 1);
    const { theta, minimal } = await shrink(released, await foundTheta(), criterion);
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
    const criterion = onMostSeeds(purseOf(), noisy!, 1);
    const found = { ...(await foundTheta()), delta: 0.1, sigma: 0.1, L: 6, tau: 1.7 };
    const theta = (await shrink(space, found, criterion)).theta as Theta;
    expect(theta.L * theta.tau).toBeGreaterThan(0.6);
    expect(theta.L).toBe(4);
    expect(theta.tau).toBeCloseTo(0.16, 10);
  });

  test("a released choice goes back to the law's", async () => {
    const space = spaceOf(tinyLaw, ["attention-scale", "readout", "label-rule"]);
    const criterion = onMostSeeds(purseOf(), edge[0]!, 1);
    const found: Theta = { ...(await foundTheta()), readout: "per-position", labels: "random" };
    expect((await shrink(space, found, criterion)).theta).toMatchObject({ readout: "shared", labels: "majority" });
  });

  test("without a budget nothing changes, and it says so", async () => {
    const theta = await foundTheta();
    const criterion = onMostSeeds(purseOf(2), edge[0]!, 1);
    await expect(criterion.persists(theta)).rejects.toThrow(Spent);
    expect(await shrink(released, theta, criterion)).toEqual({ theta, minimal: false });
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
  test("at a θ is judged on fresh seeds until they agree, with limits that hold whenever one looks", async () => {
    const theta = { ...(await foundTheta()), delta: 0.6 };
    const rate = await rateAt(purseOf(), edge[0]!, theta, 1);
    expect(rate).toMatchObject({ seeds: 8, violations: 8 });
    expect(rate.limits).toEqual(anytimeLimits({ n: 8, violations: 8, confidence: 0.95 }));
    const rare = await rateAt(purseOf(), claimsOf("rarely")[0]!, theta, 1);
    expect(rare.violations / rare.seeds).toBeLessThan(0.5);
    expect(rare.seeds).toBeLessThanOrEqual(40);
    expect(rare.limits.lower).toBeLessThanOrEqual(0.2);
    expect(rare.limits.upper).toBeGreaterThanOrEqual(0.2);
  });

  test("three seeds that agree decide, and no seed is asked that could not", () => {
    expect(seedsToAsk({ n: 0, violations: 0 })).toBe(3);
    expect(seedsToAsk({ n: 3, violations: 3 })).toBe(0);
    expect(seedsToAsk({ n: 3, violations: 0 })).toBe(0);
    for (let n = 0; n < 9; n++) {
      for (let violations = 0; violations <= n; violations++) {
        const more = seedsToAsk({ n, violations });
        expect(more).toBeLessThanOrEqual(9 - n);
        // the same number of violations and of others is as far from one decision as from the other
        expect(seedsToAsk({ n, violations: n - violations })).toBe(more);
      }
    }
  });

  test("on most seeds, or on one; each model is trained once", async () => {
    const theta = await foundTheta();
    const [rarely] = claimsOf("rarely");
    const purse = purseOf();
    const most = onMostSeeds(purse, rarely!, 1);
    expect(await most.persists(theta)).toBe(false);
    const trained = purse.models;
    expect(await most.persists(theta)).toBe(false);
    expect(purse.models).toBe(trained);
    const one = onOneSeed(purseOf(), rarely!, 15);
    expect(await one.persists(theta)).toBe(true);
    expect(await one.violatingSeed(theta)).toMatchObject({ seed: 15, observed: 1 });
    const other = onOneSeed(purseOf(), rarely!, 16);
    expect(await other.persists(theta)).toBe(false);
    expect(await other.violatingSeed(theta)).toBeUndefined();
  });

  test("a θ that no model has violates nothing", async () => {
    const theta = { ...(await foundTheta()), M: 50 };
    expect(await onMostSeeds(purseOf(), edge[0]!, 1).persists(theta)).toBe(false);
  });
});

/** The same question of several θ. */
function each(persists: (theta: AnyTheta) => Promise<boolean>) {
  return { persistsAt: (thetas: readonly AnyTheta[]) => Promise.all(thetas.map(persists)) };
}

describe("explain", () => {
  test("shows which hypothesis matters: δ beyond its edge, and nothing else", async () => {
    const criterion = onMostSeeds(purseOf(), edge[0]!, 1);
    const found = await foundTheta();
    const { theta } = await shrink(released, found, criterion);
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
    const explanation = await explain(released, theta, each(persists));
    const of = (field: keyof Theta) => explanation.find((each) => each.field === field)!;
    expect(of("tau").matters).toBe("partly");
    expect(of("readout")).toMatchObject({ matters: "needed", violated: { values: ["per-position"] } });
    expect(describeExplanation(tinyLaw, [of("tau")])[1]!.at(-1)).toBe("in part of the law's range");
    const below = await explain(
      released,
      { ...theta, tau: 0.04 },
      each(async ({ tau }) => (tau as number) < 0.07),
    );
    expect(describeExplanation(tinyLaw, below).find(([field]) => field === "tau")![4]).toMatch(/and below$/);
  });

  test("a field that the budget did not go for is not said to matter, nor not to", async () => {
    const theta = { ...(await foundTheta()), delta: 0.6 };
    let rounds = 0;
    const explanation = await explain(released, theta, {
      persistsAt: async (thetas) => {
        if (rounds++ > 0) throw new Spent("the budget is spent");
        return thetas.map(({ delta }) => (delta as number) > 0.5);
      },
    });
    const delta = explanation.find(({ field }) => field === "delta")!;
    expect(delta).toMatchObject({ matters: "not known", violated: { from: 0.6, openBelow: false, to: 10 } });
    expect(describeExplanation(tinyLaw, [delta])[1]!.at(-1)).toBe("not known: the budget ran out");
    expect(explanation.filter(({ matters }) => matters === "not known")).toHaveLength(1);
  });

  test("at the edge itself where the violation does not persist half-way", async () => {
    const theta = { ...(await foundTheta()), delta: 0.6 };
    const persists = async ({ delta }: AnyTheta) => (delta as number) < 0.7;
    expect(await awayFromEdge(released, theta, { ...theta, delta: 5 }, { persists })).toBe(theta);
  });
});

describe("examine", () => {
  const examined = async (models: number, onBetter?: (stage: string, known: Examination) => void) => {
    const { findings } = await searchEdge();
    return examine(purseOf(models), released, findings[0]!.found!, 1, onBetter);
  };

  test("judges, shrinks, judges again and explains what was found", async () => {
    const stages: string[] = [];
    const examination = await examined(1e5, (stage) => stages.push(stage));
    expect(examination).toMatchObject({
      holdsOn: "most seeds",
      foundRate: { seeds: 8, violations: 8 },
      simplest: { observed: 0.51, minimal: true },
      simplestRate: { seeds: 8, violations: 8 },
    });
    expect(violates(edge[0]!.claim, examination.simplest.observed)).toBe(true);
    expect(examination.simplest.record.models[0]).toMatchObject({
      theta: examination.simplest.theta,
      seed: examination.simplest.seed,
    });
    expect([...new Set(stages)]).toEqual(["judging", "shrinking", "explaining"]);
  });

  test("what is known is told as soon as it is, and each time it is better", async () => {
    const deltas: number[] = [];
    await examined(1e5, (_, { simplest }) => deltas.push(simplest.theta.delta as number));
    expect(deltas[0]).toBeGreaterThan(0.51);
    expect(deltas.at(-1)).toBe(0.51);
    expect([...deltas].sort((one, other) => other - one)).toEqual(deltas);
  });

  test.each([1, 10, 40, 100, 200])(
    "a budget of %d models is kept, and what it went for is the answer",
    async (models) => {
      const purse = purseOf(models);
      const { findings } = await searchEdge();
      const [one, other] = await Promise.all([
        examine(purse, released, findings[0]!.found!, 1),
        examine(purseOf(models, shuffling(tinyProbe)), released, findings[0]!.found!, 1),
      ]);
      expect(purse.models).toBeLessThanOrEqual(models);
      expect(other).toEqual(one);
      expect(violates(edge[0]!.claim, one.simplest.observed)).toBe(true);
      if (models === 1) {
        expect(one).toMatchObject({
          foundRate: { seeds: 0, limits: { lower: 0, upper: 1 } },
          simplest: { minimal: false },
        });
      }
    },
  );

  test("a rare violation is shrunk with the seed that showed it", async () => {
    const { findings } = await searchEdge({ claims: claimsOf("rarely"), space: spaceOf(tinyLaw) });
    const { holdsOn, simplest, explained } = await examine(purseOf(), spaceOf(tinyLaw), findings[0]!.found!, 1);
    expect(holdsOn).toBe("the seed that was found");
    expect(simplest.seed).toBe(findings[0]!.found!.tried.seed);
    expect(simplest.seed % 5).toBe(0);
    expect(explained!.fields.every(({ matters }) => matters === "no")).toBe(true);
  });
});

test("the tiny population holds every tiny claim", () => {
  expect(tinyPopulation.claims).toHaveLength(5);
});
