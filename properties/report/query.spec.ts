import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
        population: { law: baseLaw, claims: [], traces: [] },
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
