import { z } from "zod";
import { identifier, isChecked, must, sentence } from "../law/declared.ts";
import type { Law } from "../law/law.ts";
import { whyNoFormula } from "./formula.ts";

/** What each field of a declaration must be. Rules between fields stand where the declaration is made. */

const formula = z.string(must("a formula in TeX")).superRefine((tex, context) => {
  const why = tex.trim() === "" ? "it is empty" : whyNoFormula(tex);
  if (why !== undefined) {
    context.addIssue({ code: "custom", message: `must be TeX that KaTeX can set (${why})` });
  }
});

const provenance = z.union(
  [
    z.strictObject({ kind: z.literal("abstract"), item: z.int().min(1, { abort: true }), note: sentence.optional() }),
    z.strictObject({ kind: z.enum(["companion", "derived", "observed"]), note: sentence.optional() }),
  ],
  must("abstract(n), companion(), derived() or observed(), with a note in words or none"),
);

const madeWithLaw = z.custom<Law>((value) => isChecked("law", value), must("made with law({...})"));

const laws = z
  .array(madeWithLaw, must("a list of at least one law"))
  .min(1, must("a list of at least one law"))
  .superRefine((all, context) => {
    const twice = all.find(({ id }, i) => all.findIndex((other) => other.id === id) !== i);
    if (twice === undefined) return;
    context.addIssue({ code: "custom", message: `must have an id each, got ${twice.id} twice` });
  });

const p0 = must("a number above 0 and below 1");
const maxModels = must("a whole number of at least 1");

/** Of a theorem, a control and a finding. */
const judged = {
  id: identifier,
  title: sentence,
  formula: formula.optional(),
  provenance,
  deviates: z.string(must("text")).optional(),
  law: madeWithLaw.optional(),
  laws: laws.optional(),
  claims: z.custom(
    (value) => typeof value === "function" || (Array.isArray(value) && value.length > 0),
    must("a list of at least one claim, or a function from a law to one"),
  ),
  trace: z.array(z.string(must("the name of a trace")), must("a list of traces")).optional(),
  p0: z.number(p0).gt(0, p0).lt(1, p0).optional(),
  maxModels: z.int(maxModels).min(1, maxModels).optional(),
};

export const theoremSchema = z.strictObject({
  ...judged,
  hypotheses: z.array(z.string(must("the name of a hypothesis")), must("a list of hypotheses")).optional(),
  noControl: sentence.optional(),
  triedInVain: z
    .array(
      z.strictObject(
        {
          claim: sentence,
          tried: z.array(sentence, must("a list of at least one trial")).min(1, must("a list of at least one trial")),
        },
        must("{ claim, tried }"),
      ),
      must("a list of claims, and what was tried"),
    )
    .optional(),
});

export const controlSchema = z.strictObject({
  ...judged,
  of: z.string(must("the id of a theorem")).pipe(identifier),
  leaves: z.strictObject(
    { hypothesis: z.string(must("the name of a hypothesis")).optional(), how: sentence },
    must("{ hypothesis, how }, or { how } where it is no hypothesis of the law"),
  ),
  breaks: z
    .array(sentence, must("a list of at least one title of its claims"))
    .min(1, must("a list of at least one title of its claims"))
    .optional(),
  inPlaceOf: z.record(sentence, sentence, must("titles of the theorem's claims by titles of its own")).optional(),
});

export const findingSchema = z.strictObject({
  ...judged,
  expects: z.enum(["refuted", "measured"], must('"refuted" or "measured"')),
});

const observe = z.custom((value) => typeof value === "function", must("a function of a run"));
const bound = z.number(must("a finite number"));

export const boundSchema = z.strictObject({ title: sentence, bound, observe });
export const intervalSchema = z.strictObject({ title: sentence, low: bound, high: bound, observe });

const oneProperty = z.strictObject({
  title: sentence,
  arbitrary: z.custom(
    (value) => typeof (value as { generate?: unknown } | null)?.generate === "function",
    must("an arbitrary of fast-check"),
  ),
  enough: z.int(must("a whole number of at least 1")).min(1, must("a whole number of at least 1")).optional(),
  check: z.custom((value) => typeof value === "function", must("a function of an instance")),
});

export const lemmaSchema = z.strictObject({
  id: identifier,
  title: sentence,
  provenance,
  statement: sentence,
  proof: sentence,
  properties: z
    .array(oneProperty, must("a list of at least one property"))
    .min(1, must("a list of at least one property"))
    .superRefine((all, context) => {
      const twice = all.find(({ title }, i) => all.findIndex((other) => other.title === title) !== i);
      if (twice === undefined) return;
      context.addIssue({ code: "custom", message: `must have a title each, got "${twice.title}" twice` });
    }),
});
