import type { Presentation } from "../presentation.ts";
import type { Results } from "../results.ts";
import { type DrawnFigure, drawFigure, type Figure } from "./draw.ts";
import { evidenceFigure } from "./evidence.ts";
import { marginsFigure } from "./margins.ts";

/** All figures of a report: what every experiment has, and what this one brings. */
export function figuresOf({ figures }: Presentation): readonly Figure[] {
  return [marginsFigure, ...figures, evidenceFigure];
}

/** Draws every figure that the results have data for, by id. */
export async function drawFigures(
  results: Results,
  presentation: Presentation,
): Promise<ReadonlyMap<string, DrawnFigure>> {
  const drawn = new Map<string, DrawnFigure>();
  for (const figure of figuresOf(presentation)) {
    const one = await drawFigure(figure, results);
    if (one !== undefined) drawn.set(one.id, one);
  }
  return drawn;
}
