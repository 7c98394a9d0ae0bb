import { describe, expect, test } from "vitest";
import { clopperPearson } from "../../src/evidence/limits.ts";
import { boundaryCsv, boundaryOf, boundarySchema, type Cell, parseBoundary } from "../../src/explore/boundary.ts";
import { type BoundaryOptions, boundaryCells } from "../../src/explore/boundary-cells.ts";
import type { Probe } from "../../src/explore/probe.ts";
import { toJson } from "../../src/report/encode.ts";
import { boundaryAlternative, boundaryCaption, boundaryPanel, crossings } from "../../src/report/figures/boundary.ts";
import { toSvg } from "../../src/report/figures/draw.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { reportBoundaries } from "../../theorems/boundaries.ts";
import { statements } from "../../theorems/index.ts";
import { claimsOf, tinyProbe } from "./tiny-laboratory.ts";

const VERSIONS = { theorycheck: "0.1.0", core: "a".repeat(64), statement: "b".repeat(64) };

const line: BoundaryOptions = {
  probe: tinyProbe,
  claims: claimsOf("attention-edge"),
  vary: [{ field: "delta", from: 0.05, to: 5 }],
  seeds: 4,
  seed: 1,
  cells: 10,
};

/** L·τ ≤ 0.6: an edge that is a hyperbola. */
const plane: BoundaryOptions = {
  ...line,
  claims: claimsOf("noisy-tokens"),
  vary: [
    { field: "tau", from: 0, to: 0.3 },
    { field: "L", from: 2, to: 10 },
  ],
  seeds: 2,
  cells: 60,
};

const rate = ({ violations, models }: Cell) => violations / models;

describe("a boundary on a line", () => {
  test("approaches the known edge by halving, and spends half of its cells there", async () => {
    const { cells, axes } = await boundaryCells(line);
    expect(axes).toEqual([{ field: "delta", hypothesis: "attention-scale", scale: "log", from: 0.05, to: 5 }]);
    // five evenly spaced, and four halvings down to a sixty-fourth of the axis
    expect(cells).toHaveLength(9);
    const values = cells.map(({ at }) => at[0]!);
    expect(values).toEqual([...values].sort((one, other) => one - other));
    expect([values[0], values.at(-1)]).toEqual([0.05, 5]);
    for (const cell of cells) expect(rate(cell)).toBe(cell.at[0]! > 0.5 ? 1 : 0);
    const [{ from, to, rises }, ...others] = crossings({ cells }) as [ReturnType<typeof crossings>[number]];
    expect([rises, others]).toEqual([true, []]);
    expect(from).toBeLessThanOrEqual(0.5);
    expect(to).toBeGreaterThan(0.5);
    expect(to / from).toBeLessThan(1.1);
  });

  test("each cell has Clopper-Pearson's limits, and counts of each claim", async () => {
    const { cells } = await boundaryCells(line);
    for (const { models, violations, limits, byClaim } of cells) {
      expect(models).toBe(4);
      expect(limits).toEqual(clopperPearson({ n: 4, violations, alpha: 0.05 }));
      expect(byClaim).toEqual([violations, 0]);
    }
  });

  test("draws the other fields from the law, the same in every cell, and copies what the law copies", async () => {
    const seen = new Map<number, string[]>();
    const spying: Probe = {
      ...tinyProbe,
      run: (models) => {
        const { d, ma, mb, ...others } = models[0].theta as Theta;
        expect([ma, mb]).toEqual([d, d]);
        seen.set(d, [...(seen.get(d) ?? []), JSON.stringify(others)]);
        return tinyProbe.run(models);
      },
    };
    await boundaryCells({ ...line, probe: spying, vary: [{ field: "d", from: 4, to: 9 }], cells: 3 });
    expect([...seen.keys()].sort()).toEqual([4, 7, 9]);
    expect(seen.get(7)).toEqual(seen.get(4));
    expect(new Set(seen.get(4)).size).toBe(4);
  });

  test("ends early where there is no edge, or nothing between two values", async () => {
    const flat = await boundaryCells({ ...line, vary: [{ field: "xi", from: 0.1, to: 0.5 }] });
    expect(flat.cells).toHaveLength(5);
    expect(flat.axes[0]!.scale).toBe("linear");
    expect(flat.edges).toEqual([]);
    expect(crossings(flat)).toEqual([]);
    const whole = await boundaryCells({
      ...line,
      claims: claimsOf("noisy-tokens"),
      vary: [{ field: "L", from: 4, to: 8 }],
      set: [{ field: "tau", value: 0.1 }],
      cells: 20,
    });
    expect(whole.cells.map(({ at }) => at[0]).slice(-3)).toEqual([6, 7, 8]);
  });

  test("cells without a model say so", async () => {
    const { cells } = await boundaryCells({ ...line, vary: [{ field: "M", from: 3, to: 40 }], cells: 3 });
    expect(cells.map(({ models, limits }) => [models, limits])).toMatchObject([
      [4, {}],
      [0, { lower: 0, upper: 1 }],
      [0, { lower: 0, upper: 1 }],
    ]);
    const boundary = boundaryOf(line, { axes: [], edges: [], cells: cells.slice(1, 2) }, VERSIONS);
    expect(boundaryCsv(boundary).split("\n")[1]).toBe("11,0,0,,0,1,0,0");
  });
});

