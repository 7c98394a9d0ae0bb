import { Matrix } from "ml-matrix";
import { z } from "zod";
import { InvalidInput } from "../../invalid-input.ts";
import { decodeNumber } from "../../json-number.ts";
import { datasetOf } from "../data/dataset.ts";
import type { Dataset, PerMatrix, Weights } from "../notation.ts";
import { multiplyAdds } from "../prune/multiply-adds.ts";

/**
 * Cases to evaluate, in the form of golden/one-layer-transformer.json: a model and a batch each, with or
 * without a short full-batch SGD, with or without the values that another implementation found.
 */
const matrixOf = <T>(entry: z.ZodType<T>) => z.array(z.array(entry).min(1)).min(1);
const eachTrained = <T>(schema: z.ZodType<T>) => z.object({ WQ: schema, WK: schema, WV: schema, WO: schema });
const rows = matrixOf(z.number());
const atLeastOne = z.int().min(1);
const trained = eachTrained(rows);

/** What was found may be no number or infinite: text, as `encodeNumbers` writes it. */
const found = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]).transform(decodeNumber);

const expectedSchema = z.object({
  scores: z.array(found),
  hingeLoss: found,
  gradients: eachTrained(matrixOf(found)),
  singularValues: eachTrained(z.array(found)),
  afterSgd: z.object({ lossBeforeEachStep: z.array(found), weights: eachTrained(matrixOf(found)) }).optional(),
});

const caseSchema = z.object({
  name: z.string().min(1),
  shape: z.object({
    d: atLeastOne,
    L: atLeastOne,
    m: atLeastOne,
    ma: atLeastOne,
    mb: atLeastOne,
    batch: atLeastOne,
  }),
  readout: z.enum(["shared", "per-position"]),
  weights: trained.extend({ a: z.union([z.array(z.number()).min(1), rows]) }),
  batch: z.object({ tokens: z.array(rows).min(1), labels: z.array(z.union([z.literal(1), z.literal(-1)])) }),
  sgd: z.object({ stepSize: z.number().positive(), steps: atLeastOne }).optional(),
  expected: expectedSchema.optional(),
});

const fileSchema = z.object({ cases: z.array(caseSchema).min(1) });

type Expected = z.infer<typeof expectedSchema>;
type Rows = z.infer<typeof rows>;

/** A case as the engines read it. */
export interface EvaluationCase {
  readonly name: string;
  readonly weights: Weights;
  readonly data: Dataset;
  readonly sgd?: { readonly stepSize: number; readonly steps: number };
  readonly expected?: Expected;
}

/**
 * Reads and checks a file of cases.
 *
 * @throws InvalidInput naming the field, the rule that it breaks, and its value
 */
export function parseCases(file: unknown): EvaluationCase[] {
  const { cases } = (file ?? {}) as { readonly cases?: unknown };
  // before each is looked at, which of a million that are none takes half a minute
  if (Array.isArray(cases) && cases.length > MOST_CASES) {
    throw new InvalidInput(`cases: must be at most ${MOST_CASES}, got ${cases.length}`);
  }
  const parsed = fileSchema.safeParse(file, { reportInput: true });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new InvalidInput(`${pathOf(issue.path)}: ${issue.message}, got ${shown(issue.input)}`);
  }
  requireAffordableCases(parsed.data.cases);
  return parsed.data.cases.map(evaluationCase);
}

/** Of a file; the golden one has 16. */
const MOST_CASES = 10_000;

/** Most work of a file, in multiply-adds: a quarter of an hour of the reference engine. */
const LARGEST_WORK = 1e11;

/** A step is a pass forwards and two back; scores, gradients and singular values take about two more. */
const PASSES = { step: 3, without: 5 };

/** A step has a price of its own, whatever it computes. */
const LEAST_PASS = 1e4;

