import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { coin, headsNearBias, shortRuns, withMemory } from "../../examples/coin/coin.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { buildResults } from "../../src/report/build-results.ts";
import { toJson } from "../../src/report/encode.ts";
import { outcomesIn } from "../../src/report/events.ts";
import { drawFigures, figuresOf } from "../../src/report/figures/index.ts";
import { reportFiles, resultsJsonSchema } from "../../src/report/files.ts";
import { plain } from "../../src/report/presentation.ts";
import { parseResults, type Results } from "../../src/report/results.ts";
import { tolerancesMarkdown } from "../../src/report/tolerances.ts";
import { judge } from "../../src/verdict/judge.ts";
import { findings, theorems } from "../../theorems/index.ts";
import { presentation as paper } from "../../theorems/presentation.ts";
import { exampleResults } from "./example-results.ts";

const statements = [headsNearBias, shortRuns, withMemory];
const hashes = {
  core: "c".repeat(64),
  statements: Object.fromEntries(statements.map(({ id }) => [id, "a".repeat(64)])),
  declarations: "d".repeat(64),
};
const presentation = plain(coin.parameters);

/** A run of an experiment that brings no figures. */
let results: Results;
beforeAll(async () => {
  const judgement = await judge({ statements, laboratory: here(statements), beta: 0.2 });
  results = buildResults("1.2.3", judgement, hashes, presentation, []);
});

describe("an experiment that brings no figures", () => {
  test("is named in the results, which come back as they were written", () => {
    expect(results.experiment).toBe("coin");
    expect(results).not.toHaveProperty("figures");
    expect(parseResults(toJson(results))).toEqual(results);
  });

  test("has its models counted by its own outcomes, in every table of laws", async () => {
    expect(outcomesIn(results)).toEqual(["ended"]);
    for (const { trials, models } of results.laws) expect(models).toEqual({ trained: trials, ended: trials });
    const [law] = results.laws;
    const row = ["coins without a memory", law!.trials, law!.trials].join(" | ");
    expect(tolerancesMarkdown(results)).toContain(`| law | models | ended |\n`);
    expect(tolerancesMarkdown(results)).toContain(`| ${row} |\n`);
    expect(tolerancesMarkdown(results)).not.toContain("converged");
    expect((await reportFiles(results, presentation))["index.html"]).not.toContain("converged");
  });

  test("has every report, with the two figures that are drawn from the verdicts", async () => {
    const files = await reportFiles(results, presentation);
    expect(Object.keys(files)).toEqual([
      "index.html",
      "tolerances.md",
      "tolerances.tex",
      "results.schema.json",
      "counterexample.schema.json",
      "boundary.schema.json",
      "badge.json",
      "figures/margins.svg",
      "figures/evidence.svg",
    ]);
    for (const { id, title } of statements) {
      expect(files["index.html"]).toContain(` id="${id}"`);
      expect(files["tolerances.md"]).toContain(`| ${id} |`);
      if (id !== withMemory.id) expect(files["index.html"]).toContain(title);
    }
    const again = await reportFiles(parseResults(toJson(results)), plain(coin.parameters));
    expect(again).toEqual(files);
  });

  test("has a page that does not speak of the paper's", async () => {
    const page = (await reportFiles(results, presentation))["index.html"] as string;
    expect(page).toContain("<h1>Theorems, checked</h1>");
    expect(page).not.toMatch(/Transformer|2406\.17167|the paper|scaling/i);
    expect((await reportFiles(exampleResults(), paper))["index.html"]).toContain(`<h1>${paper.heading.title}</h1>`);
  });

  test("publishes the form of a counterexample with its own fields, and none where only results are at hand", async () => {
    const files = await reportFiles(results, presentation);
    const published = z.fromJSONSchema(JSON.parse(files["counterexample.schema.json"] as string));
    const schema = JSON.parse(files["counterexample.schema.json"] as string);
    expect(Object.keys(schema.properties.models.items.properties.theta.properties)).toEqual(coin.parameters.names);
    expect(published.safeParse({}).success).toBe(false);
    const { "counterexample.schema.json": _, ...others } = files;
    expect(await reportFiles(results, plain())).toEqual(others);
  });

  test("has results of the published form", () => {
    const published = z.fromJSONSchema(JSON.parse(toJson(resultsJsonSchema(presentation))));
    const written: unknown = JSON.parse(toJson(results));
    expect(published.safeParse(written).error).toBeUndefined();
    expect(published.safeParse({ ...(written as object), experiment: 7 }).success).toBe(false);
  });
});

