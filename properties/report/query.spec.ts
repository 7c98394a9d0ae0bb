import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { drawTheta } from "../../src/law/law.ts";
import { modelsJsonl } from "../../src/report/models.ts";
import { queryModels } from "../../src/report/query.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import type { Measurements } from "../../src/transformer/measure/summary.ts";
import { transformerColumns } from "../../src/transformer/report/columns.ts";
import type { Judgement } from "../../src/verdict/judge.ts";

const measurements: Measurements = {
  steps: 120,
  trainHinge: 0.0009,
  testHinge: 0.001,
  testError: 0,
  singularValues: { WQ: [3, 2, 0.5], WK: [3, 2, 0.5], WV: [1, 0.5] },
  tailEnergy: { WQ: 0.02, WK: 0.01, WV: 1e-17 },
  patternStrengths: { WQ: [3, 2], WK: [3, 2], WV: [1, 0.5] },
  smallNeurons: 40,
  medianSmallNorm: 0.03,
  medianLargeNorm: 0.4,
  prunedHinge: Number.NaN,
  prunedError: 0,
  attentionBefore: 0.3,
  attentionAfter: 0.31,
};

describe("theorycheck query", () => {
  let folder: string;
  let file: string;
  const theta = { ...drawTheta(baseLaw, 7), M: 9, m: 123 };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "theorycheck-query-"));
    file = join(folder, "models.jsonl");
    const model = {
      theta,
      seed: 9007199254740991,
      steps: 120,
      outcome: "converged",
      digest: "d",
      measurements: { ...measurements },
    };
    const populations: Judgement["populations"] = [
      {
        population: { law: baseLaw, claims: [], beside: [], traces: [] },
        beside: [],
        claims: [],
        events: [],
        trials: [
          {
            seed: 1,
            models: [model],
            observed: { "low-rank-update: energy of ΔW_Q @ base": 0.02, 'odd "one": x @ base': 1 },
          },
          {
            seed: 2,
            models: [model, { ...model, outcome: "diverged" }],
            observed: { "low-rank-update: energy of ΔW_Q @ base": Number.NaN },
          },
        ],
      },
    ];
    writeFileSync(file, modelsJsonl({ populations }));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("a row a model; M and m have names of their own", async () => {
    const { columns, rows } = await queryModels(
      file,
      "SELECT count(*) AS models, max(patterns) AS M, max(neurons) FROM models",
      transformerColumns,
    );
    expect(columns).toEqual(["models", "M", "max(neurons)"]);
    expect(rows).toEqual([[3, 9, 123]]);
  });

  test("seeds of 53 bits, lists and numbers that are not finite come through", async () => {
    const { rows } = await queryModels(
      file,
      "SELECT seed, singularValuesWQ, prunedHinge, tailWV, outcome FROM models ORDER BY member DESC LIMIT 1",
      transformerColumns,
    );
    expect(rows[0]?.slice(0, 2)).toEqual([9007199254740991, [3, 2, 0.5]]);
    expect(String(rows[0]?.[2])).toMatch(/nan/i);
    expect(rows[0]?.slice(3)).toEqual([1e-17, "diverged"]);
  });

  test("what claims observed, a row a trial and claim", async () => {
    const { rows } = await queryModels(
      file,
      "SELECT claim, count(*) AS n FROM observations GROUP BY claim ORDER BY n",
      transformerColumns,
    );
    expect(rows).toEqual([
      ['odd "one": x @ base', 1],
      ["low-rank-update: energy of ΔW_Q @ base", 2],
    ]);
  });

  test.each(["run[1]", "a*b", "what?", "{x,y}", "it's", 'q"', "k=v"])(
    "just the file that is named is read, in a folder called %s",
    async (name) => {
      for (const [each, copies] of [
        [name, 1],
        [name.replaceAll(/[^a-z0-9]/g, ""), 2],
        ["axxb", 2],
        ["run1", 2],
      ] as const) {
        mkdirSync(join(folder, "named", each), { recursive: true });
        writeFileSync(join(folder, "named", each, "models.jsonl"), readFileSync(file, "utf8").repeat(copies));
      }
      const asked = join(folder, "named", name, "models.jsonl");
      const { columns, rows } = await queryModels(asked, "SELECT count(*) FROM models", transformerColumns);
      expect(rows).toEqual([[3]]);
      // no column of the folder's name
      expect(columns).toHaveLength(1);
    },
  );

  test.each([
    ["a second statement", "SELECT 1; SELECT 2"],
    ["nothing", ""],
    ["a file to read", "SELECT * FROM read_text('/etc/hostname')"],
    ["a file as a table", "SELECT * FROM '/etc/hostname'"],
    ["a folder to list", "SELECT * FROM glob('/*')"],
    ["a file to write", "COPY models TO 'out.csv'"],
    ["another database", "ATTACH 'other.db'"],
    ["an extension", "INSTALL httpfs"],
    ["an extension to load", "LOAD httpfs"],
    ["another setting", "SET memory_limit = '1TB'"],
    ["another setting by a pragma", "PRAGMA memory_limit = '1TB'"],
    ["a change", "DELETE FROM models"],
    ["a table", "CREATE TABLE more AS SELECT 1"],
    ["a host", "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')"],
  ])("the SQL is shut in: %s is refused", async (_, sql) => {
    await expect(queryModels(file, sql, transformerColumns)).rejects.toThrow(/^query/);
  });

  test("what asks is answered: WITH, FROM first, DESCRIBE, EXPLAIN", async () => {
    for (const sql of ["WITH x AS (SELECT 1) SELECT * FROM x", "FROM models", "DESCRIBE models", "EXPLAIN SELECT 1"]) {
      expect((await queryModels(file, sql, transformerColumns)).rows.length, sql).toBeGreaterThan(0);
    }
  });

  test("more rows than any function takes arguments", async () => {
    const { rows } = await queryModels(file, "SELECT range AS x FROM range(300000)", transformerColumns);
    expect([rows.length, rows[299_999]]).toEqual([300_000, [299_999]]);
  });

  test("numbers are numbers, whatever SQL calls them", async () => {
    const sql =
      "SELECT 1.5 AS a, sum(trial) AS b, 3::UTINYINT AS c, [1.25, 2.5] AS d, {'x': 7::BIGINT} AS e, MAP {'k': 2} AS f, 9007199254740993 AS g, DATE '2026-01-02' AS h FROM models";
    const { rows } = await queryModels(file, sql, transformerColumns);
    expect(rows).toEqual([
      [1.5, 2, 3, [1.25, 2.5], { x: 7 }, [{ key: "k", value: 2 }], "9007199254740993", "2026-01-02"],
    ]);
  });

  test("of another experiment every column is there, whatever it is called", async () => {
    const other = join(folder, "coins.jsonl");
    const line = (theta: object, measurements: object) =>
      `${JSON.stringify({ law: "fair", trial: 0, member: 0, seed: 1, theta, outcome: "run", digest: "d", measurements, observed: {} })}\n`;
    const evil = `x'), (SELECT 1`;
    writeFileSync(
      other,
      line({ p: 0.5, P: 1, law: "x" }, { heads: "NaN", [evil]: 2, list: [1, 2], deep: { a: 1 } }) +
        line({ p: 0.5, P: 2, law: "y" }, { heads: 3, late: 4 }),
    );
    const { columns, rows } = await queryModels(other, "SELECT * EXCLUDE (outcome, digest) FROM models ORDER BY P_1");
    expect(columns).toEqual([
      "law",
      "trial",
      "member",
      "seed",
      "p",
      "P_1",
      "law_1",
      "heads",
      evil,
      "list",
      "deep",
      "late",
    ]);
    expect(rows[1]).toEqual(["fair", 0, 0, 1, 0.5, 2, "y", 3, null, [], null, 4]);
    expect(rows[0]!.slice(8)).toEqual([2, [1, 2], '{"a":1}', null]);
  });

  test.each([
    ["SQL that is wrong", () => queryModels(file, "SELEC 1", transformerColumns)],
    ["a column that is not there", () => queryModels(file, "SELECT colour FROM models", transformerColumns)],
    ["a file that is not there", () => queryModels(join(folder, "none.jsonl"), "SELECT 1", transformerColumns)],
    [
      "a file that is no models.jsonl",
      () => {
        const other = join(folder, "other.jsonl");
        writeFileSync(other, "not JSON\n");
        return queryModels(other, "SELECT 1", transformerColumns);
      },
    ],
  ])("%s is bad input", async (_, asked) => {
    await expect(asked).rejects.toThrow(InvalidInput);
  });
});
