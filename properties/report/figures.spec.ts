import { describe, expect, test } from "vitest";
import { drawFigure, FIGURE_WIDTH, standaloneSvg } from "../../src/report/figures/draw.ts";
import { FIGURES_OF_THEOREMS, figures } from "../../src/report/figures/index.ts";
import { usedTolerance } from "../../src/report/figures/margins.ts";
import { theorems } from "../../theorems/index.ts";
import { exampleResults, resultsToReport } from "./example-results.ts";

describe.each(resultsToReport())("figures of %s", (_, results) => {
  test.each(figures.map((figure) => [figure.id, figure] as const))("%s", async (_id, figure) => {
    const drawn = await drawFigure(figure, results);
    if (drawn === undefined) throw new Error(`${figure.id} requires data, got none`);
    for (const [layout, svg] of Object.entries(drawn.svg)) {
      const [, width] = /viewBox="0 0 ([\d.]+) [\d.]+"/.exec(svg) ?? [];
      expect(Number(width), `${layout} fits its page`).toBeLessThanOrEqual(
        FIGURE_WIDTH[layout as "wide" | "narrow"] + 4,
      );
      expect(/(?:fill|stroke)="#/.exec(svg)?.[0], "no colour but the page's").toBeUndefined();
      expect(/NaN|undefined|Infinity|null/.exec(svg)?.[0], "nothing that is not a number").toBeUndefined();
      expect(/ id="|url\(/.exec(svg)?.[0], "nothing that is named").toBeUndefined();
    }
    expect(drawn.caption).not.toMatch(/NaN|undefined/);
    expect(drawn.alternative).not.toMatch(/NaN|undefined/);
  });
});

test("a drawing by itself has a name, and colours for both schemes", async () => {
  const drawn = await drawFigure(figures[0]!, exampleResults());
  const svg = standaloneSvg(drawn!);
  expect(svg).toMatch(/^<svg role="img" aria-label="[^"]{40,}"/);
  expect(svg).toContain("prefers-color-scheme:dark");
});

test("every theorem has a figure, and every figure that a theorem names exists", () => {
  const ids = figures.map(({ id }) => id);
  for (const { id } of theorems) expect(FIGURES_OF_THEOREMS[id], id).not.toHaveLength(0);
  for (const named of Object.values(FIGURES_OF_THEOREMS).flat()) expect(ids).toContain(named);
});

test.each([
  [{ kind: "at most", bound: 0.03 }, 0.015, 0.5],
  [{ kind: "at least", bound: 3 }, 6, 0.5],
  [{ kind: "above", bound: 1 }, 0.5, 2],
  [{ kind: "within", low: 4, high: 30 }, 15, 0.5],
  [{ kind: "within", low: 4, high: 30 }, 5, 0.8],
  [{ kind: "at most", bound: 0 }, 1, undefined],
  [{ kind: "at least", bound: 0.02 }, -1, undefined],
] as const)("usedTolerance(%j, %d) = %d", (relation, observed, used) => {
  expect(usedTolerance(relation, observed)).toBe(used);
});