describe("the ways in which models ended", () => {
  const law = (models: Readonly<Record<string, number>>) => ({
    ...results.laws[0]!,
    models: { trained: 9, ...models },
  });

  test("are those of any law, each once, in the order in which they first occur", () => {
    expect(outcomesIn({ laws: [law({ b: 1, a: 2 }), law({ a: 1, c: 1 })] })).toEqual(["b", "a", "c"]);
    expect(outcomesIn({ laws: [law({})] })).toEqual([]);
    expect(outcomesIn({ laws: [] })).toEqual([]);
    expect(outcomesIn(exampleResults())).toEqual(["converged", "exhausted", "diverged"]);
  });

  test("are 0 for a law that does not have them", () => {
    const page = tolerancesMarkdown({ ...results, laws: [law({ b: 4 }), law({ a: 5 })] });
    expect(page).toContain("| law | models | b | a |\n");
    expect(page).toContain("| coins without a memory | 9 | 4 | 0 |\n| coins without a memory | 9 | 0 | 5 |\n");
  });
});

describe("figures of an experiment", () => {
  test("stand between those that every experiment has", async () => {
    expect(figuresOf(plain()).map(({ id }) => id)).toEqual(["margins", "evidence"]);
    const ids = figuresOf(paper).map(({ id }) => id);
    expect([ids[0], ids.at(-1)]).toEqual(["margins", "evidence"]);
    expect(ids.slice(1, -1)).toEqual(paper.figures.map(({ id }) => id));
    expect([...(await drawFigures(exampleResults(), paper)).keys()]).toEqual(ids);
    expect([...(await drawFigures(exampleResults(), plain())).keys()]).toEqual(["margins", "evidence"]);
  });

  test.each<[string, unknown, RegExp]>([
    ["of another form", { bars: [1, 2] }, /^results\.json: figures\.base: /],
    ["that are none", 7, /^results\.json: figures: /],
    [
      "with a number that is none",
      { ...(exampleResults().figures as object), strengths: [{ r: "two", models: [] }] },
      /^results\.json: figures\.strengths\.0\.r: /,
    ],
  ])("are not drawn from data %s: it says where, and nothing is made", async (_, figures, message) => {
    const made = reportFiles({ ...exampleResults(), figures }, paper);
    await expect(made).rejects.toThrow(InvalidInput);
    await expect(made).rejects.toThrow(message);
  });

  test("have no say in what is published of an experiment without them: any data is taken, and none is drawn", async () => {
    const files = await reportFiles({ ...results, figures: { bars: [1, 2] } }, presentation);
    expect(Object.keys(files).filter((name) => name.endsWith(".svg"))).toEqual([
      "figures/margins.svg",
      "figures/evidence.svg",
    ]);
  });
});

test("every finding of the paper stands with exactly one theorem, and nothing else does", () => {
  const named = Object.entries(paper.findingsOf ?? {});
  expect(named.flatMap(([, findings]) => findings).sort()).toEqual(findings.map(({ id }) => id).sort());
  for (const [id] of named) expect(theorems.map((theorem) => theorem.id)).toContain(id);
});

test("titles claim no more than a verdict says: nothing holds always, or for every model", () => {
  const titles = theorems.map(({ title }) => title);
  expect(titles.filter((title) => /\b(?:always|never|every|all)\b/i.test(title))).toEqual([]);
});
