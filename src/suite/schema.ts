import { z } from "zod";
import { identifier, must, sentence } from "../law/declared.ts";

/** The form of a suite file. What no schema can say (that a law is one of the suite's) stands in `suite.ts`. */

const WORD = /^\p{L}[\p{L}\p{N}_]*$/u;

/** Of a field of θ or a measure. What every object has, "constructor", would be found before anybody wrote it. */
const word = z
  .string()
  .regex(WORD, must("a word of letters, digits and _"))
  .refine((name) => !(name in {}), must("no name that every object has"));

const finite = z.number(must("a finite number"));
const wholeFrom1 = z.int(must("a whole number of at least 1")).min(1, must("a whole number of at least 1"));
const between0And1 = z
  .number(must("a number above 0 and below 1"))
  .gt(0, must("a number above 0 and below 1"))
  .lt(1, must("a number above 0 and below 1"));

const bound = z.union(
  [finite, z.strictObject({ times: finite, field: word })],
  must("a finite number, or { times: factor, field: an earlier field }"),
);
const ends = z.tuple([bound, bound], must("[from, to]"));

const range = z
  .union(
    [
      z.strictObject({ constant: z.union([finite, z.string()], must("a number, or a value of a choice")) }),
      z.strictObject({ equalTo: word }),
      z.strictObject({ real: ends }),
      z.strictObject({ integer: ends, step: wholeFrom1.optional() }),
      z.strictObject({ logUniform: ends }),
      z.strictObject({ logUniformInteger: ends }),
    ],
    must(
      "one of { constant: value }, { equalTo: field }, { real: [from, to] }, { integer: [from, to], step: 1 }, { logUniform: [from, to] }, { logUniformInteger: [from, to] }",
    ),
  )
  .describe("how a law draws a field of theta");

export type RangeText = z.infer<typeof range>;

const described = {
  meaning: sentence.describe("what the field is, in words"),
  symbol: sentence.optional().describe("as in formulas; the field's name unless given"),
  hypothesis: sentence
    .optional()
    .describe("the name of a law's hypothesis on the field, which controls leave; the field's name unless given"),
};

const field = z.union(
  [
    z.strictObject({
      kind: z.enum(["real", "integer"], must("real or integer")),
      from: finite.describe("the least value that any run can have"),
      to: finite.describe("the largest"),
      open: z.literal(true, must("true")).optional().describe("whether from itself is no value"),
      widest: range.optional().describe("how far a search goes; from..to unless given"),
      simplest: z
        .enum(["low", "middle"])
        .optional()
        .describe("where the simplest value of a range lies; low unless given"),
      ...described,
    }),
    z.strictObject({
      kind: z.literal("choice"),
      values: z.array(sentence, must("a list of values")).min(1, must("a list of at least one value")),
      ...described,
    }),
  ],
  must("{ kind: real or integer, from, to, meaning }, or { kind: choice, values, meaning }"),
);

export type FieldText = z.infer<typeof field>;

const ranges = z.record(word, range, must("a range for each field of theta"));

const law = z
  .union([ranges, z.strictObject({ title: sentence.optional(), ranges })], must("a range for each field of theta"))
  .describe("a range for each field, drawn in this order; or { title, ranges }");

const claim = z
  .strictObject({
    measure: word,
    title: sentence.optional().describe("what is observed; the measure's meaning unless given"),
    atMost: finite.optional(),
    atLeast: finite.optional(),
    above: finite.optional(),
    within: z.tuple([finite, finite], must("[low, high]")).optional(),
  })
  .superRefine(({ atMost, atLeast, above, within }, context) => {
    const given = [atMost, atLeast, above, within].filter((each) => each !== undefined).length;
    if (given !== 1)
      context.addIssue({ code: "custom", message: "must have one of atMost, atLeast, above and within" });
  });

export type ClaimText = z.infer<typeof claim>;

