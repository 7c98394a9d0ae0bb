import { describe, expect, test } from "vitest";
import { drawFigure, FIGURE_WIDTH, standaloneSvg } from "../../src/report/figures/draw.ts";
import { figuresOf } from "../../src/report/figures/index.ts";
import { theorems } from "../../theorems/index.ts";
import { presentation } from "../../theorems/presentation.ts";
import { exampleResults, resultsToReport } from "./example-results.ts";

const figures = figuresOf(presentation);

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
  for (const { id } of theorems) expect(presentation.figuresOf[id], id).not.toHaveLength(0);
  for (const named of Object.values(presentation.figuresOf).flat()) expect(ids).toContain(named);
});