describe("a boundary on a plane", () => {
  test("is a partition into boxes, finest along the known edge", async () => {
    const { cells, axes } = await boundaryCells(plane);
    const area = ({ from, to }: Cell) => (to[0]! - from[0]!) * (to[1]! - from[1]!);
    const total = (axes[0]!.to - axes[0]!.from) * (axes[1]!.to - axes[1]!.from);
    // L is whole, so that the corners of boxes are rounded
    expect(cells.reduce((sum, cell) => sum + area(cell), 0) / total).toBeCloseTo(1, 0);
    for (const cell of cells) expect(rate(cell)).toBe(cell.at[0]! * cell.at[1]! > 0.6 ? 1 : 0);
    const smallest = Math.min(...cells.map(area).filter((each) => each > 0));
    const onEdge = cells.filter(({ from, to }) => from[0]! * from[1]! <= 0.6 && to[0]! * to[1]! > 0.6);
    expect(smallest).toBeLessThan(total / 25);
    expect(onEdge.length).toBeGreaterThan(cells.length / 5);
  });

  test("has the law's edges as lines, one that depends on the other field too", async () => {
    const alpha = reportBoundaries.find(({ vary }) => vary.length === 2)!;
    const learnability = statements.find(({ id }) => id === alpha.theorem)!;
    const law = learnability.laws[0]!;
    const claims = learnability
      .claimsOn(law)
      .map((claim) => ({ statement: learnability, law, claim, key: claim.title }));
    const nothing = Object.fromEntries(claims.map(({ key }) => [key, 0]));
    const probe: Probe = {
      population: { law, claims, beside: [], traces: [] },
      experiment: transformer,
      run: async ([{ seed }]) => ({ seed, models: [], observed: nothing }),
    };
    const { edges } = await boundaryCells({ ...alpha, probe, claims, seed: 1, seeds: 1, cells: 9 });
    expect(edges).toEqual([
      {
        name: "confusion",
        points: [
          [0.2, 0],
          [0.6, 0],
        ],
      },
      {
        name: "confusion",
        points: [
          [0.2, 0.1],
          [0.6, 0.3],
        ],
      },
      {
        name: "majority",
        points: [
          [0.2, 0],
          [0.2, 0.1],
        ],
      },
    ]);

    const lower = { field: "alphaSharp", from: 0, to: 0.15 } as const;
    const low = { ...alpha, probe, claims, seed: 1, seeds: 1, cells: 9, vary: [alpha.vary[0]!, lower] };
    const [, slanted] = (await boundaryCells(low)).edges;
    expect(slanted!.points[0]).toEqual([0.2, 0.1]);
    expect(slanted!.points[1]![0]).toBeCloseTo(0.3, 12);
    expect(slanted!.points[1]![1]).toBe(0.15);
  });
});

