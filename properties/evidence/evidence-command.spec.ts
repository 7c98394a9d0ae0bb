import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UsageError } from "../../src/cli/errors.ts";
import { evidenceCommand } from "../../src/cli/evidence.ts";
import { logCertify, logRefute } from "../../src/evidence/e-process.ts";
import { anytimeLimits } from "../../src/evidence/limits.ts";
import { plan, smallestCertifiableP0 } from "../../src/evidence/plan.ts";

const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What `theorycheck evidence` prints for a command line. */
function evidence(line: string): string {
  evidenceCommand().exitOverride().parse(line.split(" "), { from: "user" });
  return printed.join("").trimEnd();
}

describe("theorycheck evidence", () => {
  test("--json: the evidence, the verdict at the unsplit α, the limits", () => {
    const counts = { n: 158, violations: 0, p0: 0.05 };
    expect(JSON.parse(evidence("--models 158 --violations 0 --p0 0.05 --json"))).toEqual({
      models: 158,
      violations: 0,
      p0: 0.05,
      alpha: 1e-6,
      beta: 1e-3,
      logRefute: logRefute(counts),
      logCertify: logCertify(counts),
      verdict: "certified",
      limits: { confidence: 0.95, ...anytimeLimits({ n: 158, violations: 0, confidence: 0.95 }) },
    });
  });

  test.each([
    ["--models 157 --violations 0", "inconclusive"],
    ["--models 158 --violations 0", "certified"],
    ["--models 158 --violations 0 --beta 9e-4", "inconclusive"],
    ["--models 158 --violations 0 --p0 0.04", "inconclusive"],
    ["--models 6 --violations 6", "refuted"],
    ["--models 6 --violations 6 --alpha 1e-9", "inconclusive"],
    ["--models 0 --violations 0", "inconclusive"],
  ])("%s: %s", (line, verdict) => {
    expect(JSON.parse(evidence(`${line} --json`)).verdict).toBe(verdict);
  });

  test("--confidence widens the limits", () => {
    const { limits } = JSON.parse(evidence("--models 100 --violations 3 --confidence 0.999 --json"));
    expect(limits).toEqual({ confidence: 0.999, ...anytimeLimits({ n: 100, violations: 3, confidence: 0.999 }) });
  });

  test("text", () => {
    expect(evidence("--models 158 --violations 3")).toBe(
      [
        "3 of 158 models violate the claim: inconclusive at p0 = 0.05",
        'ln E against "at most p0"   -4.2555   refuted from 13.8155 (alpha 0.000001)',
        'ln C against "at least p0"  1.2189   certified from 6.9078 (beta 0.001)',
        "violation probability in [0.001091, 0.08099] at confidence 0.95, whenever one looks",
      ].join("\n"),
    );
  });
});

describe("theorycheck evidence --plan", () => {
  test("--json: the plan, and what the budget certifies", () => {
    const standard = { p0: 0.05, alpha: 1e-6, beta: 1e-3 };
    expect(JSON.parse(evidence("--plan --rate 0.01 --models 300 --json"))).toEqual({
      ...plan({ rate: 0.01, ...standard }),
      budget: { models: 300, smallestP0: smallestCertifiableP0({ models: 300, beta: 1e-3 }) },
    });
  });

  test("the standard is the one asked for", () => {
    const planned = JSON.parse(evidence("--plan --rate 0 --p0 0.1 --alpha 0.01 --beta 0.01 --json"));
    expect(planned).toMatchObject({ p0: 0.1, alpha: 0.01, beta: 0.01, budget: { models: 1500 } });
    expect(planned.medianModels).toBe(plan({ rate: 0, p0: 0.1, alpha: 0.01, beta: 0.01 }).medianModels);
  });

  test("text", () => {
    expect(evidence("--plan --rate 0.02")).toBe(
      [
        "If a model violates the claim with probability 0.02, at p0 = 0.05: certified",
        "half of all runs take at most 604 models, nine of ten at most 1054",
        "99.11 % of runs are decided within 1500 models",
        "1500 models certify p0 down to 0.00537, if none of them violates the claim",
      ].join("\n"),
    );
  });

  test("the p0 that the text names is one that the budget certifies", () => {
    for (const models of [50, 157, 158, 300, 1500]) {
      printed.length = 0;
      const p0 = Number(/down to ([\d.]+)/.exec(evidence(`--plan --rate 0 --models ${models}`))?.[1]);
      printed.length = 0;
      expect(JSON.parse(evidence(`--models ${models} --violations 0 --p0 ${p0} --json`)).verdict).toBe("certified");
    }
  });
});

describe("bad values name the option, the requirement and the value", () => {
  test.each([
    ["--violations 0", "--models must be a whole number from 0 to 1000000, got nothing"],
    ["--models 10", "--violations must be a whole number from 0 to 10, got nothing"],
    ["--models ten --violations 0", '--models must be a whole number from 0 to 1000000, got "ten"'],
    ["--models 1.5 --violations 0", '--models must be a whole number from 0 to 1000000, got "1.5"'],
    ["--models -1 --violations 0", '--models must be a whole number from 0 to 1000000, got "-1"'],
    ["--models 1e7 --violations 0", '--models must be a whole number from 0 to 1000000, got "1e7"'],
    ["--models  --violations 0", '--models must be a whole number from 0 to 1000000, got ""'],
    ["--models 10 --violations 11", '--violations must be a whole number from 0 to 10, got "11"'],
    ["--models 9 --violations 1 --p0 0", '--p0 must be a number between 0 and 1, both excluded, got "0"'],
    ["--models 9 --violations 1 --alpha 1", '--alpha must be a number between 0 and 1, both excluded, got "1"'],
    ["--models 9 --violations 1 --beta x", '--beta must be a number between 0 and 1, both excluded, got "x"'],
    ["--models 9 --violations 1 --confidence 95", "--confidence must be a number between 0 and 1, both excluded"],
    ["--models 9 --violations 1 --rate 0.1", "--rate belongs to --plan, got --rate 0.1"],
    ["--plan", "--rate must be a number from 0 to 1, got nothing"],
    ["--plan --rate 1.1", '--rate must be a number from 0 to 1, got "1.1"'],
    ["--plan --rate 0.1 --models 0", '--models must be a whole number from 1 to 1000000, got "0"'],
    ["--plan --rate 0.1 --violations 0", "--plan supposes a rate and takes no --violations, got --violations 0"],
    ["--plan --rate 0.1 --confidence 0.9", "--plan computes no limits and takes no --confidence, got --confidence 0.9"],
  ])("%s", (line, message) => {
    expect(() => evidence(line)).toThrow(UsageError);
    expect(() => evidence(line)).toThrow(message);
    expect(printed).toEqual([]);
  });
});
