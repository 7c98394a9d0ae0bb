import { z } from "zod";
import { marginOf } from "../claim/relation.ts";
import { CLEAN_MODELS } from "../evidence/evidence.ts";
import type { PopulationResult } from "../verdict/judge.ts";
import { type EncodedNumber, encodeNumber } from "./encode.ts";
import { id } from "./id.ts";

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);

/** Of the first models of a law: fields of θ, and how far each of its theorems was from being violated. */
export const marginsSchema = z.object({
  law: id,
  fields: z.array(z.object({ field: z.string(), values: z.array(z.number()) })),
  theorems: z.array(
    z.object({
      theorem: id,
      margins: z.array(number).describe("least margin over its claims whose bound is not 0; negative where violated"),
    }),
  ),
});

export type Margins = z.infer<typeof marginsSchema>;

/** Three digits: more than a small picture shows. */
const few = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : value);

/** The margins of theorems against some fields of θ: each on the first law that it was judged on, pairs left out. */
export function marginsOf(populations: readonly PopulationResult[], fields: readonly string[]): readonly Margins[] {
  const shown = new Set<string>();
  return populations.flatMap(({ population: { law, claims }, trials }): Margins[] => {
    const named = fields.filter((field) => law.parameters.names.includes(field));
    if (law.doubles !== undefined || named.length === 0) return [];
    const theorems = [...new Set(claims.map(({ statement }) => statement))].filter(
      ({ id, kind }) => kind === "theorem" && !shown.has(id),
    );
    const some = trials.slice(0, CLEAN_MODELS);
    const its = theorems.flatMap((theorem) => {
      // the margin of a bound of 0 has no unit, and is 0 wherever it holds
      const scaled = claims.filter(
        ({ statement, claim: { relation } }) =>
          statement === theorem && (relation.kind === "within" || relation.bound !== 0),
      );
      if (scaled.length === 0) return [];
      shown.add(theorem.id);
      const margins = some.map(
        ({ observed }): EncodedNumber =>
          encodeNumber(few(Math.min(...scaled.map(({ claim, key }) => marginOf(claim, observed[key] ?? Number.NaN))))),
      );
      return [{ theorem: theorem.id, margins }];
    });
    if (its.length === 0) return [];
    return [
      {
        law: law.id,
        fields: named.map((field) => ({
          field,
          values: some.map(({ models }) => few(Number(models[0]?.theta[field]))),
        })),
        theorems: its,
      },
    ];
  });
}
