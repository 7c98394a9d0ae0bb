import { z } from "zod";
import { boundaryJsonSchema } from "../explore/boundary.ts";
import { counterexampleJsonSchema } from "../explore/counterexample.ts";
import { ofForm } from "../json.ts";
import { visibleIn } from "../visible-text.ts";
import { badge } from "./badge.ts";
import { toJson } from "./encode.ts";
import { drawBoundary } from "./figures/boundary.ts";
import { standaloneSvg } from "./figures/draw.ts";
import { drawFigures } from "./figures/index.ts";
import { PLANTED_ERRORS, plantedErrorsMarkdown } from "./page/appendices.ts";
import { reportPage } from "./page/page.ts";
import type { Presentation } from "./presentation.ts";
import { type Results, resultsSchema } from "./results.ts";
import { tolerancesTex } from "./tex.ts";
import { tolerancesMarkdown } from "./tolerances.ts";

/**
 * Every committed report but results.json, by path within the folder of reports: a pure function of the results, the
 * same to the byte wherever it is called. All are made before any is written.
 *
 * @throws InvalidInput where the results hold figure data that the experiment's figures cannot be drawn from
 */
export async function reportFiles(
  given: Results,
  presentation: Presentation,
): Promise<Readonly<Record<string, string>>> {
  const results = visibleIn(given);
  requireFigureData(results, presentation);
  const figures = await drawFigures(results, presentation);
  const boundaries = await Promise.all(
    (results.boundaries ?? []).map(({ id, boundary }) => drawBoundary(id, boundary)),
  );
  return {
    "index.html": reportPage(results, presentation, figures, boundaries),
    "tolerances.md": tolerancesMarkdown(results),
    "tolerances.tex": tolerancesTex(results),
    ...(results.teeth === undefined ? {} : { [PLANTED_ERRORS]: plantedErrorsMarkdown(results.teeth) }),
    "results.schema.json": toJson(resultsJsonSchema(presentation)),
    ...(presentation.parameters === undefined
      ? {}
      : {
          "counterexample.schema.json": toJson(counterexampleJsonSchema({ parameters: presentation.parameters })),
        }),
    "boundary.schema.json": toJson(boundaryJsonSchema()),
    "badge.json": toJson(badge(results)),
    ...Object.fromEntries([...figures.values()].map((figure) => [`figures/${figure.id}.svg`, standaloneSvg(figure)])),
  };
}

function requireFigureData(results: Results, { schema, performance }: Presentation): void {
  const pruningCost = (performance?.costSchema ?? z.unknown()).optional();
  ofForm(z.object({ figures: schema.optional(), pruningCost }).parse, results, "results.json");
}

/** The published form of results.json. */
export function resultsJsonSchema({ schema, performance }: Presentation) {
  const { shape } = resultsSchema;
  const described = (field: "figures" | "pruningCost", form: z.ZodType) =>
    form.optional().describe(shape[field].description as string);
  const figures = described("figures", schema);
  const pruningCost = described("pruningCost", performance?.costSchema ?? z.unknown());
  return z.toJSONSchema(resultsSchema.extend({ figures, pruningCost }), { io: "input" });
}
