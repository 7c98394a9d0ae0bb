import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { atLeast, atMost, type Claim, within } from "../../src/claim/claim.ts";
import { LARGEST_WORK } from "../../src/experiment/affordable.ts";
import { boundaryJsonSchema } from "../../src/explore/boundary.ts";
import {
  counterexampleJsonSchema,
  counterexampleOf,
  encodeCounterexample,
  LARGEST_FILE,
  parseCounterexample,
  parseSmallJson,
} from "../../src/explore/counterexample.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { toJson } from "../../src/report/encode.ts";
import { COUNTEREXAMPLES } from "../../src/report/stored.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { workOf } from "../../src/transformer/work.ts";
import { arbitraryTheta, SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";
import { claimsOf, pairsPopulation, tinyPopulation } from "./tiny-laboratory.ts";
import { attentionEdge } from "./tiny-theorems.ts";

const [edge] = claimsOf("attention-edge");

const bound = fc.double({ min: -1e9, max: 1e9, noNaN: true });

/** A claim with any relation and bound. */
const arbitraryClaim = fc.oneof(
  bound.map((value) => atMost("a claim", value, () => 0)),
  bound.map((value) => atLeast("a claim", value, () => 0)),
  fc.tuple(bound, bound).map(([one, other]) => within("a claim", Math.min(one, other), Math.max(one, other), () => 0)),
);

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const digest = fc.oneof(
  hash,
  fc.nat(999_999).map((step) => `diverged@${step}`),
);

const arbitraryCounterexample = fc
  .record({
    claim: arbitraryClaim,
    models: fc
      .array(fc.record({ theta: arbitraryTheta(), seed: fc.maxSafeNat(), digest }), { minLength: 1, maxLength: 2 })
      .map(([first, ...others]) => [first!, ...others] as const),
    observed: fc.double(),
    statementHash: hash,
    core: hash,
    note: fc.option(fc.string({ maxLength: 100 }), { nil: undefined }),
  })
  .map(({ claim, ...found }) =>
    counterexampleOf({
      judged: { statement: attentionEdge, law: tinyPopulation.law, claim: claim as Claim },
      theorycheck: "0.1.0",
      ...found,
    }),
  );

const text = encodeCounterexample(
  transformer,
  counterexampleOf({
    judged: edge!,
    statementHash: "a".repeat(64),
    core: "b".repeat(64),
    theorycheck: "0.1.0",
    models: [{ theta: { ...SMALL_THETA, delta: 1.5 }, seed: 3, digest: "c".repeat(64) }],
    observed: 1.5,
  }),
);

describe("a counterexample file", () => {
  test("parse(encode(counterexample)) = counterexample, and encode(parse(text)) = text", () => {
    fc.assert(
      fc.property(arbitraryCounterexample, (counterexample) => {
        const encoded = encodeCounterexample(transformer, counterexample);
        const parsed = parseCounterexample(transformer, encoded);
        expect(parsed.models).toEqual(counterexample.models);
        expect(encodeCounterexample(transformer, parsed)).toBe(encoded);
        // files have no −0
        expect(parsed.observed).toBe(counterexample.observed === 0 ? 0 : counterexample.observed);
      }),
      { numRuns: 200 },
    );
  });

  test("says which hypotheses theta breaks, and how far the observation is from its bound", () => {
    const parsed = parseCounterexample(transformer, text);
    expect(parsed.law.standing).toBe("outside");
    expect(parsed.law.broken.map(({ hypothesis }) => hypothesis)).toContain("attention-scale");
    expect(parsed).toMatchObject({ slack: -1, margin: -2 });
  });

  test("its schema is JSON Schema, and closed", () => {
    const schema = JSON.parse(toJson(counterexampleJsonSchema(transformer)));
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    const published = z.fromJSONSchema(schema);
    expect(published.safeParse(JSON.parse(text)).error).toBeUndefined();
    expect(published.safeParse({ ...JSON.parse(text), extra: 1 }).success).toBe(false);
  });

  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const withTheta = (field: string, value: string) => text.replace(new RegExp(`("${field}": )[^,\\n]+`), `$1${value}`);

  test.each<[string, string, RegExp]>([
    ["nothing", "", /must be JSON/],
    ["truncated", text.slice(0, 500), /must be JSON/],
    ["no object", "null", /format must be/],
    ["another format", '{"format": "theorycheck results"}', /format must be "theorycheck counterexample"/],
    ["a foreign version", text.replace('"version": 1', '"version": 2'), /version must be 1.*got 2/],
    ["too long", `${" ".repeat(LARGEST_FILE)}${text}`, /at most 1000000 characters, got/],
    ["deep nesting", deep, /nest no deeper than 16/],
    ["deep nesting in a field", withTheta("M", deep), /nest no deeper than 16/],
    ["nesting just allowed, in a field", withTheta("M", "[[[[1]]]]"), /theta\.M: .*got \[\[\[\[1\]\]\]\]/],
    ["__proto__", text.replace('"version": 1', '"version": 1, "__proto__": {"polluted": 1}'), /__proto__/],
    ["__proto__ in theta", text.replace('"M": 4', '"M": 4, "__proto__": {"polluted": 1}'), /__proto__/],
    ["an unknown field", text.replace('"version": 1', '"version": 1, "extra": 1'), /extra/],
    ["NaN", withTheta("tau", "NaN"), /must be JSON/],
    ["NaN as text", withTheta("tau", '"NaN"'), /theta\.tau/],
    ["infinity by overflow", withTheta("tau", "1e999"), /theta\.tau/],
    ["a negative size", withTheta("m", "-8"), /theta\.m: .*got -8/],
    ["a size that is not whole", withTheta("m", "8.5"), /theta\.m: .*got 8.5/],
    ["a size that would take all memory", withTheta("m", "1e15"), /theta\.m/],
    ["sizes whose product would", withTheta("N", "1000000").replace('"L": 6', '"L": 9000'), /at most 16777216 numbers/],
    ["years of work", withTheta("Tmax", "1000000").replace('"m": 8', '"m": 100000'), /multiply-adds, got/],
    ["a negative seed", withTheta("seed", "-1"), /seed/],
    ["a seed beyond 2^53", withTheta("seed", "9007199254740993"), /seed/],
    ["no models", text.replace(/"models": \[[^\]]*\]/, '"models": []'), /models/],
    ["a digest that is none", withTheta("digest", '"c"'), /64 hexadecimal digits/],
    ["a margin that does not follow", withTheta("margin", "-3"), /margin must be -2/],
    ["a slack that does not follow", withTheta("slack", '"NaN"'), /slack must be -1/],
    ["a hypothesis that there is none", withTheta("hypothesis", '"luck"'), /hypothesis: .*got "luck"/],
    ["a standing that does not follow", withTheta("standing", '"within"'), /law.standing/],
    ["a name that steers a terminal", text.replace('"version": 1', '"version": 1, "\\u009b31m": 1'), /\\u009b31m/],
  ])("%s is refused", (_, hostile, message) => {
    let error: unknown;
    try {
      parseCounterexample(transformer, hostile, "file.json");
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^file\.json: /);
    expect((error as Error).message.length).toBeLessThan(700);
    expect({}).not.toHaveProperty("polluted");
  });

  test("brackets inside strings nest nothing", () => {
    const note = JSON.stringify(`\\"${"[{".repeat(100)}`);
    expect(parseCounterexample(transformer, text.replace(/\n}\n$/, `,\n  "note": ${note}\n}\n`)).note).toContain(
      "[{[{",
    );
    expect(parseSmallJson('["]]]", "\\"[", 1]', "x")).toEqual(["]]]", '"[', 1]);
  });

  test("no text makes parsing fail in another way than InvalidInput", () => {
    const mutated = fc
      .tuple(fc.nat(text.length - 1), fc.nat(20), fc.string({ maxLength: 8 }))
      .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string(), fc.json()), (hostile) => {
        try {
          parseCounterexample(transformer, hostile);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("work", () => {
  test("grows with every size, and the costliest theta of a law is far below the limit", () => {
    const costliest = {
      ...SMALL_THETA,
      d: 16,
      ma: 16,
      mb: 16,
      L: 24,
      m: 200,
      N: 512,
      B: 256,
      Tmax: 6000,
      testSamples: 500,
    };
    expect(workOf(costliest)).toBeLessThan(LARGEST_WORK / 5);
    for (const field of ["d", "L", "m", "B", "Tmax", "testSamples", "N"] as const) {
      expect(workOf({ ...SMALL_THETA, [field]: 2 * SMALL_THETA[field] })).toBeGreaterThan(workOf(SMALL_THETA));
    }
  });

  test("pairs are files too", () => {
    const [judged] = pairsPopulation.claims;
    const models = [1, 2].map((seed) => ({ theta: { ...SMALL_THETA, eta: seed / 2 }, seed, digest: "d".repeat(64) }));
    const pair = counterexampleOf({
      judged: judged!,
      statementHash: "a".repeat(64),
      core: "b".repeat(64),
      theorycheck: "0.1.0",
      models: [models[0]!, models[1]!],
      observed: 2,
    });
    expect(parseCounterexample(transformer, encodeCounterexample(transformer, pair)).models).toEqual(models);
  });
});

const REPORTS = new URL("../../reports/", import.meta.url);

test.each<[string, unknown]>([
  ["counterexample.schema.json", counterexampleJsonSchema(transformer)],
  ["boundary.schema.json", boundaryJsonSchema()],
])("reports/%s is the schema of the code", (name, schema) => {
  expect(readFileSync(new URL(name, REPORTS), "utf8")).toBe(toJson(schema));
});

test("every stored counterexample is read, and written anew is the same but for fields of θ that were not there", () => {
  const folder = new URL(`${COUNTEREXAMPLES}/`, REPORTS);
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const file of files) {
    const stored = readFileSync(new URL(file, folder), "utf8");
    const written = encodeCounterexample(transformer, parseCounterexample(transformer, stored, file));
    const withoutEpsilon = (text: string) => JSON.parse(text, (key, value) => (key === "epsilon" ? undefined : value));
    expect(withoutEpsilon(written)).toEqual(withoutEpsilon(stored));
    expect(encodeCounterexample(transformer, parseCounterexample(transformer, written, file))).toBe(written);
    expect(written.match(/"epsilon": .*/g)).toEqual(['"epsilon": 0.001']);
  }
});
