import { z } from "zod";
import type { JudgedClaim } from "../claim/population.ts";
import { jsonIn, ofForm } from "../json.ts";
import type { Value } from "../law/parameters.ts";
import type { Probe } from "./probe.ts";

/** A boundary as files and reports have it; `boundary-cells.ts` measures it. */

/** The version of the form of a boundary file. */
const BOUNDARY_VERSION = 1;

const field = z.string().describe("a field of theta");
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

const axis = z.object({
  field,
  hypothesis: z.string(),
  scale: z.enum(["linear", "log"]),
  from: z.number(),
  to: z.number(),
});

const cell = z.object({
  at: z.array(z.number()).describe("the value of each varied field"),
  from: z.array(z.number()).describe("low ends of the box that the cell stands for"),
  to: z.array(z.number()),
  models: count.describe("seeds for which there is a model with these values"),
  violations: count.describe("of them, those that violate any claim"),
  limits: z.object({ lower: z.number(), upper: z.number() }).describe("of the violation rate, at 95 %"),
  byClaim: z.array(count).describe("violations of each claim"),
});

/** What a boundary is called: part of a file's name, and of addresses. */
export const boundaryId = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]{0,199}$/, "the name must be letters, digits, hyphens and underscores");

/** A boundary: the form of a file in reports/boundaries/. */
export const boundarySchema = z.object({
  format: z.literal("theorycheck boundary"),
  version: z.literal(BOUNDARY_VERSION),
  theorem: z.string(),
  title: z.string(),
  claims: z.array(z.string()).describe("titles"),
  law: z.object({ id: z.string(), title: z.string(), hash }),
  set: z
    .array(z.object({ field, value: z.union([z.number(), z.string()]) }))
    .describe("fields that are the same in every cell, in the place of what the law draws"),
  axes: z.array(axis).min(1).max(2),
  edges: z
    .array(z.object({ name: z.string(), points: z.array(z.array(z.number())) }))
    .describe("where the law's hypotheses end: a point for one varied field, a line for two"),
  seed: count,
  seeds: count.describe("models of a cell, fixed before"),
  p0: z.number().describe("violation rate that the theorem allows"),
  cells: z.array(cell),
  versions: z.object({ theorycheck: z.string(), core: hash, statement: hash }),
});

export type Boundary = z.infer<typeof boundarySchema>;
export type Cell = Boundary["cells"][number];
export type Axis = Boundary["axes"][number];

/** The published JSON Schema of a boundary file. */
export function boundaryJsonSchema(): unknown {
  return z.toJSONSchema(boundarySchema);
}

/**
 * Reads the text of a boundary file.
 *
 * @throws InvalidInput naming the field that is wrong
 */
export function parseBoundary(text: string, name = "boundary"): Boundary {
  return ofForm(boundarySchema.parse, jsonIn(text, name), name);
}

/** A field to vary, and how far. */
export interface Varied {
  readonly field: string;
  readonly from: number;
  readonly to: number;
}

/** A field that is the same in every cell. */
export interface Setting {
  readonly field: string;
  readonly value: Value;
}

/** What a boundary is of, and how it was asked for. */
export interface Asked {
  readonly probe: Pick<Probe, "population">;
  /** Claims of one statement. */
  readonly claims: readonly JudgedClaim[];
  /** One field or two. */
  readonly vary: readonly Varied[];
  readonly set?: readonly Setting[];
  readonly seeds: number;
  readonly seed: number;
}

/** All of a boundary file. */
export function boundaryOf(
  { probe, claims, set = [], seeds, seed }: Omit<Asked, "vary">,
  found: Pick<Boundary, "axes" | "edges" | "cells">,
  versions: Boundary["versions"],
): Boundary {
  const { law } = probe.population;
  const { statement } = claims[0]!;
  return {
    format: "theorycheck boundary",
    version: BOUNDARY_VERSION,
    theorem: statement.id,
    title: statement.title,
    claims: claims.map(({ claim }) => claim.title),
    law: { id: law.id, title: law.title, hash: law.hash },
    set: set.map(({ field, value }) => ({ field, value })),
    axes: found.axes,
    edges: found.edges,
    seed,
    seeds,
    p0: statement.p0,
    cells: found.cells,
    versions,
  };
}

/** One row a cell: the varied fields, counts, rate and limits. */
export function boundaryCsv({ axes, cells, claims }: Boundary): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const header = [
    ...axes.map(({ field }) => field),
    "models",
    "violations",
    "rate",
    "lower",
    "upper",
    ...claims.map((title) => quoted(`violations of: ${title}`)),
  ];
  const rows = cells.map(({ at, models, violations, limits, byClaim }) =>
    [...at, models, violations, models === 0 ? "" : violations / models, limits.lower, limits.upper, ...byClaim].join(),
  );
  return `${[header.join(), ...rows].join("\n")}\n`;
}
