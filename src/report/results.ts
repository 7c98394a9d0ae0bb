import { z } from "zod";
import { relationSchema } from "../claim/relation.ts";
import { boundaryId, boundarySchema } from "../explore/boundary.ts";
import { jsonIn, ofForm } from "../json.ts";
import { OVERLAPS } from "../verdict/calibrate-joint.ts";
import { campaignSchema } from "./campaign.ts";
import { id } from "./id.ts";
import { insideSchema } from "./inside.ts";
import { marginsSchema } from "./margins.ts";
import { standingSchema } from "./standing.ts";
import { strengthSchema } from "./strength.ts";
import { togetherSchema } from "./together.ts";
import { upgraded } from "./version-1.ts";

/** The version of the form of results.json: raised whenever a reader of the old form would misread the new one. */
export const RESULTS_VERSION = 2;

/** Most bytes of a results.json: the committed one has half a million, of 5,000 models. */
export const LARGEST_RESULTS = 100_000_000;

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const theta = z.record(z.string(), z.union([z.number(), z.string()]));

const evidence = {
  n: count.describe("models that the verdict rests on"),
  violations: count.describe("violations among them"),
  logRefute: z.number().describe("natural logarithm of E, the evidence that violations are too frequent"),
  logCertify: z.number().describe("natural logarithm of C, the evidence that violations are rare enough"),
  later: z.object({ n: count, violations: count }).describe("models judged after the verdict, for other claims' sake"),
};

const verdict = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("certified"), ...evidence }),
  z.object({ kind: z.literal("refuted"), ...evidence }),
  z.object({ kind: z.literal("inconclusive"), because: z.enum(["cap", "stopped"]), ...evidence }),
]);

const ledger = z.object({
  models: count.describe("models judged, those after the verdict included"),
  violations: count,
  worst: number,
  median: number,
  best: number,
  headroom: z.object({ kind: z.enum(["ratio", "difference"]), value: number, loose: z.boolean() }).optional(),
  limits: z.object({ lower: z.number(), upper: z.number() }).describe("of the violation probability, at 95 %"),
  quantiles: z
    .array(z.number())
    .describe("of the finite observations, at 0, 5, 25, 50, 75, 95 and 100 %; empty where there is none"),
  violators: z.array(count).describe("indices of the models that violate the claim: with p0 they give the evidence"),
  decisive: z
    .object({ index: count, seed: count, theta, observed: number })
    .describe("the model with the worst observation"),
});

const claim = z.object({
  title: z.string(),
  law: id,
  relation: relationSchema,
  ledger,
});

const event = z.object({
  law: id,
  claim: z.string().optional().describe("the claim that the verdict is about; missing where it is about all of them"),
  p0: z.number().describe("share of the law's models in which the event may happen"),
  verdict,
  limits: z.object({ lower: z.number(), upper: z.number() }).describe("of the event's probability, at 95 %"),
  strongestP0: z
    .number()
    .optional()
    .describe(
      "of a theorem: the smallest p0 that this run's own models certified at some moment; missing where none was",
    ),
  violators: z
    .array(count)
    .describe("indices of the models in which the event happened: with p0 they give the evidence"),
});

const provenance = z.object({
  kind: z.enum(["abstract", "companion", "derived", "observed"]),
  item: z.int().optional(),
  note: z.string().optional(),
});

const statement = z.object({
  kind: z.enum(["theorem", "control", "finding"]),
  id,
  title: z.string(),
  formula: z.string().optional().describe("the statement in TeX"),
  provenance,
  deviates: z.string(),
  hash: hash.describe("SHA-256 of the file that declares it"),
  hypotheses: z.array(z.string()),
  of: id.optional().describe("the theorem that a control belongs to"),
  leaves: z.string().optional().describe("the hypothesis that a control leaves"),
  noControl: z.string().optional().describe("why a theorem has no control"),
  expects: z.enum(["certified", "refuted", "measured"]),
  verdict: z.enum(["certified", "refuted", "inconclusive", "measured"]),
  events: z
    .array(event)
    .describe("what has a verdict: that a model violates any claim of a theorem on a law, or one claim that must fail"),
  claims: z.array(claim).min(1),
  notJudgedOn: z
    .array(id)
    .optional()
    .describe("laws that it speaks of as well and that this run did not judge; missing where there are none"),
});

