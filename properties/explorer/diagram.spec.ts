import { describe, expect, test } from "vitest";
import { cellAt, cellText, phaseSummary } from "../../explorer/charts/phase-diagram.ts";
import { populationOn } from "../../explorer/input/comparison-laws.ts";
import {
  claimsOf,
  DIAGRAM_PRESETS,
  type Diagram,
  diagramCommand,
  requireDiagram,
  settingsIn,
  settingsText,
  variedIn,
  varyText,
} from "../../explorer/input/diagram.ts";
import type { Fingerprint } from "../../explorer/input/fingerprint.ts";
import { decodeLink, encodeLink } from "../../explorer/input/link.ts";
import { centreOf } from "../../explorer/input/presets.ts";
import { DiagramRun, modelOf } from "../../explorer/worker/diagram-run.ts";
import { here, type Laboratory } from "../../src/experiment/laboratory.ts";
import { parseBoundary } from "../../src/explore/boundary.ts";
import { boundaryCells } from "../../src/explore/boundary-cells.ts";
import { probe } from "../../src/explore/probe.ts";
import { toJson } from "../../src/report/encode.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { statements } from "../../theorems/index.ts";

const FINGERPRINT: Fingerprint = {
  theorycheck: "0.0.0",
  core: "a".repeat(64),
  statements: Object.fromEntries(statements.map(({ id }) => [id, "b".repeat(64)])),
};

/** Models that train in some hundredths of a second, and some of which fail. */
const plane: Diagram = {
  theorem: "learnability",
  lawId: "base",
  vary: [
    { field: "alphaStar", from: 0.05, to: 0.6 },
    { field: "N", from: 8, to: 64 },
  ],
  set: settingsIn("m=20, B=4, d=12, L=12, Tmax=40, testSamples=20"),
  seeds: 2,
  cells: 13,
  seed: 3,
};
const line: Diagram = {
  ...plane,
  vary: [plane.vary[0]!],
  set: settingsIn("N=16, m=20, B=4, Tmax=40, testSamples=20"),
  cells: 5,
};

const claims = (diagram: Diagram) => claimsOf(diagram);

/** The laboratory of this process, told from when on it is closed. */
function closable(closeAfter = Number.POSITIVE_INFINITY, onFull = () => {}): Laboratory {
  const laboratory = here(statements);
  let runs = 0;
  let before: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    places: 1,
    run: (order) => {
      const run = before.then(() => {
        if (closed) throw new Error("stopped");
        if (++runs === closeAfter) onFull();
        return laboratory.run(order);
      });
      before = run.catch(() => undefined);
      return run;
    },
    close: async () => {
      closed = true;
    },
  };
}

