import { z } from "zod";
import type { JudgedClaim } from "../claim/population.ts";
import { marginOf, relationSchema, slack } from "../claim/relation.ts";
import { requireAffordable } from "../experiment/affordable.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import { jsonIn, printable } from "../json.ts";
import { decodeNumber, encodeNumber } from "../json-number.ts";
import { brokenHypotheses, type Draws, type Law } from "../law/law.ts";
import type { Theta } from "../law/parameters.ts";

/**
 * A counterexample as a file: one model (or pair) and what it shows of one claim, with everything that training it
 * again needs. Pure: it reads no file and no clock, so that the command line and the page share it.
 *
 * The form is published as reports/counterexample.schema.json. A file from outside is hostile until `parseCounterexample`
 * has read it.
 */

/** The version of the form: raised whenever a reader of the old form would misread the new one. */
export const COUNTEREXAMPLE_VERSION = 1;

/** A counterexample has some 2 kB. Larger files are refused unread. */
export const LARGEST_FILE = 1_000_000;

/** The form nests to depth 4. Deeper text is refused before it is parsed. */
const DEEPEST = 16;

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const hash = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits");
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, "must be lower-case words joined by hyphens");
const sentence = z.string().min(1).max(500);

const digest = z
  .string()
  .regex(/^(?:[0-9a-f]{64}|diverged@\d{1,7})$/, "must be 64 hexadecimal digits or diverged@step")
  .describe("equal if and only if two runs are the same to the bit");

/** The form of a counterexample file but for law and models. `parseCounterexample` has the rules that no schema can state. */
const head = {
  format: z.literal("theorycheck counterexample"),
  version: z.literal(COUNTEREXAMPLE_VERSION),
  theorem: id.describe("the theorem, control or finding that the claim belongs to"),
  claim: z.strictObject({
    title: sentence.describe("which of its claims"),
    relation: relationSchema.describe("what the observed number is held to"),
    hash: hash.describe("SHA-256 of the declaration of the theorem"),
  }),
};

const tail = {
  observed: number,
  slack: number.describe("distance inside the bound, negative where the claim is violated, in the unit of observed"),
  margin: number.describe("slack over the bound's magnitude, half an interval's width, or 1 where the bound is 0"),
  versions: z.strictObject({
    theorycheck: z.string().max(50),
    core: hash.describe("SHA-256 of everything that a trained model and its measurements depend on"),
  }),
  note: z.string().max(2000).optional().describe("how it was found, for people"),
};

/** The form of a counterexample file of an experiment. */
export function counterexampleSchemaOf({ parameters }: Pick<Experiment, "parameters">) {
  const theta = parameters.schema.describe("theta in full");
  return z.strictObject({
    ...head,
    law: z.strictObject({
      id: id.describe("the law that the claim is about"),
      hash: hash.describe("SHA-256 of the law's ranges"),
      standing: z.enum(["within", "outside"]).describe("whether theta is one of the law's"),
      broken: z
        .array(z.strictObject({ hypothesis: z.enum(parameters.hypotheses), why: sentence }))
        .max(40)
        .describe("the hypotheses of the law that theta breaks; none within the law"),
    }),
    models: z
      .array(z.strictObject({ theta, seed: z.int().min(0), digest }))
      .min(1)
      .max(2)
      .describe("the model; or a pair, where the law doubles a field: the model, and the one with the field doubled"),
    ...tail,
  });
}

/** The content of a counterexample file, numbers that are not finite as text. */
export type CounterexampleFile = z.infer<ReturnType<typeof counterexampleSchemaOf>>;

/** A model of a counterexample: which it is, and the digest of its trained weights. */
export interface StoredModel {
  readonly theta: Theta;
  readonly seed: number;
  readonly digest: string;
}

/** A counterexample that has been read. */
export interface Counterexample extends Omit<CounterexampleFile, "models" | "observed" | "slack" | "margin"> {
  /** One, or two where the law doubles a field. */
  readonly models: readonly [StoredModel, ...StoredModel[]];
  readonly observed: number;
  readonly slack: number;
  readonly margin: number;
}

/** The published JSON Schema of a counterexample file. */
export function counterexampleJsonSchema(experiment: Pick<Experiment, "parameters">): unknown {
  return {
    title: "theorycheck counterexample",
    ...z.toJSONSchema(counterexampleSchemaOf(experiment)),
  };
}

/** What a counterexample is made of. */
export interface Found {
  readonly judged: Pick<JudgedClaim, "statement" | "law" | "claim">;
  /** SHA-256 of the declaration: `statementHash`, which reads files and so is passed in. */
  readonly statementHash: string;
  readonly models: readonly [StoredModel, ...StoredModel[]];
  readonly observed: number;
  /** Version of the package. */
  readonly theorycheck: string;
  /** `coreHash`, which reads files and so is passed in. */
  readonly core: string;
  readonly note?: string | undefined;
}

