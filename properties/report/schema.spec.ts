import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidInput } from "../../src/invalid-input.ts";
import { toJson } from "../../src/report/encode.ts";
import { resultsJsonSchema } from "../../src/report/files.ts";
import { parseResults } from "../../src/report/results.ts";
import { presentation } from "../../theorems/presentation.ts";
import { exampleResults, resultsToReport } from "./example-results.ts";

const PUBLISHED = new URL("../../reports/results.schema.json", import.meta.url);

test("reports/results.schema.json is the schema of the code", () => {
  expect(readFileSync(PUBLISHED, "utf8")).toBe(toJson(resultsJsonSchema(presentation)));
});

test.each(resultsToReport())("%s validate against the published schema", (_, results) => {
  const published = z.fromJSONSchema(JSON.parse(toJson(resultsJsonSchema(presentation))));
  const written: unknown = JSON.parse(toJson(results));
  expect(published.safeParse(written).error).toBeUndefined();
  expect(published.safeParse({ ...(written as object), gate: {} }).success).toBe(false);
});

describe("parseResults", () => {
  const text = toJson(exampleResults());

  test("reads what was written", () => {
    expect(parseResults(text)).toEqual(exampleResults());
  });

  test.each([
    ["nothing", ""],
    ["half of it", text.slice(0, text.length / 2)],
    ["another file", '{"name":"theorycheck"}'],
    ["a later version", text.replace('"version": 2', '"version": 3')],
    ["a verdict that is none", text.replace('"kind": "certified"', '"kind": "verified"')],
    ["NaN where a number must be", text.replace('"p0": 0.05', '"p0": "NaN"')],
    ["a hash cut short", text.replace("a".repeat(64), "a".repeat(63))],
  ])("refuses %s, naming the file", (_, broken) => {
    expect(() => parseResults(broken, "broken.json")).toThrow(InvalidInput);
    expect(() => parseResults(broken, "broken.json")).toThrow(/broken\.json/);
  });
});
