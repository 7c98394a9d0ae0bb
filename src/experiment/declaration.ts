import { z } from "zod";
import { identifier, must, sentence } from "../law/declared.ts";

/** What each field of a declared experiment must be. */

const finite = z.number(must("a finite number"));
const described = { symbol: sentence, meaning: sentence, hypothesis: identifier, absent: z.unknown().optional() };

const number = z.strictObject({
  ...described,
  kind: z.enum(["integer", "real"]),
  from: finite,
  to: finite,
  open: z.literal(true).optional(),
  widest: z.looseObject({ kind: z.string() }, must("made with integer, real, logUniform or logUniformInteger")),
  simplest: z.enum(["low", "middle"], must('"low" or "middle"')),
  cost: finite.optional(),
});

const choice = z.strictObject({
  ...described,
  kind: z.literal("choice"),
  values: z.array(z.string(must("text")), must("a list of at least one value")).min(1),
});

const kinds = z.discriminatedUnion("kind", [number, choice], must('a field of kind "integer", "real" or "choice"'));

const field = kinds.superRefine((one, context) => {
  if (one.kind !== "choice" && one.from > one.to)
    context.addIssue({ code: "custom", message: "must not end below its start" });
});

const fields = z.record(z.string(), field, must("a table of fields")).superRefine((table, context) => {
  const names = Object.values(table).map(({ hypothesis }) => hypothesis);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    context.addIssue({ code: "custom", message: `must have a hypothesis each, got ${twice} twice` });
});

const aFunction = (rule: string) => z.custom((value) => typeof value === "function", must(rule));

export const experimentSchema = z.strictObject({
  id: identifier,
  fields,
  rules: z.array(z.looseObject({ field: z.string(), rule: z.string() }), must("a list of rules")).optional(),
  measure: aFunction("a function of theta and of named random streams"),
});