describe("whoever watches a boundary", () => {
  test("is told of each cell as it is whole, far apart first, with what each seed showed", async () => {
    const told: Cell[] = [];
    const { cells } = await boundaryCells({
      ...line,
      onCell: (cell, trials) => {
        told.push(cell);
        expect(trials).toHaveLength(cell.models);
        expect(trials.filter(({ violated }) => violated)).toHaveLength(cell.violations);
        for (const { models } of trials) expect((models[0].theta as Theta).delta).toBe(cell.at[0]);
      },
    });
    expect([...told].sort((one, other) => one.at[0]! - other.at[0]!)).toEqual(cells);
    expect(told.slice(0, 3).map(({ at }) => at[0])).toEqual([0.05, 5, 0.5]);
  });

  test.each([
    ["line", line, 3],
    ["line", line, 7],
    ["plane", plane, 4],
    ["plane", plane, 39],
  ] as const)("who stops it has those cells of a %s that are whole", async (_, options, after) => {
    const whole = await boundaryCells(options);
    const stop = new AbortController();
    let told = 0;
    let before: Promise<unknown> = Promise.resolve();
    const oneByOne: Probe["run"] = (models) => {
      const run = before.then(() => {
        stop.signal.throwIfAborted();
        return options.probe.run(models);
      });
      before = run.catch(() => undefined);
      return run;
    };
    const stopped = await boundaryCells({
      ...options,
      signal: stop.signal,
      onCell: () => {
        if (++told >= after) stop.abort();
      },
      probe: { ...options.probe, run: oneByOne },
    });
    expect(stopped.cells.length).toBeGreaterThan(0);
    expect(stopped.cells.length).toBeLessThan(whole.cells.length);
    // none is within another: they are a part of a partition
    const within = (inner: Cell, outer: Cell) =>
      inner !== outer && inner.at.every((at, i) => at > outer.from[i]! && at < outer.to[i]!);
    expect(stopped.cells.filter((cell) => stopped.cells.some((other) => within(cell, other)))).toEqual([]);
  });

  test("a failure that nobody asked for is none of a stop", async () => {
    const run = () => Promise.reject(new Error("broken"));
    await expect(boundaryCells({ ...line, probe: { ...tinyProbe, run } })).rejects.toThrow("broken");
  });
});

test("values of a field that is whole are those that models can have", async () => {
  const { cells } = await boundaryCells({
    ...line,
    vary: [{ field: "N", from: 16, to: 61 }],
    set: [{ field: "B", value: 4 }],
    cells: 11,
  });
  expect(cells.map(({ at, models }) => [at[0], models])).toEqual(
    [16, 26, 34, 44, 52, 61].map((N) => [N, N === 61 ? 0 : 4]),
  );
});

describe("a boundary file", () => {
  test("reads back as it was written; CSV has a row a cell", async () => {
    const boundary = boundaryOf(line, await boundaryCells(line), VERSIONS);
    expect(parseBoundary(toJson(boundary))).toEqual(boundarySchema.parse(boundary));
    const rows = boundaryCsv(boundary).trimEnd().split("\n");
    expect(rows[0]).toBe("delta,models,violations,rate,lower,upper,violations of: δ,violations of: nothing at all");
    expect(rows).toHaveLength(1 + boundary.cells.length);
    expect(rows[1]).toMatch(/^0\.05,4,0,0,0,0\.602/);
    const comma = { ...boundary, claims: ['a "claim", with a comma'] };
    expect(boundaryCsv(comma)).toContain('"violations of: a ""claim"", with a comma"');
  });

  test.each([
    ["{", /must be JSON/],
    ["{}", /file\.json: format/],
  ])("%s is refused", (text, message) => {
    expect(() => parseBoundary(text, "file.json")).toThrow(message);
  });

  test("that would take weeks is refused before anything is trained", async () => {
    const experiment = { ...tinyProbe.experiment, cost: () => 4e12 };
    const run = () => Promise.reject(new Error("trained"));
    const costly = { ...line, cells: 600, seeds: 4, probe: { ...tinyProbe, experiment, run } };
    await expect(boundaryCells(costly)).rejects.toThrow(
      /at most 5e\+15 multiply-adds in all cells, got some 9\.6e\+15/,
    );
    await expect(boundaryCells({ ...costly, cells: 300 })).rejects.toThrow("trained");
  });

  test("is the same whatever order models come back in", async () => {
    const slow: Probe = {
      ...tinyProbe,
      run: async (models) => {
        await new Promise((resolve) => setTimeout(resolve, models[0].seed % 7));
        return tinyProbe.run(models);
      },
    };
    expect(await boundaryCells({ ...line, probe: slow })).toEqual(await boundaryCells(line));
    expect((await boundaryCells({ ...line, seed: 2 })).cells).toEqual((await boundaryCells(line)).cells);
  });

  test.each<[string, Partial<BoundaryOptions>, RegExp]>([
    ["no field", { vary: [] }, /one varied field or two, got 0/],
    ["no claim", { claims: [] }, /at least one claim/],
    [
      "more than 308 decades",
      { vary: [{ field: "delta", from: 1e-320, to: 3 }] },
      /delta to span at most 308 decades, got 1e-320..3$/,
    ],
    ["too many models", { cells: 1001, seeds: 100 }, /at most 100000 models, got 100100: 1001 cells of 100 seeds$/],
    [
      "an empty axis",
      { vary: [{ field: "tau", from: 1, to: 1 }] },
      /tau to go from a number to a larger one, got 1..1/,
    ],
    ["a field twice", { set: [{ field: "delta", value: 1 }] }, /each field to be given once, got delta twice/],
    ["few cells on a line", { cells: 2 }, /at least 3 cells, got 2/],
    ["few cells on a plane", { vary: plane.vary, cells: 8 }, /at least 9 cells, got 8/],
    ["no seed", { seeds: 0 }, /at least 1 seed/],
  ])("%s: refused", async (_, options, message) => {
    await expect(boundaryCells({ ...line, ...options })).rejects.toThrow(message);
  });
});

