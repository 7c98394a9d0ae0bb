import { z } from "zod";
import { CLEAN_MODELS } from "../../evidence/evidence.ts";
import type { RunRecord } from "../../experiment/trial.ts";
import { type EncodedNumber, encodeNumber } from "../../json-number.ts";
import { fewDigits } from "../../report/encode.ts";
import type { Results } from "../../report/results.ts";
import type { PopulationResult } from "../../verdict/judge.ts";
import { baseLaw, fourPatternsLaw, sixPatternsLaw } from "../laws.ts";
import { PORTRAITS, type Portrait, PRUNING_ORDERS } from "../measure/portrait.ts";
import type { Measurements } from "../measure/summary.ts";
import { type Theta, tokenCounts, UPDATED_MATRICES, type UpdatedMatrix } from "../notation.ts";

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const list = z.array(number);
const count = z.int().min(0);
const eachUpdated = <T extends z.ZodType>(schema: T) => z.object({ WQ: schema, WK: schema, WV: schema });

const portrait = z.object({
  relativeNorms: list.describe("‖w_i‖/(ξ√m_a), ascending"),
  smallNeurons: count.describe("the first so many are the small cluster"),
  pruning: z.record(z.enum(PRUNING_ORDERS), z.object({ hinge: list, error: list })),
  hingeAtRank: list.describe("test hinge with every update cut to rank 0, 1, ..."),
  training: z
    .object({
      steps: z.array(count),
      batchHinge: list,
      gradientTail: eachUpdated(list),
      singularValues: eachUpdated(z.array(list)),
      attention: list,
    })
    .optional(),
});

/** What figures are drawn from beside the ledgers. Numbers have five digits, more than a figure can show. */
export const figureDataSchema = z.object({
  base: z
    .array(
      z.object({
        steps: number.describe("to convergence; NaN where the model did not converge"),
        eta: z.number(),
        delta: z.number(),
        majority: z.number().describe("(n* − n#)/L"),
        attentionRise: number,
      }),
    )
    .describe("the first models of the base law"),
  spectra: z
    .array(z.object({ law: z.string(), r: count, models: z.array(eachUpdated(list)) }))
    .describe("singular values of ΔW over the largest, of the first models of the laws r = 2, 4, 6"),
  strengths: z
    .array(z.object({ r: count, models: z.array(eachUpdated(list)) }))
    .describe("‖ΔW μ_j‖ over the largest, for each pattern j, of the portrayed models"),
  portraits: z.array(portrait).describe("the first models of the base law"),
});

export type FigureData = z.infer<typeof figureDataSchema>;

/** What the figures of these results are drawn from; undefined where they hold none. `parseResults` has checked it. */
export function figureDataIn({ figures }: Pick<Results, "figures">): FigureData | undefined {
  return figures as FigureData | undefined;
}

const encoded = (value: number): EncodedNumber => encodeNumber(fewDigits(value));
const encodedList = (values: readonly number[]) => values.map(encoded);

/** Takes from the models of a run what figures are drawn from. */
export function figureDataOf(populations: readonly PopulationResult[]): FigureData {
  const modelsOf = (lawId: string) =>
    (populations.find(({ population }) => population.law.id === lawId)?.trials ?? []).slice(0, CLEAN_MODELS);
  const base = modelsOf(baseLaw.id);
  return {
    base: base.flatMap(({ models: [model] }) => {
      if (model === undefined) return [];
      const { steps, outcome } = model;
      const [theta, measurements] = [model.theta as Theta, measurementsIn(model)];
      const { nStar, nSharp } = tokenCounts(theta);
      return [
        {
          steps: outcome === "converged" ? steps : encodeNumber(Number.NaN),
          eta: fewDigits(theta.eta),
          delta: fewDigits(theta.delta),
          majority: fewDigits((nStar - nSharp) / theta.L),
          attentionRise: encoded(measurements.attentionAfter - measurements.attentionBefore),
        },
      ];
    }),
    spectra: [baseLaw, fourPatternsLaw, sixPatternsLaw].flatMap(({ id }) => {
      const models = modelsOf(id).flatMap(({ models }) => models);
      const r = models[0]?.theta.r as number | undefined;
      if (r === undefined) return [];
      return [{ law: id, r, models: models.map((model) => relativeToLargest(measurementsIn(model).singularValues)) }];
    }),
    strengths: strengthsOf(base.slice(0, PORTRAITS).flatMap(({ models }) => models)),
    portraits: base.flatMap(({ portrait }) => (portrait === undefined ? [] : [portraitData(portrait as Portrait)])),
  };
}

/** What the experiment measured of a model: records keep it as JSON of any form. */
function measurementsIn({ measurements }: RunRecord): Measurements {
  return measurements as unknown as Measurements;
}

function strengthsOf(models: readonly RunRecord[]): FigureData["strengths"] {
  const r = models[0]?.theta.r as number | undefined;
  if (r === undefined) return [];
  return [{ r, models: models.map((model) => relativeToLargest(measurementsIn(model).patternStrengths)) }];
}

function relativeToLargest(lists: Readonly<Record<UpdatedMatrix, readonly number[]>>) {
  return mapUpdated((name) => {
    const largest = Math.max(...lists[name]);
    return encodedList(lists[name].map((value) => value / largest));
  });
}

function portraitData(portrait: Portrait): FigureData["portraits"][number] {
  const { relativeNorms, smallNeurons, pruning, hingeAtRank, training } = portrait;
  const curve = (order: (typeof PRUNING_ORDERS)[number]) => ({
    hinge: encodedList(pruning[order].hinge),
    error: encodedList(pruning[order].error),
  });
  return {
    relativeNorms: encodedList(relativeNorms),
    smallNeurons,
    pruning: {
      "smallest first": curve("smallest first"),
      "at random": curve("at random"),
      "largest first": curve("largest first"),
    },
    hingeAtRank: encodedList(hingeAtRank),
    ...(training === undefined
      ? {}
      : {
          training: {
            steps: [...training.steps],
            batchHinge: encodedList(training.batchHinge),
            gradientTail: mapUpdated((name) => encodedList(training.gradientTail[name])),
            singularValues: mapUpdated((name) => training.singularValues[name].map(encodedList)),
            attention: encodedList(training.attention),
          },
        }),
  };
}

function mapUpdated<T>(of: (name: UpdatedMatrix) => T): Record<UpdatedMatrix, T> {
  const [WQ, WK, WV] = UPDATED_MATRICES.map(of) as [T, T, T];
  return { WQ, WK, WV };
}