function requireAffordableCases(cases: readonly z.infer<typeof caseSchema>[]): void {
  let work = 0;
  for (const [i, { shape, sgd }] of cases.entries()) {
    const pass = Math.max(LEAST_PASS, shape.batch * multiplyAdds(shape).forward);
    work += (PASSES.step * (sgd?.steps ?? 0) + PASSES.without) * pass;
    if (work > LARGEST_WORK) {
      throw new InvalidInput(
        `cases must take at most ${LARGEST_WORK.toExponential(0)} multiply-adds together, got more by cases[${i}] (${Object.entries(
          { ...shape, "sgd.steps": sgd?.steps ?? 0 },
        )
          .map(([name, value]) => `${name} = ${value}`)
          .join(", ")})`,
      );
    }
  }
}

function evaluationCase(declared: z.infer<typeof caseSchema>, index: number): EvaluationCase {
  const { name, readout, shape, weights, batch, sgd, expected } = declared;
  const { d, L, m, ma, mb } = shape;
  const at = `cases[${index}]`;
  const shapes: PerMatrix<readonly [number, number, string]> = {
    WQ: [mb, d, "mb x d"],
    WK: [mb, d, "mb x d"],
    WV: [ma, d, "ma x d"],
    WO: [m, ma, "m x ma"],
  };
  const matrix = (field: string, values: Rows, [height, width, symbols]: readonly [number, number, string]) => {
    for (const row of values) {
      if (values.length !== height || row.length !== width) {
        const got = `${values.length} rows, one of ${row.length}`;
        throw new InvalidInput(`${at}.${field}: must be ${symbols}, ${height} x ${width}, got ${got}`);
      }
    }
    return new Matrix(values);
  };
  const list = (field: string, values: readonly number[], length: number, symbol: string) => {
    if (values.length !== length) {
      throw new InvalidInput(`${at}.${field}: must have ${symbol} = ${length} entries, got ${values.length}`);
    }
  };
  const perMatrix = (field: string, of: PerMatrix<Rows>) => ({
    WQ: matrix(`${field}.WQ`, of.WQ, shapes.WQ),
    WK: matrix(`${field}.WK`, of.WK, shapes.WK),
    WV: matrix(`${field}.WV`, of.WV, shapes.WV),
    WO: matrix(`${field}.WO`, of.WO, shapes.WO),
  });

  const a = weights.a.every((entry) => typeof entry === "number") ? [weights.a as number[]] : (weights.a as Rows);
  const shapeOfA = readout === "shared" ? ([1, m, "1 x m"] as const) : ([L, m, "L x m"] as const);
  list(
    "batch.tokens",
    batch.tokens.map(() => 0),
    shape.batch,
    "batch",
  );
  list("batch.labels", batch.labels, shape.batch, "batch");
  const tokens = batch.tokens.map((sample, n) => matrix(`batch.tokens[${n}]`, sample, [L, d, "L x d"]));

  if (expected !== undefined) {
    list("expected.scores", expected.scores, shape.batch, "batch");
    perMatrix("expected.gradients", expected.gradients);
    for (const [which, [height, width]] of Object.entries(shapes)) {
      const values = expected.singularValues[which as keyof typeof shapes];
      list(`expected.singularValues.${which}`, values, Math.min(height, width), "min(rows, columns)");
    }
    if (expected.afterSgd !== undefined) {
      if (sgd === undefined) throw new InvalidInput(`${at}.sgd: must be given where expected.afterSgd is, got nothing`);
      list("expected.afterSgd.lossBeforeEachStep", expected.afterSgd.lossBeforeEachStep, sgd.steps, "sgd.steps");
      perMatrix("expected.afterSgd.weights", expected.afterSgd.weights);
    }
  }
  return {
    name,
    weights: { ...perMatrix("weights", weights), a: matrix("weights.a", a, shapeOfA) },
    data: datasetOf(tokens, batch.labels),
    ...(sgd === undefined ? {} : { sgd }),
    ...(expected === undefined ? {} : { expected }),
  };
}

/** cases[0].weights.WQ */
function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the file";
  return path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`)).join("");
}

function shown(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