describe("the figure of a boundary", () => {
  test("a line with its band, and the edge of the law", async () => {
    const boundary = boundaryOf(line, await boundaryCells(line), VERSIONS);
    expect(boundary.edges).toEqual([{ name: "attention-scale", points: [[0.2]] }]);
    const svg = await toSvg([boundaryPanel(boundary, 400)], 1);
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("violation rate");
    expect(svg).toContain("attention-scale");
    expect(await toSvg([boundaryPanel(boundary, 400)], 1)).toBe(svg);
    expect(boundaryCaption(boundary)).toMatch(
      /The rate passes one half between δ = 0\.\d+ and 0\.\d+: it is above it in every cell beyond, and in none before\./,
    );
    expect(boundaryAlternative(boundary)).toMatch(
      /^Line chart of the violation rate of attention-edge against delta, from 0 % to 100 %/,
    );
  });

  test("a heat map, cells without a model left grey", async () => {
    const found = await boundaryCells({ ...plane, set: [{ field: "N", value: 16 }] });
    const cells = [...found.cells.slice(1), { ...found.cells[0]!, models: 0 }];
    const boundary = boundaryOf({ ...plane, set: [{ field: "N", value: 16 }] }, { ...found, cells }, VERSIONS);
    const svg = await toSvg([boundaryPanel(boundary, 300)], 1);
    expect(svg.match(/<path/g)!.length).toBeGreaterThan(cells.length);
    expect(boundaryCaption(boundary)).toContain("with N = 16");
    expect(boundaryCaption(boundary)).toContain("1 grey cell has no model.");
    expect(svg).toContain(">violation rate<");
    expect(boundaryAlternative(boundary)).toMatch(/^Heat map/);
  });

  test("a rate that never rises says so", async () => {
    const options = { ...line, vary: [{ field: "xi", from: 0.1, to: 0.5 }] } as const;
    const boundary = boundaryOf(options, await boundaryCells(options), VERSIONS);
    expect(boundaryCaption(boundary)).toContain(
      "In every cell the rate is at most one half; it is highest at ξ = 0.1: 0 of 4 (0 % to 60 %).",
    );
  });

  test.each<[string, readonly number[], string]>([
    [
      "rises",
      [0, 1, 30, 40],
      "The rate passes one half between δ = 2 and 3: it is above it in every cell beyond, and in none before. " +
        "By the limits of its cells it lies between δ = 2 and 3.",
    ],
    [
      "falls",
      [40, 40, 18, 0],
      "The rate passes one half between δ = 2 and 3: it is above it in every cell before, and in none beyond. " +
        "By the limits of its cells it lies between δ = 2 and 4.",
    ],
    [
      "rises to what its limits leave open",
      [0, 0, 20, 25],
      "The rate passes one half between δ = 3 and 4: it is above it in every cell beyond, and in none before. " +
        "The limits of its cells do not exclude one half on both sides.",
    ],
    [
      "rises and falls",
      [0, 30, 10, 40],
      "The rate passes one half 3 times, first between δ = 1 and 2, last between δ = 3 and 4.",
    ],
    [
      "is above it throughout",
      [40, 30, 25, 40],
      "In every cell the rate is above one half; it is lowest at δ = 3: 25 of 40 (46 % to 77 %).",
    ],
  ])("a rate that %s is described so, and no more", async (_, counts, said) => {
    const found = await boundaryCells(line);
    const cells = counts.map((violations, i) => ({
      ...found.cells[0]!,
      at: [i + 1],
      models: 40,
      violations,
      limits: clopperPearson({ n: 40, violations, alpha: 0.05 }),
    }));
    const boundary = boundaryOf(line, { ...found, cells }, VERSIONS);
    expect(boundaryCaption(boundary)).toContain(said);
    expect(boundaryAlternative(boundary)).toContain(said);
  });
});

test("the report's boundaries are those of issue and design: δ, ξ, η, (α*, α#), τ", () => {
  expect(reportBoundaries.map(({ theorem, vary }) => [theorem, ...vary.map(({ field }) => field)])).toEqual([
    ["low-rank-update", "delta"],
    ["pruning-is-free", "xi"],
    ["learnability", "eta"],
    ["learnability", "alphaStar", "alphaSharp"],
    ["learnability", "tau"],
  ]);
});
