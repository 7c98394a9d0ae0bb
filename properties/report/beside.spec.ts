import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Hashes } from "../../src/experiment/hashes.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { committedBeside } from "../../src/report/beside.ts";
import { type Beside, buildResults } from "../../src/report/build-results.ts";
import { toJson } from "../../src/report/encode.ts";
import { plain } from "../../src/report/presentation.ts";
import { parseResults } from "../../src/report/results.ts";
import { judge } from "../../src/verdict/judge.ts";
import { fitSlope } from "../../src/verdict/slopes.ts";
import { presentation } from "../../theorems/presentation.ts";
import { scalingLadders } from "../../theorems/scaling.ts";
import { declared } from "../verdict/fixtures/declared-once.ts";
import { exampleResults } from "./example-results.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-beside-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const { teeth, calibration, boundaries, pruningCost } = exampleResults();

/** A run that judged next to nothing: what stands beside it is what there is. */
const judgement = await judge({ statements: [declared], laboratory: here([declared]), beta: 0.5 });
const hashes: Hashes = {
  core: "c".repeat(64),
  statements: { declared: "a".repeat(64) },
  declarations: "d".repeat(64),
};
const resultsWith = (beside?: Beside) => buildResults("1.2.3", judgement, hashes, plain(), [], beside);

describe("what other commands committed beside the results", () => {
  test("is read where it is there, and missing where it is not", () => {
    expect(committedBeside(folder, presentation)).toEqual({});
    writeFileSync(join(folder, "teeth.json"), toJson(teeth));
    expect(committedBeside(folder, presentation)).toEqual({ teeth });
    writeFileSync(join(folder, "calibration.json"), toJson(calibration));
    expect(committedBeside(folder, presentation)).toEqual({ teeth, calibration });
    const performance = { steps: [], models: [], throughput: [], growth: [], pruning: pruningCost };
    writeFileSync(join(folder, "performance.json"), toJson(performance));
    expect(committedBeside(folder, presentation)).toEqual({ teeth, calibration, pruningCost });
    mkdirSync(join(folder, "boundaries"));
    for (const { id, boundary } of boundaries!) {
      writeFileSync(join(folder, "boundaries", `${id}.json`), toJson(boundary));
      writeFileSync(join(folder, "boundaries", `${id}.csv`), "the same cells");
    }
    const byName = [boundaries![1], boundaries![0]];
    expect(committedBeside(folder, presentation)).toEqual({ teeth, calibration, pruningCost, boundaries: byName });
  });

  test.each([
    ["teeth.json", "{", "must be JSON, got "],
    ["calibration.json", "", "must be JSON, got "],
    ["teeth.json", '[{"id":"sign"}]', "room"],
    ["calibration.json", '{"seed":-1}', "seed"],
    ["performance.json", '{"steps":3}', "steps"],
    ["boundaries/tau.json", "[]", "the whole"],
  ])("is refused by its name where it has not its form: %s with %s", (file, text, message) => {
    mkdirSync(join(folder, "boundaries"));
    writeFileSync(join(folder, file), text);
    expect(() => committedBeside(folder, presentation)).toThrow(InvalidInput);
    expect(() => committedBeside(folder, presentation)).toThrow(join(folder, file));
    expect(() => committedBeside(folder, presentation)).toThrow(message);
  });

  test("is nobody's where the experiment has no timings: a file of them is left alone", () => {
    writeFileSync(join(folder, "performance.json"), "no JSON at all");
    expect(committedBeside(folder, plain())).toEqual({});
    expect(() => committedBeside(folder, presentation)).toThrow(join(folder, "performance.json"));
  });

  test("is part of results.json, and so are fitted slopes, those that could not be fitted too", () => {
    const slopes = scalingLadders.ladders.map((ladder, i) => {
      const values = ladder.rungs.map((x) => [x ** ladder.expected, i === 2 ? Number.NaN : 2 * x ** ladder.expected]);
      return { ...ladder, seeds: [1, 2], values, ...fitSlope(ladder.rungs, values, 7) };
    });
    const results = resultsWith({ slopes, teeth, calibration });
    expect(parseResults(toJson(results))).toEqual(results);
    expect([results.teeth, results.calibration]).toEqual([teeth, calibration]);
    expect(results.slopes!.map(({ field, expected }) => [field, expected])).toEqual([
      ["eta", -1],
      ["m", -0.5],
      ["xi", 1],
    ]);
    expect(results.slopes![0]!.slope).toBeCloseTo(-1, 12);
    expect(results.slopes![2]!.slope).toBe("NaN");
    expect(results.slopes![2]!.interval).toEqual({ lower: "NaN", upper: "NaN" });
    expect(resultsWith()).not.toHaveProperty("slopes");
  });
});