describe("a diagram", () => {
  test.each([
    ["line", line],
    ["plane", plane],
  ] as const)("on a %s has the cells of the command, and saves the command's file", async (_, diagram) => {
    const run = new DiagramRun(diagram, closable(), () => {});
    expect(run.running).toBe(true);
    await run.ended;
    expect([run.running, run.stopped, run.failure]).toEqual([false, false, undefined]);
    const found = await boundaryCells({
      ...diagram,
      claims: claims(diagram),
      // as the command does it: all claims of the law are observed
      probe: probe(here(statements), populationOn("base")),
    });
    const boundary = parseBoundary(run.file(FINGERPRINT).text);
    expect({ axes: boundary.axes, edges: boundary.edges, cells: boundary.cells }).toEqual(JSON.parse(toJson(found)));
    expect(boundary).toMatchObject({
      theorem: "learnability",
      seeds: diagram.seeds,
      seed: 3,
      law: { hash: baseLaw.hash },
    });
    // every model of it was trained once
    expect(run.models).toBeGreaterThanOrEqual(found.cells.reduce((sum, { models }) => sum + models, 0));
  });

  test("that is stopped is a file of the cells that were whole", async () => {
    const run: DiagramRun = new DiagramRun(
      plane,
      closable(12, () => run.stop()),
      () => {},
    );
    await run.ended;
    expect(run.stopped).toBe(true);
    const boundary = parseBoundary(run.file(FINGERPRINT).text);
    expect(boundary.cells.length).toBeGreaterThan(2);
    expect(boundary.cells.length).toBeLessThan(9);
    const whole = await boundaryCells({
      ...plane,
      claims: claims(plane),
      probe: probe(here(statements), populationOn("base")),
    });
    for (const cell of boundary.cells) {
      const same = whole.cells.find(({ at }) => at.join() === cell.at.join());
      if (same !== undefined) expect(cell).toEqual(JSON.parse(toJson(same)));
    }
  });

  test("whose models cannot be trained says why", async () => {
    const broken = { ...closable(), run: () => Promise.reject(new Error("no memory")) };
    const run = new DiagramRun(line, broken, () => {});
    await run.ended;
    expect([run.failure, run.cells]).toEqual(["no memory", []]);
  });

  test("opens a cell with a model that violates the theorem, where one does", async () => {
    const run = new DiagramRun(line, closable(), () => {});
    await run.ended;
    for (const seen of run.cells) {
      const { theta, seed } = modelOf(seen)!;
      expect(theta.alphaStar).toBe(seen.cell.at[0]);
      const violating = seen.trials.filter(({ violated }) => violated).map(({ models }) => models[0].seed);
      if (seen.cell.violations > 0) expect(violating).toContain(seed);
    }
    expect(run.cells.some(({ cell }) => cell.violations > 0)).toBe(true);
  });

  test("in a link is the same diagram", () => {
    for (const diagram of [plane, line, ...DIAGRAM_PRESETS.map(({ title: _, ...each }) => each)]) {
      const model = {
        theta: centreOf(baseLaw),
        seed: 1,
        lawId: "base",
        pruning: { order: "smallest", fraction: 0 },
      } as const;
      expect(decodeLink(encodeLink({ ...model, diagram })).diagram).toEqual(diagram);
      expect(variedIn(varyText(diagram.vary))).toEqual(diagram.vary);
      expect(settingsIn(settingsText(diagram.set))).toEqual(diagram.set);
    }
  });

  test("can be measured by the command that is shown", () => {
    expect(diagramCommand(plane)).toBe(
      "npx theorycheck boundary learnability --law base --vary alphaStar=0.05..0.6 --vary N=8..64 --set m=20 --set B=4 --set d=12 --set L=12 --set Tmax=40 --set testSamples=20 --seeds 2 --cells 13 --seed 3",
    );
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      "an unknown theorem",
      () => requireDiagram({ ...line, theorem: "nothing" }),
      /no statement "nothing" is about the law base/,
    ],
    ["no field", () => requireDiagram({ ...line, vary: [] }), /a diagram takes one varied field or two, got 0/],
    ["half a cell", () => requireDiagram({ ...line, cells: 9.5 }), /cells must be a whole number, got 9.5/],
    ["two many models", () => requireDiagram({ ...line, cells: 2000, seeds: 20 }), /at most 20000 models.*got 40000/],
    [
      "a field twice",
      () => requireDiagram({ ...line, set: settingsIn("alphaStar=0.3") }),
      /given once, got alphaStar twice/,
    ],
    ["markup", () => variedIn("<img>=1..2"), /written as in delta=0.01..3, got "<img>=1..2"/],
    ["an endless range", () => variedIn("delta=0..Infinity"), /written as in/],
    ["a value that is none", () => settingsIn("m=many"), /m must be a number, got "many"/],
    ["a choice that is none", () => settingsIn("labels=good"), /labels must be one of majority, drawn, random/],
    ["__proto__", () => settingsIn("__proto__=1"), /written as in/],
  ])("%s is refused", (_, made, message) => {
    expect(made).toThrow(message);
  });
});

describe("the picture of a diagram", () => {
  const cell = (from: number[], to: number[], violations: number, models = 4) => ({
    ...{ at: from.map((low, i) => (low + to[i]!) / 2), from, to, models, violations },
    limits: { lower: 0.1, upper: 0.6 },
    byClaim: [violations],
  });
  const axes = ["delta", "N"].map((field) => ({ field, hypothesis: "h", scale: "linear" as const, from: 0, to: 4 }));
  const coarse = cell([0, 0], [4, 4], 1);
  const fine = cell([0, 0], [2, 2], 3);

  test("finds the finest cell under a pointer, and the nearest on a line", () => {
    const cells = [coarse, fine];
    expect([cellAt({ axes, cells }, [1, 1]), cellAt({ axes, cells }, [3, 1]), cellAt({ axes, cells }, [5, 1])]).toEqual(
      [1, 0, -1],
    );
    const points = [cell([0], [0], 0), cell([4], [4], 1)];
    expect([1, 3].map((at) => cellAt({ axes: [axes[0]!], cells: points }, [at]))).toEqual([0, 1]);
    expect(cellAt({ axes: [axes[0]!], cells: [] }, [1])).toBe(-1);
  });

  test("says each cell with its limits, and what is lowest and highest", () => {
    expect(cellText(axes, fine)).toBe("δ = 1, N = 1: 3 of 4 models violate it, a rate from 10 to 60 % (at 95 %)");
    expect(cellText(axes, cell([0, 0], [2, 2], 0, 0))).toBe("δ = 1, N = 1: no model has these values");
    const content = { theorem: "t", axes, edges: [], allowed: [], p0: 0.05, cells: [coarse, fine] };
    expect(phaseSummary(content)).toMatch(
      /^Violation rate of t against δ and N, 2 cells with models\. Lowest: .*1 of 4.*Highest: .*3 of 4/,
    );
    expect(phaseSummary({ ...content, cells: [] })).toContain("no cell is measured yet");
  });
});
