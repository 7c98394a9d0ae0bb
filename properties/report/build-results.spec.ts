import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { Hashes } from "../../src/experiment/hashes.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { coreHash, declarationsIn, hashesOf } from "../../src/laboratory/fingerprint.ts";
import { type Beside, buildResults, type ExaminedLemma } from "../../src/report/build-results.ts";
import { earlierRunOf } from "../../src/report/earlier-run.ts";
import { toJson } from "../../src/report/encode.ts";
import { modelsJsonl } from "../../src/report/models.ts";
import { plain } from "../../src/report/presentation.ts";
import { parseResults, type Results } from "../../src/report/results.ts";
import { tolerancesMarkdown } from "../../src/report/tolerances.ts";
import { type Judgement, judge } from "../../src/verdict/judge.ts";
import { examineLemma } from "../../src/verdict/lemma.ts";
import { lemmas } from "../../theorems/lemmas/index.ts";

const STATEMENTS = fileURLToPath(new URL("../verdict/fixtures/small-statements.ts", import.meta.url));

let judgement: Judgement;
let hashes: Hashes;
let results: Results;

const truncation = lemmas.find(({ id }) => id === "truncation")!;
const examined: ExaminedLemma = {
  lemma: truncation,
  examination: examineLemma(truncation, { seed: 7, numRuns: 60 }),
};

beforeAll(async () => {
  const declarations = await declarationsIn(STATEMENTS);
  const { statements } = declarations;
  hashes = await hashesOf(declarations);
  judgement = await judge({ statements, laboratory: here(statements), beta: 0.2 });
  results = built(judgement, [examined]);
}, 60_000);

/** What is written down of a judgement, by an experiment that shows nothing beyond its verdicts. */
const built = (judged: Judgement, lemmas: readonly ExaminedLemma[] = [], beside?: Beside) =>
  buildResults("1.2.3", judged, hashes, plain(), lemmas, beside);

const statement = (id: string) => results.statements.find((each) => each.id === id)!;