const claims = z.array(claim, must("a list of at least one claim")).min(1, must("a list of at least one claim"));
const lawIds = z.array(z.string(), must("a list of at least one law")).min(1, must("a list of at least one law"));

const provenance = z.union(
  [
    z.enum(["companion", "derived", "observed"]),
    z.strictObject({ kind: z.enum(["companion", "derived", "observed"]), note: sentence.optional() }),
    z.strictObject({ kind: z.literal("abstract"), item: wholeFrom1, note: sentence.optional() }),
  ],
  must("companion, derived or observed, { kind, note }, or { kind: abstract, item, note }"),
);

const judged = {
  id: identifier,
  formula: z.string().optional().describe("in TeX"),
  provenance: provenance.optional().describe("where it comes from; observed unless given"),
  deviates: z.string().optional().describe("how it differs from its source"),
  p0: between0And1.optional().describe("the chance of a violation that it allows"),
  maxModels: wholeFrom1.optional().describe("runs after which it is inconclusive"),
};

const theorem = z.strictObject({
  ...judged,
  title: sentence,
  laws: lawIds,
  claims,
  hypotheses: z.array(sentence).optional().describe("names of hypotheses that it needs"),
  noControl: sentence.optional().describe("why it has no control"),
});

const control = z.strictObject({
  ...judged,
  title: sentence.optional(),
  of: z.string().describe("id of a theorem"),
  leaves: z
    .union(
      [sentence, z.strictObject({ hypothesis: sentence.optional(), how: sentence })],
      must("a hypothesis, or { hypothesis, how }"),
    )
    .describe("the hypothesis that it leaves"),
  law: z.string(),
  claims: claims.optional().describe("the theorem's unless given"),
  breaks: z.array(word).min(1).optional().describe("measures whose claims it breaks; all unless given"),
});

const finding = z.strictObject({
  ...judged,
  title: sentence,
  laws: lawIds,
  claims,
  expects: z.enum(["refuted", "measured"], must("refuted or measured")),
});

export type TheoremText = z.infer<typeof theorem>;
export type ControlText = z.infer<typeof control>;
export type FindingText = z.infer<typeof finding>;

/** A day: what takes longer than this is not a trial. */
const MOST_SECONDS = 86_400;

export const suiteSchema = z.strictObject(
  {
    experiment: z.strictObject(
      {
        id: identifier,
        command: z
          .array(sentence, must("a list of words: the program and its arguments"))
          .min(1, must("a list of words: the program and its arguments"))
          .describe("started once a place, in the suite's folder"),
        files: z
          .array(sentence, must("a list of files"))
          .optional()
          .describe("all files that a run depends on: no stored run outlives an edit of one"),
        seconds: z
          .number(must("a number of seconds"))
          .gt(0, must("above 0"))
          .max(MOST_SECONDS, must(`at most ${MOST_SECONDS}`))
          .optional()
          .describe("time limit of a run; 300 unless given"),
        failures: z
          .enum(["end the run", "violate"], must("end the run or violate"))
          .optional()
          .describe("what a run that fails does; end the run unless given"),
        fields: z.record(word, field, must("the fields of theta")),
        measures: z.record(word, sentence, must("what is measured: a name and its meaning each")),
      },
      must("an object of id, command, files, fields and measures"),
    ),
    laws: z.record(identifier, law, must("the laws that theta is drawn from")),
    theorems: z.array(theorem, must("a list")).optional(),
    controls: z.array(control, must("a list")).optional(),
    findings: z.array(finding, must("a list")).optional(),
    p0: between0And1.optional().describe("of statements that have none of their own"),
    maxModels: wholeFrom1.optional().describe("of statements that have none of their own"),
  },
  must("an object of experiment, laws, theorems, controls and findings"),
);

export type SuiteText = z.infer<typeof suiteSchema>;

/** The published schema: for editors, which check a suite while it is written. */
export function suiteJsonSchema(): object {
  return { title: "theorycheck suite", ...z.toJSONSchema(suiteSchema, { io: "input" }) };
}
