import { z } from "zod";
import { boundaryJsonSchema } from "../explore/boundary.ts";
import { counterexampleJsonSchema } from "../explore/counterexample.ts";
import { badge } from "./badge.ts";
import { toJson } from "./encode.ts";
import { drawBoundary } from "./figures/boundary.ts";
import { standaloneSvg } from "./figures/draw.ts";
import { drawFigures } from "./figures/index.ts";
import { reportPage } from "./page/page.ts";
import { type Results, resultsSchema } from "./results.ts";
import { tolerancesTex } from "./tex.ts";
import { tolerancesMarkdown } from "./tolerances.ts";

/**
 * Every committed report but results.json, by path within the folder of reports: a pure function of the results, the
 * same to the byte wherever it is called. All are made before any is written.
 */
export async function reportFiles(results: Results): Promise<Readonly<Record<string, string>>> {
  const figures = await drawFigures(results);
  const boundaries = await Promise.all(
    (results.boundaries ?? []).map(({ id, boundary }) => drawBoundary(id, boundary)),
  );
  return {
    "index.html": reportPage(results, figures, boundaries),
    "tolerances.md": tolerancesMarkdown(results),
    "tolerances.tex": tolerancesTex(results),
    "results.schema.json": toJson(resultsJsonSchema()),
    "counterexample.schema.json": toJson(counterexampleJsonSchema()),
    "boundary.schema.json": toJson(boundaryJsonSchema()),
    "badge.json": toJson(badge(results)),
    ...Object.fromEntries([...figures.values()].map((figure) => [`figures/${figure.id}.svg`, standaloneSvg(figure)])),
  };
}

/** The published form of results.json. */
export function resultsJsonSchema() {
  return z.toJSONSchema(resultsSchema, { io: "input" });
}