describe("results of a judgement", () => {
  test("come back from results.json as they were written, and are written the same again", () => {
    const text = toJson(results);
    expect(parseResults(text)).toEqual(results);
    expect(toJson(parseResults(text))).toBe(text);
    expect(toJson(built(judgement, [examined]))).toBe(text);
  });

  test("hold the run's seed, standards, number of verdicts, and the chance of any false pass", () => {
    expect(results).toMatchObject({ format: "theorycheck results", version: 2, theorycheck: "1.2.3" });
    expect(results.run).toMatchObject({ seed: 240617167, alpha: 1e-6, beta: 0.2, p0: 0.05, verdicts: 10, earlier: [] });
    expect(results.run.anyFalsePass).toBe(10 * 0.2);
    expect(results.run.coreHash).toBe(coreHash());
    expect(results.run.declarations).toBe(hashes.declarations);
  });

  test("name the experiment, and hold no figures where it brings none", () => {
    expect(results.experiment).toBe("transformer");
    expect(results).not.toHaveProperty("figures");
  });

  test("hold what the experiment takes from the models for its figures, and nothing where that is nothing", () => {
    const shows = (dataOf: () => unknown) =>
      buildResults("1.2.3", judgement, hashes, { ...plain(), dataOf }, []) as { figures?: unknown };
    let seen: unknown;
    const presentation = {
      ...plain(),
      dataOf: (populations: unknown) => {
        seen = populations;
        return { bars: [1, 2] };
      },
    };
    expect(buildResults("1.2.3", judgement, hashes, presentation, []).figures).toEqual({ bars: [1, 2] });
    expect(seen).toBe(judgement.populations);
    expect(shows(() => undefined)).not.toHaveProperty("figures");
  });

  test("state no hash of the declarations where it is not known what they read", () => {
    const unknown = { ...hashes, declarations: { unknown: "mine.ts reads process" } };
    const { run } = buildResults("1.2.3", judgement, unknown, plain(), []);
    expect(run).not.toHaveProperty("declarations");
    expect(run.coreHash).toBe(coreHash());
  });

  test("hold the standards that are not as declared, and only those", () => {
    expect(results.run.changed).toEqual([{ standard: "beta", declared: 1e-3, used: 0.2 }]);
    const changedOf = (changes: Partial<Judgement>) => built({ ...judgement, ...changes }).run.changed;
    expect(changedOf({ p0: 0.1, alpha: 1e-5, beta: 1e-3 })).toEqual([
      { standard: "p0", declared: 0.05, used: 0.1 },
      { standard: "alpha", declared: 1e-6, used: 1e-5 },
    ]);
    expect(changedOf({ beta: 1e-3 })).toEqual([]);
  });

  test("call a theorem certified where all its verdicts are, refuted where one is, inconclusive where one is and none is refuted; what must be refuted, only where all are", () => {
    const kinds = Object.fromEntries(results.statements.map(({ id, expects, verdict }) => [id, [expects, verdict]]));
    expect(kinds).toEqual({
      always: ["certified", "certified"],
      "same-run": ["certified", "certified"],
      "rarely-violated": ["certified", "certified"],
      capped: ["certified", "inconclusive"],
      pairs: ["certified", "certified"],
      traced: ["certified", "certified"],
      half: ["refuted", "refuted"],
      diverged: ["refuted", "refuted"],
      often: ["refuted", "refuted"],
      measured: ["measured", "measured"],
    });
    const withVerdicts = (id: string, ...kinds: readonly ("certified" | "refuted" | "inconclusive")[]) => {
      const population = judgement.populations.find(({ claims }) => claims.some((each) => each.statement.id === id))!;
      const [claim] = population.claims.filter((each) => each.statement.id === id);
      const [event] = population.events.filter((each) => each.statement.id === id);
      const events = kinds.map((kind) => ({
        ...event!,
        verdict: { ...event!.verdict, kind, because: "cap" as const },
      }));
      const populations = [{ ...population, claims: [claim!], events }] as Judgement["populations"];
      return built({ ...judgement, statements: [claim!.statement], populations }).statements[0]!.verdict;
    };
    expect(withVerdicts("always", "certified", "certified")).toBe("certified");
    expect(withVerdicts("always", "certified", "inconclusive")).toBe("inconclusive");
    expect(withVerdicts("always", "refuted", "inconclusive")).toBe("refuted");
    expect(withVerdicts("always", "certified", "refuted")).toBe("refuted");
    for (const id of ["half", "often"]) {
      expect(withVerdicts(id, "refuted", "refuted")).toBe("refuted");
      expect(withVerdicts(id, "refuted", "inconclusive")).toBe("inconclusive");
      expect(withVerdicts(id, "inconclusive", "certified")).toBe("certified");
      expect(withVerdicts(id, "refuted", "certified")).toBe("certified");
    }
  });

  test("say of a control what it belongs to and leaves, and of a theorem its hypotheses and why it has no control", () => {
    expect(statement("half")).toMatchObject({
      of: "always",
      leaves: "training-budget: nothing at all",
      hypotheses: [],
    });
    expect(statement("always")).toMatchObject({ hypotheses: ["training-budget"] });
    expect(statement("same-run")).toMatchObject({ noControl: "none is needed" });
    expect(statement("always")).not.toHaveProperty("of");
  });

  test("say of a statement on which of its laws it was not judged, and nothing where it was on all", () => {
    for (const { notJudgedOn } of results.statements) expect(notJudgedOn).toBeUndefined();
    const [first] = judgement.statements;
    const further = { ...first!, laws: [...first!.laws, { ...first!.laws[0]!, id: "further" }] } as typeof first & {};
    const populations = judgement.populations.map((population) => ({
      ...population,
      claims: population.claims.map((each) => (each.statement === first ? { ...each, statement: further } : each)),
      events: population.events.map((each) => (each.statement === first ? { ...each, statement: further } : each)),
    }));
    const statements = judgement.statements.map((each) => (each === first ? further : each));
    const [partly, ...others] = built({ ...judgement, statements, populations }).statements;
    expect(partly?.notJudgedOn).toEqual(["further"]);
    expect(others.some(({ notJudgedOn }) => notJudgedOn !== undefined)).toBe(false);
  });

  test("carry each event's verdict and each claim's ledger as they were judged", () => {
    for (const { claims, events, population } of judgement.populations) {
      for (const { statement: judged, claim, verdict, p0, limits, violators } of events) {
        const found = statement(judged.id).events.filter(
          (event) => event.claim === claim && event.law === population.law.id,
        );
        expect(found).toEqual([
          {
            law: population.law.id,
            ...(claim === undefined ? {} : { claim }),
            p0,
            verdict,
            limits,
            // the smallest p₀ that these models certified, of what is to be certified
            ...(judged.kind === "theorem" ? { strongestP0: expect.any(Number) } : {}),
            violators,
          },
        ]);
      }
      for (const { statement: judged, claim, ledger } of claims) {
        const found = statement(judged.id).claims.find(
          ({ title, law }) => title === claim.title && law === population.law.id,
        )!;
        expect(found.relation).toEqual(claim.relation);
        expect(found.ledger).toMatchObject({
          models: ledger.models,
          violations: ledger.violations,
          violators: ledger.violators,
          limits: ledger.limits,
        });
        expect(found.ledger.decisive.seed).toBe(ledger.decisive.seed);
        expect(found.ledger.decisive.theta).toEqual(ledger.decisive.theta);
        expect([found.ledger.worst, found.ledger.median, found.ledger.best].map(Number)).toEqual([
          ledger.worst,
          ledger.median,
          ledger.best,
        ]);
      }
    }
  });

  test("count each law's models, and those that diverged among them, and show them in tolerances.md", () => {
    const law = results.laws.find(({ id }) => id === "diverging")!;
    const trials = judgement.populations.find(({ population }) => population.law.id === "diverging")!.trials.length;
    expect(law.models).toEqual({ trained: trials, converged: 0, exhausted: 0, diverged: trials });
    const pairs = results.laws.find(({ id }) => id === "small-pairs")!;
    expect(pairs.models.trained).toBe(2 * pairs.trials);
    expect(pairs.doubles).toBe("eta");
    expect(statement("diverged").claims[0]!.ledger).toMatchObject({ worst: "NaN", median: "NaN", best: "NaN" });
    const page = tolerancesMarkdown(results);
    expect(page).toMatch(/\| \*\*refuted\*\* at \d+ \| diverged \| steps \| diverging \| ≥ 0 \| not a number \|/);
    expect(page).toContain(`| steps that nothing survives | ${trials} | 0 | 0 | ${trials} |`);
  });

  test("hold each lemma with its examples and its margin", () => {
    const [lemma] = results.lemmas;
    expect(lemma).toMatchObject({ id: "truncation", holds: true, examples: examined.examination.examples });
    expect(lemma!.nonTrivial).toBe(lemma!.properties.reduce((sum, { nonTrivial }) => sum + nonTrivial!, 0));
    expect(lemma!.nonTrivial).toBeLessThan(lemma!.examples);
    expect(lemma!.worstMargin).toEqual(examined.examination.worstMargin);
    expect(lemma!.properties.map(({ title }) => title)).toEqual(truncation.properties.map(({ title }) => title));
  });

  test("are evidence for a later run to go on from: counts by event, trials by law, hashes", () => {
    const earlier = earlierRunOf(results, "results.json");
    expect(earlier).toMatchObject({
      seed: results.run.seed,
      coreHash: results.run.coreHash,
      alphaPerVerdict: results.run.alphaPerVerdict,
      earlier: [],
    });
    for (const { population, trials } of judgement.populations) {
      expect(earlier.trials[population.law.id]).toBe(trials.length);
      expect(earlier.lawHashes[population.law.id]).toBe(population.law.hash);
    }
    const counted = judgement.populations.flatMap(({ events }) => events);
    expect(earlier.counts).toEqual(
      new Map(counted.map(({ key, p0, verdict: { n, violations } }) => [key, { n, violations, p0 }])),
    );
    expect(earlier.counts.get("capped @ small")).toEqual({ n: 40, violations: 0, p0: 0.05 });
    expect([...earlier.counts.keys()].filter((key) => key.startsWith("measured"))).toEqual([]);
    expect(earlier.beta).toBe(0.2);
    expect(earlier.statementHashes.always).toBe(statement("always").hash);
  });
});

describe("models.jsonl", () => {
  test("has a line for every model that was trained, with θ, seed, law, digest, measurements and observations", () => {
    const lines = modelsJsonl(judgement)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const models = judgement.populations.flatMap(({ population, trials }) =>
      trials.flatMap((trial, index) =>
        trial.models.map(({ theta, seed, digest }, member) => ({
          law: population.law.id,
          trial: index,
          member,
          theta,
          seed,
          digest,
        })),
      ),
    );
    expect(lines).toMatchObject(models);
    expect(lines.length).toBe(results.run.models);
    expect(lines.at(-1).observed).toMatchObject({ "diverged: steps @ diverging": "NaN" });
    // and what the theorems claim, for the matrix
    expect(new Set(Object.values(lines.at(-1).observed))).toEqual(new Set(["NaN"]));
    expect(lines.at(-1).measurements.trainHinge).toBe("NaN");
  });
});