const law = z.object({
  id,
  title: z.string(),
  hash,
  hypotheses: z.array(z.object({ name: z.string(), statement: z.string() })),
  doubles: z.string().optional(),
  user: z
    .object({ of: id, options: z.string() })
    .optional()
    .describe(
      "of a law with ranges of the user's own: the declared law, and the options that make the one of the other",
    ),
  trials: count,
  together: togetherSchema.optional().describe("how many of its models keep all its theorems at once"),
  models: z
    .object({ trained: count })
    .catchall(count)
    .describe("how many were trained, and how many ended in which way"),
});

const nonTrivial = count.optional().describe("examples that could have failed; missing in older files");

const lemma = z.object({
  id,
  title: z.string(),
  provenance,
  statement: z.string(),
  proof: z.string(),
  holds: z.boolean(),
  examples: count,
  nonTrivial,
  worstMargin: z.object({ error: number, bound: number }),
  properties: z.array(z.object({ title: z.string(), holds: z.boolean(), examples: count, nonTrivial })),
  counterexample: z.string().optional().describe("the shrunk instance, as JSON, with fast-check's seed and path"),
});

const limits = z.object({ lower: number, upper: number });

const claimTried = z.object({
  theorem: id,
  claim: z.string(),
  broken: z.boolean().describe("a control is refuted by it, or the limits of its violations lie above p0"),
  controls: z
    .array(
      z.object({
        control: id,
        law: id,
        models: count,
        violations: count,
        limits: z.object({ lower: z.number(), upper: z.number() }).describe("of the violation probability, at 95 %"),
        refuted: z.boolean().describe("by a verdict of its own, as it must be"),
      }),
    )
    .describe("what the models show that controls train"),
  triedInVain: z.array(z.string()).describe("what did not break it, in words"),
});

const slope = z.object({
  field: z.string().describe("x, a field of theta"),
  measured: z.string().describe("y, a measurement"),
  expected: z.number().describe("the claimed exponent"),
  rungs: z.array(z.number()),
  seeds: z.array(count),
  values: z.array(z.array(number)).describe("a list a rung, the measured y of each seed"),
  slope: number,
  intercept: number.describe("of log y = intercept + slope·log x"),
  interval: limits.describe("95 % bootstrap interval over seeds"),
  leaveOneRungOut: limits.describe("least and largest slope without one rung"),
  line: z.array(number).describe("fitted y, a number a rung"),
  lower: z.array(number),
  upper: z.array(number),
});

const share = z.object({
  count,
  limits,
  exact: z.number(),
  nominal: z.number().nullable(),
  holds: z.boolean(),
});

const calibrationRow = z.object({
  p0: z.number(),
  alpha: z.number(),
  beta: z.number(),
  rate: z.number().describe("true probability that a model violates what is judged"),
  refuted: share,
  certified: share,
  inconclusive: count,
  medianModels: z.number(),
});

const calibration = z.object({
  seed: count,
  cap: count,
  runs: count,
  rows: z.array(calibrationRow),
  joint: z
    .object({
      runs: count,
      cap: count,
      rows: z.array(
        calibrationRow.extend({
          overlap: z.enum(OVERLAPS).describe("how the models that violate the theorem's claims lie to each other"),
          claimRate: z.number().describe("true probability of the claim that is violated most"),
          claimByClaim: z
            .object({ runs: count, certified: count, limits })
            .nullable()
            .describe("of theorems that are false, how many have every claim certified where each is judged by itself"),
        }),
      ),
    })
    .optional()
    .describe("the same of theorems of several claims"),
});

const tooth = z.object({
  id: z.string(),
  room: z.string().describe("the part of the code that the error was planted in"),
  file: z.string(),
  description: z.string().describe("the planted error"),
  caughtBy: z.array(z.string()).describe("tests, lemmas, theorems and controls that turned red; empty where none did"),
  after: z.string().describe("how soon the first of them noticed: models or examples, or the file of a test"),
  onlyTheorems: z.boolean().describe("no unit test and no lemma noticed, only trained models did"),
});

const storedCounterexample = z.object({
  file: z.string().describe("name of the file in reports/counterexamples/"),
  grade: z.enum(["reproduced", "reproduced up to rounding", "not reproduced"]),
  reasons: z.array(z.string()).describe("why it is not reproduced to the bit; empty if it is"),
  says: z
    .object({
      theorem: id,
      claim: z.string(),
      relation: relationSchema,
      law: id,
      broken: z.array(z.object({ hypothesis: z.string(), why: z.string() })),
      observed: number,
      note: z.string().optional(),
    })
    .optional()
    .describe("what the file says; missing where it cannot be read"),
});