/** A counterexample, from the model that shows it. */
export function counterexampleOf(found: Found): Counterexample {
  const { judged, statementHash, models, observed, theorycheck, core, note } = found;
  const { statement, law, claim } = judged;
  return {
    format: "theorycheck counterexample",
    version: COUNTEREXAMPLE_VERSION,
    theorem: statement.id,
    claim: { title: claim.title, relation: claim.relation, hash: statementHash },
    law: lawOf(law, models[0].theta),
    models,
    observed,
    slack: slack(claim, observed),
    margin: marginOf(claim, observed),
    versions: { theorycheck, core },
    ...(note === undefined ? {} : { note }),
  };
}

function lawOf(law: Law, theta: Theta): Counterexample["law"] {
  const broken = brokenHypotheses(law, theta).map(({ name, why }) => ({ hypothesis: name, why }));
  return { id: law.id, hash: law.hash, standing: broken.length === 0 ? "within" : "outside", broken };
}

/** The text of the file: the same text for the same counterexample. */
export function encodeCounterexample(experiment: Experiment, counterexample: Counterexample): string {
  const { observed, slack, margin, models, ...rest } = counterexample;
  const file: CounterexampleFile = {
    ...rest,
    models: models.map(({ theta, seed, digest }) => ({ theta: { ...theta }, seed, digest })),
    observed: encodeNumber(observed),
    slack: encodeNumber(slack),
    margin: encodeNumber(margin),
  };
  return `${JSON.stringify(counterexampleSchemaOf(experiment).parse(file), null, 2)}\n`;
}

/**
 * Reads the text of a counterexample file.
 *
 * @param name what messages call it
 * @throws InvalidInput where the text is not a counterexample of this version, naming the field, the rule and what was
 * got; where θ breaks a rule of the experiment, or would take too much memory or time
 */
export function parseCounterexample(experiment: Experiment, text: string, name = "counterexample"): Counterexample {
  const fail = (message: string): never => {
    throw new InvalidInput(printable(`${name}: ${message}`));
  };
  const data = parseSmallJson(text, name);
  const { format, version } = fieldsOf(data);
  if (format !== "theorycheck counterexample") {
    fail(`format must be "theorycheck counterexample", got ${shown(format)}`);
  }
  if (version !== COUNTEREXAMPLE_VERSION) {
    fail(`version must be ${COUNTEREXAMPLE_VERSION}, the one that this theorycheck reads, got ${shown(version)}`);
  }
  const parsed = counterexampleSchemaOf(experiment).safeParse(data);
  if (!parsed.success) {
    return fail(
      parsed.error.issues
        .slice(0, 5)
        .map((issue) => describeIssue(issue, data))
        .join("; "),
    );
  }
  const { models, ...file } = parsed.data;
  models.forEach(({ theta }, i) => {
    try {
      requireAffordable(experiment, experiment.parameters.parse(theta), `models[${i}].theta`);
    } catch (error) {
      if (isInvalidInput(error)) fail(`models[${i}]: ${error.message.replaceAll("\n", "; ")}`);
      throw error;
    }
  });
  if ((file.law.standing === "within") !== (file.law.broken.length === 0)) {
    fail(`law.standing must be "outside" where hypotheses are broken and only there, got ${shown(file.law.standing)}`);
  }
  const numbers = {
    observed: decodeNumber(file.observed),
    slack: decodeNumber(file.slack),
    margin: decodeNumber(file.margin),
  };
  const expected = {
    slack: slack(file.claim, numbers.observed),
    margin: marginOf(file.claim, numbers.observed),
  };
  for (const field of ["slack", "margin"] as const) {
    // 0 and −0 alike: files have no −0
    if (numbers[field] !== expected[field]) {
      fail(`${field} must be ${expected[field]}, as observed and relation make it, got ${numbers[field]}`);
    }
  }
  return { ...file, ...numbers, models: models as readonly StoredModel[] as Counterexample["models"] };
}

/**
 * JSON from outside, of any form.
 *
 * @throws InvalidInput where it is too long, nests too deep, or is not JSON
 */
export function parseSmallJson(text: string, name: string): unknown {
  if (text.length > LARGEST_FILE) {
    throw new InvalidInput(`${name}: must have at most ${LARGEST_FILE} characters, got ${text.length}`);
  }
  return jsonIn(text, name, DEEPEST);
}

/** The models as a trial. */
export function trialOf({ models }: Counterexample): Draws {
  const [first, ...others] = models.map(({ theta, seed }) => ({ theta, seed }));
  return [first!, ...others];
}

function fieldsOf(data: unknown): Record<string, unknown> {
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
}

function describeIssue({ path, message }: z.core.$ZodIssue, data: unknown): string {
  let value: unknown = data;
  for (const key of path) value = fieldsOf(value)[String(key)];
  const where = path.length === 0 ? "the whole" : path.join(".");
  return `${where}: ${message}, got ${shown(value)}`;
}

/** A value in a few characters. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