/** The form of reports/calibration.json. */
export const calibrationSchema = calibration;

/** The form of reports/teeth.json. */
export const teethSchema = z.array(tooth);

/** What `verify` found: the form of reports/results.json, from which every other report is made. */
export const resultsSchema = z.object({
  format: z.literal("theorycheck results"),
  version: z.literal(RESULTS_VERSION),
  formerVersion: z
    .int()
    .optional()
    .describe("the version that the file was written in, where it is an older one: its theorems have no joint counts"),
  theorycheck: z.string().describe("version of the package"),
  experiment: z.string().optional().describe("what was run; missing in older files"),
  run: z.object({
    seed: count,
    alpha: z.number().describe("chance that any true claim of the run is refuted, at most"),
    beta: z.number().describe("chance that what is false is certified, at most, for each verdict"),
    p0: z.number().describe("violation probability that statements allow which declare none"),
    changed: z
      .array(z.object({ standard: z.string(), declared: z.number(), used: z.number() }))
      .describe("standards that differ from what is declared, because the run was asked for others"),
    models: count.describe("models trained for the verdicts, of all laws"),
    verdicts: count.describe("K: events with a verdict"),
    alphaPerVerdict: z
      .number()
      .describe("each verdict's share of alpha: alpha/K, or less where an earlier run gave it less"),
    anyFalsePass: z.number().describe("K·beta: chance that anything false is certified by the run, at most"),
    earlier: z
      .array(z.object({ seed: count, trials: z.record(z.string(), count) }))
      .describe("runs whose evidence this one goes on from: seed, and trials of each law"),
    coreHash: hash.describe("SHA-256 of everything that a trained model and its measurements depend on"),
    declarations: hash
      .optional()
      .describe("SHA-256 of the module that declares the statements, with all that it imports; missing if not known"),
  }),
  gate: z.object({
    passes: z.boolean(),
    exitCode: z.union([z.literal(0), z.literal(1), z.literal(3)]),
    answer: z.string(),
    failures: z.array(z.string()),
  }),
  laws: z.array(law),
  statements: z.array(statement),
  lemmas: z.array(lemma),
  matrix: z
    .array(claimTried)
    .optional()
    .describe("claims and controls: which of them break which; missing in older files"),
  campaign: campaignSchema.optional().describe("what all nights show together that this run is one of"),
  slopes: z.array(slope).optional().describe("fitted exponents beside the doubling test of theorem scaling"),
  counterexamples: z
    .array(storedCounterexample)
    .optional()
    .describe("stored counterexamples, trained again before anything else"),
  boundaries: z
    .array(z.object({ id: boundaryId, boundary: boundarySchema }))
    .optional()
    .describe("where theorems stop being true"),
  pruningCost: z.unknown().optional().describe("of performance.json, what figures show: measured once, on one machine"),
  teeth: teethSchema.optional().describe("planted errors, and what caught each"),
  strength: strengthSchema.optional().describe("how strongly theorems are certified: reports/strength.json"),
  inside: insideSchema.optional().describe("the worst models that a search found inside the laws: reports/search.json"),
  kept: z
    .array(standingSchema)
    .optional()
    .describe(
      "committed reports that this run did not write again, and whether the code is still what they were made with",
    ),
  margins: z
    .array(marginsSchema)
    .optional()
    .describe("how far theorems were from being violated, against fields of theta"),
  calibration: calibrationSchema.optional().describe("the gate's error rates on claims of known violation rate"),
  figures: z.unknown().optional().describe("what figures show beyond the ledgers, to five digits"),
  files: z
    .record(z.string().regex(/^(?:figures\/)?[\w-][\w.-]*$/), hash)
    .optional()
    .describe(
      "SHA-256 of the files that belong to these results, and of all the rest of results.json under its own name",
    ),
});

export type Results = z.infer<typeof resultsSchema>;
export type StatementResult = Results["statements"][number];
export type ClaimResultData = StatementResult["claims"][number];
export type ClaimTried = z.infer<typeof claimTried>;
export type EventResultData = StatementResult["events"][number];

/**
 * Reads the text of a results.json, of this version or of version 1, whose claims had a verdict each.
 *
 * @throws InvalidInput naming the field that is wrong
 */
export function parseResults(text: string, name = "results.json"): Results {
  return ofForm((data) => resultsSchema.parse(upgraded(data)), jsonIn(text, name), name);
}
